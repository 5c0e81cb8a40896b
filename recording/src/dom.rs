//! Nodes and attributes: where rrweb puts page content, and what happens to it there.

use std::borrow::Cow;

use policy::privacy::{ElementAction, FieldAction, PAGE_ATTRIBUTE, floor};

use crate::{
    Rejection, Rule,
    detect::Reading,
    node::{Context, Tag, flag, flags_of},
    pass::Pass,
    scan::Kind,
    url::Fragment,
};

/// What rrweb says about a node.
#[derive(Default)]
pub(crate) struct Fields {
    pub(crate) kind: Option<i64>,
    pub(crate) id: Option<u32>,
    tag_name: Option<usize>,
    attributes: Option<usize>,
    children: Option<usize>,
    pub(crate) text: Option<usize>,
}

impl Pass<'_> {
    /// Reads a node's members; strings in members that no rule knows are hidden.
    pub(crate) fn fields(&mut self, at: usize) -> Fields {
        let mut fields = Fields::default();
        for (name, value) in self.view.members(at) {
            let raw = self.view.text(name);
            match raw.as_ref() {
                "type" => fields.kind = self.view.integer(value),
                "id" => fields.id = self.view.id(value),
                "tagName" => fields.tag_name = Some(value),
                "attributes" => fields.attributes = Some(value),
                "childNodes" => fields.children = Some(value),
                "textContent" => fields.text = Some(value),
                "name" | "publicId" | "systemId" | "compatMode" => self.scan(value, Reading::Structure),
                _ => {
                    self.name(name);
                    self.hide_strings(value, Rule::Payload);
                }
            }
        }
        fields
    }

    /// A serialised node with all below it. Says what it is to a run of text.
    pub(crate) fn node(&mut self, at: usize, parent: u32, context: Context) -> Result<Tag, Rejection> {
        if self.view.kind(at) != Kind::Object {
            self.hide_strings(at, Rule::Payload);
            return Ok(Tag::Other);
        }
        let fields = self.fields(at);
        self.node_with(&fields, parent, context)
    }

    /// As [`Pass::node`], with the members already read.
    pub(crate) fn node_with(&mut self, fields: &Fields, parent: u32, context: Context) -> Result<Tag, Rejection> {
        match fields.kind {
            Some(3 | 4) => {
                self.keep_node(fields, parent, context, Tag::Text, 0)?;
                if let Some(text) = fields.text {
                    self.page_text(text, context);
                }
                for extra in [fields.tag_name, fields.attributes, fields.children].into_iter().flatten() {
                    self.hide_strings(extra, Rule::Payload);
                }
                Ok(Tag::Text)
            }
            Some(2) => self.element(fields, parent, context),
            Some(0 | 1) => {
                self.flush();
                self.keep_node(fields, parent, context, Tag::Other, 0)?;
                self.children(fields, context)?;
                self.flush();
                self.hide_parts(fields, false);
                Ok(Tag::Other)
            }
            // Comments are never shown; other kinds are not known.
            _ => {
                self.flush();
                self.hide_parts(fields, true);
                Ok(Tag::Other)
            }
        }
    }

    fn hide_parts(&mut self, fields: &Fields, children: bool) {
        for part in [fields.tag_name, fields.attributes, fields.text, fields.children.filter(|_| children)]
            .into_iter()
            .flatten()
        {
            self.hide_strings(part, Rule::Opaque);
        }
    }

    fn children(&mut self, fields: &Fields, context: Context) -> Result<(), Rejection> {
        let Some(children) = fields.children else { return Ok(()) };
        // Without an id the node cannot be referred to, and neither can what is in it.
        let inside = if fields.id.is_some() { context } else { Context { unknown: true, ..context } };
        if self.view.kind(children) != Kind::Array {
            self.hide_strings(children, Rule::Payload);
        }
        for child in self.view.elements(children) {
            self.node(child, fields.id.unwrap_or(0), inside)?;
        }
        Ok(())
    }

    /// Puts a node into the tab's map; gives its flags. Below unknown nodes nothing becomes known.
    fn keep_node(
        &mut self,
        fields: &Fields,
        parent: u32,
        context: Context,
        tag: Tag,
        flags: u16,
    ) -> Result<u16, Rejection> {
        match fields.id {
            Some(id) if !context.unknown => self.state.insert(id, parent, tag, flags, self.bounds.nodes),
            _ => Ok(flags),
        }
    }

    fn element(&mut self, fields: &Fields, parent: u32, context: Context) -> Result<Tag, Rejection> {
        let name = fields.tag_name.and_then(|at| self.view.string(at)).unwrap_or(Cow::Borrowed(""));
        let tag = tag_of(&name);
        if let Some(at) = fields.tag_name.filter(|_| !is_plain_name(&name)) {
            self.hide(at, Rule::Payload);
        }
        let flags = fields.attributes.map_or_else(
            || default_flags(tag) | if tag == Tag::Input { flag::TYPED } else { 0 },
            |at| self.flags(tag, default_flags(tag), at, true),
        );
        let flags = self.keep_node(fields, parent, context, tag, flags)?;
        if tag != Tag::Inline {
            self.flush();
        }
        if let Some(attributes) = fields.attributes {
            self.attributes(attributes, tag, flags, context.inside(tag, flags & !flag::FOREIGN), false);
        }
        if let Some(text) = fields.text {
            self.hide_strings(text, Rule::Payload);
        }
        self.children(fields, context.inside(tag, flags))?;
        if tag != Tag::Inline {
            self.flush();
        }
        Ok(tag)
    }

    /// The flags that attributes give an element that has `flags` so far.
    pub(crate) fn flags(&self, tag: Tag, mut flags: u16, attributes: usize, whole: bool) -> u16 {
        let mut kind = None;
        for (name, value) in self.view.members(attributes) {
            let name = lower(self.view.text(name));
            let text = self.view.string(value);
            let text = text.as_deref();
            match name.as_ref() {
                "type" if tag == Tag::Input => kind = Some(text.unwrap_or("").trim().to_ascii_lowercase()),
                "autocomplete" if text.is_some_and(floor::is_floor_autocomplete) => flags |= flag::FLOOR,
                "name" | "id" if tag.takes_input() && text.is_some_and(floor::is_secret_name) => flags |= flag::FLOOR,
                floor::WAS_PASSWORD_ATTRIBUTE => flags |= flag::FLOOR,
                PAGE_ATTRIBUTE => {
                    let gone = self.view.raw(value) == b"null" && text.is_none();
                    let action = if gone { ElementAction::Allow } else { ElementAction::from_page(text.unwrap_or("")) };
                    flags = flags & !flag::ACTION | flags_of(action);
                }
                "contenteditable" => {
                    flags &= !(flag::EDITABLE | flag::FIXED);
                    flags |= match text {
                        Some("false") => flag::FIXED,
                        Some(_) => flag::EDITABLE,
                        None if self.view.raw(value) == b"true" => flag::EDITABLE,
                        None => 0,
                    };
                }
                "rr_src" if tag == Tag::Frame => flags |= flag::FOREIGN,
                _ => {}
            }
        }
        if tag == Tag::Input && (whole || kind.is_some()) {
            let kind = kind.unwrap_or_default();
            if !matches!(kind.as_str(), "submit" | "button" | "reset" | "image") {
                flags |= flag::TYPED;
            }
            if floor::is_floor_input_type(&kind) {
                flags |= flag::FLOOR;
            }
        }
        flags
    }

    /// All attributes of one element; `changed` when they come from a mutation.
    pub(crate) fn attributes(&mut self, at: usize, tag: Tag, flags: u16, context: Context, changed: bool) {
        if self.view.kind(at) != Kind::Object {
            self.hide_strings(at, Rule::Payload);
            return;
        }
        let meta = if tag == Tag::Meta { self.meta_reading(at) } else { None };
        for (name, value) in self.view.members(at) {
            self.name(name);
            let known = lower(self.view.text(name));
            self.attribute(&known, value, Place { tag, flags, context, changed, meta });
        }
    }

    fn attribute(&mut self, name: &str, value: usize, place: Place) {
        let kind = self.view.kind(value);
        if kind == Kind::Literal {
            return;
        }
        let class = Class::of(name, place.tag);
        match (class, kind) {
            (Class::Style, _) => return self.css(value),
            (Class::Geometry, Kind::String | Kind::Number) | (Class::Structure, Kind::Number) => return,
            (Class::Structure, Kind::String) => return self.scan(value, Reading::Structure),
            (Class::Opaque, Kind::String) => return self.empty(value),
            (Class::Picture, Kind::String) if !self.rules.canvas => return self.empty(value),
            _ => {}
        }
        if let Some(rule) = self.input_rule(name, class, place).or_else(|| self.hidden(place.context)) {
            self.hide(value, rule);
            return;
        }
        match (class, kind) {
            (_, Kind::Object | Kind::Array) => self.hide_strings(value, Rule::Payload),
            (_, Kind::Number) => self.number(value),
            (Class::Url, _) => {
                let drawing = place.tag == Tag::SvgReference;
                self.url(value, if drawing { Fragment::Drawing } else { Fragment::Place });
            }
            (Class::UrlSet, _) => self.url_set(value),
            (Class::Content, _) if place.meta.is_none() => {
                self.hide(value, Rule::Opaque);
            }
            _ if self.rules.text >= FieldAction::Mask => {
                self.hide(value, Rule::Text);
            }
            _ => self.scan(value, Reading::Page),
        }
    }

    /// Why an attribute counts as what a person typed, if it does.
    fn input_rule(&self, name: &str, class: Class, place: Place) -> Option<Rule> {
        if !place.tag.takes_input() || place.flags & flag::TYPED == 0 {
            return None;
        }
        let floor = place.flags & flag::FLOOR != 0;
        // Pages copy what is typed into `data-*`, and into labels while one types.
        let carries = class == Class::Value || name.starts_with("data-") || (place.changed && class == Class::Label);
        let hide = carries && (floor || self.rules.inputs >= FieldAction::Mask);
        hide.then_some(if floor { Rule::FloorInput } else { Rule::Input })
    }

    /// How `content` of a `<meta>` is read: only what describes the page's form or text; the rest can be a token.
    fn meta_reading(&self, attributes: usize) -> Option<Reading> {
        let name = self.view.get(attributes, "name").or_else(|| self.view.get(attributes, "property"))?;
        let name = self.view.string(name)?.to_ascii_lowercase();
        let known = [
            "viewport",
            "theme-color",
            "color-scheme",
            "description",
            "generator",
            "robots",
            "application-name",
            "og:title",
        ];
        known.contains(&name.as_str()).then_some(Reading::Page)
    }
}

