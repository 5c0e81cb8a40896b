/** What the URLs of the access pages hold. What a reader refuses is left out: a mangled link shows the list. */
import type { GrantSummary } from "@sealtape/api-client";
import { GRANT_STATES } from "../../components/grant-words";
import { isRecord, text } from "../../recording/guards";

/** Whose requests are shown. */
export const REQUEST_VIEWS = ["inbox", "mine", "all"] as const;
/** One of `REQUEST_VIEWS`. */
export type RequestView = (typeof REQUEST_VIEWS)[number];

/** What the URL of the requests holds. */
export interface RequestsSearch {
  readonly view?: RequestView | undefined;
  readonly state?: GrantSummary["state"] | undefined;
  readonly cursor?: string | undefined;
  /** Opens the dialog for these session ids, joined by commas; empty for none yet. */
  readonly ask?: string | undefined;
}

/** Which grants are shown. */
export const GRANT_VIEWS = ["in-force", "all"] as const;
/** One of `GRANT_VIEWS`. */
export type GrantView = (typeof GRANT_VIEWS)[number];

/** What the URL of the grants holds. */
export interface GrantsSearch {
  readonly view?: GrantView | undefined;
  readonly state?: GrantSummary["state"] | undefined;
  readonly cursor?: string | undefined;
}

const record = (search: unknown): Record<string, unknown> => (isRecord(search) ? search : {});

const stateOf = (value: unknown): GrantSummary["state"] | undefined => GRANT_STATES.find((state) => state === value);

/** Reads the URL of the requests. A refused field stays as `undefined`: the router lays this record over the raw one. */
export function readRequestsSearch(search: unknown): RequestsSearch {
  const from = record(search);
  return {
    view: REQUEST_VIEWS.find((view) => view === from.view),
    state: stateOf(from.state),
    cursor: text(from.cursor),
    ask: typeof from.ask === "string" ? from.ask : undefined,
  };
}

/** Reads the URL of the grants. */
export function readGrantsSearch(search: unknown): GrantsSearch {
  const from = record(search);
  return {
    view: GRANT_VIEWS.find((view) => view === from.view),
    state: stateOf(from.state),
    cursor: text(from.cursor),
  };
}
