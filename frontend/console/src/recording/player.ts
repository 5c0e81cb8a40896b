/**
 * Purpose: the console's hold on the player frame.
 * Design: what is sent before the player is ready waits in order; what the player says becomes one state. The frame is on
 * another origin, so the port is the only way in either direction.
 */
import { connectPlayer, type FromPlayer, type PlayerPort, type Speed, type ToPlayer } from "@sealtape/replay/protocol";
import { createStore, type Store } from "./store";

/** What the player shows. */
export interface PlayerState {
  readonly ready: boolean;
  readonly firstFrame: boolean;
  /** Epoch ms on show; 0 before the first picture. */
  readonly ms: number;
  readonly startMs: number;
  readonly durationMs: number;
  readonly playing: boolean;
  readonly waiting: boolean;
  readonly following: boolean;
  readonly finished: boolean;
  readonly tab: number;
  readonly tabs: readonly number[];
  readonly speed: Speed;
  readonly skipIdle: boolean;
  readonly error: string | undefined;
}

const IDLE: PlayerState = {
  ready: false,
  firstFrame: false,
  ms: 0,
  startMs: 0,
  durationMs: 0,
  playing: false,
  waiting: false,
  following: false,
  finished: false,
  tab: 0,
  tabs: [],
  speed: 1,
  skipIdle: true,
  error: undefined,
};

/** The player's state after one of its messages. */
export function playerSaid(state: PlayerState, message: FromPlayer): PlayerState {
  switch (message.type) {
    case "ready":
      return { ...state, ready: true };
    case "meta":
      return { ...state, startMs: message.start_ms, durationMs: message.duration_ms, tabs: message.tabs };
    case "first-frame":
      return { ...state, firstFrame: true };
    case "time":
      return {
        ...state,
        ms: message.ms,
        playing: message.playing,
        waiting: message.waiting,
        following: message.following,
        tab: message.tab,
        finished: false,
      };
    case "finished":
      return { ...state, playing: false, finished: true };
    case "error":
      return { ...state, error: message.detail };
    case "dom":
      return state;
  }
}

/** A player frame under control. */
export interface Player {
  readonly store: Pick<Store<PlayerState>, "get" | "subscribe">;
  /** Call when the frame has loaded. A second load (the frame was moved or reloaded) starts over. */
  readonly attach: (frame: Pick<Window, "postMessage">, origin: string) => void;
  readonly send: (message: ToPlayer) => void;
  readonly setSpeed: (speed: Speed) => void;
  readonly setSkipIdle: (on: boolean) => void;
  readonly close: () => void;
}

/** A player with nothing attached. */
export function createPlayer(): Player {
  const store = createStore<PlayerState>(IDLE);
  let port: PlayerPort | undefined;
  let waiting: ToPlayer[] = [];

  const send = (message: ToPlayer): void => {
    if (port !== undefined && store.get().ready) port.send(message);
    else waiting.push(message);
  };
  const hear = (message: FromPlayer): void => {
    store.set(playerSaid(store.get(), message));
    if (message.type !== "ready") return;
    const held = waiting;
    waiting = [];
    for (const each of held) send(each);
  };

  send({ type: "skip-idle", on: IDLE.skipIdle });
  return {
    store,
    send,
    attach: (frame, origin) => {
      port?.close();
      port = connectPlayer(frame, origin, hear);
    },
    setSpeed: (speed) => {
      store.set({ ...store.get(), speed });
      send({ type: "speed", value: speed });
    },
    setSkipIdle: (on) => {
      store.set({ ...store.get(), skipIdle: on });
      send({ type: "skip-idle", on });
    },
    close: () => {
      port?.close();
      port = undefined;
    },
  };
}
