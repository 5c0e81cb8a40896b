//! Reading stored segments back: raw events with their time and kind, without a full parse.

use crate::{
    Bounds, Rejection, StatusClass,
    scan::{Kind, Scanner, Token},
    text,
};

/// Which part of the player an event belongs to; what a viewer may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pane {
    /// What the page looked like, and everything else that a player needs.
    Dom,
    /// Console lines and errors.
    Console,
    /// Requests.
    Network,
    /// What the person did.
    Actions,
    /// Snapshots of the application's state.
    State,
}

impl Pane {
    /// Reads the published name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "dom" => Some(Self::Dom),
            "console" => Some(Self::Console),
            "network" => Some(Self::Network),
            "actions" => Some(Self::Actions),
            "state" => Some(Self::State),
            _ => None,
        }
    }
}

/// One stored event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawEvent<'a> {
    /// The event as it stands in the segment.
    pub raw: &'a str,
    /// Its time in milliseconds since the epoch.
    pub time_ms: i64,
    /// Where it is shown.
    pub pane: Pane,
    /// Whether it is a full snapshot, from which a player can start.
    pub full_snapshot: bool,
}

/// The events of a stored segment in order. A line that cannot be read is an error and ends nothing: the caller decides.
pub fn events(ndjson: &[u8]) -> impl Iterator<Item = Result<RawEvent<'_>, Rejection>> {
    ndjson
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .enumerate()
        .map(|(number, line)| event(number, line))
}

fn event(number: usize, line: &[u8]) -> Result<RawEvent<'_>, Rejection> {
    let corrupt = || {
        Rejection::new("stored.corrupt", StatusClass::Quarantine, "a stored event cannot be read")
            .at(format!("/{number}"))
    };
    let raw = std::str::from_utf8(line).map_err(|_| corrupt())?;
    let bounds = Bounds::stored();
    let mut scanner = Scanner::new(line, &bounds);
    scanner.value(number)?;
    let head = Head::of(line, &scanner.tokens);
    let time_ms = head.number("timestamp").ok_or_else(corrupt)?;
    let kind = head.number("type").ok_or_else(corrupt)?;
    Ok(RawEvent { raw, time_ms, pane: head.pane(kind), full_snapshot: kind == 2 })
}

/// Top-level look-up in scanned tokens.
struct Head<'a> {
    line: &'a [u8],
    tokens: &'a [Token],
    object: usize,
}

impl<'a> Head<'a> {
    fn of(line: &'a [u8], tokens: &'a [Token]) -> Self {
        Self { line, tokens, object: 0 }
    }

    fn member(&self, name: &str) -> Option<usize> {
        let object = self.tokens.get(self.object).filter(|token| token.kind == Kind::Object)?;
        let mut at = self.object + 1;
        while at < object.next as usize {
            if text::unescape(self.span(at)) == name {
                return Some(at + 1);
            }
            at = self.tokens[at + 1].next as usize;
        }
        None
    }

    fn span(&self, at: usize) -> &'a [u8] {
        let token = self.tokens[at];
        &self.line[token.start as usize..token.end as usize]
    }

    /// A number's whole part.
    fn number(&self, name: &str) -> Option<i64> {
        let at = self.member(name).filter(|at| self.tokens[*at].kind == Kind::Number)?;
        std::str::from_utf8(self.span(at)).ok()?.split('.').next()?.parse().ok()
    }

    fn pane(&self, kind: i64) -> Pane {
        let name = match (kind, self.member("data")) {
            (5 | 6, Some(object)) => {
                let data = Head { object, ..*self };
                data.member(if kind == 5 { "tag" } else { "plugin" }).map(|at| text::unescape(self.span(at)))
            }
            _ => None,
        };
        let name = name.as_deref().unwrap_or_default();
        let stem = name.split('@').next().unwrap_or_default();
        match stem {
            "sealtape/console" | "sealtape/error" | "rrweb/console" | "error" => Pane::Console,
            "sealtape/network" | "rrweb/network" | "net" => Pane::Network,
            "sealtape/action" | "key" | "submit" => Pane::Actions,
            "sealtape/state" | "rrweb/state" | "redux" | "state" => Pane::State,
            _ => Pane::Dom,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_with_time_and_pane() {
        let stored = concat!(
            "{\"type\":2,\"data\":{\"node\":{\"type\":5}},\"timestamp\":10}\n",
            "{\"type\":6,\"timestamp\":11.5,\"data\":{\"payload\":{\"timestamp\":99},\"plugin\":\"sealtape/network@1\"}}\n",
            "{\"type\":5,\"data\":{\"tag\":\"sealtape/event@1\"},\"timestamp\":12}\n",
        );
        let read: Vec<_> = events(stored.as_bytes()).map(|e| e.map(|e| (e.time_ms, e.pane, e.full_snapshot))).collect();
        assert_eq!(read, vec![Ok((10, Pane::Dom, true)), Ok((11, Pane::Network, false)), Ok((12, Pane::Dom, false))]);
    }

    #[test]
    fn a_damaged_line_is_an_error() {
        let read: Vec<_> = events(b"{\"type\":2}\nnonsense").map(|e| e.map_err(|r| r.code)).collect();
        assert_eq!(read, vec![Err("stored.corrupt"), Err("json.syntax")]);
    }
}
