/**
 * Purpose: one watched recording: reads the event stream and hands it on while it arrives.
 * Design: the player gets every event, the page keeps only items and gaps; nothing of the recording outlives the page.
 * A live session is followed from the stream's cursor whenever the live list says that more was stored. The first picture
 * comes first: behind the first full snapshot reading waits until the player shows it, and the page is told what came
 * in only now and then, so that an hour does not make it draw for every chunk.
 */
import { ApiError } from "@sealtape/api-client";
import { appendItems, itemOf, type TapeItem } from "./items";
import { lineBatches } from "./ndjson";
import { createStore, type Store } from "./store";
import { BadLine, readLine, type RawEvent, type Shown, type StreamLine, type TapeGap } from "./stream";

/** How far reading got. */
export type FeedPhase = "loading" | "complete" | "following" | "cut" | "failed";

/** What is known of the recording so far. */
export interface FeedState {
  readonly phase: FeedPhase;
  /** Epoch ms of the session's start, once known. */
  readonly startMs: number | undefined;
  /** How it is shown, once known. */
  readonly shown: Shown;
  readonly lastMs: number;
  readonly events: number;
  readonly items: readonly TapeItem[];
  readonly gaps: readonly TapeGap[];
  readonly error: ApiError | undefined;
}

/** Takes what the player needs. */
export interface FeedSink {
  readonly events: (tab: number, events: readonly RawEvent[]) => void;
  readonly gaps: (gaps: readonly TapeGap[]) => void;
  readonly end: (live: boolean) => void;
  /** Settles when the first picture is on show, or when it is not worth waiting for any longer. */
  readonly shown: () => Promise<void>;
}

/** rrweb's type of an event that holds a whole document. */
const FULL_SNAPSHOT = 2;
/** How often the page is told what came in, ms. */
const TELL_MS = 200;

/** Where a recording comes from. */
export interface Source {
  /** A live session on a server has more to give later; a file has all it will ever have. */
  readonly from: "server" | "file";
  /** Opens the stream of lines; `after` continues behind a cursor. */
  readonly open: (after: string | undefined, signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>;
}

/** A recording being read. */
export interface Feed {
  readonly store: Pick<Store<FeedState>, "get" | "subscribe">;
  /** Reads what is there, or what came since. Calls while reading are remembered, not doubled. */
  readonly read: () => Promise<void>;
  readonly close: () => void;
}

const EMPTY: FeedState = {
  phase: "loading",
  startMs: undefined,
  shown: { masked: false, watermark: undefined },
  lastMs: 0,
  events: 0,
  items: [],
  gaps: [],
  error: undefined,
};

/** Runs of events of one tab, in order. */
function runs(lines: readonly StreamLine[]): { tab: number; events: RawEvent[] }[] {
  const result: { tab: number; events: RawEvent[] }[] = [];
  for (const line of lines) {
    if (line.kind !== "event") continue;
    const open = result.at(-1);
    if (open?.tab === line.tab) open.events.push(line.event);
    else result.push({ tab: line.tab, events: [line.event] });
  }
  return result;
}

function take(state: FeedState, lines: readonly StreamLine[]): FeedState {
  const head = lines.find((line) => line.kind === "head");
  const gaps = lines.flatMap((line) => (line.kind === "gap" ? [line.gap] : []));
  const events = lines.flatMap((line) => (line.kind === "event" ? [line.event] : []));
  const first = events[0]?.timestamp;
  return {
    ...state,
    startMs: state.startMs ?? head?.startMs ?? first,
    shown: head?.shown ?? state.shown,
    lastMs: events.reduce((last, event) => Math.max(last, event.timestamp), state.lastMs),
    events: state.events + events.length,
    items: appendItems(
      state.items,
      lines.flatMap((line) => itemOf(line) ?? []),
    ),
    gaps: gaps.length > 0 ? [...state.gaps, ...gaps] : state.gaps,
  };
}

function asApiError(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  const corrupt = cause instanceof BadLine;
  return new ApiError({
    status: 0,
    code: corrupt ? "corrupt-stream" : "network",
    title: corrupt ? "The recording's stream is not readable" : "No answer from the server",
    detail: undefined,
    requestId: undefined,
    errors: [],
  });
}

/** Starts nothing yet: call `read`. */
export function createFeed(source: Source, sink: FeedSink): Feed {
  const store = createStore<FeedState>(EMPTY);
  const abort = new AbortController();
  // Calls, because both change while reading waits.
  const closed = (): boolean => abort.signal.aborted;
  const more = (): boolean => again && store.get().phase === "following";
  let cursor: string | undefined;
  let live = false;
  let reading = false;
  let again = false;

  let untold: StreamLine[] = [];
  let toldAt = -Infinity;
  let pictured = false;

  const tell = (): void => {
    const before = store.get().gaps;
    store.set(take(store.get(), untold));
    untold = [];
    toldAt = performance.now();
    if (store.get().gaps !== before) sink.gaps(store.get().gaps);
  };
  const hand = (lines: readonly StreamLine[]): void => {
    for (const run of runs(lines)) sink.events(run.tab, run.events);
    untold = [...untold, ...lines];
    if (performance.now() - toldAt >= TELL_MS) tell();
  };
  const firstPicture = async (lines: readonly StreamLine[]): Promise<void> => {
    if (pictured || !lines.some((line) => line.kind === "event" && line.event.type === FULL_SNAPSHOT)) return;
    pictured = true;
    await sink.shown();
  };

  const readOnce = async (): Promise<boolean> => {
    let ended = false;
    const stream = await source.open(cursor, abort.signal);
    for await (const batch of lineBatches(stream)) {
      const lines = batch.map(readLine);
      hand(lines);
      for (const line of lines) {
        if (line.kind === "head") live = line.live && source.from === "server";
        if (line.kind === "end") {
          ended = line.complete;
          cursor = line.cursor ?? cursor;
        }
      }
      await firstPicture(lines);
    }
    return ended;
  };

  const read = async (): Promise<void> => {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    try {
      do {
        again = false;
        const ended = await readOnce().finally(tell);
        // Without an end line the connection broke: what came is shown, and said to be cut.
        const phase: FeedPhase = !ended ? "cut" : live ? "following" : "complete";
        store.set({ ...store.get(), phase, error: undefined });
        sink.end(ended && live);
      } while (more());
    } catch (cause) {
      if (closed()) return;
      store.set({ ...store.get(), phase: "failed", error: asApiError(cause) });
    } finally {
      reading = false;
    }
  };

  return {
    store,
    read,
    close: () => {
      abort.abort();
    },
  };
}
