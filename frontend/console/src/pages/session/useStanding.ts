/**
 * Purpose: what a watched session stands on, and the moment it stands no more.
 * Design: the stream may have ended long before the grant does, with the whole recording in the page. So the page itself
 * asks whether the session is still open: often under a grant, now and then otherwise. Under a grant no answer is a no,
 * within the five seconds that a grant's end may take to be seen.
 */
import { ApiError, type Grant } from "@sealtape/api-client";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { grantOfSessionQuery, isInForce, requestQuery } from "../../api/access";
import { meQuery, stillOpenQuery } from "../../api/queries";
import { useCan } from "../../components/access";

/** How often a session under a grant is asked about, ms. */
const UNDER_GRANT_MS = 1500;
/** How often one that a role opens is. */
const BY_ROLE_MS = 20_000;
/** How long nothing may be heard under a grant. */
const SILENCE_MS = 4000;

/** Why nothing is shown any more. */
export interface CutReason {
  /** The grant it was open under. */
  readonly grantId: string | undefined;
  /** What the server said; nothing when it said nothing. */
  readonly refusal: ApiError | undefined;
}

/** Answers that say that a session is open no more; any other failure says nothing. */
const REFUSALS: readonly number[] = [401, 403, 404, 410];

/**
 * Whether nothing was heard since `heardAt` (epoch ms) for longer than may be. The time counts from when one listens: a
 * grant that was slow to be found has not been silent.
 */
function useSilence(heardAt: number, watching: boolean): boolean {
  const [silentSince, setSilentSince] = useState<number>();
  useEffect(() => {
    if (!watching) return;
    const timer = setTimeout(() => setSilentSince(heardAt), SILENCE_MS);
    return () => clearTimeout(timer);
  }, [heardAt, watching]);
  return watching && silentSince === heardAt;
}

/** Watches over a session that is open now; gives the grant that it is open under. `onCut` is called once it is closed. */
export function useStanding(sessionId: string, onCut: (reason: CutReason) => void): Grant | undefined {
  const can = useCan();
  const { data: me } = useSuspenseQuery(meQuery());
  const found = useQuery({ ...grantOfSessionQuery(sessionId, me.id), enabled: can("grant.request") });
  const grantId = found.data?.id;
  const grant = useQuery({ ...requestQuery(grantId ?? ""), enabled: grantId !== undefined });
  const current = grant.data ?? found.data ?? undefined;
  const underGrant = current !== undefined && isInForce(current);
  const open = useQuery({
    ...stillOpenQuery(sessionId),
    // It was opened a moment ago: asking at once would only delay the first picture.
    initialData: true,
    staleTime: UNDER_GRANT_MS,
    refetchInterval: underGrant ? UNDER_GRANT_MS : BY_ROLE_MS,
    refetchIntervalInBackground: true,
  });
  const silent = useSilence(open.dataUpdatedAt, underGrant && open.dataUpdatedAt > 0);
  const { error } = open;
  const refusal = error instanceof ApiError && REFUSALS.includes(error.status) ? error : undefined;
  const over = refusal !== undefined || silent;
  useEffect(() => {
    if (over) onCut({ grantId, refusal });
  }, [over, grantId, refusal, onCut]);
  return underGrant ? current : undefined;
}
