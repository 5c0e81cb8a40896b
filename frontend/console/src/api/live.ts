/**
 * Purpose: sessions as they change, for every open tab of the console.
 * Design: over HTTP/1.1 a browser allows six connections per host, so only one tab holds the stream (a Web Lock says
 * which) and tells the others through a BroadcastChannel. When that tab goes, the next one takes over.
 */
import type { Api, SessionSummary } from "@sealtape/api-client";
import { ApiError } from "@sealtape/api-client";
import { createStore, type Store } from "../recording/store";
import { isSessionSummary } from "./session-row";
import { serverEvents } from "./sse";

/** Whether changes arrive. */
export type LiveStatus = "connecting" | "live" | "reconnecting" | "refused";

/** What came. */
export type LiveMessage =
  | { readonly kind: "session"; readonly session: SessionSummary }
  /** The stream was joined anew: what happened in between is not known. */
  | { readonly kind: "joined" };

/** A connection to the live list. */
export interface Live {
  readonly status: Pick<Store<LiveStatus>, "get" | "subscribe">;
  readonly close: () => void;
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;

function readSession(data: string): SessionSummary | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return isSessionSummary(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Reads the stream until aborted or refused, joining again with growing pauses. */
export async function readLive(
  open: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>,
  signal: AbortSignal,
  onMessage: (message: LiveMessage) => void,
  onStatus: (status: LiveStatus) => void,
): Promise<void> {
  let wait = FIRST_RETRY_MS;
  // A call, because the signal changes while this waits.
  const over = (): boolean => signal.aborted;
  while (!over()) {
    try {
      const stream = await open(signal);
      onStatus("live");
      onMessage({ kind: "joined" });
      wait = FIRST_RETRY_MS;
      for await (const event of serverEvents(stream)) {
        const session = event.event === "session" ? readSession(event.data) : undefined;
        if (session !== undefined) onMessage({ kind: "session", session });
      }
    } catch (cause) {
      if (over()) return;
      if (cause instanceof ApiError && [401, 403, 404].includes(cause.status)) {
        onStatus("refused");
        return;
      }
    }
    if (over()) return;
    onStatus("reconnecting");
    // Jitter: a restarted server must not meet every console in the same moment.
    await pause(wait * (0.5 + Math.random()), signal);
    wait = Math.min(wait * 2, LAST_RETRY_MS);
  }
}

/** Connects; `member` keeps two sign-ins in one browser apart. */
export function connectLive(api: Api, member: string, onMessage: (message: LiveMessage) => void): Live {
  const status = createStore<LiveStatus>("connecting");
  const abort = new AbortController();
  const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(`sealtape-live-${member}`);
  if (channel !== undefined) {
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data === "joined") {
        status.set("live");
        onMessage({ kind: "joined" });
      } else if (isSessionSummary(data)) {
        status.set("live");
        onMessage({ kind: "session", session: data });
      }
    };
  }
  const lead = (): Promise<void> =>
    readLive(
      (signal) => api.stream("/v1/sessions/live", { accept: "text/event-stream", signal }),
      abort.signal,
      (message) => {
        onMessage(message);
        channel?.postMessage(message.kind === "joined" ? "joined" : message.session);
      },
      status.set,
    );
  if ("locks" in navigator) {
    navigator.locks.request(`sealtape-live-${member}`, { signal: abort.signal }, lead).catch(() => undefined);
  } else {
    void lead();
  }
  return {
    status,
    close: () => {
      abort.abort();
      channel?.close();
    },
  };
}
