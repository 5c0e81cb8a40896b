/**
 * Purpose: what the live list says, written into the query cache.
 * Design: a row that is shown is replaced in place; whether a new row belongs to a filtered list is for the server to
 * say, so lists at their first page are asked again, at most once a second.
 */
import type { Project, SessionDetail, SessionSummary } from "@sealtape/api-client";
import type { QueryClient } from "@tanstack/react-query";
import { isRecord } from "../recording/guards";
import type { LiveMessage } from "./live";

interface SessionPage {
  readonly items: SessionSummary[];
}

const THROTTLE_MS = 1000;

/** Whether a cached list is at its first page: the last part of its key holds the filters. */
function atFirstPage(key: readonly unknown[]): boolean {
  const filters = key[2];
  return !isRecord(filters) || filters.cursor === undefined;
}

/** Gives the handler of live messages for a cache. */
export function liveCache(cache: QueryClient): (message: LiveMessage) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const askAgain = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void cache.invalidateQueries({
        queryKey: ["sessions", "list"],
        predicate: (query) => atFirstPage(query.queryKey),
      });
      void cache.invalidateQueries({ queryKey: ["projects", "one"] });
    }, THROTTLE_MS);
  };
  const patch = (session: SessionSummary): void => {
    let missing = false;
    for (const [key, page] of cache.getQueriesData<SessionPage>({ queryKey: ["sessions", "list"] })) {
      if (page === undefined) continue;
      const known = page.items.find((item) => item.id === session.id);
      if (known === undefined) {
        missing ||= atFirstPage(key);
        continue;
      }
      // A changed state can move a row out of a list that filters by it.
      if (known.state !== session.state || known.has_error !== session.has_error) missing = true;
      const items = page.items.map((item) => (item.id === session.id ? session : item));
      cache.setQueryData<SessionPage>(key, { ...page, items });
    }
    // "Waiting for the first event" ends with the project's first session.
    missing ||= cache.getQueryData<Project>(["projects", "one", session.project.id])?.sessions_total === 0;
    const detail = cache.getQueryData<SessionDetail>(["sessions", "one", session.id]);
    if (detail !== undefined) {
      cache.setQueryData<SessionDetail>(["sessions", "one", session.id], { ...detail, ...session });
      // Closing brings the manifest and the close reason, which the summary does not hold.
      if (detail.state !== session.state || detail.gaps !== session.gaps) {
        void cache.invalidateQueries({ queryKey: ["sessions", "one", session.id] });
      }
    }
    if (missing) askAgain();
  };
  return (message) => {
    switch (message.kind) {
      case "session":
        patch(message.session);
        break;
      case "joined":
        askAgain();
        break;
    }
  };
}
