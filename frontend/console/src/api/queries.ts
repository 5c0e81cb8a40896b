/**
 * Purpose: every question the console asks the API, as query options with their cache keys.
 * Design: pages name a query, never a path; what changed through the live list is written into these caches.
 * How to add one more: a function here; its key starts with the resource.
 */
import { type AgentKey, ApiError, done, take } from "@sealtape/api-client";
import { queryOptions } from "@tanstack/react-query";
import { isRecord, text } from "../recording/guards";
import { api } from "./api";
import { listQuery, type SessionFilters } from "./filters";

const { client } = api;
const FOREVER = { staleTime: Number.POSITIVE_INFINITY };

/** The server and its replay origin. */
export const deploymentQuery = () =>
  queryOptions({ queryKey: ["deployment"], queryFn: () => take(client.GET("/v1/deployment")), ...FOREVER });

/** Demo accounts; null where the server is not in demo mode. */
export const demoQuery = () =>
  queryOptions({
    queryKey: ["demo"],
    queryFn: () =>
      take(client.GET("/v1/demo")).catch((error: unknown) => {
        if (error instanceof ApiError && error.status !== 0) return null;
        throw error;
      }),
    retry: false,
    ...FOREVER,
  });

/** Who is signed in. */
export const meQuery = () => queryOptions({ queryKey: ["me"], queryFn: () => take(client.GET("/v1/me")), ...FOREVER });

/** What they may do. */
export const permissionsQuery = () =>
  queryOptions({
    queryKey: ["permissions"],
    queryFn: async (): Promise<ReadonlySet<string>> => new Set((await take(client.GET("/v1/me/permissions"))).actions),
    // A Set is not JSON: structural sharing would replace it by an empty object.
    structuralSharing: false,
    staleTime: 60_000,
  });

/** The tenant's projects. */
export const projectsQuery = () =>
  queryOptions({
    queryKey: ["projects", "list"],
    queryFn: () => take(client.GET("/v1/projects", { params: { query: { limit: 200 } } })),
  });

/** One project. */
export const projectQuery = (id: string) =>
  queryOptions({
    queryKey: ["projects", "one", id],
    queryFn: () => take(client.GET("/v1/projects/{id}", { params: { path: { id } } })),
  });

/** A project's agent keys. */
export const agentKeysQuery = (id: string) =>
  queryOptions({
    queryKey: ["projects", "agent-keys", id],
    queryFn: () => take(client.GET("/v1/projects/{id}/agent-keys", { params: { path: { id } } })),
  });

/** A page of sessions. */
export const sessionsQuery = (filters: SessionFilters) => {
  // The order of the rows is the page's own matter: another one needs no request.
  const asked: SessionFilters = { ...filters, sort: undefined, desc: undefined };
  return queryOptions({
    queryKey: ["sessions", "list", asked],
    queryFn: async () => {
      const at = Date.now();
      const page = await take(client.GET("/v1/sessions", { params: { query: listQuery(asked, at) } }));
      return { ...page, at: filters.at ?? at };
    },
  });
};

/** One session. */
export const sessionQuery = (id: string) =>
  queryOptions({
    queryKey: ["sessions", "one", id],
    queryFn: () => take(client.GET("/v1/sessions/{id}", { params: { path: { id } } })),
  });

/** How long an answer may take that says whether a session is still open; a later one is none. */
const STILL_OPEN_MS = 3000;

/** Whether a session is still open to whoever watches it. Rejects as `sessionQuery` does. */
export const stillOpenQuery = (id: string) =>
  queryOptions({
    queryKey: ["sessions", "still-open", id],
    queryFn: async () => {
      const signal = AbortSignal.timeout(STILL_OPEN_MS);
      await take(client.GET("/v1/sessions/{id}", { params: { path: { id } }, signal }));
      return true;
    },
    retry: false,
    gcTime: 0,
  });

/** Who watched a session. */
export const viewersQuery = (id: string) =>
  queryOptions({
    queryKey: ["sessions", "viewers", id],
    queryFn: () => take(client.GET("/v1/sessions/{id}/viewers", { params: { path: { id }, query: { limit: 200 } } })),
  });

/** A closed session's manifest, verified by the server. */
export const manifestQuery = (id: string) =>
  queryOptions({
    queryKey: ["sessions", "manifest", id],
    queryFn: () => take(client.GET("/v1/sessions/{id}/manifest", { params: { path: { id } } })),
  });

/** The ready script of the agent and its hash. */
export interface AgentScript {
  readonly file: string;
  readonly integrity: string;
}

/** Reads `/agent/manifest.json`. */
export function readAgentScript(value: unknown): AgentScript | undefined {
  if (!isRecord(value)) return undefined;
  const file = text(value.file);
  const integrity = text(value.integrity);
  return file !== undefined && integrity !== undefined ? { file, integrity } : undefined;
}

/** What to paste into a page. */
export const agentScriptQuery = () =>
  queryOptions({
    queryKey: ["agent-script"],
    queryFn: async () => {
      const response = await globalThis.fetch(new Request(new URL("/agent/manifest.json", globalThis.location.origin)));
      const script = response.ok ? readAgentScript(await response.json()) : undefined;
      if (script === undefined) {
        throw new ApiError({
          status: response.status,
          code: "agent-script",
          title: "The agent's script is not there",
          detail: undefined,
          requestId: response.headers.get("x-request-id") ?? undefined,
          errors: [],
        });
      }
      return script;
    },
    ...FOREVER,
  });

/** Creates a project. */
export const createProject = (name: string) => take(client.POST("/v1/projects", { body: { name } }));

/** Creates an agent key for pages of these origins. */
export const createAgentKey = (id: string, origins: readonly string[]): Promise<AgentKey> =>
  take(client.POST("/v1/projects/{id}/agent-keys", { params: { path: { id } }, body: { origins: [...origins] } }));

/** Revokes an agent key. */
export const revokeAgentKey = (id: string, key: string) =>
  done(client.DELETE("/v1/projects/{id}/agent-keys/{key}", { params: { path: { id, key } } }));

/** Opens a session's event stream. */
export function openEvents(
  id: string,
  after: string | undefined,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const query = after === undefined ? "" : `?${new URLSearchParams({ after }).toString()}`;
  return api.stream(`/v1/sessions/${encodeURIComponent(id)}/events${query}`, {
    accept: "application/x-ndjson",
    signal,
  });
}
