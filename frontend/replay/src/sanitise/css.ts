/**
 * Takes out of recorded CSS everything that could fetch: `url()` of another place, `@import`, and the
 * functions that accept a bare string as an address. The page's CSP forbids the same; this is the second lock.
 *
 * One pass, linear in the length of the text: an argument that never closes ends the text there, because a
 * browser would read it to the end too.
 */

/** A picture that never loads: the element keeps its box and its alternative text. */
export const BLANK_URL = "data:,";

const SAFE_DATA = /^data:(?:image|font|audio|video|application\/(?:x-)?font)[-\w+./]*[;,]/i;
const RISKY =
  /(?<![\w-])(?:url|src|image|(?:-webkit-)?image-set|(?:-webkit-)?cross-fade|expression|element)\(|@import/giu;
const PREFERENCE = /\(\s*prefers-color-scheme\s*(?::\s*(light|dark)\s*)?\)/giu;
const SCHEME = /(?<![\w-])(color-scheme\s*:\s*)([^;{}()!]*)/giu;
const ESCAPE = /\\(?:([0-9a-f]{1,6})(?:\r\n|[ \t\r\n\f])?|([^]))/giu;

/** Whether an address holds its own bytes (a picture, font, sound) or points inside the document. */
export function isInlineUrl(url: string): boolean {
  const trimmed = url.trim();
  return trimmed.startsWith("#") || trimmed === BLANK_URL || SAFE_DATA.test(trimmed);
}

/** Letters written as escapes (`u\72l`) mean the same as the letters; plain ones can be searched for. */
function plainLetters(css: string): string {
  if (!css.includes("\\")) return css;
  return css.replace(ESCAPE, (whole, hex: string | undefined, literal: string | undefined) => {
    if (hex !== undefined) {
      const code = Number.parseInt(hex, 16);
      return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) ? String.fromCharCode(code) : whole;
    }
    return literal !== undefined && /[g-z]/iu.test(literal) ? literal : whole;
  });
}

/** Where the argument that starts at `from` ends (the index of its closing parenthesis), or -1. */
function closing(css: string, from: number): number {
  let at = from;
  while (at < css.length && /\s/u.test(css.charAt(at))) at += 1;
  const quote = css.charAt(at);
  if (quote === '"' || quote === "'") {
    at += 1;
    while (at < css.length && css.charAt(at) !== quote) at += css.charAt(at) === "\\" ? 2 : 1;
    if (at >= css.length) return -1;
  }
  return css.indexOf(")", at);
}

function unquoted(argument: string): string {
  const trimmed = argument.trim();
  const quote = trimmed.charAt(0);
  return (quote === '"' || quote === "'") && trimmed.endsWith(quote) ? trimmed.slice(1, -1) : trimmed;
}

/** `color-scheme` as a page resolves it for a visitor without dark preference; a page that is only dark stays dark. */
export const lightScheme = (value: string): string => (/(?<![\w-])light(?![\w-])/iu.test(value) ? "light" : value);

/**
 * Media queries and schemes as they were for the visitor. Which scheme the visitor preferred is not recorded, and must
 * not be the viewer's: the same recording would show another page to everybody. So it is light, for all.
 */
export function lightMedia(css: string): string {
  return css.replace(PREFERENCE, (_, scheme: string | undefined) =>
    scheme?.toLowerCase() === "dark" ? "(max-width: 0px)" : "(min-width: 0px)",
  );
}

/** CSS that shows the same to everybody and fetches nothing. Idempotent. */
export function cleanCss(text: string): string {
  const css = lightMedia(plainLetters(text)).replace(
    SCHEME,
    (_, property: string, value: string) => property + lightScheme(value),
  );
  let out = "";
  let from = 0;
  RISKY.lastIndex = 0;
  for (let match = RISKY.exec(css); match !== null; match = RISKY.exec(css)) {
    out += css.slice(from, match.index);
    from = RISKY.lastIndex;
    const found = match[0].toLowerCase();
    if (found === "@import") {
      out += "@sealtape-no-import";
    } else if (found === "url(") {
      const end = closing(css, from);
      if (end < 0) return `${out}url("${BLANK_URL}")`;
      const argument = css.slice(from, end);
      out += isInlineUrl(unquoted(argument)) ? css.slice(match.index, end + 1) : `url("${BLANK_URL}")`;
      from = end + 1;
      RISKY.lastIndex = from;
    } else {
      // An unknown function makes the browser drop this declaration alone.
      out += "sealtape-none(";
    }
  }
  return out + css.slice(from);
}
