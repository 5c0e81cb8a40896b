/**
 * Purpose: turn values of the page (console arguments, data of custom events) into plain data that may leave it.
 * Design: properties are read without running getters; depth, breadth and length are bounded; string leaves pass the
 * detectors, fields named like secrets are masked.
 */
import { guard } from "../guard";
import { detect, MASK } from "./detect";
import { isSecretName } from "./mask";
import { cleanText, cleanUrl } from "./url";

/** Longest text kept of one value. */
export const TEXT_LIMIT = 2000;

/** What JSON can hold. */
export type Plain = string | number | boolean | null | Plain[] | { [name: string]: Plain };

/** Text cut to `limit` characters, so that a page cannot make the detectors slow. */
export const clip = (text: string, limit = TEXT_LIMIT): string =>
  text.length > limit ? `${text.slice(0, limit)}…` : text;

/** `value` as plain data, cleaned; at most four levels, 50 entries each. */
export function describe(value: unknown, depth = 4): Plain {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return cleanText(clip(value));
  if (typeof value === "number") return detect(String(value)) === String(value) ? value : MASK;
  if (typeof value === "bigint" || typeof value === "symbol") return detect(value.toString());
  if (typeof value !== "object") return typeof value === "function" ? "ƒ" : null;
  if (value instanceof Error) return cleanText(clip(`${value.name}: ${value.message}`));
  if (value instanceof URL) return cleanUrl(value.href);
  if (value instanceof Node) return `<${value.nodeName.toLowerCase()}>`;
  if (depth === 0) return "…";
  if (Array.isArray(value)) return value.slice(0, 50).map((entry: unknown) => describe(entry, depth - 1));
  const plain: { [name: string]: Plain } = {};
  for (const name of Object.keys(value).slice(0, 50)) {
    const property = guard(() => Object.getOwnPropertyDescriptor(value, name));
    if (property && "value" in property)
      plain[detect(name)] = isSecretName(name) ? MASK : describe(property.value, depth - 1);
  }
  return plain;
}
