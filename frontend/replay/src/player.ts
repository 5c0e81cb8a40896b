/**
 * Purpose: decides what is on show. Messages of the console go in, the stage moves, messages come out.
 *
 * Design: the player has its own clock over the whole session, because a session has several tabs, events
 * that arrive while it plays, and ends that move. The stage (one tab's rrweb replayer) is told where that
 * clock is whenever it jumps, starts or stops, and otherwise runs along by itself.
 *
 * To add a control: a message in `protocol.ts`, a row in `handle`.
 */
import type { FromPlayer, RecordedEvent, RecordedGap, Speed, ToPlayer } from "./protocol";
import type { Stage, StageEvents } from "./stage";
import { Timeline, type TabEvents } from "./timeline";

/** Nothing done for this long is idle and may be skipped … */
const IDLE_MS = 5_000;
/** … up to this long before the next thing done. */
const LEAD_MS = 1_000;
/** A follower of a live session who fell back this far jumps to the newest batch. */
const MAX_LAG_MS = 15_000;
/** Length of an agent's batch: where a jump to the live edge starts, so that the newest batch plays smoothly. */
const BATCH_MS = 5_000;
/** Time messages while playing. */
const REPORT_MS = 100;

/** Everything outside that the player touches. */
export interface PlayerWorld {
  /** Monotonic milliseconds. */
  now(): number;
  /** Calls back at the next frame. */
  frame(callback: () => void): void;
  send(message: FromPlayer): void;
  stage(known: TabEvents, on: StageEvents): Stage;
  view: {
    onSize(width: number, height: number): void;
    gap(gap: RecordedGap | undefined): void;
    waiting(reason: "first" | "events" | undefined): void;
    skipped(ms: number): void;
    theme(dark: boolean): void;
    locale(locale: "en" | "de"): void;
  };
}

export class Player {
  private readonly timeline = new Timeline();
  private stage: Stage | undefined;
  private ms = 0;
  private lastNow = 0;
  private lastReport = 0;
  private lastBounds = -Infinity;
  private tabsTold = 0;
  private playing = false;
  private waiting = false;
  private ended = false;
  private live = false;
  /** Undefined until the viewer chose: then a live session is followed. */
  private follow: boolean | undefined;
  private pendingSeek: number | undefined;
  private speed: Speed = 1;
  private skipIdle = false;
  private framed = false;

  constructor(private readonly world: PlayerWorld) {
    world.view.waiting("first");
    world.send({ type: "ready" });
  }

  /** Takes one checked message. A failure is reported, never thrown: a hostile recording must not stop the player. */
  receive(message: ToPlayer): void {
    try {
      this.handle(message);
    } catch (error) {
      // rrweb's error texts may quote the page; only the kind of error leaves.
      this.world.send({ type: "error", detail: error instanceof Error ? error.name : "Error" });
    }
  }

  private handle(message: ToPlayer): void {
    switch (message.type) {
      case "events":
        this.addEvents(message.tab, message.events);
        return;
      case "gaps":
        this.timeline.setGaps(message.gaps);
        this.report();
        return;
      case "end":
        this.loaded(message.live);
        return;
      case "play":
        this.play();
        return;
      case "pause":
        this.pause();
        return;
      case "seek":
        this.follow = false;
        this.seek(message.ms);
        return;
      case "speed":
        this.speed = message.value;
        this.stage?.setSpeed(message.value);
        return;
      case "skip-idle":
        this.skipIdle = message.on;
        return;
      case "step":
        this.step(message.back === true);
        return;
      case "follow":
        this.follow = message.on;
        if (message.on) this.toLiveEdge();
        this.report();
        return;
      case "theme":
        this.world.view.theme(message.dark);
        return;
      case "locale":
        this.world.view.locale(message.locale);
        return;
      case "dump-dom":
        this.world.send({ type: "dom", html: this.stage?.dump() ?? "" });
    }
  }

  private get following(): boolean {
    return this.live && (this.follow ?? true);
  }

  private addEvents(tab: number, events: readonly RecordedEvent[]): void {
    const drawn = this.timeline.add(tab, events);
    const { startMs, endMs } = this.timeline;
    if (startMs === undefined) return;
    this.bounds(false);
    if (this.stage === undefined) {
      if (this.timeline.shownTabs().length === 0) return;
      this.ms = startMs;
      this.show();
    } else if (this.stage.tab === tab && drawn.length > 0) {
      this.stage.feed(drawn);
      // rrweb takes events in a later microtask; what belongs before the present time is drawn by showing it again.
      if ((drawn[0]?.timestamp ?? endMs) <= this.ms)
        queueMicrotask(() => {
          this.show();
        });
    }
    if (this.pendingSeek !== undefined) this.seek(this.pendingSeek);
    if (this.following && this.ended && endMs - this.ms > MAX_LAG_MS) this.toLiveEdge();
    if (this.waiting && this.ms < endMs) this.continueFrom(this.ms);
  }

  /** Tells the bounds of what is loaded; while batches come in, only now and then. */
  private bounds(now: boolean): void {
    const { startMs, endMs } = this.timeline;
    const tabs = this.timeline.shownTabs();
    if (startMs === undefined) return;
    const soon = this.world.now() - this.lastBounds < REPORT_MS;
    if (!now && soon && tabs.length === this.tabsTold) return;
    this.lastBounds = this.world.now();
    this.tabsTold = tabs.length;
    this.world.send({ type: "meta", start_ms: startMs, duration_ms: endMs - startMs, tabs });
  }

