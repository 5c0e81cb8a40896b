/**
 * Purpose: whether the bytes that a proof is about are the event that a page shows.
 * Design: a proof of other bytes proves nothing about what is read on the screen. Every field that the page shows is
 * compared with the entry, and the entry must be in canonical form (RFC 8785), so that no second value of a field hides.
 */
import { isRecord } from "../recording/guards";
import type { Bytes } from "./bytes";

/** An event as a page shows it. */
export interface ShownEvent {
  readonly id: string;
  readonly at: string;
  readonly tenant: string;
  readonly actor: { readonly kind: string; readonly id: string; readonly via: string };
  readonly act: string;
  readonly object: { readonly kind: string; readonly id: string };
  readonly outcome: string;
  readonly rule: string;
  readonly request: string;
}

/** The text of an entry; nothing when it is not ASCII, as every entry is. */
export function entryText(entry: Bytes): string | undefined {
  return entry.every((byte) => byte >= 0x20 && byte < 0x7f) ? new TextDecoder().decode(entry) : undefined;
}

/** RFC 8785 for what entries hold: objects, ASCII texts, whole numbers. */
function canonical(value: unknown): string {
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(",")}}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A member of an entry, by its path. */
function member(entry: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    entry,
  );
}

/** What of an entry is not what the page shows: names of the entry's members, or `form` for bytes that are no entry. */
export function differences(bytes: Bytes, shown: ShownEvent): readonly string[] {
  const text = entryText(bytes);
  const entry = text === undefined ? undefined : parsed(text);
  if (!isRecord(entry) || canonical(entry) !== text) return ["form"];
  const micros = entry.t;
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ["v", entry.v, 1],
    ["id", entry.id, shown.id],
    ["t", typeof micros === "number" ? Math.floor(micros / 1000) : undefined, Date.parse(shown.at)],
    ["tenant", entry.tenant, shown.tenant],
    ["actor.k", member(entry, "actor", "k"), shown.actor.kind],
    ["actor.id", member(entry, "actor", "id"), shown.actor.id],
    ["actor.via", member(entry, "actor", "via"), shown.actor.via],
    ["act", entry.act, shown.act],
    ["obj.k", member(entry, "obj", "k"), shown.object.kind],
    ["obj.id", member(entry, "obj", "id"), shown.object.id],
    ["out", entry.out, shown.outcome],
    ["rule", entry.rule, shown.rule],
    ["req", entry.req, shown.request],
  ];
  return pairs.filter(([, stored, read]) => stored !== read).map(([name]) => name);
}