/// Where an attribute stands.
#[derive(Clone, Copy)]
struct Place {
    tag: Tag,
    flags: u16,
    context: Context,
    changed: bool,
    meta: Option<Reading>,
}

/// What an attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// The value of a field.
    Value,
    /// Text about an element, shown or spoken.
    Label,
    /// `content` of a `<meta>`.
    Content,
    /// One URL.
    Url,
    /// Several URLs.
    UrlSet,
    /// CSS.
    Style,
    /// Names that the page is built from: the floor only.
    Structure,
    /// Numbers of a drawing: nothing to find, much to break.
    Geometry,
    /// Code or documents: emptied.
    Opaque,
    /// Pixels of a canvas.
    Picture,
    /// Anything else: read like text.
    Text,
}

impl Class {
    pub(crate) fn of(name: &str, tag: Tag) -> Self {
        // The most frequent first: comparing is a good part of the work.
        if matches!(name, "class" | "id") {
            return Self::Structure;
        }
        if name == "style" {
            return Self::Style;
        }
        if name.starts_with("data-") && name != PAGE_ATTRIBUTE {
            return Self::Text;
        }
        match name {
            "value" | "defaultvalue" | "aria-valuetext" | "aria-valuenow" => Self::Value,
            "title" | "alt" | "aria-label" | "placeholder" | "aria-description" | "aria-placeholder" | "label" => {
                Self::Label
            }
            "content" if tag == Tag::Meta => Self::Content,
            "_csstext" if matches!(tag, Tag::Style | Tag::Link) => Self::Style,
            "srcdoc" => Self::Opaque,
            "rr_dataurl" => Self::Picture,
            "srcset" | "imagesrcset" | "ping" => Self::UrlSet,
            "type" | "role" | "for" | "lang" | "dir" | "rel" | "target" | "method" | "enctype" | "charset"
            | "media" | "tabindex" | "rows" | "cols" | "colspan" | "rowspan" | "sizes" | "autocomplete"
            | "inputmode" | "part" | "slot" | "is" | "hidden" | "disabled" | "checked" | "selected" | "readonly"
            | "required" | "multiple" | "open" | "contenteditable" | PAGE_ATTRIBUTE | "http-equiv" | "as"
            | "crossorigin" | "loading" | "decoding" | "scope" | "headers" | "list" | "form" => Self::Structure,
            "d"
            | "points"
            | "viewbox"
            | "transform"
            | "width"
            | "height"
            | "x"
            | "y"
            | "x1"
            | "x2"
            | "y1"
            | "y2"
            | "cx"
            | "cy"
            | "r"
            | "rx"
            | "ry"
            | "fx"
            | "fy"
            | "dx"
            | "dy"
            | "fill"
            | "stroke"
            | "stroke-width"
            | "stroke-dasharray"
            | "stroke-dashoffset"
            | "stroke-linecap"
            | "stroke-linejoin"
            | "fill-rule"
            | "clip-rule"
            | "clip-path"
            | "mask"
            | "filter"
            | "opacity"
            | "offset"
            | "values"
            | "keytimes"
            | "keysplines"
            | "dur"
            | "begin"
            | "preserveaspectratio"
            | "gradienttransform"
            | "rr_width"
            | "rr_height"
            | "rr_scrolltop"
            | "rr_scrollleft"
            | "rr_mediacurrenttime" => Self::Geometry,
            _ if name.starts_with("aria-") => match name {
                "aria-details" | "aria-roledescription" => Self::Text,
                _ => Self::Structure,
            },
            _ if name.starts_with("xmlns") => Self::Geometry,
            _ if name.starts_with("on") && name.len() > 2 && name.bytes().all(|b| b.is_ascii_alphabetic()) => {
                Self::Opaque
            }
            _ if floor::URL_ATTRIBUTES.contains(&name) => Self::Url,
            _ => Self::Text,
        }
    }
}

