//! Incremental events: changes of the page and what a person does to it.
//!
//! Parts of a mutation are taken in the order in which players apply them (removals, additions, texts, attributes),
//! whatever their order in the event is.

use policy::privacy::FieldAction;

use crate::{
    Rejection, Rule,
    dom::Fields,
    joined::{self, Added, Part, Step},
    node::{Context, Tag, flag},
    pass::Pass,
    scan::Kind,
};

/// rrweb's incremental sources that have rules of their own.
pub(crate) mod source {
    pub(crate) const MUTATION: i64 = 0;
    pub(crate) const INPUT: i64 = 5;
    pub(crate) const STYLE_SHEET_RULE: i64 = 8;
    pub(crate) const CANVAS: i64 = 9;
    pub(crate) const FONT: i64 = 10;
    pub(crate) const LOG: i64 = 11;
    pub(crate) const STYLE_DECLARATION: i64 = 13;
    pub(crate) const ADOPTED_STYLE_SHEET: i64 = 15;
    pub(crate) const CUSTOM_ELEMENT: i64 = 16;
    /// Pointer, scroll, size, media, drag, selection: numbers and ids only.
    pub(crate) const NUMBERS: [i64; 8] = [1, 2, 3, 4, 6, 7, 12, 14];
}

impl Pass<'_> {
    /// An incremental event. Says whether it is kept.
    pub(crate) fn incremental(&mut self, data: usize) -> Result<bool, Rejection> {
        let kind = self.view.get(data, "source").and_then(|at| self.view.integer(at));
        match kind {
            Some(source::MUTATION) => self.mutation(data)?,
            Some(source::INPUT) => self.input(data),
            Some(source::CANVAS) if !self.rules.canvas => {
                self.tally.findings.add(Rule::Canvas);
                return Ok(false);
            }
            Some(source::STYLE_SHEET_RULE | source::STYLE_DECLARATION | source::ADOPTED_STYLE_SHEET) => {
                self.style_change(data);
            }
            Some(source::FONT) => self.font(data),
            Some(source::LOG) => self.console(data),
            Some(source::CUSTOM_ELEMENT) => self.custom_element(data),
            Some(number) if source::NUMBERS.contains(&number) => {
                self.hide_strings(data, Rule::Payload);
                self.reference(data);
            }
            _ => {
                self.tally.findings.add(Rule::UnknownType);
                self.hide_strings(data, Rule::UnknownType);
            }
        }
        Ok(true)
    }

    /// Counts an id that the tab does not know; players skip such events.
    fn reference(&mut self, data: usize) {
        let unknown = |id: Option<u32>| id.is_some_and(|id| self.state.get(id).is_none());
        let here = self.view.get(data, "id").and_then(|at| self.view.id(at));
        let positions = self.view.get(data, "positions");
        let there = positions.is_some_and(|list| {
            self.view
                .elements(list)
                .any(|position| unknown(self.view.get(position, "id").and_then(|at| self.view.id(at))))
        });
        if there || unknown(here) {
            // Honest agents name nodes that were removed a moment ago: counted, but no sign of a broken stream.
            self.tally.findings.add(Rule::UnknownReference);
        }
    }

    fn mutation(&mut self, data: usize) -> Result<(), Rejection> {
        let view = self.view;
        self.hide_others(data, &["source", "removes", "adds", "texts", "attributes"]);
        if let Some(removes) = view.get(data, "removes") {
            self.hide_strings(removes, Rule::Payload);
            for item in view.elements(removes) {
                if let Some(id) = view.get(item, "id").and_then(|at| view.id(at)) {
                    self.state.remove(id);
                }
            }
        }
        if let Some(adds) = view.get(data, "adds") {
            self.adds(adds)?;
        }
        if let Some(texts) = view.get(data, "texts") {
            self.each(texts, Self::text_change);
        }
        if let Some(attributes) = view.get(data, "attributes") {
            self.each(attributes, Self::attribute_change);
        }
        Ok(())
    }

    /// Calls `change` for each object of a list; what is no object is hidden.
    fn each(&mut self, list: usize, change: impl Fn(&mut Self, usize)) {
        if self.view.kind(list) != Kind::Array {
            self.hide_strings(list, Rule::Payload);
        }
        for item in self.view.elements(list) {
            if self.view.kind(item) == Kind::Object {
                change(self, item);
            } else {
                self.hide_strings(item, Rule::Payload);
            }
        }
    }

    /// Added nodes. One whose parent is added later in the same list waits for it.
    fn adds(&mut self, adds: usize) -> Result<(), Rejection> {
        if self.view.kind(adds) != Kind::Array {
            self.hide_strings(adds, Rule::Payload);
            return Ok(());
        }
        let mut added = Vec::new();
        let mut waiting: Vec<usize> = self.view.elements(adds).collect();
        // An honest list needs one round, or two; what is left after a few is under unknown parents.
        for round in 0..8 {
            let before = waiting.len();
            let last = round == 7;
            let mut still = Vec::new();
            for item in waiting {
                let parent = self.view.get(item, "parentId").and_then(|at| self.view.id(at));
                let known = parent.is_some_and(|id| self.state.get(id).is_some());
                if known || last {
                    self.add(item, parent.filter(|_| known), &mut added)?;
                } else {
                    still.push(item);
                }
            }
            let stuck = still.len() == before;
            waiting = still;
            if waiting.is_empty() {
                break;
            }
            if stuck {
                for item in std::mem::take(&mut waiting) {
                    self.add(item, None, &mut added)?;
                }
                break;
            }
        }
        self.added_text(&added);
        Ok(())
    }

    /// Texts of added nodes: in page order when together they could be more than each of them alone.
    fn added_text(&mut self, added: &[Added]) {
        let telling = |raw: &[u8]| raw.iter().any(|byte| byte.is_ascii_digit() || matches!(byte, b'@' | b'%' | b'\\'));
        let texts = || {
            added.iter().filter_map(|node| {
                if let Part::Text(token, context) = node.part { Some((token, context)) } else { None }
            })
        };
        if texts().nth(1).is_none() || !texts().any(|(token, _)| telling(self.view.raw(token))) {
            for (token, context) in texts() {
                self.page_text(token, context);
                self.flush();
            }
            return;
        }
        for step in joined::order(added) {
            match step {
                Step::Text(token, context) => self.page_text(token, context),
                Step::Break => self.flush(),
            }
        }
        self.flush();
    }

    fn add(&mut self, item: usize, parent: Option<u32>, added: &mut Vec<Added>) -> Result<(), Rejection> {
        let view = self.view;
        if view.kind(item) != Kind::Object {
            self.hide_strings(item, Rule::Payload);
            return Ok(());
        }
        self.hide_others(item, &["node"]);
        let Some(node) = view.get(item, "node") else { return Ok(()) };
        let context = parent.map_or(Context::UNKNOWN, |id| self.state.inside(id));
        let next = view.get(item, "nextId").and_then(|at| view.id(at)).unwrap_or(0);
        let mut fields = if view.kind(node) == Kind::Object { self.fields(node) } else { Fields::default() };
        let id = fields.id.unwrap_or(0);
        // Text is read later, in page order.
        let text = if matches!(fields.kind, Some(3 | 4)) { fields.text.take() } else { None };
        let tag = if view.kind(node) == Kind::Object {
            self.node_with(&fields, parent.unwrap_or(0), context)?
        } else {
            self.hide_strings(node, Rule::Payload);
            Tag::Other
        };
        self.flush();
        let part = match (text, tag) {
            (Some(token), _) => Part::Text(token, context),
            (None, Tag::Inline) => Part::Inline,
            _ => Part::Block,
        };
        if id == 0 || parent.is_none() {
            if let Part::Text(token, context) = part {
                self.page_text(token, context);
                self.flush();
            }
            return Ok(());
        }
        if let Some(twin) = added.iter().rev().take(4).find(|node: &&Added| node.id == id)
            && let Part::Text(token, context) = twin.part
        {
            self.page_text(token, context);
            self.flush();
        }
        added.push(Added { id, parent: parent.unwrap_or(0), next, part });
        Ok(())
    }

    fn text_change(&mut self, item: usize) {
        self.hide_others(item, &["id", "value"]);
        let Some(value) = self.view.get(item, "value").filter(|at| self.view.kind(*at) != Kind::Literal) else {
            return;
        };
        let context = self
            .view
            .get(item, "id")
            .and_then(|at| self.view.id(at))
            .map_or(Context::UNKNOWN, |id| self.state.around(id));
        self.page_text(value, context);
        self.flush();
    }

    fn attribute_change(&mut self, item: usize) {
        let view = self.view;
        self.hide_others(item, &["id", "attributes"]);
        let Some(attributes) = view.get(item, "attributes") else { return };
        let id = view.get(item, "id").and_then(|at| view.id(at));
        let Some((id, node)) = id.and_then(|id| self.state.get(id).map(|node| (id, *node))) else {
            self.attributes(attributes, Tag::Other, 0, Context::UNKNOWN, true);
            return;
        };
        let flags = self.flags(node.tag, node.flags, attributes, false);
        self.state.set_flags(id, flags);
        // The stricter of before and after: what changes together was together.
        if view.kind(attributes) == Kind::Object
            && view.members(attributes).all(|(_, value)| view.kind(value) == Kind::Literal)
        {
            // Removed attributes, by far the most frequent change of some pages: nothing to hide but their names.
            view.members(attributes).for_each(|(name, _)| self.name(name));
            return;
        }
        let around = self.state.around(id);
        let context = around.inside(node.tag, flags & !flag::FOREIGN);
        let before = around.inside(node.tag, node.flags & !flag::FOREIGN);
        let context = Context { action: context.action.strictest(before.action), ..context };
        self.attributes(attributes, node.tag, flags, context, true);
    }

    /// What a person typed or chose: masked unless the node is known and the policy keeps inputs.
    fn input(&mut self, data: usize) {
        let view = self.view;
        self.hide_others(data, &["text"]);
        let Some(text) = view.get(data, "text") else { return };
        let id = view.get(data, "id").and_then(|at| view.id(at));
        let node = id.and_then(|id| self.state.get(id).copied());
        let rule = match node {
            None => self.hidden(Context::UNKNOWN),
            Some(node) if node.flags & flag::FLOOR != 0 => Some(Rule::FloorInput),
            Some(_) if self.rules.inputs >= FieldAction::Mask => Some(Rule::Input),
            Some(_) => {
                let context = self.state.inside(id.unwrap_or(0));
                self.hidden(context)
            }
        };
        match rule {
            Some(rule) => {
                self.hide(text, rule);
            }
            None => self.scan(text, crate::detect::Reading::Page),
        }
    }

    /// Sources 8, 13 and 15: CSS in the members that hold it, nothing elsewhere.
    fn style_change(&mut self, data: usize) {
        let view = self.view;
        let mut at = data;
        let end = view.tokens[data].next as usize;
        let mut css = false;
        while at < end {
            match view.kind(at) {
                Kind::Name => {
                    let name = view.text(at);
                    css = matches!(
                        name.as_ref(),
                        "rule" | "replace" | "replaceSync" | "value" | "property" | "priority" | "cssText"
                    );
                    self.name(at);
                }
                Kind::String if css => self.css(at),
                Kind::String => {
                    self.hide(at, Rule::Payload);
                }
                _ => {}
            }
            at += 1;
        }
    }

    fn font(&mut self, data: usize) {
        let view = self.view;
        for (name, value) in view.members(data) {
            match view.text(name).as_ref() {
                "family" => self.scan(value, crate::detect::Reading::Structure),
                "fontSource" => {
                    let numbers = view
                        .raw(value)
                        .iter()
                        .all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'[' | b']' | b' '));
                    if !numbers {
                        let css = view.raw(value).get(..3).is_some_and(|head| head.eq_ignore_ascii_case(b"url"));
                        if css {
                            self.css(value);
                        } else {
                            self.url(value, crate::url::Fragment::Place);
                        }
                    }
                }
                "descriptors" => {
                    for (name, value) in view.members(value) {
                        self.name(name);
                        self.css(value);
                    }
                }
                _ => self.hide_strings(value, Rule::Payload),
            }
        }
    }

    /// `define: {name}`: a tag's name.
    fn custom_element(&mut self, data: usize) {
        let view = self.view;
        self.hide_others(data, &["define"]);
        let Some(define) = view.get(data, "define") else { return };
        for (name, value) in view.members(define) {
            let plain = view.raw(value).len() <= 64
                && view.raw(value).iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-');
            if !(view.is_name(name, "name") && plain) {
                self.hide_strings(value, Rule::Payload);
            }
        }
    }
}
