/**
 * Purpose: acts and objects of the audit log in words, and the page behind each object.
 * How to add one more: its words in the catalogues `acts`. What this console does not know is shown by its name.
 */
import { acts } from "../../i18n/en/acts";
import type { PlainKey, Translate } from "../../i18n/translate";

const isWord = (key: string): key is keyof typeof acts & PlainKey => Object.hasOwn(acts, key);

const named = (prefix: "act" | "object"): readonly string[] =>
  Object.keys(acts)
    .filter((key) => key.startsWith(`${prefix}.`))
    .map((key) => key.slice(prefix.length + 1));

/** All acts that have words. */
export const ACTS = named("act");

/** All kinds of objects that have words. */
export const OBJECT_KINDS = named("object");

/** "Watch a session"; the act's own name where it has no words. */
export function actWord(act: string, t: Translate): string {
  const key = `act.${act}`;
  return isWord(key) ? t(key) : act;
}

/** "Session"; the kind's own name where it has no word. */
export function objectWord(kind: string, t: Translate): string {
  const key = `object.${kind}`;
  return isWord(key) ? t(key) : kind;
}

/** The last characters of an id: enough to tell those on a page apart. */
export const shortId = (id: string): string => (id.length > 12 ? `…${id.slice(-8)}` : id);

/** The page of an object, where it has one. */
export function objectPath({ kind, id }: { readonly kind: string; readonly id: string }): string | undefined {
  const part = encodeURIComponent(id);
  switch (kind) {
    case "session":
      return `/sessions/${part}`;
    case "project":
      return `/projects/${part}`;
    case "member":
      return `/access/members/${part}`;
    // A grant is its request, decided.
    case "grant":
      return `/access/requests/${part}`;
    case "proposal":
      return `/access/proposals/${part}`;
    case "role":
      return `/access/roles/${part}`;
    case "subject":
      return `/audit/seen?subject=${part}`;
    case "api-key":
      return "/access/keys";
    case "invitation":
      return "/access/invitations";
    case "audit-export":
      return "/audit/exports";
    case "webhook":
      return `/operations/webhooks/${part}`;
    default:
      return undefined;
  }
}
