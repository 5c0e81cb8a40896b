//! One event on its way through the second pass: what every rule needs, and the few things that can happen to a token.

use std::borrow::Cow;

use policy::privacy::{CaptureRules, ElementAction, FieldAction, MASK};

use crate::{
    Bounds, Facts, Findings, Gap, Rule, TabState, css,
    detect::{self, Reading},
    edit::{Edits, View},
    node::Context,
    scan::Kind,
    url::{self, Fragment},
};

/// What a segment has come to so far.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) facts: Facts,
    pub(crate) findings: Findings,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) want_snapshot: bool,
    pub(crate) repaired: bool,
}

/// One event being rewritten.
pub(crate) struct Pass<'a> {
    pub(crate) view: View<'a>,
    pub(crate) rules: &'a CaptureRules,
    pub(crate) bounds: &'a Bounds,
    pub(crate) state: &'a mut TabState,
    pub(crate) edits: &'a mut Edits,
    pub(crate) tally: &'a mut Tally,
    /// Time of the event.
    pub(crate) time_ms: i64,
    /// The page's title, when the event holds one; redacted.
    pub(crate) title: Option<String>,
    /// Text that stands together and is read as one.
    pub(crate) run: Run,
}

/// Adjacent text nodes, joined.
#[derive(Default)]
pub(crate) struct Run {
    text: String,
    pieces: Vec<(usize, usize)>,
}

