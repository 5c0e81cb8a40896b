//! One segment: framing, time, and each event by its type.

use domain::Validation;
use policy::privacy::CaptureRules;

use crate::{
    Bounds, Gap, GapReason, Rejection, Rewritten, Rule, StatusClass, TabState,
    detect::Reading,
    edit::{Edits, View},
    node::Context,
    pass::{Pass, Run, Tally},
    pointer::Place,
    registry,
    scan::{Kind, Scanner, Token},
    url::Fragment,
};

/// Times after the year 2100 are no times of recordings (milliseconds since the epoch).
const LATEST_MS: i64 = 4_102_444_800_000;

/// Rewrites a segment; on an error `state` is as it was.
pub(crate) fn segment(
    body: &[u8],
    arrived_ms: i64,
    state: &mut TabState,
    rules: &CaptureRules,
    bounds: &Bounds,
) -> Result<Rewritten, Rejection> {
    if body.len() > bounds.decoded_bytes || u32::try_from(body.len()).is_err() {
        return Err(Rejection::new(
            "body.decoded-too-large",
            StatusClass::TooLarge,
            "the decoded body is larger than allowed",
        ));
    }
    let Ok(text) = simdutf8::basic::from_utf8(body) else {
        return Err(Rejection::new("body.utf8", StatusClass::BadRequest, "the body is not UTF-8"));
    };
    let mark = state.begin();
    let mut segment = Segment {
        body,
        text,
        rules,
        bounds,
        latest_ms: arrived_ms.saturating_add(bounds.time_ahead_ms),
        edits: Edits::default(),
        tally: Tally::default(),
        out: Vec::with_capacity(body.len() + 64),
        events: 0,
        times: None,
        full_snapshot: false,
        early: None,
    };
    match segment.run(state) {
        Ok(()) => {
            state.keep();
            Ok(segment.finish())
        }
        Err(rejection) => {
            state.roll_back(&mark);
            Err(rejection)
        }
    }
}

struct Segment<'a> {
    body: &'a [u8],
    /// The same, known to be UTF-8.
    text: &'a str,
    rules: &'a CaptureRules,
    bounds: &'a Bounds,
    /// A clock that is ahead would put the session's end, and whatever comes after it, into a time that is not yet.
    latest_ms: i64,
    edits: Edits,
    tally: Tally,
    out: Vec<u8>,
    events: u32,
    /// Earliest and latest time.
    times: Option<(i64, i64)>,
    full_snapshot: bool,
    /// Changes that came before the tab's first full snapshot.
    early: Option<(i64, i64)>,
}

impl Segment<'_> {
    fn run(&mut self, state: &mut TabState) -> Result<(), Rejection> {
        let mut scanner = Scanner::new(self.body, self.bounds);
        let array = scanner.peek() == Some(b'[');
        if array {
            scanner.step();
        }
        let mut number = 0;
        loop {
            match scanner.peek() {
                None if !array && number > 0 => return Ok(()),
                Some(b']') if array && number > 0 => break,
                None | Some(b']') if number == 0 => return Err(framing("segment.empty", "the segment holds no event")),
                Some(_) => {}
                None => return Err(framing("json.syntax", "the body ends too early")),
            }
            if number >= self.bounds.events {
                return Err(Rejection::new(
                    "segment.events",
                    StatusClass::TooLarge,
                    "the segment holds more events than allowed",
                ));
            }
            let start = scanner.position();
            scanner.value(number)?;
            let end = scanner.position();
            let tokens = std::mem::take(&mut scanner.tokens);
            self.event(&tokens, start, end, number, state)?;
            scanner.tokens = tokens;
            number += 1;
            separator(&mut scanner, self.body, array)?;
        }
        scanner.step();
        match scanner.peek() {
            None => Ok(()),
            Some(_) => Err(framing("json.syntax", "bytes stand behind the array of events")),
        }
    }

    fn event(
        &mut self,
        tokens: &[Token],
        start: usize,
        end: usize,
        number: usize,
        state: &mut TabState,
    ) -> Result<(), Rejection> {
        let view = View { body: self.text, tokens };
        let refuse = |name: &str, detail: &str| {
            let mut place = Place::event(number);
            place.name(name.as_bytes());
            Rejection::new(
                if name == "timestamp" { "event.time" } else { "event.shape" },
                StatusClass::Unprocessable,
                detail,
            )
            .at(place.finish())
        };
        let kind = view
            .get(0, "type")
            .and_then(|at| view.integer(at))
            .ok_or_else(|| refuse("type", "an event has no type"))?;
        let time = view.get(0, "timestamp").ok_or_else(|| refuse("timestamp", "an event has no time"))?;
        let data = view.get(0, "data").ok_or_else(|| refuse("data", "an event has no data"))?;
        let time_ms = view.integer(time).filter(|ms| (0..LATEST_MS).contains(ms) && !view.raw(time).starts_with(b"-"));
        let told_ms =
            time_ms.ok_or_else(|| refuse("timestamp", "the time of an event is not a time of a recording"))?;
        let mut time_ms = told_ms.min(self.latest_ms);
        if time_ms < state.last_ms - self.bounds.time_tolerance_ms {
            time_ms = state.last_ms;
        }
        if time_ms != told_ms {
            self.edits.set_value(tokens[time], &time_ms.to_string());
            self.tally.findings.add(Rule::TimeClamped);
            self.tally.repaired = true;
        }
        state.last_ms = state.last_ms.max(time_ms);
        let mut pass = Pass {
            view,
            rules: self.rules,
            bounds: self.bounds,
            state,
            edits: &mut self.edits,
            tally: &mut self.tally,
            time_ms,
            title: None,
            run: Run::default(),
        };
        pass.hide_others(0, &["type", "data", "timestamp"]);
        let kept = pass.dispatch(kind, data).map_err(|rejection| rejection.at(format!("/{number}/data")))?;
        let title = pass.title.take();
        if let (Some(title), Some(page)) = (title, self.tally.facts.pages.last_mut()) {
            page.title = Some(title);
        }
        if kind == 3 && !state.seen_full {
            let (from, to) = self.early.unwrap_or((time_ms, time_ms));
            self.early = Some((from.min(time_ms), to.max(time_ms)));
        }
        self.full_snapshot |= kind == 2;
        let (first, last) = self.times.unwrap_or((time_ms, time_ms));
        self.times = Some((first.min(time_ms), last.max(time_ms)));
        if kept {
            self.edits.apply(self.body, start, end, &mut self.out);
            self.events += 1;
        } else {
            self.edits.forget();
        }
        Ok(())
    }

    fn finish(mut self) -> Rewritten {
        let (first_ms, last_ms) = self.times.unwrap_or((0, 0));
        let mut want_snapshot = self.tally.want_snapshot;
        if let Some((from_ms, to_ms)) = self.early {
            self.tally.gaps.push(Gap { from_ms, to_ms, reason: GapReason::NoFullSnapshot, detail: None });
            want_snapshot |= !self.full_snapshot;
        }
        for gap in &mut self.tally.gaps {
            gap.from_ms = gap.from_ms.min(self.latest_ms);
            gap.to_ms = gap.to_ms.min(self.latest_ms);
        }
        let validation = match (self.tally.gaps.is_empty(), self.tally.repaired) {
            (false, _) => Validation::Gaps,
            (true, true) => Validation::Repaired,
            (true, false) => Validation::Valid,
        };
        Rewritten {
            ndjson: self.out,
            events: self.events,
            first_ms,
            last_ms,
            full_snapshot: self.full_snapshot,
            want_snapshot,
            facts: self.tally.facts,
            findings: self.tally.findings,
            gaps: self.tally.gaps,
            validation,
        }
    }
}

