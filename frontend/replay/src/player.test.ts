import { beforeEach, describe, expect, it } from "vitest";
import { Player } from "./player";
import type { FromPlayer, RecordedEvent } from "./protocol";
import type { Stage } from "./stage";
import { change, click, meta, snapshot } from "./testing/events";

/** A world whose clock and frames the test moves by hand and whose stages write down what they are told. */
class TestWorld {
  clock = 0;
  frames: (() => void)[] = [];
  sent: FromPlayer[] = [];
  log: string[] = [];
  notes: (string | undefined)[] = [];
  fed = 0;
  gaps: (string | undefined)[] = [];
  readonly player = new Player({
    now: () => this.clock,
    frame: (callback) => this.frames.push(callback),
    send: (message) => this.sent.push(message),
    stage: (known, on): Stage => {
      this.log.push(`build ${known.tab} with ${known.events.length}`);
      queueMicrotask(() => on.onFrame());
      return {
        tab: known.tab,
        feed: (events) => void (this.fed += events.length),
        playFrom: (ms) => this.log.push(`play ${ms}`),
        showAt: (ms) => this.log.push(`show ${ms}`),
        stop: () => {
          this.log.push("stop");
          return 0;
        },
        setSpeed: (speed) => this.log.push(`speed ${speed}`),
        dump: () => "<html>",
        destroy: () => this.log.push(`destroy ${known.tab}`),
      };
    },
    view: {
      onSize: () => undefined,
      gap: (gap) => this.gaps.push(gap?.reason),
      waiting: (reason) => this.notes.push(reason),
      skipped: (ms) => this.log.push(`skipped ${Math.round(ms)}`),
      theme: () => undefined,
      locale: () => undefined,
    },
  });

  async events(tab: number, ...events: RecordedEvent[]): Promise<void> {
    this.player.receive({ type: "events", tab, events });
    await Promise.resolve();
    this.runFrames();
  }
  /** Lets time pass in one frame. */
  pass(ms: number): void {
    this.clock += ms;
    this.runFrames();
  }
  private runFrames(): void {
    for (const callback of this.frames.splice(0)) callback();
  }
  get time(): Extract<FromPlayer, { type: "time" }> | undefined {
    return this.sent.filter((message) => message.type === "time").at(-1);
  }
}

let world = new TestWorld();
beforeEach(() => {
  world = new TestWorld();
});

describe("feeding", () => {
  it("shows the first frame as soon as the first full snapshot is in", async () => {
    await world.events(0, meta(1_000));
    expect(world.log).toEqual([]);
    await world.events(0, snapshot(1_010));
    expect(world.log).toEqual(["build 0 with 2", "speed 1", "show 1010"]);
    expect(world.sent.map(({ type }) => type)).toEqual(["ready", "meta", "meta", "first-frame"]);
  });

  it("feeds later batches to the stage and grows the bounds", async () => {
    await world.events(0, meta(1_000), snapshot(1_010));
    await world.events(0, change(1_500), click(2_000));
    expect(world.fed).toBe(2);
    const told = world.sent.filter(({ type }) => type === "meta").length;
    world.player.receive({ type: "end", live: false });
    expect(world.sent.filter(({ type }) => type === "meta")).toHaveLength(told + 1);
    expect(world.sent.findLast(({ type }) => type === "meta")).toEqual({
      type: "meta",
      start_ms: 1_000,
      duration_ms: 1_000,
      tabs: [0],
    });
  });

  it("waits at the end of what is loaded and goes on with the next batch", async () => {
    await world.events(0, meta(1_000), snapshot(1_010));
    world.player.receive({ type: "play" });
    world.pass(50);
    expect(world.time).toMatchObject({ ms: 1_010, playing: true, waiting: true });
    await world.events(0, click(5_000));
    world.pass(100);
    expect(world.time).toMatchObject({ ms: 1_110, waiting: false });
  });

  it("stops waiting when it hears that nothing more will come", async () => {
    await world.events(0, meta(1_000), snapshot(1_010));
    world.player.receive({ type: "end", live: true });
    world.pass(50);
    expect(world.time).toMatchObject({ playing: true, waiting: true });
    world.player.receive({ type: "end", live: false });
    expect(world.time).toMatchObject({ ms: 1_010, playing: false, waiting: false });
    expect(world.sent.at(-1)).toEqual({ type: "finished" });
  });

  it("reports a failure without its text and keeps going", async () => {
    await world.events(0, meta(1_000), snapshot(1_010));
    world.player.receive({ type: "dump-dom" });
    expect(world.sent.at(-1)).toEqual({ type: "dom", html: "<html>" });
  });
});

