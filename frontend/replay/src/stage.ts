/**
 * One rrweb replayer showing one tab. The only file that knows rrweb's player.
 *
 * rrweb runs in its live mode, in which it neither stops by itself at the newest event nor starts from
 * nothing after it: the player's own clock decides (`player.ts`). Canvas replay stays off, because it would
 * give the recorded page's frame scripts.
 */
import { Replayer } from "@rrweb/replay";
import type { eventWithTime } from "@rrweb/types";
import { normalise } from "./normalise";
import type { RecordedEvent, Speed } from "./protocol";
import type { TabEvents } from "./timeline";

/** rrweb applies what lies strictly before a time; with this, "at a time" includes its event. */
const INCLUSIVE_MS = 0.5;

/** What the player needs of a stage; tests give it a simple one. */
export interface Stage {
  readonly tab: number;
  /** Adds events that come after all others of this tab. */
  feed(events: readonly RecordedEvent[]): void;
  playFrom(ms: number): void;
  showAt(ms: number): void;
  /** Stops where it is and returns that time. */
  stop(): number;
  setSpeed(speed: Speed): void;
  dump(): string;
  destroy(): void;
}

/** What the stage reports. */
export interface StageEvents {
  onFrame(): void;
  onSize(width: number, height: number): void;
}

// rrweb's union is closed over shapes that the sanitiser has looked at one by one; this is where they meet.
const isPlayable = (event: RecordedEvent): event is RecordedEvent & eventWithTime =>
  typeof event.type === "number" && typeof event.data === "object" && event.data !== null;

/** Builds a stage for a tab inside `root`. */
export function rrwebStage(root: HTMLElement, known: TabEvents, on: StageEvents): Stage {
  const events = known.events.filter(isPlayable);
  const firstMs = events[0]?.timestamp ?? 0;
  const replayer = new Replayer(events, {
    root,
    liveMode: true,
    useVirtualDom: true,
    UNSAFE_replayCanvas: false,
    // Focus would be taken away from the console, in which this page is embedded.
    triggerFocus: false,
    skipInactive: false,
    showWarning: false,
    showDebug: false,
    mouseTail: { duration: 400, lineWidth: 2, strokeStyle: "#0b6b63" },
  });
  replayer.iframe.setAttribute("title", "Recorded page");
  replayer.iframe.tabIndex = -1;
  replayer.on("fullsnapshot-rebuilded", () => {
    on.onFrame();
  });
  replayer.on("resize", (size: unknown) => {
    if (typeof size !== "object" || size === null || !("width" in size) || !("height" in size)) return;
    on.onSize(Number(size.width), Number(size.height));
  });
  const offset = (ms: number): number => Math.max(0, ms - firstMs) + INCLUSIVE_MS;
  return {
    tab: known.tab,
    feed: (more) => {
      for (const event of more) if (isPlayable(event)) replayer.addEvent(event);
    },
    playFrom: (ms) => {
      replayer.play(offset(ms));
    },
    showAt: (ms) => {
      replayer.pause(offset(ms));
    },
    stop: () => {
      replayer.pause();
      return firstMs + Math.max(0, replayer.getCurrentTime() - INCLUSIVE_MS);
    },
    setSpeed: (speed) => {
      // Brings rrweb's clock up to now before its pace changes; otherwise idle time would be counted at the new one.
      replayer.getCurrentTime();
      replayer.setConfig({ speed });
    },
    dump: () => (replayer.iframe.contentDocument === null ? "" : normalise(replayer.iframe.contentDocument)),
    destroy: () => {
      replayer.destroy();
    },
  };
}
