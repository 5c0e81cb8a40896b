import type { SessionSummary } from "@sealtape/api-client";
import type { Sort } from "../../api/filters";

const VALUES: Readonly<Record<Sort, (session: SessionSummary) => number>> = {
  started: (session) => Date.parse(session.started_at),
  duration: (session) => session.duration_ms,
  events: (session) => session.events,
  errors: (session) => session.errors,
};

/** The rows of a page in another order; without one they stay newest first, as the server sends them. */
export function sortSessions(
  sessions: readonly SessionSummary[],
  sort: Sort | undefined,
  descending: boolean,
): readonly SessionSummary[] {
  if (sort === undefined) return sessions;
  const value = VALUES[sort];
  return sessions.toSorted((a, b) => (descending ? value(b) - value(a) : value(a) - value(b)));
}
