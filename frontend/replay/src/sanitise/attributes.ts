/**
 * Which elements and attributes of a recorded page may reach rrweb. A recording is written by a stranger:
 * anything that could run, navigate, fetch or change how the frame is protected is replaced by something inert.
 */
import { BLANK_URL, cleanCss, isInlineUrl, lightMedia, lightScheme } from "./css";

/** Elements that would run or embed something, with what stands in for them. Ids stay, so later mutations apply. */
const INERT_TAGS = new Map([
  ["script", "noscript"],
  ["base", "noscript"],
  ["object", "div"],
  ["embed", "div"],
  ["applet", "div"],
  ["portal", "div"],
  ["fencedframe", "div"],
]);

/** Input types that show nothing for a value that is not of theirs, and a mask never is. */
const TEXTLESS = new Set(["number", "date", "time", "month", "week", "datetime-local"]);

/** Where the recorded type of such a field is kept. */
export const RECORDED_TYPE = "data-sealtape-type";

/** Whether a field of this type is shown as a text field, so that a masked value can be seen. */
export const isTextless = (type: string): boolean => TEXTLESS.has(type.toLowerCase());

const TAG_NAME = /^[a-z][-\w.:]*$/iu;

const DROPPED = new Set(
  (
    "srcdoc srcset imagesrcset ping manifest action formaction http-equiv background lowsrc dynsrc codebase classid " +
    "archive code data profile xml:base referrerpolicy attributionsrc autofocus autoplay target nonce integrity csp"
  ).split(" "),
);

const SOURCES = new Set(["src", "poster", "rr_dataurl", "rr_src", "currentsrc"]);
const NO_SOURCE = new Set(["iframe", "frame", "script", "embed", "link"]);
const LINKS = new Set(["a", "area"]);
const ANIMATIONS = new Set(["animate", "set", "animatemotion", "animatetransform", "animatecolor"]);
const ANIMATED = new Set(["to", "from", "by", "values"]);
/** What a `<meta name="color-scheme">` may say. */
const SCHEMES = /^\s*(?:(?:only|light|dark)\s*)+$/iu;
const LINK_SCHEME = /^(?:https?|mailto|tel|sms|ftp):/iu;

/** The element name that is built instead of `tag`. */
export function inertTag(tag: string): string {
  if (!TAG_NAME.test(tag)) return "div";
  return INERT_TAGS.get(tag.toLowerCase()) ?? tag;
}

/** A link that, were it ever followed, could only leave for an ordinary page. */
function isPlainLink(url: string): boolean {
  // Browsers ignore control characters and white space inside a scheme.
  const compact = Array.from(url)
    .filter((character) => character > " " && character !== "\u007f")
    .join("");
  return LINK_SCHEME.test(compact) || !/^[^/?#]*:/u.test(compact);
}

function cleanHref(tag: string | undefined, value: string): string | undefined {
  if (tag !== undefined && LINKS.has(tag)) return isPlainLink(value) ? value : undefined;
  return isInlineUrl(value) ? value : undefined;
}

function cleanStyle(value: unknown): unknown {
  if (typeof value === "string") return cleanCss(value);
  if (typeof value !== "object" || value === null) return value;
  // rrweb's compact form of a style mutation: property → value | [value, priority] | false (removed).
  return Object.fromEntries(
    Object.entries(value).map(([property, set]: [string, unknown]) => [
      property,
      Array.isArray(set) ? set.map((part: unknown) => cleanValue(property, part)) : cleanValue(property, set),
    ]),
  );
}

function cleanValue(property: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  return property === "color-scheme" ? lightScheme(value) : cleanCss(value);
}

/**
 * The value that attribute `name` of a `tag` element may have, or `undefined` when the attribute must go.
 * `tag` is undefined when the element is unknown; then the strictest rule counts.
 */
export function cleanAttribute(tag: string | undefined, name: string, value: unknown): unknown {
  const attribute = name.toLowerCase();
  const element = tag?.toLowerCase();
  if (attribute.startsWith("on") || DROPPED.has(attribute)) return undefined;
  if (attribute === "style") return cleanStyle(value);
  if (typeof value !== "string") return value;
  if (attribute === "_csstext" || attribute === "csstext" || attribute === "rr_css_text") return cleanCss(value);
  if (SOURCES.has(attribute)) {
    if (element === undefined || NO_SOURCE.has(element)) return undefined;
    return isInlineUrl(value) && !value.startsWith("#") ? value : BLANK_URL;
  }
  if (attribute === "href" || attribute.endsWith(":href")) return cleanHref(element, value);
  if (element === "meta" && attribute === "name" && /referrer/iu.test(value)) return undefined;
  if (element === "meta" && attribute === "content" && SCHEMES.test(value)) return lightScheme(value);
  if (attribute === "media") return lightMedia(value);
  if (element === undefined || ANIMATIONS.has(element)) {
    if (attribute === "attributename" && /href|src|style|^on/iu.test(value)) return undefined;
    if (ANIMATED.has(attribute) && value.includes(":")) return undefined;
  }
  // Presentation attributes of SVG (`fill`, `filter`, `mask` …) take url() too.
  return /url|\\/iu.test(value) && /\(/u.test(value) ? cleanCss(value) : value;
}
