/**
 * Purpose: the messages between the console and the player, and the hand-shake that joins them.
 *
 * Design: the player lives on the replay origin and has no network of its own. The console fetches
 * recorded events and passes them over one `MessagePort`. Both sides check the other's origin once:
 * the console by naming the replay origin as the target of `sealtape/connect`, the player by comparing
 * `event.origin` with the console origin that the server wrote into its page. After that only the
 * holder of the other end of the port can speak, and every message is still checked for shape.
 *
 * All times called `ms` are epoch milliseconds, the clock of the recorded events; `duration_ms` is a length.
 *
 * To add a message: extend the union, its row in the table of guards below, and the handler in `player.ts`.
 */

/** A raw rrweb event as stored; only the fields that every event has are typed. */
export interface RecordedEvent {
  type: number;
  timestamp: number;
  data: unknown;
}

/** A stretch of time that was not recorded, as the events stream or the session's `gap_list` names it. */
export interface RecordedGap {
  tab: number;
  from_ms: number;
  to_ms: number;
  reason: string;
}

/** Speeds that the player offers; other values are refused. */
export const SPEEDS = [0.5, 1, 2, 4, 8, 16] as const;
export type Speed = (typeof SPEEDS)[number];

/** Languages of the player's own few words (gap reasons, "waiting for events"). */
export type PlayerLocale = "en" | "de";

/** What the console sends over the port. */
export type ToPlayer =
  /** Events of one tab, in stored order. Call as often as wanted; the first frame appears with the first full snapshot. */
  | { type: "events"; tab: number; events: RecordedEvent[] }
  /** Gaps of the session; replaces the gaps given before. */
  | { type: "gaps"; gaps: RecordedGap[] }
  /** All events known now have been sent. `live`: more will come, so reaching the end is not the end. */
  | { type: "end"; live: boolean }
  | { type: "play" }
  | { type: "pause" }
  /** Jump to a time; a time that is not loaded yet is reached when its events arrive. */
  | { type: "seek"; ms: number }
  | { type: "speed"; value: Speed }
  /** Jump over stretches in which the recorded person did nothing. */
  | { type: "skip-idle"; on: boolean }
  /** Stop and show the next (or previous) change of the page. */
  | { type: "step"; back?: boolean }
  /** Stay at the newest event of a live session (default for live sessions until the viewer seeks). */
  | { type: "follow"; on: boolean }
  | { type: "theme"; dark: boolean }
  | { type: "locale"; locale: PlayerLocale }
  /** Answered with `dom`: the normalised document on show. For tests. */
  | { type: "dump-dom" };

/** What the player sends over the port. */
export type FromPlayer =
  /** The port is accepted; send events now. */
  | { type: "ready" }
  /** Bounds of what is loaded; sent again whenever they grow. */
  | { type: "meta"; start_ms: number; duration_ms: number; tabs: number[] }
  /** The first picture is on the screen. */
  | { type: "first-frame" }
  /** Where the player is: at most ten times a second while it plays, and after every change. */
  | { type: "time"; ms: number; playing: boolean; tab: number; waiting: boolean; following: boolean }
  /** Playing reached the end of a finished session. */
  | { type: "finished" }
  | { type: "dom"; html: string }
  /** Something could not be shown. The text names no recorded content. */
  | { type: "error"; detail: string };

/** The one window message, console → player, carrying the port. */
export const CONNECT = "sealtape/connect";

type Fields = Record<string, unknown>;
type Guards<M extends { type: string }> = { [T in M["type"]]: (fields: Fields) => boolean };

const always = (): boolean => true;
const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const isTime = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value) && value >= 0;
const isFlag = (value: unknown): boolean => typeof value === "boolean";
const isTab = (value: unknown): boolean =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xffff;

/** Whether a value has the outer shape of an rrweb event. Its `data` is checked where it is used. */
export function isRecordedEvent(value: unknown): value is RecordedEvent {
  return (
    isObject(value) &&
    typeof value["type"] === "number" &&
    Number.isInteger(value["type"]) &&
    isTime(value["timestamp"]) &&
    "data" in value
  );
}

