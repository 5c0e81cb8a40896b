/** What the URLs of the access pages hold. What a reader refuses is left out: a mangled link shows the list. */
import type { GrantSummary, Proposal } from "@sealtape/api-client";
import { GRANT_STATES } from "../../components/grant-words";
import { PROPOSAL_STATES } from "../../components/proposal-words";
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

/** What the URL of the proposals holds. */
export interface ProposalsSearch {
  readonly state?: Proposal["state"] | undefined;
  readonly cursor?: string | undefined;
}

/** What the URL of the broken glass holds. */
export interface BreakGlassSearch {
  /** Only what waits for its review. */
  readonly due?: true | undefined;
  readonly cursor?: string | undefined;
  /** Opens the dialog for these session ids, joined by commas; empty for none yet. */
  readonly open?: string | undefined;
}

/** Which actions are shown. */
export const SHOWN = ["allowed", "all"] as const;

/** What the URL of the permissions holds. */
export interface PermissionsSearch {
  /** Whose; one's own without it. */
  readonly member?: string | undefined;
  readonly show?: (typeof SHOWN)[number] | undefined;
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

/** Reads the URL of the proposals. */
export function readProposalsSearch(search: unknown): ProposalsSearch {
  const from = record(search);
  return { state: PROPOSAL_STATES.find((state) => state === from.state), cursor: text(from.cursor) };
}

/** Reads the URL of the broken glass. */
export function readBreakGlassSearch(search: unknown): BreakGlassSearch {
  const from = record(search);
  return {
    due: from.due === true || from.due === "true" ? (true as const) : undefined,
    cursor: text(from.cursor),
    open: typeof from.open === "string" ? from.open : undefined,
  };
}

/** Reads the URL of the permissions. */
export function readPermissionsSearch(search: unknown): PermissionsSearch {
  const from = record(search);
  return { member: text(from.member), show: SHOWN.find((each) => each === from.show) };
}
