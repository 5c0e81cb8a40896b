//! An export for spreadsheets (RFC 4180). It proves nothing: the row says where the entry stands in the log.
//!
//! A cell that begins as a formula does would be run by the program that opens the file. Such a cell, and one that begins
//! with an apostrophe, gets an apostrophe in front; all cells are quoted, so that nothing in one ends it.

use std::fmt::Write as _;

use crate::Leaf;

/// The columns.
const COLUMNS: [&str; 13] = [
    "index",
    "id",
    "time",
    "actor_kind",
    "actor",
    "via",
    "act",
    "object_kind",
    "object",
    "outcome",
    "rule",
    "request",
    "commitment",
];

/// The first line.
#[must_use]
pub fn header() -> String {
    record(COLUMNS)
}

/// The line of an entry.
#[must_use]
pub fn row(index: u64, leaf: &Leaf) -> String {
    let (actor_kind, actor, via) = leaf.actor.parts();
    let (object_kind, object) = leaf.obj.parts();
    record([
        index.to_string().as_str(),
        &leaf.id.to_string(),
        &leaf.t.to_string(),
        actor_kind,
        &actor,
        via.as_str(),
        &leaf.act,
        object_kind,
        &object,
        leaf.out.as_str(),
        &leaf.rule,
        &leaf.req.to_string(),
        &leaf.d.map(crate::Commitment::to_text).unwrap_or_default(),
    ])
}

/// One line of these cells.
#[must_use]
pub fn record<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for cell in cells {
        if !line.is_empty() {
            line.push(',');
        }
        let guard = if is_dangerous(cell) { "'" } else { "" };
        let _ = write!(line, "\"{guard}{}\"", cell.replace('"', "\"\""));
    }
    line + "\r\n"
}

/// Whether a program would read the cell as something to run, or take the apostrophe in front of it for ours. Programs pass over
/// blanks and take the wide forms of the signs for the signs.
fn is_dangerous(cell: &str) -> bool {
    let passed = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}');
    cell.starts_with(['\t', '\r', '\n'])
        || cell
            .trim_start_matches(passed)
            .starts_with(['=', '+', '-', '@', '|', '%', '\'', '＝', '＋', '－', '＠', '−'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<Vec<String>> {
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
    }

    proptest! {
        /// Attack 33: no cell begins as a formula, and every cell is still there, whatever is in it.
        #[test]
        fn attack_33_no_cell_of_an_export_is_a_formula(
            cells in prop::collection::vec(
                prop_oneof![any::<String>(), "[ \t\r\n]{0,2}[=+@|%'\"-][=,;\"'a-z\r\n]{0,12}"], 1..6),
        ) {
            let rows = read(&record(cells.iter().map(String::as_str)));
            prop_assert_eq!(rows.len(), 1);
            for (cell, written) in cells.iter().zip(&rows[0]) {
                let first = written.trim_start().chars().next();
                prop_assert!(!first.is_some_and(|c| "=+-@|%＝＋－＠".contains(c)), "{written:?}");
                prop_assert_eq!(written.strip_prefix('\'').unwrap_or(written), cell);
            }
            prop_assert_eq!(rows[0].len(), cells.len());
        }
    }

    #[test]
    fn attack_33_the_known_formulas_are_text() {
        let bad = [
            "=1+1",
            "+A1",
            "-2",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1",
            "＝1",
            "|calc",
            "%0A",
            "'=1",
            "\u{feff}=1",
            "\u{200b}=1",
        ];
        for cell in bad {
            assert_eq!(read(&record([cell]))[0][0], format!("'{cell}"), "{cell:?}");
        }
        for cell in ["", "session.view", "1", "a=b"] {
            assert_eq!(read(&record([cell]))[0][0], cell, "{cell:?}");
        }
    }

    #[test]
    fn a_record_has_all_columns() {
        assert_eq!(read(&header())[0], COLUMNS);
    }
}
