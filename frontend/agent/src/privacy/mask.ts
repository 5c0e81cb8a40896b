/**
 * Purpose: say how strictly one node, value or attribute is to be treated: the compiled-in floor, the default policy
 * (inputs masked) and what the page asks for through `data-sealtape`.
 * Design: rules only add up; the strictest on the way from the node to the outermost document wins, through shadow
 * roots and same-origin frames. A node that cannot be placed is masked.
 */
import { guard } from "../guard";
import { detect, MASK } from "./detect";
import { cleanCss, cleanSrcset, cleanUrl } from "./url";

/** Keep (detectors still run), mask, block (box only), ignore (box only and no events). */
export const RULE = { keep: 0, mask: 1, block: 2, ignore: 3 } as const;
/** One of {@link RULE}; higher is stricter. */
export type Rule = 0 | 1 | 2 | 3;

/** Attribute by which the breaker blocks a node that is too heavy to record. */
export const HEAVY = "data-sealtape-heavy";
/** What rrweb must not look into. */
export const BLOCK_SELECTOR = `[data-sealtape=block],[data-sealtape=ignore],[${HEAVY}]`;
/** What rrweb must mask the text of; `clean.ts` masks it again. */
export const MASK_SELECTOR = '[data-sealtape=mask],[contenteditable]:not([contenteditable="false"])';

const ATTRIBUTE = "data-sealtape";
const TEXT_ATTRIBUTE =
  /^(value|title|alt|placeholder|label|content|summary|abbr|download|aria-(label|description|value\w+|placeholder|roledescription|braille\w+)|data-.*)$/;
const URL_ATTRIBUTE =
  /^((rr_)?src|(xlink:)?href|action|formaction|poster|background|data|cite|ping|longdesc|manifest)$/;
const TEST_ID = /^data-(test-?id|test|cy|qa|sealtape.*)$/;
/** The same list as the server's floor, over names reduced to their letters and digits. */
const SECRET =
  /pass(wor[dt]|wd|phrase|code)|pwd|kennwort|motdepasse|contrasena|secret|token|(api|access|private|signing|encryption)key|authorization|credential|cookie|[cx]srf|jwt|bearer|cv[vc]|cardnumber|ccnumber|creditcard|securitycode|sessionid|onetimecode|^(pass|pin|t?otp|auth|sig(nature)?|ssn|sid|csc|pan|iban|(mfa)?code)$/;
const ALWAYS_SECRET = /(^|\s)(cc-[a-z-]+|one-time-code|current-password|new-password)(\s|$)/i;
const BUTTON = /^(submit|button|reset|image)$/;

/** Elements that were a password once: a show-password toggle changes the type, not the secret. */
const passwords = new WeakSet<Element>();

export const isElement = (node: Node): node is Element => node.nodeType === 1;
const isDocument = (node: Node): node is Document => node.nodeType === 9;
const isShadow = (node: Node): node is ShadowRoot => node.nodeType === 11 && "host" in node;
const typeOf = (element: Element): string => (element.getAttribute("type") ?? "").toLowerCase();

/** Names that announce a secret, of fields, parameters and `data-*` attributes. */
export const isSecretName = (name: string): boolean => SECRET.test(name.toLowerCase().replace(/^data-|[^a-z\d]/g, ""));

/** What this element asks for, without its ancestors. An unknown wish is read as "mask". */
export function ruleOfElement(element: Element): Rule {
  const wish = element.getAttribute(ATTRIBUTE)?.trim();
  if (wish === "ignore") return 3;
  if (wish === "block" || element.hasAttribute(HEAVY) || element.classList.contains("rr-block")) return 2;
  const editable = element.getAttribute("contenteditable");
  const edited = editable !== null && editable !== "false";
  return edited || wish !== undefined || element.classList.contains("rr-mask") ? 1 : 0;
}

const parentOf = (node: Node): Node | null => {
  if (isShadow(node)) return node.host;
  return isDocument(node) ? (guard(() => node.defaultView?.frameElement) ?? null) : node.parentNode;
};

/** The strictest rule on the way up from `node`; a node outside every document is masked. */
export function ruleOf(node: Node | null): Rule {
  let rule: Rule = 0;
  let last: Node | null = null;
  for (let at = node; at; at = parentOf(at)) {
    if (isElement(at)) {
      const own = ruleOfElement(at);
      if (own > rule) rule = own;
    }
    last = at;
  }
  return rule === 0 && !(last && isDocument(last)) ? 1 : rule;
}

/** Holds a value that a person enters, so a masked one. */
export function isField(element: Element): boolean {
  const tag = element.localName;
  return tag === "textarea" || tag === "select" || (tag === "input" && !BUTTON.test(typeOf(element)));
}

/** Under the floor: no value, not even its shape, is ever told. */
export function isSecret(element: Element): boolean {
  const type = typeOf(element);
  if (type === "password" || element.hasAttribute("data-rr-is-password")) passwords.add(element);
  return (
    passwords.has(element) ||
    /^(hidden|email|tel)$/.test(type) ||
    ALWAYS_SECRET.test(element.getAttribute("autocomplete") ?? "") ||
    isSecretName(element.getAttribute("name") ?? "") ||
    isSecretName(element.id)
  );
}

/** The value of a form element: fixed-length mask, except for what a button says. */
export function maskValue(value: string, element: Element | null): string {
  if (!value) return "";
  return element && !isField(element) && ruleOf(element) === 0 ? detect(value) : MASK;
}

/** Text under `rule`; white space alone tells nothing and keeps the layout. */
export const maskText = (text: string, rule: Rule): string => (rule && text.trim() ? MASK : detect(text));

/**
 * The value of an attribute as it may leave the page; `undefined` takes the attribute away.
 * `name` is in lower case; `element` is the live node, `null` when it is not known (then everything that could tell something is masked).
 */
export function cleanAttribute(
  element: Element | null,
  tag: string,
  name: string,
  value: string,
  rule: Rule,
): string | undefined {
  if (/^on|^nonce$|^srcdoc$/.test(name) || (tag === "option" && name === "selected")) return undefined;
  if (name === "style" || name === "_csstext") return cleanCss(value);
  if (!value) return value;
  const field = tag === "textarea" || tag === "select" || (tag === "input" && (!element || isField(element)));
  if (URL_ATTRIBUTE.test(name)) {
    if (rule) return "";
    return value.startsWith("#") && name.endsWith("href") ? value : cleanUrl(value);
  }
  if (name === "srcset" || name === "imagesrcset") return rule ? "" : cleanSrcset(value);
  if (TEST_ID.test(name)) return detect(value);
  if (TEXT_ATTRIBUTE.test(name)) {
    const told = name === "value" || name.startsWith("data-") || name.startsWith("aria-value");
    if (rule || !element || (field && (told || mirrors(element, value))) || isSecretName(name)) return MASK;
    if (tag === "meta" && !/^(viewport|color-scheme|theme-color)$/.test(element.getAttribute("name") ?? ""))
      return MASK;
  }
  return detect(value);
}

/** Some pages copy what is typed into a title or placeholder of the same field. */
const mirrors = (element: Element, value: string): boolean => "value" in element && element.value === value;

/** Letters, digits and a few separators as classes: `Anna 42` → `Aaaa 99`; at most 40 characters. */
export function valueClass(value: string): string {
  const classes = value
    .slice(0, 40)
    .replace(/\p{Lu}/gu, "A")
    .replace(/[\p{L}\p{M}]/gu, (c) => (c === "A" ? c : "a"));
  return classes.replace(/\d/g, "9").replace(/[^Aa9\s@.:/,-]/g, "_");
}