/// Steps over what stands between two events.
fn separator(scanner: &mut Scanner<'_>, body: &[u8], array: bool) -> Result<(), Rejection> {
    let before = scanner.position();
    match (scanner.peek(), array) {
        (Some(b','), true) => {
            scanner.step();
            match scanner.peek() {
                Some(b']') => Err(framing("json.syntax", "a comma stands before the end of the array")),
                _ => Ok(()),
            }
        }
        (Some(b']'), true) | (None, false) => Ok(()),
        // One event a line: two on one line would be read differently by a reader of lines.
        (Some(_), false) if body[before..scanner.position()].contains(&b'\n') => Ok(()),
        _ => Err(framing("json.syntax", "events must stand one a line or in one array")),
    }
}

fn framing(code: &'static str, detail: &str) -> Rejection {
    Rejection::new(code, StatusClass::BadRequest, detail)
}

impl Pass<'_> {
    /// An event by its type. Says whether it is kept.
    fn dispatch(&mut self, kind: i64, data: usize) -> Result<bool, Rejection> {
        match kind {
            0 | 1 => self.hide_strings(data, Rule::Payload),
            2 => self.full_snapshot(data)?,
            3 => return self.incremental(data),
            4 => self.meta(data),
            5 => self.named(data, "tag"),
            6 => self.named(data, "plugin"),
            _ => {
                self.tally.findings.add(Rule::UnknownType);
                self.hide_strings(data, Rule::UnknownType);
            }
        }
        Ok(true)
    }

    fn full_snapshot(&mut self, data: usize) -> Result<(), Rejection> {
        self.state.clear();
        self.tally.repaired |= !self.state.seen_meta;
        self.state.seen_full = true;
        self.hide_others(data, &["node"]);
        if let Some(node) = self.view.get(data, "node") {
            self.node(node, 0, Context::default())?;
            self.flush();
        }
        Ok(())
    }

    fn meta(&mut self, data: usize) {
        self.state.seen_meta = true;
        self.hide_others(data, &["href"]);
        if let Some(href) = self.view.get(data, "href") {
            let url = self.url(href, Fragment::Place);
            self.tally.facts.page(self.time_ms, url, None);
        }
    }

    /// A custom or plugin event: its name stands under `label`.
    fn named(&mut self, data: usize, label: &str) {
        let view = self.view;
        self.hide_others(data, &[label, "payload"]);
        let name = view.get(data, label).and_then(|at| view.string(at)).unwrap_or_default().into_owned();
        if let Some(at) = view.get(data, label) {
            let plain = name.len() <= 80
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'/' | b'@' | b':' | b'-'));
            if plain { self.scan(at, Reading::Page) } else { self.hide_strings(at, Rule::Payload) }
        }
        let Some(payload) = view.get(data, "payload") else { return };
        if let Some(kind) = registry::TYPES.iter().find(|kind| kind.name == name) {
            self.registered(kind, payload);
            return;
        }
        if name == "rrweb/console@1" {
            self.console(payload);
            return;
        }
        self.tally.findings.add(Rule::UnknownType);
        if name == "error" && view.kind(payload) == Kind::Object {
            self.early_error(payload);
        }
        self.payload(payload, true);
    }

    /// `error` of early recorders: up-cast for the facts, stored as it came (redacted).
    fn early_error(&mut self, payload: usize) {
        let mut uncounted = crate::Findings::default();
        let mut text = |name: &str| {
            let text = self.view.get(payload, name).and_then(|at| self.view.string(at)).unwrap_or_default();
            crate::detect::clean(&text, Reading::Log, self.rules, &mut uncounted).into_owned()
        };
        let (message, stack) = (text("message"), text("stack"));
        self.tally.facts.error(registry::fingerprint("", &message, &stack));
    }
}
