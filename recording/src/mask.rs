//! Masking at view time: what somebody sees who may watch and not read.
//!
//! **Purpose.** The same stored events, with every text replaced: what a page said, what elements are called, what was
//! typed, where links lead, what a program logged. What draws the page stays: structure, geometry, CSS.
//!
//! **Design.** A list of what is kept; everything else is masked, so that a new place of rrweb hides its text until
//! somebody looks at it. A [`Mask`] follows one tab: text inside `<style>` is CSS and stays, and a later change of it names
//! only its node. A stream that begins behind a tab's snapshot knows no such node: then CSS that changes is masked too.
//! Masking an event twice changes nothing more.
//!
//! **How to keep one more thing.** A branch in the function of its place, and a row in `tests/masking.rs`.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use policy::privacy::MASK;

use crate::{
    Bounds, Rejection,
    dom::{Class, is_plain_name, tag_of},
    edit::{Edits, View},
    mutation::source,
    node::Tag,
    registry,
    scan::{Kind, Scanner},
};

/// Masks the events of one tab, in their order.
#[derive(Debug, Default)]
pub struct Mask {
    /// Elements whose attributes are read by what they are.
    elements: HashMap<u32, Tag>,
    /// Text nodes in `<style>`.
    sheets: HashSet<u32>,
}

impl Mask {
    /// The event with its text masked, one line; `None` for one that is nothing but a picture of the page.
    ///
    /// # Errors
    /// A [`Rejection`] for what is no stored event: show nothing of it.
    pub fn event(&mut self, raw: &str) -> Result<Option<Vec<u8>>, Rejection> {
        let bounds = Bounds::stored();
        let mut scanner = Scanner::new(raw.as_bytes(), &bounds);
        scanner.value(0)?;
        let tokens = std::mem::take(&mut scanner.tokens);
        let mut edits = Edits::default();
        let mut event = Event { view: View { body: raw, tokens: &tokens }, mask: self, edits: &mut edits };
        if !event.masked() {
            return Ok(None);
        }
        let mut line = Vec::with_capacity(raw.len());
        edits.apply(raw.as_bytes(), 0, raw.len(), &mut line);
        line.pop();
        Ok(Some(line))
    }
}

/// A text as somebody sees it who may not read.
#[must_use]
pub fn mask_text(text: &str) -> String {
    if text.trim().is_empty() { text.to_owned() } else { MASK.to_owned() }
}

/// An address as somebody sees it who may not read: scheme and host only.
#[must_use]
pub fn mask_url(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return mask_text(url) };
    if !matches!(scheme, "http" | "https") {
        return MASK.to_owned();
    }
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or_default();
    let path = if matches!(path, "" | "/") { path.to_owned() } else { format!("/{MASK}") };
    format!("{scheme}://{host}{path}")
}

struct Event<'a> {
    view: View<'a>,
    mask: &'a mut Mask,
    edits: &'a mut Edits,
}