/** Whether a value is a gap with an order of times that can be drawn. */
export function isRecordedGap(value: unknown): value is RecordedGap {
  return (
    isObject(value) &&
    isTab(value["tab"]) &&
    isTime(value["from_ms"]) &&
    isTime(value["to_ms"]) &&
    Number(value["to_ms"]) >= Number(value["from_ms"]) &&
    typeof value["reason"] === "string"
  );
}

const toPlayer: Guards<ToPlayer> = {
  events: (m) => isTab(m["tab"]) && Array.isArray(m["events"]) && m["events"].every(isRecordedEvent),
  gaps: (m) => Array.isArray(m["gaps"]) && m["gaps"].every(isRecordedGap),
  end: (m) => isFlag(m["live"]),
  play: always,
  pause: always,
  seek: (m) => isTime(m["ms"]),
  speed: (m) => SPEEDS.some((speed) => speed === m["value"]),
  "skip-idle": (m) => isFlag(m["on"]),
  step: (m) => m["back"] === undefined || isFlag(m["back"]),
  follow: (m) => isFlag(m["on"]),
  theme: (m) => isFlag(m["dark"]),
  locale: (m) => m["locale"] === "en" || m["locale"] === "de",
  "dump-dom": always,
};

const fromPlayer: Guards<FromPlayer> = {
  ready: always,
  meta: (m) => isTime(m["start_ms"]) && isTime(m["duration_ms"]) && Array.isArray(m["tabs"]) && m["tabs"].every(isTab),
  "first-frame": always,
  time: (m) =>
    isTime(m["ms"]) && isFlag(m["playing"]) && isTab(m["tab"]) && isFlag(m["waiting"]) && isFlag(m["following"]),
  finished: always,
  dom: (m) => typeof m["html"] === "string",
  error: (m) => typeof m["detail"] === "string",
};

function matches<M extends { type: string }>(guards: Guards<M>, value: unknown): boolean {
  if (!isObject(value) || typeof value["type"] !== "string") return false;
  const guard = Object.entries<(fields: Fields) => boolean>(guards).find(([type]) => type === value["type"]);
  return guard !== undefined && guard[1](value);
}

/** Whether a value is a well-formed message to the player. */
export const isToPlayer = (value: unknown): value is ToPlayer => matches(toPlayer, value);

/** Whether a value is a well-formed message from the player. */
export const isFromPlayer = (value: unknown): value is FromPlayer => matches(fromPlayer, value);

/** The console's end of the connection. */
export interface PlayerPort {
  send(message: ToPlayer): void;
  close(): void;
}

/** The part of the player's window that the console uses. */
export interface PlayerWindow {
  postMessage(message: unknown, targetOrigin: string, transfer: Transferable[]): void;
}

/**
 * Joins the console to a player whose iframe has finished loading (call it from the iframe's `load` event).
 *
 * `replayOrigin` is the exact origin that may receive the port: if the frame shows anything else, the
 * browser drops the message. Messages that are not well-formed are ignored.
 */
export function connectPlayer(
  frame: PlayerWindow,
  replayOrigin: string,
  onMessage: (message: FromPlayer) => void,
): PlayerPort {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (isFromPlayer(data)) onMessage(data);
  };
  frame.postMessage({ type: CONNECT }, replayOrigin, [port2]);
  return {
    send: (message) => {
      port1.postMessage(message);
    },
    close: () => {
      port1.close();
    },
  };
}

/**
 * The player's side: waits for the first `sealtape/connect` that comes from `consoleOrigin` and from the
 * window that embeds this page, and hands over its port once. Anything else is ignored, silently, so that a
 * stranger learns nothing. Returns a function that stops waiting.
 */
export function acceptConsole(self: Window, consoleOrigin: string, onPort: (port: MessagePort) => void): () => void {
  const listen = (event: MessageEvent<unknown>): void => {
    const port = event.ports[0];
    if (event.origin !== consoleOrigin || event.source !== self.parent || port === undefined) return;
    if (!isObject(event.data) || event.data["type"] !== CONNECT) return;
    stop();
    onPort(port);
  };
  const stop = (): void => {
    self.removeEventListener("message", listen);
  };
  self.addEventListener("message", listen);
  return stop;
}
