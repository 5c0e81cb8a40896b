/**
 * Purpose: filters and page of the audit log as the URL holds them.
 * Design: as `filters.ts`: what a reader refuses is left out, so that a mangled link shows the log, not an error.
 * How to add one more: a field in `EventSearch`, a reader in `readEventSearch`, a parameter in `eventQuery`.
 */
import type { AuditEventFilter } from "@sealtape/api-client";
import { isRecord, number, text } from "../recording/guards";
import { type Range, RANGE_MS, RANGES } from "./filters";

/** How an act ended. */
export const OUTCOMES = ["allow", "deny", "error"] as const;
/** One of `OUTCOMES`. */
export type Outcome = (typeof OUTCOMES)[number];

/** What narrows the log. */
export interface EventFilter {
  readonly actor?: string | undefined;
  readonly kind?: string | undefined;
  readonly object?: string | undefined;
  readonly act?: string | undefined;
  readonly outcome?: Outcome | undefined;
  readonly range?: Range | undefined;
  /** Local date and time, as `datetime-local` gives it; beats `range`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What the URL of the log holds. */
export interface EventSearch extends EventFilter {
  readonly cursor?: string | undefined;
  /** Epoch ms the first page was asked at: a cursor holds for one filter, so "last hour" must not move while paging. */
  readonly at?: number | undefined;
}

/** A text: the router reads a bare number from the URL as a number. */
const word = (value: unknown): string | undefined => (typeof value === "number" ? String(value) : text(value));

function localTime(value: unknown): string | undefined {
  const time = text(value);
  return time !== undefined && !Number.isNaN(Date.parse(time)) ? time : undefined;
}

/** Reads what narrows the log from a search record. */
export function readEventFilter(search: unknown): EventFilter {
  const from = isRecord(search) ? search : {};
  // A refused field stays as `undefined`: the router lays this record over the raw one.
  return {
    actor: word(from.actor),
    kind: word(from.kind),
    object: word(from.object),
    act: word(from.act),
    outcome: OUTCOMES.find((each) => each === from.outcome),
    range: RANGES.find((each) => each === from.range),
    from: localTime(from.from),
    to: localTime(from.to),
  };
}

/** Reads the URL of the log. */
export function readEventSearch(search: unknown): EventSearch {
  const from = isRecord(search) ? search : {};
  return { ...readEventFilter(search), cursor: word(from.cursor), at: number(from.at) };
}

/** How many filters are set. */
export const eventFilterCount = (filter: EventFilter): number =>
  [filter.actor, filter.kind, filter.object, filter.act, filter.outcome, filter.range, filter.from, filter.to].filter(
    (value) => value !== undefined,
  ).length;

/** The API's filter at `now` (epoch ms). */
export function eventQuery(search: EventSearch, now: number): AuditEventFilter {
  const iso = (time: string | undefined): string | undefined =>
    time === undefined ? undefined : new Date(time).toISOString();
  const custom = search.from !== undefined || search.to !== undefined;
  const since =
    !custom && search.range !== undefined
      ? new Date((search.at ?? now) - RANGE_MS[search.range]).toISOString()
      : iso(search.from);
  const query = {
    actor: search.actor,
    object_kind: search.kind,
    object: search.object,
    act: search.act,
    outcome: search.outcome,
    from: since,
    to: iso(search.to),
  };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}