impl Event<'_> {
    /// Says whether the event is shown at all.
    fn masked(&mut self) -> bool {
        let number = |at: Option<usize>| at.and_then(|at| self.view.integer(at));
        let (kind, data) = (number(self.view.get(0, "type")), self.view.get(0, "data"));
        self.others(0, &["type", "data", "timestamp"]);
        let Some(data) = data else { return true };
        match kind {
            Some(2) => {
                *self.mask = Mask::default();
                self.others(data, &["node"]);
                self.at(data, "node", |event, node| event.node(node, false));
            }
            Some(3) => return self.incremental(data),
            Some(4) => {
                self.others(data, &["href"]);
                self.at(data, "href", Self::url);
            }
            Some(5) => self.named(data, "tag"),
            Some(6) => self.named(data, "plugin"),
            _ => self.texts(data),
        }
        true
    }

    fn incremental(&mut self, data: usize) -> bool {
        let source = self.view.get(data, "source").and_then(|at| self.view.integer(at));
        match source {
            // Drawings on a canvas are pictures, and often of text.
            Some(source::CANVAS) => return false,
            Some(source::MUTATION) => self.mutation(data),
            Some(source::STYLE_SHEET_RULE | source::STYLE_DECLARATION | source::ADOPTED_STYLE_SHEET) => {
                self.style_change(data);
            }
            Some(source::FONT) => self.others(data, &["family", "fontSource", "descriptors"]),
            Some(source::CUSTOM_ELEMENT) => {
                self.others(data, &["define"]);
                self.at(data, "define", |event, define| {
                    event.others(define, &["name"]);
                    event.at(define, "name", Self::plain_name);
                });
            }
            _ => self.texts(data),
        }
        true
    }

    fn mutation(&mut self, data: usize) {
        let view = self.view;
        self.others(data, &["adds", "texts", "attributes"]);
        for add in view.get(data, "adds").into_iter().flat_map(|adds| view.elements(adds)) {
            self.others(add, &["node"]);
            let parent = view.get(add, "parentId").and_then(|at| view.id(at));
            let in_style = parent.is_some_and(|parent| self.mask.elements.get(&parent) == Some(&Tag::Style));
            self.at(add, "node", |event, node| event.node(node, in_style));
        }
        for text in view.get(data, "texts").into_iter().flat_map(|texts| view.elements(texts)) {
            self.others(text, &["value"]);
            let id = view.get(text, "id").and_then(|at| view.id(at));
            if id.is_none_or(|id| !self.mask.sheets.contains(&id)) {
                self.at(text, "value", Self::text);
            }
        }
        for change in view.get(data, "attributes").into_iter().flat_map(|changes| view.elements(changes)) {
            self.others(change, &["attributes"]);
            let id = view.get(change, "id").and_then(|at| view.id(at));
            // Of an element that nobody told about, nothing that depends on what it is stays.
            let tag = id.and_then(|id| self.mask.elements.get(&id)).copied().unwrap_or(Tag::Other);
            self.at(change, "attributes", |event, attributes| event.attributes(attributes, tag));
        }
        for list in ["adds", "texts", "attributes"] {
            self.at(data, list, Self::strays);
        }
    }

    /// Texts in a list of objects that stand for themselves.
    fn strays(&mut self, list: usize) {
        let view = self.view;
        if view.kind(list) != Kind::Array {
            self.texts(list);
        }
        for item in view.elements(list).filter(|item| view.kind(*item) != Kind::Object) {
            self.texts(item);
        }
    }

    /// A node with all below it.
    fn node(&mut self, node: usize, in_style: bool) {
        let view = self.view;
        if view.kind(node) != Kind::Object {
            self.texts(node);
            return;
        }
        let id = view.get(node, "id").and_then(|at| view.id(at));
        let name = view.get(node, "tagName").and_then(|at| view.string(at)).unwrap_or(Cow::Borrowed(""));
        let tag = tag_of(&name);
        let is_text = view.get(node, "type").and_then(|at| view.integer(at)) == Some(3);
        if let Some(id) = id {
            // An id that comes again is another node.
            self.mask.elements.remove(&id);
            self.mask.sheets.remove(&id);
            if matches!(tag, Tag::Style | Tag::Link | Tag::SvgReference) {
                self.mask.elements.insert(id, tag);
            }
            if is_text && in_style {
                self.mask.sheets.insert(id);
            }
        }
        for (member, value) in view.members(node) {
            match view.text(member).as_ref() {
                "tagName" => self.plain_name(value),
                // Of a document type: the words that browsers know.
                "name" | "publicId" | "systemId" | "compatMode" if !is_text => self.doctype(value),
                "textContent" if is_text && in_style => {}
                "attributes" => self.attributes(value, tag),
                "childNodes" if view.kind(value) == Kind::Array => {
                    for child in view.elements(value) {
                        self.node(child, tag == Tag::Style);
                    }
                }
                _ => self.texts(value),
            }
        }
    }

    fn attributes(&mut self, attributes: usize, tag: Tag) {
        if self.view.kind(attributes) != Kind::Object {
            self.texts(attributes);
        }
        for (name, value) in self.view.members(attributes) {
            let name = self.view.text(name).to_ascii_lowercase();
            self.attribute(&name, value, tag);
        }
    }

    fn attribute(&mut self, name: &str, value: usize, tag: Tag) {
        match Class::of(name, tag) {
            Class::Style | Class::Geometry => {}
            Class::Structure if !name.starts_with("aria-") => {}
            Class::Structure => {
                // States are words and numbers; what names or describes an element is text.
                let state = self.view.string(value).is_none_or(|text| {
                    matches!(text.as_ref(), "true" | "false" | "mixed") || text.bytes().all(|b| b.is_ascii_digit())
                });
                if !state {
                    self.texts(value);
                }
            }
            Class::Url if tag == Tag::SvgReference => {
                if self.view.string(value).is_none_or(|url| !url.starts_with('#')) {
                    self.url(value);
                }
            }
            Class::Url => self.url(value),
            Class::Opaque | Class::Picture | Class::UrlSet => self.empty(value),
            Class::Value | Class::Label | Class::Content | Class::Text => self.contents(value),
        }
    }

    /// CSS in the members that hold it.
    fn style_change(&mut self, data: usize) {
        let view = self.view;
        let mut css = false;
        for at in data..view.tokens[data].next as usize {
            match view.kind(at) {
                Kind::Name => {
                    let name = view.text(at);
                    css = matches!(
                        name.as_ref(),
                        "rule" | "replace" | "replaceSync" | "value" | "property" | "priority" | "cssText"
                    );
                }
                Kind::String if !css => self.text(at),
                _ => {}
            }
        }
    }

    /// A custom or plugin event.
    fn named(&mut self, data: usize, label: &str) {
        let view = self.view;
        self.others(data, &[label, "payload"]);
        let name = view.get(data, label).and_then(|at| view.string(at)).unwrap_or_default().into_owned();
        self.at(data, label, Self::event_name);
        let Some(payload) = view.get(data, "payload") else { return };
        let kept: &[&str] = match name.as_str() {
            "sealtape/action@1" => &["id", "kind", "node", "before", "after", "requests", "x", "y"],
            "sealtape/network@1" => &["id", "initiator", "method", "status", "start_ms", "end_ms", "action"],
            "sealtape/console@1" => &["level"],
            "sealtape/error@1" | "sealtape/nav@1" => &["kind"],
            "sealtape/gap@1" => &["from_ms", "to_ms", "reason"],
            _ => {
                // Nothing is known about it: numbers can be its content as well.
                self.edits.set_value(view.tokens[payload], "{}");
                return;
            }
        };
        if view.kind(payload) != Kind::Object {
            self.contents(payload);
        }
        for (member, value) in view.members(payload) {
            match view.text(member).as_ref() {
                member if kept.contains(&member) => {}
                "url" | "source" => self.url(value),
                _ => self.contents(value),
            }
        }
    }

    fn at(&mut self, object: usize, name: &str, then: impl FnOnce(&mut Self, usize)) {
        if let Some(value) = self.view.get(object, name) {
            then(self, value);
        }
    }

    /// Masks the texts of all members that are not named; of what is no object and has no members, all of it.
    fn others(&mut self, object: usize, known: &[&str]) {
        if self.view.kind(object) != Kind::Object {
            self.texts(object);
        }
        for (name, value) in self.view.members(object) {
            if !known.iter().any(|known| self.view.is_name(name, known)) {
                self.texts(value);
            }
        }
    }

    /// Masks every text in a value; numbers stay.
    fn texts(&mut self, at: usize) {
        for token in at..self.view.tokens[at].next as usize {
            if self.view.kind(token) == Kind::String {
                self.text(token);
            }
        }
    }

    /// Masks a value that is content as a whole: its numbers too, and what its members are called.
    fn contents(&mut self, at: usize) {
        match self.view.kind(at) {
            Kind::String => self.text(at),
            Kind::Number => self.edits.mask_value(self.view.tokens[at]),
            Kind::Object => self.edits.set_value(self.view.tokens[at], "{}"),
            Kind::Array => {
                for element in self.view.elements(at) {
                    self.contents(element);
                }
            }
            Kind::Literal | Kind::Name => {}
        }
    }

    fn text(&mut self, at: usize) {
        let Some(text) = self.view.string(at) else { return self.texts_below(at) };
        let masked = mask_text(&text);
        if masked != text {
            self.edits.set_text(self.view.tokens[at], &masked);
        }
    }

    fn texts_below(&mut self, at: usize) {
        if self.view.tokens[at].next as usize > at + 1 {
            self.texts(at);
        }
    }

    fn url(&mut self, at: usize) {
        let Some(url) = self.view.string(at) else { return self.texts(at) };
        let masked = mask_url(&url);
        if masked != url {
            self.edits.set_text(self.view.tokens[at], &masked);
        }
    }

    fn empty(&mut self, at: usize) {
        match self.view.kind(at) {
            Kind::String if self.view.raw(at).is_empty() => {}
            Kind::String => self.edits.set_text(self.view.tokens[at], ""),
            _ => self.texts(at),
        }
    }

    fn plain_name(&mut self, at: usize) {
        if self.view.string(at).is_none_or(|name| !is_plain_name(&name)) {
            self.texts(at);
        }
    }

    /// The name of an event that an application defines may be a sentence: ours stay.
    fn event_name(&mut self, at: usize) {
        let known = |name: &str| registry::TYPES.iter().any(|known| known.name == name);
        if self.view.string(at).is_none_or(|name| !known(&name)) {
            self.texts(at);
        }
    }

    fn doctype(&mut self, at: usize) {
        let known = |text: &str| {
            matches!(text, "" | "html" | "CSS1Compat" | "BackCompat")
                || text.starts_with("-//W3C//DTD ")
                || text.starts_with("http://www.w3.org/")
        };
        if self.view.string(at).is_none_or(|text| !known(&text)) {
            self.texts(at);
        }
    }
}
