/**
 * A document as text that two replays of the same events must share: what a viewer sees, without what the
 * player adds (hover classes, pause marks, its own style rules) and without what the sanitiser takes away.
 */
import { RECORDED_TYPE, cleanAttribute, inertTag, isTextless } from "./sanitise/attributes";
import { cleanCss } from "./sanitise/css";

const PLAYER_CLASSES = new Set([":hover", "rrweb-paused", ":focus", ":active"]);
const PLAYER_RULES = /^(?:\s*\.rr-block \{|\s*noscript \{|\s*html\.rrweb-paused)/u;

// Nodes belong to the frame's realm, where `instanceof` of this realm says no.
const isElement = (node: Node): node is Element => node.nodeType === Node.ELEMENT_NODE;
const isDocument = (value: unknown): value is Document =>
  typeof value === "object" && value !== null && "documentElement" in value;
const quoted = (value: unknown): string => JSON.stringify(value);

const recordedType = (element: Element): string =>
  element.getAttribute(RECORDED_TYPE) ?? element.getAttribute("type") ?? "text";

function attributes(element: Element): string[] {
  const tag = element.localName;
  return Array.from(element.attributes)
    .filter(({ name }) => !name.startsWith("rr_") && !name.startsWith("rrweb-") && name !== RECORDED_TYPE)
    .flatMap(({ name, value }) => {
      const clean = cleanAttribute(tag, name, value);
      if (clean === undefined) return [];
      if (name === "type" && tag === "input") return [`type=${quoted(recordedType(element))}`];
      if (name !== "class") return [`${name}=${quoted(clean)}`];
      const classes = value.split(/\s+/u).filter((word) => word !== "" && !PLAYER_CLASSES.has(word));
      return classes.length === 0 ? [] : [`class=${quoted(classes.join(" "))}`];
    })
    .sort();
}

/** What a form field shows is a property, not an attribute. */
function liveState(element: Element): string {
  if (element.localName === "select" && "selectedIndex" in element)
    return ` {selected=${quoted(element.selectedIndex)}}`;
  if ((element.localName !== "input" && element.localName !== "textarea") || !("value" in element)) return "";
  // Only we show the mask of such a field; the browser shows nothing (see `isTextless`).
  if (element.localName === "input" && isTextless(recordedType(element))) return "";
  const checked = "checked" in element && element.checked === true ? " checked" : "";
  return ` {value=${quoted(element.value)}${checked}}`;
}

function write(node: Node, depth: number, lines: string[]): void {
  const indent = " ".repeat(depth);
  if (node.nodeType === Node.TEXT_NODE) {
    const text = node.textContent ?? "";
    if (text.trim() !== "") lines.push(indent + quoted(text));
    return;
  }
  if (!isElement(node) || node.localName === "noscript") return;
  const style = node.localName === "style";
  if (style && PLAYER_RULES.test(node.textContent)) return;
  lines.push(`${indent}<${[inertTag(node.localName), ...attributes(node)].join(" ")}>${liveState(node)}`);
  if (style) {
    lines.push(`${indent} ${quoted(cleanCss(node.textContent))}`);
    return;
  }
  if (node.shadowRoot !== null) {
    lines.push(`${indent} #shadow`);
    writeAll(node.shadowRoot, depth + 2, lines);
  }
  if (node.localName === "iframe" && "contentDocument" in node && isDocument(node.contentDocument)) {
    lines.push(`${indent} #document`);
    writeAll(node.contentDocument, depth + 2, lines);
  }
  writeAll(node, depth + 1, lines);
}

function writeAll(parent: Node, depth: number, lines: string[]): void {
  for (const child of Array.from(parent.childNodes)) write(child, depth, lines);
}

/** The normalised text of a replayed document; one line per node. */
export function normalise(document: Document): string {
  const lines: string[] = [];
  writeAll(document, 0, lines);
  return lines.join("\n");
}