impl Pass<'_> {
    /// Masks a string or number unless it is empty or masked already; says whether something was there.
    pub(crate) fn hide(&mut self, at: usize, rule: Rule) -> bool {
        match self.view.kind(at) {
            Kind::String => {
                if self.view.raw(at).is_empty() || self.view.text(at) == MASK {
                    return !self.view.raw(at).is_empty();
                }
                self.edits.set_text(self.view.tokens[at], MASK);
            }
            Kind::Number => self.edits.mask_value(self.view.tokens[at]),
            Kind::Literal | Kind::Name => return false,
            Kind::Array | Kind::Object => {
                self.hide_strings(at, rule);
                return true;
            }
        }
        self.tally.findings.add(rule);
        true
    }

    /// Masks every string in a value, whatever its shape; numbers stay. For places that hold no page content.
    pub(crate) fn hide_strings(&mut self, at: usize, rule: Rule) {
        for token in at..self.view.tokens[at].next as usize {
            match self.view.kind(token) {
                Kind::String => {
                    self.hide(token, rule);
                }
                Kind::Name => self.name(token),
                _ => {}
            }
        }
    }

    /// Hides strings of all members that are not named.
    pub(crate) fn hide_others(&mut self, object: usize, known: &[&str]) {
        for (name, value) in self.view.members(object) {
            if !known.iter().any(|known| self.view.is_name(name, known)) {
                self.name(name);
                self.hide_strings(value, Rule::Payload);
            }
        }
    }

    /// Empties a string that has no other form to be checked in.
    pub(crate) fn empty(&mut self, at: usize) {
        if self.view.kind(at) == Kind::String && !self.view.raw(at).is_empty() {
            self.edits.set_text(self.view.tokens[at], "");
            self.tally.findings.add(Rule::Opaque);
        }
    }

    /// A member's name can be personal where names are data (`{"ada@example.com": 1}`).
    pub(crate) fn name(&mut self, at: usize) {
        if !self.view.tokens[at].escaped && !detect::could_hit(self.view.raw(at)) {
            return;
        }
        let name = self.view.text(at);
        if let Cow::Owned(_) = detect::clean(&name, Reading::Page, self.rules, &mut self.tally.findings) {
            // The number keeps names apart that were different.
            self.edits.set_text(self.view.tokens[at], &format!("{MASK}-{at}"));
        }
    }

    /// Runs the detectors over a string; gives its redacted form.
    pub(crate) fn read(&mut self, at: usize, reading: Reading) -> String {
        if self.view.kind(at) != Kind::String {
            self.hide_strings(at, Rule::Payload);
            return String::new();
        }
        let text = self.view.text(at);
        match detect::clean(&text, reading, self.rules, &mut self.tally.findings) {
            Cow::Borrowed(same) => same.to_owned(),
            Cow::Owned(clean) => {
                self.edits.set_text(self.view.tokens[at], &clean);
                clean
            }
        }
    }

    /// As [`Pass::read`] for strings whose redacted form nobody wants: cheaper where nothing can be found.
    pub(crate) fn scan(&mut self, at: usize, reading: Reading) {
        let token = self.view.tokens[at];
        if token.kind == Kind::String
            && !token.escaped
            && reading != Reading::Log
            && !detect::could_hit(self.view.raw(at))
        {
            return;
        }
        self.read(at, reading);
    }

    /// Redacts a URL; gives its redacted form.
    pub(crate) fn url(&mut self, at: usize, fragment: Fragment) -> String {
        if self.view.kind(at) != Kind::String {
            self.hide_strings(at, Rule::Url);
            return String::new();
        }
        let text = self.view.text(at);
        let clean = url::clean(&text, fragment, self.rules, &mut self.tally.findings).into_owned();
        if clean != text {
            self.edits.set_text(self.view.tokens[at], &clean);
        }
        clean
    }

    /// Redacts a list of URLs.
    pub(crate) fn url_set(&mut self, at: usize) {
        let text = self.view.text(at);
        let clean = url::clean_set(&text, self.rules, &mut self.tally.findings);
        if clean != text {
            self.edits.set_text(self.view.tokens[at], &clean);
        }
    }

    /// Redacts CSS: the floor only.
    pub(crate) fn css(&mut self, at: usize) {
        for token in at..self.view.tokens[at].next as usize {
            if self.view.kind(token) != Kind::String
                || !(self.view.tokens[token].escaped || css::could_change(self.view.raw(token)))
            {
                continue;
            }
            let text = self.view.text(token);
            if let Cow::Owned(clean) = css::clean(&text, self.rules, &mut self.tally.findings) {
                self.edits.set_text(self.view.tokens[token], &clean);
            }
        }
    }

    /// Why everything about a node in this context is hidden, if it is.
    pub(crate) fn hidden(&mut self, context: Context) -> Option<Rule> {
        if context.unknown {
            self.tally.want_snapshot = true;
            self.tally.repaired = true;
            return Some(Rule::UnknownNode);
        }
        if context.foreign && !self.rules.cross_origin_frames {
            return Some(Rule::CrossOriginFrame);
        }
        (context.action >= ElementAction::Mask).then_some(Rule::PageRule)
    }

    /// The text of a text node in this context.
    pub(crate) fn page_text(&mut self, at: usize, context: Context) {
        if self.view.kind(at) != Kind::String {
            self.hide(at, Rule::UnknownNode);
            return;
        }
        if context.css {
            self.css(at);
            return;
        }
        let typed = (context.typed && self.rules.inputs >= FieldAction::Mask).then_some(Rule::TypedText);
        let all = (self.rules.text >= FieldAction::Mask).then_some(Rule::Text);
        if let Some(rule) = typed {
            self.flush();
            self.hide(at, rule);
            return;
        }
        if self.view.raw(at).iter().all(|byte| matches!(byte, b' ' | b'\\' | b'n' | b't'))
            && self.view.text(at).trim().is_empty()
        {
            // White space between elements is layout, not content; it also keeps words of a run apart.
            self.run.push(at, &self.view.text(at));
            return;
        }
        if let Some(rule) = self.hidden(context).or(all) {
            self.flush();
            self.hide(at, rule);
            return;
        }
        if context.title {
            self.flush();
            self.title = Some(self.read(at, Reading::Page));
            return;
        }
        self.run.push(at, &self.view.text(at));
    }

    /// Reads the run of text that ends here.
    pub(crate) fn flush(&mut self) {
        if self.run.pieces.is_empty() {
            return;
        }
        let run = std::mem::take(&mut self.run);
        if detect::could_hit(run.text.as_bytes()) {
            self.read_run(&run);
        }
        self.run = run;
        self.run.text.clear();
        self.run.pieces.clear();
    }

    /// Each piece is read alone first, so that a match does not swallow its neighbour; then what is left, joined.
    fn read_run(&mut self, run: &Run) {
        let ends = run.pieces.iter().skip(1).map(|(_, start)| *start).chain([run.text.len()]);
        let spans: Vec<(usize, usize, usize)> =
            run.pieces.iter().zip(ends).map(|((at, start), end)| (*at, *start, end)).collect();
        let mut hits = Vec::new();
        for (_, start, end) in &spans {
            for mut hit in detect::hits(&run.text[*start..*end], &[], Reading::Page, self.rules) {
                hit.range = hit.range.start + start..hit.range.end + start;
                hits.push(hit);
            }
        }
        if spans.len() > 1 {
            let mut rest = run.text.clone().into_bytes();
            for hit in &hits {
                rest[hit.range.clone()].fill(0);
            }
            let seams: Vec<usize> = spans.iter().map(|span| span.1).collect();
            // Zeroing whole matches keeps the text valid: matches end between characters.
            hits.extend(detect::hits(&String::from_utf8_lossy(&rest), &seams, Reading::Page, self.rules));
        }
        let hits = detect::tidy(hits);
        for (at, start, end) in spans {
            if hits.iter().any(|hit| hit.range.start < end && hit.range.end > start) {
                let clean = detect::mask(&run.text[start..end], &hits, start, &mut self.tally.findings);
                self.edits.set_text(self.view.tokens[at], &clean);
            }
        }
    }
}

impl Run {
    fn push(&mut self, at: usize, text: &str) {
        self.pieces.push((at, self.text.len()));
        self.text.push_str(text);
    }
}
