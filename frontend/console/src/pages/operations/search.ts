import type { Job, WebhookDelivery } from "@sealtape/api-client";
import { isRecord, text } from "../../recording/guards";

/** States of a job. */
export const JOB_STATES = ["waiting", "running", "done", "failed"] as const satisfies readonly Job["state"][];

/** What the URL of the jobs holds. */
export interface JobsSearch {
  readonly state?: Job["state"] | undefined;
  readonly cursor?: string | undefined;
}

/** Reads the URL of the jobs. A refused field stays as `undefined`: the router lays this record over the raw one. */
export function readJobsSearch(search: unknown): JobsSearch {
  const from = isRecord(search) ? search : {};
  return { state: JOB_STATES.find((state) => state === from.state), cursor: text(from.cursor) };
}

/** States of a delivery. */
export const DELIVERY_STATES = [
  "waiting",
  "delivered",
  "failed",
] as const satisfies readonly WebhookDelivery["state"][];

/** What the URL of a receiver holds: which of its deliveries are shown. */
export interface DeliveriesSearch {
  readonly state?: WebhookDelivery["state"] | undefined;
  readonly cursor?: string | undefined;
}

/** Reads the URL of a receiver. A refused field stays as `undefined`: the router lays this record over the raw one. */
export function readDeliveriesSearch(search: unknown): DeliveriesSearch {
  const from = isRecord(search) ? search : {};
  return { state: DELIVERY_STATES.find((state) => state === from.state), cursor: text(from.cursor) };
}
