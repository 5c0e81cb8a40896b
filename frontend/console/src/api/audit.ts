/** What the console asks about the audit log; as `queries.ts`. Reading the log is on record, so nothing is asked for by itself. */
import {
  ApiError,
  type AuditEventFilter,
  type AuditExport,
  type AuditExportFilter,
  type AuditExportFormat,
  done,
  type Download,
  type GrantPurpose,
  take,
} from "@sealtape/api-client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "./api";
import { eventQuery, type EventSearch } from "./event-filters";

const { client } = api;

/** A look at the log is an event: coming back to the tab is none that the reader meant. */
const ON_REQUEST = { refetchOnWindowFocus: false, refetchOnReconnect: false } as const;

/** How often the log's health is asked for; that leaves nothing on record. */
const HEALTH_MS = 5_000;
/** How often an event that no checkpoint holds yet is asked for again. */
const SIGNING_MS = 1_500;
/** How often exports are asked for while one is being written. */
const EXPORT_MS = 2_000;

const page = (cursor: string | undefined, limit = 50) => ({ limit, ...(cursor === undefined ? {} : { cursor }) });

/** A page of events. */
export const eventsQuery = (search: EventSearch) =>
  queryOptions({
    queryKey: ["audit", "events", search],
    queryFn: async () => {
      const at = Date.now();
      const query = { ...eventQuery(search, at), ...page(search.cursor) };
      return { ...(await take(client.GET("/v1/audit/events", { params: { query } }))), at: search.at ?? at };
    },
    ...ON_REQUEST,
  });

/** One event. */
export const auditEventQuery = (event: string) =>
  queryOptions({
    queryKey: ["audit", "event", event],
    queryFn: () => take(client.GET("/v1/audit/events/{id}", { params: { path: { id: event } } })),
    // Its place comes within seconds.
    refetchInterval: ({ state: { data } }) => (data?.index === null ? SIGNING_MS : false),
    ...ON_REQUEST,
  });

/** What is sealed beside an event. Opening it is on record, so it is asked for by hand and not kept. */
export const openDetail = (event: string) =>
  take(client.GET("/v1/audit/events/{id}/detail", { params: { path: { id: event } } }));

const notYetSigned = (error: Error | null): boolean => error instanceof ApiError && error.code === "not-yet-signed";

/** The proof that an event is in the signed log; asked for again while no checkpoint holds the event. */
export const inclusionQuery = (event: string) =>
  queryOptions({
    queryKey: ["audit", "inclusion", event],
    queryFn: () => take(client.GET("/v1/audit/proof/inclusion", { params: { query: { event } } })),
    refetchInterval: ({ state: { error } }) => (notYetSigned(error) ? SIGNING_MS : false),
    retry: false,
    ...ON_REQUEST,
  });

/** Whether an event waits to be signed, which takes seconds and is no failure. */
export const waitsForSigning = notYetSigned;

/** The proof that the log of `to` entries continues that of `from`. */
export const proveGrowth = (from: number, to?: number) =>
  take(
    client.GET("/v1/audit/proof/consistency", {
      params: { query: { from, ...(to === undefined ? {} : { to }) } },
    }),
  );

/** The key that the server says the log is signed with. */
export const ledgerKeyQuery = () =>
  queryOptions({
    queryKey: ["audit", "key"],
    queryFn: () => take(client.GET("/v1/audit/key", { parseAs: "text" })),
    ...ON_REQUEST,
  });

/** The newest signed note. */
export const checkpointQuery = () =>
  queryOptions({
    queryKey: ["audit", "checkpoint"],
    queryFn: () => take(client.GET("/v1/audit/checkpoint", { parseAs: "text" })),
    ...ON_REQUEST,
  });

/** What was signed when, newest first. */
export const checkpointsQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: ["audit", "checkpoints", cursor],
    queryFn: () => take(client.GET("/v1/audit/checkpoints", { params: { query: page(cursor, 20) } })),
    ...ON_REQUEST,
  });

/** How the log is. */
export const auditHealthQuery = () =>
  queryOptions({
    queryKey: ["audit", "health"],
    queryFn: () => take(client.GET("/v1/audit/health")),
    refetchInterval: HEALTH_MS,
  });

/** Who was shown a person's sessions, and what was done about the person. */
export const subjectEventsQuery = (subject: string, cursor: string | undefined) =>
  queryOptions({
    queryKey: ["audit", "subject", subject, cursor],
    queryFn: () =>
      take(client.GET("/v1/audit/subjects/{id}", { params: { path: { id: subject }, query: page(cursor) } })),
    ...ON_REQUEST,
  });

/** Looks for a recorded person. The text goes in the body: addresses stay out of URLs and logs. */
export const findSubject = (kind: "email" | "user_id", value: string, purpose: GrantPurpose, reason: string) => {
  const body = { kind, value, purpose, ...(reason === "" ? {} : { reason }) };
  return take(client.POST("/v1/audit/subjects/find", { body }));
};

/** Whether an export is still being written. */
export const isUnderWay = ({ state }: Pick<AuditExport, "state">): boolean =>
  state === "waiting" || state === "running";

/** A page of exports, asked for again while one is under way. */
export const auditExportsQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: ["audit", "exports", cursor],
    queryFn: () => take(client.GET("/v1/audit/exports", { params: { query: page(cursor, 20) } })),
    refetchInterval: ({ state: { data } }) => (data?.items.some(isUnderWay) === true ? EXPORT_MS : false),
  });

/** Every event. */
const ALL: AuditExportFilter = {
  actor: null,
  object_kind: null,
  object: null,
  act: null,
  outcome: null,
  from: null,
  to: null,
};

/** Writes an export; sent again under the same key it writes none again. */
export const createAuditExport = (format: AuditExportFormat, filter: AuditEventFilter, key: string) =>
  take(
    client.POST("/v1/audit/exports", {
      params: { header: { "Idempotency-Key": key } },
      body: { format, ...(Object.keys(filter).length === 0 ? {} : { filter: { ...ALL, ...filter } }) },
    }),
  );

/** Stops an export that is being written, or removes its file. */
export const removeAuditExport = (id: string) =>
  done(client.DELETE("/v1/audit/exports/{audit_export}", { params: { path: { audit_export: id } } }));

/** The file of an export. */
export const openAuditExport = ({ id }: Pick<AuditExport, "id">, signal: AbortSignal): Promise<Download> =>
  api.download(`/v1/audit/exports/${encodeURIComponent(id)}/file`, { accept: "*/*", signal });

/** What the file is called. */
export const auditExportName = ({ id, format }: Pick<AuditExport, "id" | "format">): string =>
  `sealtape-audit-${id}.${format === "csv" ? "csv" : "ndjson"}`;