describe("playing", () => {
  it("ends a finished session once and starts again from the beginning", async () => {
    await world.events(0, meta(1_000), snapshot(1_010), click(1_400));
    world.player.receive({ type: "end", live: false });
    world.player.receive({ type: "speed", value: 2 });
    world.player.receive({ type: "play" });
    world.pass(300);
    expect(world.sent.filter(({ type }) => type === "finished")).toHaveLength(1);
    expect(world.time).toMatchObject({ ms: 1_400, playing: false });
    expect(world.log.at(-1)).toBe("show 1400");
    world.player.receive({ type: "play" });
    expect(world.time).toMatchObject({ ms: 1_000, playing: true });
  });

  it("pauses without rebuilding the page", async () => {
    await world.events(0, meta(1_000), snapshot(1_010), click(9_000));
    world.player.receive({ type: "play" });
    world.pass(100);
    const before = world.log.length;
    world.player.receive({ type: "pause" });
    expect(world.log.slice(before)).toEqual(["stop"]);
    expect(world.time).toMatchObject({ ms: 1_100, playing: false });
    world.pass(100);
    expect(world.time).toMatchObject({ ms: 1_100 });
  });

  it("skips idle stretches up to just before the next thing done", async () => {
    await world.events(0, meta(1_000), snapshot(1_010), click(2_000), change(20_000), click(60_000), click(61_000));
    world.player.receive({ type: "skip-idle", on: true });
    world.player.receive({ type: "seek", ms: 2_500 });
    world.player.receive({ type: "play" });
    world.pass(400);
    expect(world.log).not.toContain("skipped");
    world.pass(200);
    expect(world.log).toContain("skipped 55900");
    world.pass(16);
    expect(world.time?.ms).toBeGreaterThanOrEqual(59_000);
  });

  it("changes to the tab in front, and back", async () => {
    await world.events(0, meta(1_000), snapshot(1_010), click(1_100), click(3_000));
    await world.events(1, meta(2_000), snapshot(2_010), click(2_100));
    world.player.receive({ type: "seek", ms: 2_200 });
    expect(world.time).toMatchObject({ tab: 1 });
    expect(world.log).toContain("destroy 0");
    world.player.receive({ type: "play" });
    world.pass(799);
    world.pass(1);
    expect(world.time).toMatchObject({ tab: 0 });
  });
});

describe("seeking", () => {
  it("reaches a time that is not loaded yet when its events arrive", async () => {
    await world.events(0, meta(1_000), snapshot(1_010));
    world.player.receive({ type: "seek", ms: 5_000 });
    expect(world.time).toBeUndefined();
    await world.events(0, click(4_000));
    expect(world.time).toBeUndefined();
    await world.events(0, click(6_000));
    expect(world.time).toMatchObject({ ms: 5_000 });
  });

  it("stays inside the session", async () => {
    await world.events(0, meta(1_000), snapshot(1_010), click(2_000));
    world.player.receive({ type: "end", live: false });
    world.player.receive({ type: "seek", ms: 0 });
    expect(world.time).toMatchObject({ ms: 1_000 });
    world.player.receive({ type: "seek", ms: 99_999 });
    expect(world.time).toMatchObject({ ms: 2_000 });
  });

  it("draws what arrives late for the time on show", async () => {
    await world.events(0, meta(1_000), snapshot(1_010));
    await world.events(1, meta(1_000), snapshot(1_020), change(3_000));
    world.player.receive({ type: "seek", ms: 3_000 });
    const tab = world.time?.tab ?? 0;
    const before = world.log.length;
    await world.events(tab, change(2_000));
    expect(world.log.slice(before)).toEqual(["show 3000"]);
  });

  it("steps to the next change and stops there", async () => {
    await world.events(0, meta(1_000), snapshot(1_010), change(1_500), click(2_000));
    world.player.receive({ type: "play" });
    world.player.receive({ type: "step" });
    expect(world.time).toMatchObject({ ms: 1_010, playing: false });
    world.player.receive({ type: "step" });
    expect(world.time).toMatchObject({ ms: 1_500 });
    world.player.receive({ type: "step", back: true });
    expect(world.time).toMatchObject({ ms: 1_010 });
  });
});

describe("live", () => {
  it("follows the newest batch until the viewer seeks", async () => {
    await world.events(0, meta(1_000), snapshot(1_010), click(60_000));
    world.player.receive({ type: "end", live: true });
    expect(world.time).toMatchObject({ ms: 55_000, playing: true, following: true });
    for (let batch = 0; batch < 5; batch += 1) world.pass(1_000);
    expect(world.time).toMatchObject({ ms: 60_000, waiting: true });
    await world.events(0, click(100_000));
    expect(world.time).toMatchObject({ ms: 95_000, waiting: false });
    world.player.receive({ type: "seek", ms: 2_000 });
    await world.events(0, click(140_000));
    expect(world.time).toMatchObject({ ms: 2_000, following: false });
  });
});

describe("gaps", () => {
  it("names the gap at the present time", async () => {
    await world.events(0, meta(1_000), snapshot(1_010), click(9_000));
    world.player.receive({ type: "gaps", gaps: [{ tab: 0, from_ms: 3_000, to_ms: 4_000, reason: "shed" }] });
    world.player.receive({ type: "seek", ms: 3_500 });
    expect(world.gaps.at(-1)).toBe("shed");
    world.player.receive({ type: "seek", ms: 4_500 });
    expect(world.gaps.at(-1)).toBeUndefined();
  });
});
