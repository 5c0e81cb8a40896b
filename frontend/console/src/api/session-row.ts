import type { SessionSummary } from "@sealtape/api-client";
import { isRecord, number, text } from "../recording/guards";

/**
 * Whether a value from the live stream is a session as the list shows it. The stream is not covered by the generated
 * client, so the fields that the console computes with are checked here.
 */
export function isSessionSummary(value: unknown): value is SessionSummary {
  return (
    isRecord(value) &&
    text(value.id) !== undefined &&
    isRecord(value.project) &&
    text(value.state) !== undefined &&
    text(value.started_at) !== undefined &&
    number(value.duration_ms) !== undefined &&
    number(value.segments) !== undefined &&
    number(value.errors) !== undefined
  );
}
