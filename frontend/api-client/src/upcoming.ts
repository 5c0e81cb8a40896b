/**
 * Purpose: operations that the console uses and `openapi.json` does not have yet.
 * Design: in the shape of the generated `schema.d.ts`, and laid over it, so that callers do not change when an operation
 * moves there. Every entry of `UpcomingPaths` is deleted here once the generated schema has it; the file goes with the last.
 */
import type { components, paths } from "./schema";

type Schemas = components["schemas"];

/** What an operation answers: JSON, or nothing. */
type Answer<Body> = {
  headers: Record<string, unknown>;
  content: Body extends undefined ? never : { "application/json": Body };
};

interface Operation<Parameters, Sent, Body, Status extends number = 200> {
  parameters: Parameters;
  requestBody: Sent extends undefined ? never : { content: { "application/json": Sent } };
  responses: Record<Status, Answer<Body>> & {
    default: { headers: Record<string, unknown>; content: { "application/problem+json": Schemas["Problem"] } };
  };
}

/** An operation that is sent no body. */
type Bare<Parameters, Body, Status extends number = 200> = Omit<
  Operation<Parameters, undefined, Body, Status>,
  "requestBody"
> & { requestBody?: never };

interface NoParameters {
  query?: never;
}
interface OfPage {
  limit?: number;
  cursor?: string;
}
interface Paged<Item> {
  items: Item[];
  next_cursor: string | null;
}

/** An event of the audit log, with whether something more is kept of it, sealed. */
export type AuditEvent = Schemas["AuditEvent"] & { has_detail: boolean };

/** Which events: every field that is set must match. */
export interface AuditEventFilter {
  actor?: string;
  object_kind?: string;
  object?: string;
  act?: string;
  outcome?: string;
  from?: string;
  to?: string;
}

/** A part of what is sealed beside an event. */
export interface AuditDetailPart {
  of: "actor" | "subject";
  state: "open" | "erased";
  network: string | null;
  browser: string | null;
  reason: string | null;
}

/** How the log is. */
export interface AuditHealth {
  state: "ok" | "late" | "behind" | "stopped" | "refused";
  waiting: number;
  unproved_since: string | null;
  size: number;
  checkpoint: AuditCheckpoint | null;
  alarm: { since: string; reason: "shrunk" | "forked" | "changed" | "unsigned"; index: number | null } | null;
  /** Receivers of the log that fail; not told by a server that has none. */
  sinks_failing?: number;
}

/** A signed head of the log. */
export interface AuditCheckpoint {
  origin: string;
  size: number;
  root: string;
  signed_at: string;
}

/** Forms of an export of the log. */
export type AuditExportFormat = "ocsf" | "csv" | "log";

/** An export of the log. */
export interface AuditExport {
  id: string;
  format: AuditExportFormat;
  filter: { [Field in keyof AuditEventFilter]?: string | null } | null;
  state: "waiting" | "running" | "ready" | "failed" | "expired" | "cancelled";
  done: number;
  total: number;
  entries: number | null;
  bytes: number | null;
  size: number | null;
  created_at: string;
  created_by: string;
  expires_at: string;
  problem: string | null;
}

/** Where the log is sent to. */
export interface Webhook {
  id: string;
  name: string;
  kind: "webhook" | "syslog";
  url: string;
  acts: string[] | null;
  state: "active" | "failing" | "paused";
  failing_since: string | null;
  delivered_size: number;
  waiting: number;
  created_at: string;
  created_by: string;
  last_delivery_at: string | null;
}

/** What a new one is made of. */
export interface WebhookCreate {
  name: string;
  kind: Webhook["kind"];
  url: string;
  acts: string[] | null;
}

/** What of it is changed; what is absent stays. */
export interface WebhookUpdate {
  name?: string;
  url?: string;
  acts?: string[] | null;
  state?: "active" | "paused";
}

/** A batch of entries, or a test, on its way. */
export interface WebhookDelivery {
  id: string;
  kind: "batch" | "test";
  batch: { from: number; to: number };
  entries: number;
  state: "waiting" | "delivered" | "failed";
  attempts: number;
  next_at: string | null;
  last_status: number | null;
  last_problem: string | null;
  created_at: string;
  delivered_at: string | null;
}

interface OfWebhook {
  path: { webhook: string };
}

/** Laid over the generated `paths`. */
export interface UpcomingPaths {
  "/v1/audit/events": { get: Bare<{ query?: AuditEventFilter & OfPage }, Paged<AuditEvent>> };
  "/v1/audit/events/{id}": { get: Bare<{ path: { id: string } }, AuditEvent> };
  "/v1/audit/events/{id}/detail": { get: Bare<{ path: { id: string } }, { parts: AuditDetailPart[] }> };
  "/v1/audit/subjects/{id}": {
    get: Bare<{ path: { id: string }; query?: OfPage }, Paged<AuditEvent>>;
  };
  "/v1/audit/subjects/find": {
    post: Operation<
      NoParameters,
      { kind: "email" | "user_id"; value: string; purpose: Schemas["GrantPurpose"] },
      { subject: string | null }
    >;
  };
  "/v1/audit/health": { get: Bare<NoParameters, AuditHealth> };
  "/v1/audit/checkpoints": { get: Bare<{ query?: OfPage }, Paged<AuditCheckpoint>> };
  "/v1/audit/exports": {
    get: Bare<{ query?: OfPage }, Paged<AuditExport>>;
    post: Operation<
      { header?: { "Idempotency-Key"?: string } },
      { format: AuditExportFormat; filter?: AuditEventFilter },
      AuditExport,
      202
    >;
  };
  "/v1/audit/exports/{audit_export}": {
    get: Bare<{ path: { audit_export: string } }, AuditExport>;
    delete: Bare<{ path: { audit_export: string } }, undefined, 204>;
  };
  "/v1/webhooks": {
    get: Bare<{ query?: OfPage }, Paged<Webhook>>;
    post: Operation<
      { header?: { "Idempotency-Key"?: string } },
      WebhookCreate,
      Webhook & { secret: string | null },
      201
    >;
  };
  "/v1/webhooks/{webhook}": {
    get: Bare<OfWebhook, Webhook>;
    patch: Operation<OfWebhook, WebhookUpdate, Webhook>;
    delete: Bare<OfWebhook, undefined, 204>;
  };
  "/v1/webhooks/{webhook}/secret": { post: Bare<OfWebhook, { secret: string; previous_until: string }> };
  "/v1/webhooks/{webhook}/test": { post: Bare<OfWebhook, WebhookDelivery, 202> };
  "/v1/webhooks/{webhook}/deliveries": {
    get: Bare<OfWebhook & { query?: OfPage & { state?: WebhookDelivery["state"] } }, Paged<WebhookDelivery>>;
  };
  "/v1/webhooks/{webhook}/deliveries/{delivery}/redeliver": {
    post: Bare<{ path: { webhook: string; delivery: string } }, WebhookDelivery, 202>;
  };
}

/** All operations: the generated ones, and over them those to come. */
export type AllPaths = Omit<paths, keyof UpcomingPaths> & UpcomingPaths;
