/**
 * Purpose: the session list's filters, sort and page as the URL holds them.
 * Design: one table of readers; what a reader refuses is left out, so a mangled link shows the list, not an error.
 * How to add one more: a field in `SessionFilters`, a reader in `readFilters`, a parameter in `listQuery`.
 */
import type { paths } from "@sealtape/api-client";
import { isRecord, number, text } from "../recording/guards";

/** Lengths of time to look back. */
export const RANGES = ["15m", "1h", "24h", "7d", "30d"] as const;
/** One of `RANGES`. */
export type Range = (typeof RANGES)[number];

/** States to filter by. */
export const STATES = ["live", "closed", "erased"] as const;

/** Columns the rows of a page can be sorted by. */
export const SORTS = ["started", "duration", "events", "errors"] as const;
/** One of `SORTS`. */
export type Sort = (typeof SORTS)[number];

/** What the URL of the session list holds. */
export interface SessionFilters {
  readonly range?: Range | undefined;
  /** Local date and time, as `datetime-local` gives it; beats `range`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly project?: string | undefined;
  readonly state?: (typeof STATES)[number] | undefined;
  readonly errors?: true | undefined;
  readonly release?: string | undefined;
  readonly browser?: string | undefined;
  readonly os?: string | undefined;
  readonly origin?: string | undefined;
  readonly url?: string | undefined;
  readonly error?: string | undefined;
  /** Seconds. */
  readonly min?: number | undefined;
  readonly sort?: Sort | undefined;
  readonly desc?: boolean | undefined;
  readonly cursor?: string | undefined;
  /** Epoch ms the first page was asked at: a cursor holds for one filter, so "last hour" must not move while paging. */
  readonly at?: number | undefined;
}

function oneOf<T extends string>(options: readonly T[], value: unknown): T | undefined {
  return options.find((option) => option === value);
}

/** A text field: the router reads a bare number from the URL as a number. */
function word(value: unknown): string | undefined {
  return typeof value === "number" ? String(value) : text(value);
}

function localTime(value: unknown): string | undefined {
  const time = text(value);
  return time !== undefined && !Number.isNaN(Date.parse(time)) ? time : undefined;
}

function seconds(value: unknown): number | undefined {
  const parsed = number(typeof value === "string" ? Number.parseInt(value, 10) : value);
  return parsed !== undefined && parsed > 0 ? parsed : undefined;
}

/** Reads the URL's search record. */
export function readFilters(search: unknown): SessionFilters {
  const from = isRecord(search) ? search : {};
  // A refused field stays as `undefined`: the router lays this record over the raw one.
  return {
    range: oneOf(RANGES, from.range),
    from: localTime(from.from),
    to: localTime(from.to),
    project: word(from.project),
    state: oneOf(STATES, from.state),
    errors: from.errors === true || from.errors === "true" ? (true as const) : undefined,
    release: word(from.release),
    browser: word(from.browser),
    os: word(from.os),
    origin: word(from.origin),
    url: word(from.url),
    error: word(from.error),
    min: seconds(from.min),
    sort: oneOf(SORTS, from.sort),
    desc: from.desc === true || from.desc === "true" ? true : undefined,
    cursor: word(from.cursor),
    at: number(from.at),
  };
}

/** The fields that narrow the list; sort and page do not. */
const NARROWING: readonly (keyof SessionFilters)[] = [
  "range",
  "from",
  "to",
  "project",
  "state",
  "errors",
  "release",
  "browser",
  "os",
  "origin",
  "url",
  "error",
  "min",
];

/** How many filters are set. */
export function filterCount(filters: SessionFilters): number {
  return NARROWING.filter((field) => filters[field] !== undefined).length;
}

/** How long a range is, ms. */
export const RANGE_MS: Readonly<Record<Range, number>> = {
  "15m": 15 * 60_000,
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 7 * 86_400_000,
  "30d": 30 * 86_400_000,
};

type ListQuery = NonNullable<paths["/v1/sessions"]["get"]["parameters"]["query"]>;

/** Rows of a page. */
export const PAGE_SIZE = 50;

/** The API's query for these filters at `now` (epoch ms). */
export function listQuery(filters: SessionFilters, now: number): ListQuery {
  const iso = (time: string | undefined): string | undefined =>
    time === undefined ? undefined : new Date(time).toISOString();
  const custom = filters.from !== undefined || filters.to !== undefined;
  const since =
    !custom && filters.range !== undefined
      ? new Date((filters.at ?? now) - RANGE_MS[filters.range]).toISOString()
      : iso(filters.from);
  const query = {
    from: since,
    to: iso(filters.to),
    project: filters.project,
    state: filters.state,
    has_error: filters.errors,
    release: filters.release,
    browser: filters.browser,
    os: filters.os,
    origin: filters.origin,
    url: filters.url,
    error: filters.error,
    min_duration_ms: filters.min === undefined ? undefined : filters.min * 1000,
    limit: PAGE_SIZE,
    cursor: filters.cursor,
  };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}
