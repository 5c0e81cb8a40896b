/**
 * Purpose: access requests, grants and the tenant's access rules, as queries and acts.
 * Design: a request and the grant that comes of it are one thing with one id, so they share a cache key. Whatever waits
 * for somebody else is asked for again by itself, so that nobody has to reload.
 * How to add one more: a function here; its key starts with "access".
 */
import {
  type AccessRequestCreate,
  type AccessRulesUpdate,
  type BreakGlassOpen,
  done,
  type Grant,
  type GrantState,
  type GrantSummary,
  type ReviewOutcome,
  take,
} from "@sealtape/api-client";
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "./api";

const { client } = api;

/** How often a list or page that waits for others is asked for again. */
const WAITING_MS = 5_000;

/** Rows of a page. */
const PAGE_SIZE = 50;
/** Rows where all are wanted; more in force at one time than this are not shown. */
const MANY = 200;

/** A page of a list. */
export interface GrantFilter {
  readonly state?: GrantState | undefined;
  readonly member?: string | undefined;
  readonly cursor?: string | undefined;
}

const query = ({ state, member, cursor }: GrantFilter, limit: number) => ({
  ...(state === undefined ? {} : { state }),
  ...(member === undefined ? {} : { member }),
  ...(cursor === undefined ? {} : { cursor }),
  limit,
});

/** Whether it can still be decided on, used or ended. */
export const isOpen = ({ state }: Pick<GrantSummary, "state">): boolean =>
  state === "pending" || state === "approved" || state === "active";

/** Whether it opens sessions now. */
export const isInForce = ({ state }: Pick<GrantSummary, "state">): boolean =>
  state === "approved" || state === "active";

/** A page of requests. */
export const requestsQuery = (filter: GrantFilter) =>
  queryOptions({
    queryKey: ["access", "requests", filter],
    queryFn: () => take(client.GET("/v1/access-requests", { params: { query: query(filter, PAGE_SIZE) } })),
    refetchInterval: WAITING_MS,
  });

/** A page of grants. */
export const grantsQuery = (filter: GrantFilter) =>
  queryOptions({
    queryKey: ["access", "grants", filter],
    queryFn: () => take(client.GET("/v1/grants", { params: { query: query(filter, PAGE_SIZE) } })),
    refetchInterval: WAITING_MS,
  });

async function inForce(member: string | undefined): Promise<readonly GrantSummary[]> {
  const states = ["active", "approved"] as const;
  const pages = await Promise.all(
    states.map((state) => take(client.GET("/v1/grants", { params: { query: query({ state, member }, MANY) } }))),
  );
  // What was approved a moment ago can have become active between the two answers.
  const all = new Map(pages.flatMap(({ items }) => items.map((grant) => [grant.id, grant])));
  return [...all.values()];
}

/** What is in force now, the next to end first. */
export const grantsInForceQuery = (member?: string) =>
  queryOptions({
    queryKey: ["access", "in-force", member],
    queryFn: async () =>
      (await inForce(member)).toSorted((a, b) => Date.parse(a.expires_at ?? "") - Date.parse(b.expires_at ?? "")),
    refetchInterval: WAITING_MS,
  });

/** One request or grant. */
export const requestQuery = (id: string) =>
  queryOptions({
    queryKey: ["access", "one", id],
    queryFn: () => take(client.GET("/v1/access-requests/{id}", { params: { path: { id } } })),
    refetchInterval: ({ state: { data } }) => (data === undefined || isOpen(data) ? WAITING_MS : false),
  });

/** The grants of `member` that name this session and are in force. */
const grantsOfSessionQuery = (session: string, member: string) =>
  queryOptions({
    queryKey: ["access", "of-session", session, member],
    queryFn: async (): Promise<readonly Grant[]> => {
      const held = await inForce(member);
      const details = await Promise.all(
        held.map(({ id }) => take(client.GET("/v1/access-requests/{id}", { params: { path: { id } } }))),
      );
      const naming = details.filter((grant) => isInForce(grant) && grant.named.some(({ id }) => id === session));
      // Of several, the one that lasts longest is what the holder wants to know of.
      return naming.sort((a, b) => Date.parse(b.expires_at ?? "") - Date.parse(a.expires_at ?? ""));
    },
  });

/** The grant of `member` under which they watch this session; null without one. */
export const grantOfSessionQuery = (session: string, member: string) => ({
  ...grantsOfSessionQuery(session, member),
  select: (grants: readonly Grant[]): Grant | null => grants.find(({ verb }) => verb !== "export") ?? null,
});

/** The one under which the session may be taken out; null without one. */
export const grantToExportQuery = (session: string, member: string) => ({
  ...grantsOfSessionQuery(session, member),
  select: (grants: readonly Grant[]): Grant | null => grants.find(({ verb }) => verb === "export") ?? null,
});

/** What the tenant asks for before it gives access. */
export const accessRulesQuery = () =>
  queryOptions({ queryKey: ["access", "rules"], queryFn: () => take(client.GET("/v1/access-rules")) });

/** Asks for access; sent again under the same key it asks for nothing again. */
export const askForAccess = (body: AccessRequestCreate, key: string) =>
  take(client.POST("/v1/access-requests", { body, params: { header: { "Idempotency-Key": key } } }));

/** Takes a request back, or gives a grant up. */
export const cancelRequest = (id: string) =>
  done(client.POST("/v1/access-requests/{id}/cancel", { params: { path: { id } } }));

/** Approves exactly what `seen` names. */
export const approveRequest = (id: string, seen: string, comment: string | null) =>
  done(client.POST("/v1/access-requests/{id}/approve", { params: { path: { id } }, body: { seen, comment } }));

/** Says no. */
export const denyRequest = (id: string, comment: string | null) =>
  done(client.POST("/v1/access-requests/{id}/deny", { params: { path: { id } }, body: { comment } }));

/** Ends a grant before its time. */
export const revokeGrant = (id: string) => done(client.POST("/v1/grants/{id}/revoke", { params: { path: { id } } }));

/** A page of broken glass; only what waits for its review, when so asked. */
export const brokenQuery = (unreviewed: boolean, cursor: string | undefined) =>
  queryOptions({
    queryKey: ["access", "broken", unreviewed, cursor],
    queryFn: () =>
      take(
        client.GET("/v1/break-glass", {
          params: { query: { unreviewed, limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) } },
        }),
      ),
    refetchInterval: WAITING_MS,
  });

/** Breaks glass; sent again under the same key it opens nothing again. */
export const breakGlass = (body: BreakGlassOpen, key: string) =>
  take(client.POST("/v1/break-glass", { body, params: { header: { "Idempotency-Key": key } } }));

/** Says what a broken glass came to. */
export const reviewBroken = (id: string, outcome: ReviewOutcome, comment: string | null) =>
  done(client.POST("/v1/break-glass/{id}/review", { params: { path: { id } }, body: { outcome, comment } }));

/** Replaces the access rules. */
export const replaceRules = (body: AccessRulesUpdate) => take(client.PUT("/v1/access-rules", { body }));

/** Everything about access is asked for again: after every act here. */
export const renewAccess = (cache: QueryClient): Promise<void> => cache.invalidateQueries({ queryKey: ["access"] });
