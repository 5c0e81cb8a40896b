/**
 * Purpose: no URL leaves the page with a query value, a fragment or a user name in it.
 * Design: names of query parameters stay (`?q=`), since they tell what a page was asked for; a parameter without a
 * value is dropped, for then the name is the value. The path passes the detectors.
 */
import { detect, MASK, maskCards } from "./detect";

const PARAMETER = /^([a-z_][\w.[\]-]{0,39})=[^=]/i;

function cleanQuery(query: string): string {
  const names = query.split("&").flatMap((part) => PARAMETER.exec(part)?.[1] ?? []);
  return names.length ? `?${names.join("=&")}=` : "";
}

/** `raw` without query values, fragment and credentials; schemes that carry content keep the scheme only. */
export function cleanUrl(raw: string): string {
  const url = raw.trim();
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === "data") return /^data:(image|font|audio|video|application\/(x-)?font)/i.test(url) ? url : "data:";
  if (scheme === "mailto" || scheme === "tel" || scheme === "sms") return `${scheme}:${MASK}`;
  if (scheme === "javascript") return "javascript:";
  const [whole = ""] = url.split("#", 1);
  const at = whole.indexOf("?");
  const path = (at < 0 ? whole : whole.slice(0, at)).replace(/^([a-z\d+.-]*:?\/\/)[^/@]*@/i, "$1");
  return detect(path.replace(/%40/gi, "@")) + (at < 0 ? "" : cleanQuery(whole.slice(at + 1)));
}

/** Every URL of a `srcset`. */
export const cleanSrcset = (list: string): string => list.replace(/[^\s,]\S*/g, cleanUrl);

/** Style text: its URLs are cleaned, card numbers masked; other detectors stay away, or replays would lose their look. */
export function cleanCss(css: string): string {
  const named = css.replace(
    /(url\(\s*["']?|@import\s+["'])([^"')\s#][^"')\s]*)/gi,
    (_, open: string, url: string) => open + cleanUrl(url),
  );
  return maskCards(named);
}

const QUERY_VALUE = /([?&][\w.[\]%-]+=)[^\s&"'<>)#]+?(?=(?::\d+){0,2}(?:[\s&"'<>)#]|$))/g;
const FRAGMENT = /(\w:?\/[^\s"'<>()#]*)#[^\s"'<>()]*?(?=(?::\d+){0,2}(?:[\s"'<>()]|$))/g;

/** Free text of programs (console, errors): query values and fragments of URLs inside it go, line numbers stay. */
export const cleanText = (text: string): string => detect(text.replace(QUERY_VALUE, "$1").replace(FRAGMENT, "$1"));
