/**
 * Purpose: make every rrweb event harmless before rrweb sees it.
 *
 * Design: one sanitiser per tab. It remembers the element name of each node id, because an attribute
 * mutation names only the id and a rule may depend on the element. Events are changed in place: they are
 * this page's own copies. Events that draw nothing here (plugin, custom, canvas) are left out.
 *
 * To cover a new incremental source of rrweb: add its row in `incremental`; an unknown source is dropped.
 */
import type { RecordedEvent } from "../protocol";
import { RECORDED_TYPE, cleanAttribute, inertTag, isTextless } from "./attributes";
import { cleanCss } from "./css";

type Fields = Record<string, unknown>;

/** rrweb's event types that draw. */
export const EVENT = { fullSnapshot: 2, incremental: 3, meta: 4, custom: 5, plugin: 6 } as const;

/** rrweb's incremental sources. */
export const SOURCE = {
  mutation: 0,
  mouseMove: 1,
  mouseInteraction: 2,
  scroll: 3,
  viewportResize: 4,
  input: 5,
  touchMove: 6,
  mediaInteraction: 7,
  styleSheetRule: 8,
  font: 10,
  drag: 12,
  styleDeclaration: 13,
  selection: 14,
  adoptedStyleSheet: 15,
} as const;

const NODE = { document: 0, documentType: 1, element: 2, text: 3, cdata: 4, comment: 5 } as const;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const fields = (value: unknown): Fields[] => list(value).filter(isFields);

/** Harmless copies of one tab's events, in the order in which they are given. */
export class EventSanitiser {
  private readonly tags = new Map<number, string>();

  /** The event to replay, or `undefined` when it must not or need not reach rrweb. */
  clean(event: RecordedEvent): RecordedEvent | undefined {
    const { data } = event;
    if (!isFields(data)) return undefined;
    if (event.type === EVENT.meta) {
      return Number.isFinite(data["width"]) && Number.isFinite(data["height"])
        ? { ...event, data: { ...data, href: "" } }
        : undefined;
    }
    if (event.type === EVENT.fullSnapshot) {
      if (!isFields(data["node"]) || data["node"]["type"] !== NODE.document) return undefined;
      this.tags.clear();
      this.tree(data["node"], undefined);
      return event;
    }
    return event.type === EVENT.incremental && this.incremental(data) ? event : undefined;
  }

  private incremental(data: Fields): boolean {
    switch (data["source"]) {
      case SOURCE.mutation:
        this.mutation(data);
        return true;
      case SOURCE.styleSheetRule:
        data["adds"] = fields(data["adds"]).map(cleanRule);
        for (const key of ["replace", "replaceSync"]) {
          if (typeof data[key] === "string") data[key] = cleanCss(data[key]);
        }
        return true;
      case SOURCE.styleDeclaration:
        if (isFields(data["set"]) && typeof data["set"]["value"] === "string") {
          data["set"]["value"] = cleanCss(data["set"]["value"]);
        }
        return true;
      case SOURCE.adoptedStyleSheet:
        data["styles"] = fields(data["styles"]).map((style) => ({
          ...style,
          rules: fields(style["rules"]).map(cleanRule),
        }));
        return true;
      case SOURCE.font:
        // A font given by its bytes is harmless; one given by address would be fetched.
        return data["buffer"] === true;
      case SOURCE.mouseMove:
      case SOURCE.touchMove:
      case SOURCE.drag:
        return list(data["positions"]).length > 0;
      case SOURCE.mouseInteraction:
      case SOURCE.scroll:
      case SOURCE.viewportResize:
      case SOURCE.input:
      case SOURCE.mediaInteraction:
      case SOURCE.selection:
        return true;
      default:
        return false;
    }
  }

  private mutation(data: Fields): void {
    data["adds"] = fields(data["adds"]).filter((add) => isFields(add["node"]));
    for (const add of fields(data["adds"])) {
      if (isFields(add["node"])) this.tree(add["node"], this.tagOf(add["parentId"]));
    }
    data["attributes"] = fields(data["attributes"]).filter((change) => isFields(change["attributes"]));
    for (const change of fields(data["attributes"])) {
      change["attributes"] = cleanAttributes(this.tagOf(change["id"]), change["attributes"]);
    }
    data["texts"] = fields(data["texts"]).map((text) =>
      // Text is changed by its own id; only text inside <style> is registered, under that element's name.
      this.tagOf(text["id"]) === "style" && typeof text["value"] === "string"
        ? { ...text, value: cleanCss(text["value"]) }
        : text,
    );
    data["removes"] = fields(data["removes"]);
  }

  /** Cleans a node and everything below it; a loop, so that a deep page cannot exhaust the stack here. */
  private tree(root: Fields, rootParentTag: string | undefined): void {
    const waiting: { node: Fields; parentTag: string | undefined }[] = [{ node: root, parentTag: rootParentTag }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { node, parentTag } = next;
      const tag = node["type"] === NODE.element ? this.element(node) : undefined;
      if (parentTag === "style" || node["isStyle"] === true) {
        if (typeof node["textContent"] === "string") node["textContent"] = cleanCss(node["textContent"]);
        if (typeof node["id"] === "number") this.tags.set(node["id"], "style");
      }
      if (node["type"] === NODE.element || node["type"] === NODE.document) {
        const children = fields(node["childNodes"]);
        node["childNodes"] = children;
        for (const child of children) waiting.push({ node: child, parentTag: tag });
      }
    }
  }

  private element(node: Fields): string {
    const recorded = typeof node["tagName"] === "string" ? node["tagName"] : "div";
    const built = inertTag(recorded);
    // Rules look at the recorded name: an <object> stays an <object> for them although a <div> is built.
    const tag = recorded.toLowerCase();
    node["tagName"] = built;
    node["attributes"] = cleanAttributes(tag, node["attributes"]);
    // A name that is no custom element's would make `customElements.define` throw.
    if (built !== recorded || !recorded.includes("-")) delete node["isCustom"];
    if (typeof node["id"] === "number") this.tags.set(node["id"], tag);
    return tag;
  }

  private tagOf(id: unknown): string | undefined {
    return typeof id === "number" ? this.tags.get(id) : undefined;
  }
}

function cleanRule(rule: Fields): Fields {
  return typeof rule["rule"] === "string" ? { ...rule, rule: cleanCss(rule["rule"]) } : rule;
}

function cleanAttributes(tag: string | undefined, attributes: unknown): Fields {
  const clean: Fields = {};
  if (!isFields(attributes)) return clean;
  for (const [name, value] of Object.entries(attributes)) {
    // null removes the attribute, which can do no harm.
    const kept = value === null ? null : cleanAttribute(tag, name, value);
    if (kept !== undefined) clean[name] = kept;
  }
  if (tag === "input" && typeof clean["type"] === "string" && isTextless(clean["type"])) {
    clean[RECORDED_TYPE] = clean["type"];
    clean["type"] = "text";
  }
  return clean;
}
