/**
 * Purpose: the agent's own pass over every rrweb event, after rrweb's masking and before anything is queued.
 * Design: a walk that knows rrweb's shapes and drops what it does not know; the live nodes (through rrweb's mirror) say
 * which rule holds. It changes the event in place. It may throw: the caller then records a gap instead of the event.
 * How to add one more: a new incremental source gets a line in `cleanIncremental`; without one it is not recorded.
 */
import { isJson, isNumber, isText, type Json, listOf } from "../guard";
import { cleanAttribute, isElement, isSecret, maskText, maskValue, type Rule, ruleOf, ruleOfElement } from "./mask";
import { MASK } from "./detect";
import { cleanCss, cleanUrl } from "./url";

/** Finds the live node of an rrweb id. */
export interface NodeMirror {
  getNode(id: number): Node | null;
}

const nodeOf = (mirror: NodeMirror, id: unknown): Node | null => (isNumber(id) ? mirror.getNode(id) : null);
const elementOf = (node: Node | null): Element | null => (node && isElement(node) ? node : null);
const strict = (node: Node | null): Rule => (node ? ruleOf(node) : 1);

function cleanAttributes(attributes: Json, element: Element | null, tag: string, rule: Rule): void {
  if (element) isSecret(element); // remembers passwords before a toggle changes their type
  for (const [name, value] of Object.entries(attributes)) {
    if (isText(value)) {
      const kept = cleanAttribute(element, tag, name.toLowerCase(), value, rule);
      if (kept === undefined) Reflect.deleteProperty(attributes, name);
      else attributes[name] = kept;
    } else if (name === "style" && isJson(value)) cleanStyle(value);
    else if (tag === "option" && name === "selected") Reflect.deleteProperty(attributes, name);
    else if (isJson(value)) Reflect.deleteProperty(attributes, name);
  }
}

/** rrweb's style difference: property → value, [value, priority] or false. */
function cleanStyle(style: Json): void {
  for (const [name, value] of Object.entries(style)) {
    if (isText(value)) style[name] = cleanCss(value);
    else if (Array.isArray(value)) style[name] = value.map((part: unknown) => (isText(part) ? cleanCss(part) : part));
  }
}

function cleanTextOf(text: string, parent: string, rule: Rule): string {
  if (parent === "style") return cleanCss(text);
  if (parent === "script") return "";
  return parent === "textarea" && text ? MASK : maskText(text, rule);
}

/** One serialized node and all below it; `rule` is what its parent stands under. */
function cleanNode(node: Json, mirror: NodeMirror, rule: Rule, parent: string): void {
  const live = nodeOf(mirror, node["id"]);
  let tag = parent;
  if (node["type"] === 2) {
    const element = elementOf(live);
    const own = element ? ruleOfElement(element) : 1;
    if (own > rule) rule = own;
    tag = isText(node["tagName"]) ? node["tagName"].toLowerCase() : "";
    if (isJson(node["attributes"])) cleanAttributes(node["attributes"], element, tag, rule);
    if (rule > 1) node["childNodes"] = [];
  } else if (isText(node["textContent"])) {
    const text = node["textContent"];
    node["textContent"] = node["type"] === 3 ? cleanTextOf(text, parent, live ? rule : 1) : "";
  }
  for (const child of listOf(node["childNodes"])) cleanNode(child, mirror, rule, tag);
}

function cleanMutation(data: Json, mirror: NodeMirror): void {
  for (const add of listOf(data["adds"])) {
    const parent = nodeOf(mirror, add["parentId"]);
    if (isJson(add["node"])) cleanNode(add["node"], mirror, strict(parent), elementOf(parent)?.localName ?? "");
  }
  for (const text of listOf(data["texts"])) {
    const node = nodeOf(mirror, text["id"]);
    if (isText(text["value"]))
      text["value"] = cleanTextOf(text["value"], node?.parentElement?.localName ?? "", strict(node));
  }
  for (const change of listOf(data["attributes"])) {
    const element = elementOf(nodeOf(mirror, change["id"]));
    if (isJson(change["attributes"]))
      cleanAttributes(change["attributes"], element, element?.localName ?? "", strict(element));
  }
}

/** Rules of sheets: every text below these keys is style text. */
function cleanRules(data: Json): void {
  for (const [key, value] of Object.entries(data)) {
    if (isText(value) && (key === "rule" || key === "replace" || key === "replaceSync" || key === "value"))
      data[key] = cleanCss(value);
    else if (Array.isArray(value)) listOf(value).forEach(cleanRules);
    else if (isJson(value)) cleanRules(value);
  }
}

/** Whether the event stays. Numbers are rrweb's `IncrementalSource`. */
function cleanIncremental(data: Json, mirror: NodeMirror): boolean {
  switch (data["source"]) {
    case 0:
      cleanMutation(data, mirror);
      return true;
    case 5: {
      const element = elementOf(nodeOf(mirror, data["id"]));
      if (strict(element) > 1) return false;
      data["text"] = isText(data["text"]) ? maskValue(data["text"], element) : "";
      return true;
    }
    case 8:
    case 13:
    case 15:
      cleanRules(data);
      return true;
    case 14: // offsets inside masked text would tell its length
      data["ranges"] = listOf(data["ranges"]).filter(
        (range) => !strict(nodeOf(mirror, range["start"])) && !strict(nodeOf(mirror, range["end"])),
      );
      return true;
    case 2:
      return strict(nodeOf(mirror, data["id"])) < 3;
    case 1: // mouse, scroll, viewport, touch, media, drag, custom elements: ids and numbers
    case 3:
    case 4:
    case 6:
    case 7:
    case 12:
    case 16:
      return true;
    default: // canvas, fonts, logs and what a newer recorder may add
      return false;
  }
}

/** Cleans `event` in place; false means: do not record it. */
export function cleanEvent(event: Json, mirror: NodeMirror): boolean {
  const data = event["data"];
  if (!isJson(data)) return false;
  switch (event["type"]) {
    case 0:
    case 1:
      return true;
    case 2:
      if (!isJson(data["node"])) return false;
      cleanNode(data["node"], mirror, 0, "");
      return true;
    case 3:
      return cleanIncremental(data, mirror);
    case 4:
      data["href"] = isText(data["href"]) ? cleanUrl(data["href"]) : "";
      return true;
    default:
      return false;
  }
}
