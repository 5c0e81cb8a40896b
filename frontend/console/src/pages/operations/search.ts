import type { Job } from "@sealtape/api-client";
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
