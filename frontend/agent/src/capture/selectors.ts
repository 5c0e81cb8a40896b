/**
 * Purpose: say how an element can be found again, and what a person would call it, without telling what is masked.
 * Design: ranked from what developers promise (test id) to what merely is (structure); names and attributes pass the
 * same rules as text.
 */
import { detect, MASK } from "../privacy/detect";
import { clip } from "../privacy/describe";
import { isElement, isField, maskText, type Rule, ruleOf, ruleOfElement } from "../privacy/mask";

/** One way to find an element. */
export interface Selector {
  by: "test-id" | "role" | "attr" | "css";
  value: string;
  [key: string]: unknown;
}

const TEST_IDS = ["data-testid", "data-test-id", "data-test", "data-cy", "data-qa"];
const ATTRIBUTES = ["name", "type", "for", "aria-controls"];
const ROLES: Record<string, string> = {
  a: "link",
  button: "button",
  summary: "button",
  select: "combobox",
  textarea: "textbox",
  img: "img",
  option: "option",
  h1: "heading",
  h2: "heading",
  h3: "heading",
  dialog: "dialog",
  form: "form",
  nav: "navigation",
  li: "listitem",
};
const INPUT_ROLES: Record<string, string> = {
  checkbox: "checkbox",
  radio: "radio",
  range: "slider",
  number: "spinbutton",
  search: "searchbox",
  submit: "button",
  button: "button",
  reset: "button",
  image: "button",
};
const NAME_LIMIT = 80;

/** The element's role, given or implied by its tag. */
export function roleOf(element: Element): string {
  const given = element.getAttribute("role");
  if (given) return detect(given);
  const tag = element.localName;
  return tag === "input" ? (INPUT_ROLES[element.getAttribute("type") ?? ""] ?? "textbox") : (ROLES[tag] ?? "");
}

function textOf(node: Node, rule: Rule): string {
  if (!isElement(node)) return node.nodeType === 3 ? maskText(node.textContent ?? "", rule) : "";
  const own = ruleOfElement(node);
  if (own > rule) rule = own;
  if (isField(node) || /^(script|style|noscript)$/.test(node.localName)) return "";
  let text = node.getAttribute("alt") ?? "";
  if (text) text = maskText(text, rule);
  for (let child = node.firstChild; child && text.length < NAME_LIMIT * 2; child = child.nextSibling)
    text += textOf(child, rule);
  return text;
}

/** The accessible name, after masking; of a field only what labels it, never what is in it. */
export function nameOf(element: Element): string {
  const rule = ruleOf(element);
  if (rule) return MASK;
  const attribute = (name: string) => maskText(element.getAttribute(name) ?? "", rule);
  const labelled = (element.getAttribute("aria-labelledby") ?? "")
    .split(" ")
    .map((id) => (id ? document.getElementById(id) : null));
  const labels = "labels" in element && element.labels instanceof NodeList ? Array.from(element.labels) : [];
  const said = [...labelled, ...labels].map((label) => (label ? textOf(label, ruleOf(label)) : "")).join(" ");
  const own = isField(element) ? "" : textOf(element, rule);
  const name =
    attribute("aria-label") ||
    said.trim() ||
    own.trim() ||
    attribute("alt") ||
    attribute("title") ||
    attribute("placeholder");
  // Once more over the joined text: an address may be spread over several elements.
  return clip(detect(name.replace(/\s+/g, " ").trim()), NAME_LIMIT);
}

const quote = (value: string): string => JSON.stringify(value);
/** Ids with long numbers or colons are made by frameworks and differ from visit to visit. */
const isStable = (id: string): boolean => id.length < 60 && !/\d{3}|:/.test(id) && detect(id) === id;

function structure(element: Element): string {
  const steps: string[] = [];
  for (let at: Element | null = element; at && steps.length < 12; at = at.parentElement) {
    if (at.id && isStable(at.id)) {
      steps.unshift(`#${CSS.escape(at.id)}`);
      break;
    }
    let nth = 1;
    for (let before = at.previousElementSibling; before; before = before.previousElementSibling)
      if (before.localName === at.localName) nth++;
    steps.unshift(`${at.localName}:nth-of-type(${nth})`);
  }
  return steps.join(">");
}

/** Ways to find `element`, best first. */
export function selectorsOf(element: Element, name: string): Selector[] {
  const found: Selector[] = [];
  for (const attribute of TEST_IDS) {
    const value = element.getAttribute(attribute);
    if (value) found.push({ by: "test-id", value: detect(value) });
  }
  const role = roleOf(element);
  if (role) found.push({ by: "role", value: name && !name.includes(MASK) ? `${role}[name=${quote(name)}]` : role });
  if (element.id && isStable(element.id)) found.push({ by: "attr", value: `#${CSS.escape(element.id)}` });
  const parts = ATTRIBUTES.flatMap((attribute) => {
    const value = element.getAttribute(attribute);
    return value && isStable(value) ? `[${attribute}=${quote(value)}]` : [];
  });
  if (parts.length) found.push({ by: "attr", value: element.localName + parts.join("") });
  found.push({ by: "css", value: structure(element) });
  return found;
}