  private loaded(live: boolean): void {
    const first = !this.ended;
    this.ended = true;
    this.live = live;
    this.bounds(true);
    if (this.pendingSeek !== undefined) this.seek(this.pendingSeek);
    if (first && this.following && this.stage !== undefined) this.toLiveEdge();
    if (!live && this.waiting) {
      // What was waited for will not come.
      this.setWaiting(false);
      this.reachEnd();
      return;
    }
    this.report();
  }

  private toLiveEdge(): void {
    this.pendingSeek = undefined;
    const first = this.timeline.startMs ?? 0;
    this.playing = true;
    this.continueFrom(Math.max(first, this.ms, this.timeline.endMs - BATCH_MS));
  }

  private play(): void {
    if (this.stage === undefined) {
      this.playing = true;
      return;
    }
    const finished = this.ended && !this.live && this.ms >= this.timeline.endMs;
    this.playing = true;
    this.continueFrom(finished ? (this.timeline.startMs ?? 0) : this.ms);
  }

  private pause(): void {
    if (this.playing && !this.waiting && this.stage !== undefined) {
      // rrweb's clock may be a frame ahead; going back to ours would rebuild the page.
      this.ms = Math.min(Math.max(this.ms, this.stage.stop()), this.timeline.endMs);
    }
    this.playing = false;
    this.setWaiting(false);
    this.report();
  }

  private seek(ms: number): void {
    const { startMs, endMs } = this.timeline;
    if (this.stage === undefined || startMs === undefined || (ms > endMs && !this.ended)) {
      this.pendingSeek = ms;
      return;
    }
    this.pendingSeek = undefined;
    this.continueFrom(Math.min(Math.max(ms, startMs), endMs));
  }

  private step(back: boolean): void {
    if (this.stage === undefined) return;
    this.follow = false;
    this.pause();
    const to = this.timeline.stepFrom(this.stage.tab, this.ms, back);
    if (to !== undefined) this.continueFrom(to);
  }

  /** Puts the clock at `ms` and shows it, playing on if the player plays. */
  private continueFrom(ms: number): void {
    this.ms = ms;
    this.setWaiting(false);
    this.show();
    if (this.playing) this.start();
    this.report();
  }

  private show(): void {
    const tab = this.timeline.activeTab(this.ms);
    const known = tab === undefined ? undefined : this.timeline.eventsOf(tab);
    if (known === undefined) return;
    if (this.stage?.tab !== known.tab) {
      this.stage?.destroy();
      this.stage = this.world.stage(known, {
        onFrame: () => {
          this.onFrame();
        },
        onSize: (width, height) => {
          this.world.view.onSize(width, height);
        },
      });
      this.stage.setSpeed(this.speed);
    }
    // A tab has nothing to show before its first snapshot.
    const from = Math.max(this.ms, known.snapshotMs ?? this.ms);
    if (this.playing && !this.waiting) this.stage.playFrom(from);
    else this.stage.showAt(from);
  }

  private onFrame(): void {
    if (this.framed) return;
    this.framed = true;
    this.world.view.waiting(undefined);
    this.world.frame(() => {
      this.world.send({ type: "first-frame" });
      if (this.playing) this.continueFrom(this.ms);
    });
  }

  private ticking = false;

  private start(): void {
    this.lastNow = this.world.now();
    if (this.ticking) return;
    this.ticking = true;
    this.world.frame(() => {
      this.tick();
    });
  }

  private tick(): void {
    if (!this.playing || this.waiting) {
      this.ticking = false;
      return;
    }
    const now = this.world.now();
    this.ms += (now - this.lastNow) * this.speed;
    this.lastNow = now;
    if (this.ms >= this.timeline.endMs) {
      this.reachEnd();
    } else {
      const jump = this.skipIdle ? this.idleUntil() : undefined;
      if (jump !== undefined) {
        this.world.view.skipped(jump - this.ms);
        this.ms = jump;
        this.show();
      } else if (this.timeline.activeTab(this.ms) !== this.stage?.tab) {
        this.show();
      }
    }
    if (now - this.lastReport >= REPORT_MS) this.report();
    this.world.frame(() => {
      this.tick();
    });
  }

  private reachEnd(): void {
    this.ms = this.timeline.endMs;
    if (this.ended && !this.live) {
      this.playing = false;
      this.show();
      this.report();
      this.world.send({ type: "finished" });
    } else {
      this.setWaiting(true);
      this.show();
      this.report();
    }
  }

  /** Where the present idle stretch ends, if the clock is in one that is long enough to skip. */
  private idleUntil(): number | undefined {
    const { before, next } = this.timeline.activityAround(this.ms);
    if (before !== undefined && this.ms - before < LEAD_MS) return undefined;
    const until = next === undefined ? (this.ended && !this.live ? this.timeline.endMs : undefined) : next - LEAD_MS;
    return until !== undefined && until - this.ms > IDLE_MS - 2 * LEAD_MS ? until : undefined;
  }

  private setWaiting(waiting: boolean): void {
    if (this.waiting === waiting) return;
    this.waiting = waiting;
    this.world.view.waiting(waiting && !this.following ? "events" : undefined);
  }

  private report(): void {
    this.lastReport = this.world.now();
    const tab = this.stage?.tab ?? 0;
    this.world.view.gap(this.timeline.gapAt(tab, this.ms));
    this.world.send({
      type: "time",
      ms: this.ms,
      playing: this.playing,
      tab,
      waiting: this.waiting,
      following: this.following,
    });
  }
}