/// Lower case, borrowed when it is already.
fn lower(name: Cow<'_, str>) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) { Cow::Owned(name.to_ascii_lowercase()) } else { name }
}

/// Flags of an element before its attributes; whether an `<input>` is typed in depends on its type.
fn default_flags(tag: Tag) -> u16 {
    if matches!(tag, Tag::Textarea | Tag::Select) { flag::TYPED } else { 0 }
}

/// Whether a tag's name is a name and not content.
pub(crate) fn is_plain_name(name: &str) -> bool {
    name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.'))
}

/// The class of a tag's name.
pub(crate) fn tag_of(name: &str) -> Tag {
    if matches!(name, "div" | "td" | "tr" | "li" | "p" | "button" | "path" | "svg" | "ul" | "th" | "img") {
        // The most frequent names need no look at the list.
        return Tag::Other;
    }
    match lower(Cow::Borrowed(name)).as_ref() {
        "input" => Tag::Input,
        "textarea" => Tag::Textarea,
        "select" => Tag::Select,
        "style" => Tag::Style,
        "link" => Tag::Link,
        "meta" => Tag::Meta,
        "title" => Tag::Title,
        "iframe" | "frame" => Tag::Frame,
        "use" | "image" | "lineargradient" | "radialgradient" | "pattern" | "textpath" | "mpath" | "feimage" => {
            Tag::SvgReference
        }
        "span" | "b" | "i" | "em" | "strong" | "a" | "code" | "small" | "mark" | "u" | "s" | "sub" | "sup"
        | "label" | "font" | "bdi" | "bdo" | "abbr" | "time" | "kbd" | "var" | "samp" | "q" | "cite" | "wbr"
        | "ins" | "del" | "tt" | "big" | "dfn" | "tspan" | "output" | "data" | "ruby" | "rb" => Tag::Inline,
        _ => Tag::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_that_carry_values_are_never_taken_for_structure() {
        for name in floor::VALUE_ATTRIBUTES.iter().chain(&floor::URL_ATTRIBUTES).chain(&[
            "data-anything",
            "srcset",
            "ping",
            "x-unknown",
        ]) {
            for tag in Tag::ALL {
                let class = Class::of(name, tag);
                assert!(
                    !matches!(class, Class::Structure | Class::Geometry | Class::Style),
                    "{name} on {tag:?}: {class:?}"
                );
            }
        }
    }
}
