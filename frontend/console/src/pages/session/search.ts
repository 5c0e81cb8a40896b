import { isRecord, number } from "../../recording/guards";

/** The panes beside the player. */
export const PANES = ["events", "details", "viewers"] as const;
/** One of `PANES`. */
export type Pane = (typeof PANES)[number];

/** What the event list can be narrowed to. */
export const SHOWS = ["action", "navigation", "network", "console", "error", "gap"] as const;
/** One of `SHOWS`. */
export type Show = (typeof SHOWS)[number];

/** What the URL of a session holds. */
export interface SessionSearch {
  readonly pane?: Pane | undefined;
  readonly show?: Show | undefined;
  /** Seconds from the start to open at. */
  readonly t?: number | undefined;
}

/** Reads the URL's search record. */
export function readSessionSearch(search: unknown): SessionSearch {
  const from = isRecord(search) ? search : {};
  // A refused field stays as `undefined`: the router lays this record over the raw one.
  return {
    pane: PANES.find((pane) => pane === from.pane),
    show: SHOWS.find((show) => show === from.show),
    t: number(typeof from.t === "string" ? Number.parseFloat(from.t) : from.t),
  };
}
