/**
 * Purpose: the lines of `GET /v1/sessions/{id}/events`.
 * Design: a line is read into one of four shapes or refused; a refused line makes the stream corrupt, it is not skipped.
 */
import { isRecord, number, text } from "./guards";

/** One rrweb event as stored. */
export interface RawEvent {
  readonly type: number;
  readonly timestamp: number;
  readonly data: unknown;
}

/** Missing data with its reason; times in epoch ms. */
export interface TapeGap {
  readonly tab: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: string;
  readonly detail?: string | undefined;
}

/** How the recording is shown to who watches. */
export interface Shown {
  /** Whether text is hidden. */
  readonly masked: boolean;
  /** Who watches, and since when: drawn over the picture. */
  readonly watermark: Watermark | undefined;
}

/** What is drawn over the picture. */
export interface Watermark {
  readonly viewer: string;
  /** RFC 3339. */
  readonly at: string;
}

/** One line of the stream. */
export type StreamLine =
  | {
      readonly kind: "head";
      readonly startMs: number;
      readonly live: boolean;
      readonly tabs: readonly number[];
      readonly shown: Shown;
    }
  | { readonly kind: "event"; readonly tab: number; readonly event: RawEvent }
  | { readonly kind: "gap"; readonly gap: TapeGap }
  | { readonly kind: "end"; readonly complete: boolean; readonly cursor: string | undefined };

/** A line that is none of the stream's shapes. */
export class BadLine extends Error {}

/** Reads a gap as the API writes it, in a stream line or a session's details. */
export function readGap(value: unknown): TapeGap | undefined {
  if (!isRecord(value)) return undefined;
  const fromMs = number(value.from_ms);
  const toMs = number(value.to_ms);
  if (fromMs === undefined || toMs === undefined) return undefined;
  return {
    tab: number(value.tab) ?? 0,
    fromMs,
    toMs,
    reason: text(value.reason) ?? "unknown",
    detail: text(value.detail),
  };
}

function readEvent(line: Record<string, unknown>): StreamLine | undefined {
  const event = line.event;
  if (!isRecord(event)) return undefined;
  const type = number(event.type);
  const timestamp = number(event.timestamp);
  if (type === undefined || timestamp === undefined) return undefined;
  return { kind: "event", tab: number(line.tab) ?? 0, event: { ...event, type, timestamp, data: event.data } };
}

function readWatermark(value: unknown): Watermark | undefined {
  if (!isRecord(value)) return undefined;
  const viewer = text(value.viewer);
  const at = text(value.at);
  return viewer === undefined || at === undefined || Number.isNaN(Date.parse(at)) ? undefined : { viewer, at };
}

function readHead(head: unknown): StreamLine | undefined {
  if (!isRecord(head)) return undefined;
  const startMs = number(head.start_ms);
  if (startMs === undefined) return undefined;
  const tabs = Array.isArray(head.tabs) ? head.tabs.flatMap((tab: unknown) => number(tab) ?? []) : [];
  const shown = { masked: head.masked === true, watermark: readWatermark(head.watermark) };
  return { kind: "head", startMs, live: head.state === "live", tabs, shown };
}

/** Reads one line. Throws `BadLine`. */
export function readLine(line: string): StreamLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new BadLine("not JSON", { cause });
  }
  if (!isRecord(value)) throw new BadLine("not an object");
  let read: StreamLine | undefined;
  if ("event" in value) read = readEvent(value);
  else if ("head" in value) read = readHead(value.head);
  else if ("gap" in value) {
    const gap = readGap(value.gap);
    read = gap && { kind: "gap", gap };
  } else if (isRecord(value.end)) {
    read = { kind: "end", complete: value.end.complete === true, cursor: text(value.end.cursor) };
  }
  if (read === undefined) throw new BadLine("unknown shape");
  return read;
}
