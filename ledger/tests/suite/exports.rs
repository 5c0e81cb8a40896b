//! An export is what was signed, or the first entry that is not is named.

use ledger::{
    checkpoint::Checkpoint,
    export::{Check, Checked, EntryLine, Filter, Flaw, Head, Line, TileLine},
    note::{Signer, Verifier},
    tree::{Hash, Place, Tile, TileSet, proof},
};
use proptest::prelude::*;

use crate::{Grown, cases};

const TENANT: &str = "0198c5a0-0000-7000-8000-00000000000a";

fn origin() -> String {
    format!("sealtape/test/{TENANT}/e1")
}

fn entry(index: u64) -> Vec<u8> {
    format!(r#"{{"tenant":"{TENANT}","v":1,"n":{index}}}"#).into_bytes()
}

fn log(size: u64) -> Vec<Vec<u8>> {
    (0..size).map(entry).collect()
}

fn signer() -> Signer {
    Signer::from_seed(origin().parse().expect("a name"), &[9; 32])
}

fn trusted() -> Vec<Verifier> {
    vec![signer().verifier().clone()]
}

fn checkpoint(grown: &Grown, size: usize) -> Checkpoint {
    Checkpoint { origin: origin(), head: grown.head(size as u64) }
}

fn note(checkpoint: &Checkpoint) -> String {
    checkpoint.sign(&[&signer()]).expect("an origin").to_string()
}

/// The lines of an export of `entries` beside the hashes of `tiles`, under the checkpoint of `signed`.
fn lines(entries: &[Vec<u8>], tiles: &TileSet, signed: &Checkpoint) -> Vec<Line> {
    let note = note(signed);
    let mut lines = vec![Line::Log(Head::new(origin(), signed.head.size, None, note.clone()))];
    for (number, chunk) in (0..).zip(entries.chunks(256)) {
        if let Some(hashes) = tiles.hashes(0, number) {
            lines.push(Line::Tile(TileLine::new(number, hashes, tiles.hash(Place { level: 1, index: number }))));
        }
        let entry = |(index, entry): (u64, &Vec<u8>)| Line::Entry(EntryLine::new(index, entry, None));
        lines.extend((number * Tile::WIDTH..).zip(chunk).map(entry));
    }
    lines.push(Line::Checkpoint(note));
    lines
}

/// As they are read from a file.
fn check(lines: &[Line], older: &[Checkpoint]) -> Result<Checked, Flaw> {
    let (origin, trusted) = (origin(), trusted());
    let mut check = Check::new(&origin, &trusted, older);
    for line in lines {
        check.line(&Line::parse(line.to_text().as_bytes()).expect("a line"))?;
    }
    check.finish()
}

fn said(lines: &[Line], older: &[Checkpoint]) -> String {
    check(lines, older).expect_err("is not what was signed").to_string()
}

#[test]
fn what_was_signed_is_proved_at_every_edge() {
    for size in [0, 1, 2, 255, 256, 257, 511, 512, 513, 1_100] {
        let (entries, grown) = (log(size), Grown::of(log(size)));
        let size = entries.len();
        let signed = checkpoint(&grown, size);
        let older = [checkpoint(&grown, size / 2), checkpoint(&grown, 0), checkpoint(&grown, size)];
        let checked = check(&lines(&entries, &grown.tiles, &signed), &older).expect("is what was signed");
        let expected =
            Checked { checkpoint: signed.clone(), entries: size as u64, complete: true, continues: Some(size as u64) };
        assert_eq!(checked, expected);
        // The hashes beside the entries help to find what is wrong; nothing rests on them.
        assert!(check(&lines(&entries, &TileSet::default(), &signed), &[]).is_ok(), "{size}");
    }
}

#[test]
fn the_first_entry_that_is_wrong_is_named() {
    let (entries, grown) = (log(700), Grown::of(log(700)));
    let signed = checkpoint(&grown, 700);
    let mut edited = entries.clone();
    edited[400] = entry(9_999);
    edited[600] = entry(9_999);
    assert!(matches!(check(&lines(&edited, &grown.tiles, &signed), &[]), Err(Flaw::Entry(400))));
    let mut swapped = entries.clone();
    swapped.swap(3, 699);
    assert!(matches!(check(&lines(&swapped, &grown.tiles, &signed), &[]), Err(Flaw::Entry(3))));
    let mut inserted = entries.clone();
    inserted.insert(256, entry(9_999));
    inserted.pop();
    assert!(matches!(check(&lines(&inserted, &grown.tiles, &signed), &[]), Err(Flaw::Entry(256))));

    let at = |wanted: u64| move |line: &Line| matches!(line, Line::Entry(entry) if entry.index == wanted);
    let whole = lines(&entries, &grown.tiles, &signed);
    let without = |gone: u64| whole.iter().filter(|line| !at(gone)(line)).cloned().collect::<Vec<_>>();
    for gone in [0, 5, 255, 256, 699] {
        assert!(matches!(check(&without(gone), &[]), Err(Flaw::Missing(index)) if index == gone), "{gone}");
    }
    let mut twice = whole.clone();
    let place = twice.iter().position(at(9)).expect("is there");
    twice.insert(place, whole[place].clone());
    assert!(matches!(check(&twice, &[]), Err(Flaw::Surplus(9))));
    let cut = &whole[..500];
    assert!(matches!(check(cut, &[]), Err(Flaw::Cut(496..500))));
}

/// Hashes that are gone take nothing from the entries; only what they would have told.
#[test]
fn hashes_that_are_gone_are_named_and_hide_nothing() {
    let (entries, grown) = (log(700), Grown::of(log(700)));
    let signed = checkpoint(&grown, 700);
    let mut edited = entries.clone();
    edited[300] = entry(9_999);
    for left in [0, 100] {
        let mut tiles = grown.tiles.clone();
        tiles.insert(0, 1, tiles.hashes(0, 1).expect("a tile")[..left].to_vec());
        assert!(matches!(check(&lines(&entries, &tiles, &signed), &[]), Err(Flaw::Kept(256))), "{left}");
        let flaw = check(&lines(&edited, &tiles, &signed), &[]).expect_err("is not what was signed");
        assert!(matches!(flaw, Flaw::Rebuilt { first: Some(256), .. }), "{left}: {flaw}");
    }
}

/// Whoever changes hashes as well is found by the root that was signed.
#[test]
fn hashes_that_were_changed_too_do_not_help() {
    let (entries, grown) = (log(700), Grown::of(log(700)));
    let signed = checkpoint(&grown, 700);
    let mut edited = entries.clone();
    edited[300] = entry(9_999);
    // The hash of the entry alone: those above it still know.
    let mut tiles = grown.tiles.clone();
    let mut hashes = tiles.hashes(0, 1).expect("a tile").to_vec();
    hashes[300 - 256] = Hash::of_leaf(&edited[300]);
    tiles.insert(0, 1, hashes);
    let flaw = check(&lines(&edited, &tiles, &signed), &[]).expect_err("is not what was signed");
    assert!(matches!(flaw, Flaw::Rebuilt { first: Some(256), .. }), "{flaw}");
    // Only the hash.
    assert!(matches!(check(&lines(&entries, &tiles, &signed), &[]), Err(Flaw::Kept(300))));
    // All hashes: a log of its own, and nobody signed it. Kept checkpoints say where it parted.
    let rebuilt = Grown::of(edited.clone());
    let file = lines(&edited, &rebuilt.tiles, &signed);
    assert!(matches!(check(&file, &[]), Err(Flaw::Rebuilt { first: None, holds: 0, breaks: 700 })));
    let older = [checkpoint(&grown, 200), checkpoint(&grown, 257), checkpoint(&grown, 600)];
    assert!(matches!(check(&file, &older), Err(Flaw::Rebuilt { first: None, holds: 257, breaks: 600 })));
    // Without the hashes there is only the root.
    let bare = lines(&edited, &TileSet::default(), &signed);
    assert!(matches!(check(&bare, &older), Err(Flaw::Altered { holds: 257, breaks: 600 })));
    // Signed anew by somebody with the key: a kept checkpoint is what is left.
    let resigned = lines(&edited, &rebuilt.tiles, &checkpoint(&rebuilt, 700));
    assert!(check(&resigned, &[]).is_ok());
    assert!(matches!(check(&resigned, &older), Err(Flaw::Resigned { holds: 257, breaks: 600 })));
    assert!(said(&resigned, &older).contains("signed anew with the same key"));
    let longer = Grown::of(log(900));
    assert!(matches!(check(&resigned, &[checkpoint(&longer, 900)]), Err(Flaw::Shorter { kept: 900, size: 700 })));
}

#[test]
fn an_entry_of_somebody_else_is_named_even_when_it_was_signed() {
    let mut entries = log(5);
    entries[3] = br#"{"tenant":"0198c5a0-0000-7000-8000-00000000000b","v":1}"#.to_vec();
    let grown = Grown::of(entries.clone());
    assert!(matches!(check(&lines(&entries, &grown.tiles, &checkpoint(&grown, 5)), &[]), Err(Flaw::Foreign(3))));
}

/// Some entries, each with its proof.
fn filtered(entries: &[(u64, Vec<u8>)], grown: &Grown, signed: &Checkpoint) -> Vec<Line> {
    let note = note(signed);
    let filter = Some(Filter { act: Some("session.view".to_owned()), ..Filter::default() });
    let mut lines = vec![Line::Log(Head::new(origin(), signed.head.size, filter, note.clone()))];
    for (index, entry) in entries {
        let ranges = proof::inclusion_ranges(*index, signed.head.size).expect("a place");
        let hashes = proof::collect(&grown.tiles, &ranges).expect("hashes");
        lines.push(Line::Entry(EntryLine::new(*index, entry, Some(hashes))));
    }
    lines.push(Line::Checkpoint(note));
    lines
}

#[test]
fn entries_of_a_filter_are_proved_one_by_one() {
    let grown = Grown::of(log(600));
    let signed = checkpoint(&grown, 600);
    let some: Vec<_> = [0, 7, 255, 256, 599].map(|index| (index, entry(index))).to_vec();
    let file = filtered(&some, &grown, &signed);
    let checked = check(&file, &[]).expect("is what was signed");
    assert_eq!((checked.entries, checked.complete), (5, false));
    assert!(matches!(check(&file, &[checkpoint(&grown, 5)]), Err(Flaw::Filtered)));
    let mut edited = some.clone();
    edited[2].1 = entry(1);
    assert!(matches!(check(&filtered(&edited, &grown, &signed), &[]), Err(Flaw::Proof { index: 255, .. })));
    let mut swapped = file.clone();
    swapped.swap(1, 2);
    assert!(matches!(check(&swapped, &[]), Err(Flaw::Surplus(0))));
    assert!(matches!(check(&filtered(&[], &grown, &signed), &[]), Ok(Checked { entries: 0, complete: false, .. })));
    // A file that says of itself that it is everything is held to that.
    let mut all = file;
    all[0] = Line::Log(Head::new(origin(), 600, None, note(&signed)));
    assert!(matches!(check(&all, &[]), Err(Flaw::Missing(1))));
}

#[test]
fn a_file_that_is_none_is_refused() {
    let (entries, grown) = (log(3), Grown::of(log(3)));
    let signed = checkpoint(&grown, 3);
    let whole = lines(&entries, &grown.tiles, &signed);
    assert!(matches!(check(&[], &[]), Err(Flaw::Cut(0))));
    assert!(matches!(check(&whole[1..], &[]), Err(Flaw::Order)));
    let mut behind = whole.clone();
    behind.push(whole[2].clone());
    assert!(matches!(check(&behind, &[]), Err(Flaw::Order)));
    let Line::Log(head) = &whole[0] else { panic!("the head") };
    for (why, head) in [
        ("another form", Head { format: "other/v1".to_owned(), ..head.clone() }),
        ("another log", Head { origin: "sealtape/other".to_owned(), ..head.clone() }),
        ("another size", Head { size: 2, ..head.clone() }),
        ("no note", Head { checkpoint: String::new(), ..head.clone() }),
    ] {
        let mut lines = whole.clone();
        lines[0] = Line::Log(head);
        assert!(check(&lines, &[]).is_err(), "{why}");
    }
    let last = whole.len() - 1;
    let mut other = whole;
    other[last] = Line::Checkpoint(note(&checkpoint(&grown, 2)));
    assert!(matches!(check(&other, &[]), Err(Flaw::Order)));
}

proptest! {
    #![proptest_config(cases(64))]

    /// Attack 29: whatever is done to one place of the rows, that place is named.
    #[test]
    fn attack_29_an_export_names_the_place_that_was_touched(
        size in 1_usize..600, place in any::<prop::sample::Index>(), how in 0..4,
    ) {
        let (mut entries, grown) = (log(size as u64), Grown::of(log(size as u64)));
        let (signed, place) = (checkpoint(&grown, size), place.index(size));
        match how {
            0 => entries[place].push(b' '),
            1 => { entries.remove(place); }
            2 => { entries.insert(place, entry(9_999)); }
            _ => entries.truncate(place),
        }
        // The rows in their places: what comes behind one that is gone moves up.
        let flaw = check(&lines(&entries, &grown.tiles, &signed), &[]).expect_err("is not what was signed");
        let named = match flaw {
            Flaw::Entry(index) | Flaw::Missing(index) => index,
            other => return Err(TestCaseError::fail(other.to_string())),
        };
        prop_assert_eq!(named, place as u64);
    }
}
