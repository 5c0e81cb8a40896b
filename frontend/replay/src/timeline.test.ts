import { describe, expect, it } from "vitest";
import type { RecordedEvent } from "./protocol";
import { change, click, meta, snapshot } from "./testing/events";
import { Timeline } from "./timeline";

const plugin = (timestamp: number, name: string, payload: object): RecordedEvent => ({
  type: 6,
  timestamp,
  data: { plugin: name, payload },
});

describe("tabs", () => {
  it("follows the tab that was used last", () => {
    const timeline = new Timeline();
    timeline.add(0, [meta(100), snapshot(101), click(150), change(500), click(900)]);
    timeline.add(1, [meta(300), snapshot(301), plugin(302, "sealtape/nav@1", { kind: "load" }), click(400)]);
    expect(timeline.activeTab(120)).toBe(0);
    expect(timeline.activeTab(299)).toBe(0);
    expect(timeline.activeTab(302)).toBe(1);
    expect(timeline.activeTab(600)).toBe(1);
    expect(timeline.activeTab(900)).toBe(0);
    expect(timeline.shownTabs()).toEqual([0, 1]);
  });

  it("never chooses a tab that has nothing to show", () => {
    const timeline = new Timeline();
    timeline.add(1, [click(50)]);
    expect(timeline.activeTab(60)).toBeUndefined();
    timeline.add(0, [meta(10), snapshot(11)]);
    expect(timeline.activeTab(60)).toBe(0);
  });
});

describe("order", () => {
  it("keeps events sorted inside a batch and later batches later", () => {
    const timeline = new Timeline();
    timeline.add(0, [meta(100), snapshot(101), change(110), change(105)]);
    const late = timeline.add(0, [change(110), change(104), change(120)]);
    expect(late.map(({ timestamp }) => timestamp)).toEqual([110.001, 110.001, 120]);
    const times = timeline.eventsOf(0)?.events.map(({ timestamp }) => timestamp) ?? [];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times.slice(0, 4)).size).toBe(4);
  });

  it("knows its bounds over all tabs", () => {
    const timeline = new Timeline();
    expect(timeline.startMs).toBeUndefined();
    timeline.add(1, [meta(300), snapshot(301)]);
    timeline.add(0, [meta(100), plugin(900, "sealtape/console@1", {})]);
    expect([timeline.startMs, timeline.endMs]).toEqual([100, 900]);
  });
});

describe("gaps", () => {
  it("finds gaps of the server and of the recorder, by tab", () => {
    const timeline = new Timeline();
    timeline.add(0, [meta(1), snapshot(2), plugin(50, "sealtape/gap@1", { from_ms: 20, to_ms: 40, reason: "shed" })]);
    timeline.setGaps([{ tab: 0, from_ms: 60, to_ms: 70, reason: "missing" }]);
    expect(timeline.gapAt(0, 19)).toBeUndefined();
    expect(timeline.gapAt(0, 20)?.reason).toBe("shed");
    expect(timeline.gapAt(0, 40)).toBeUndefined();
    expect(timeline.gapAt(0, 65)?.reason).toBe("missing");
    expect(timeline.gapAt(1, 65)).toBeUndefined();
    timeline.setGaps([]);
    expect(timeline.gapAt(0, 65)).toBeUndefined();
    expect(timeline.gapAt(0, 30)?.reason).toBe("shed");
  });
});

describe("steps", () => {
  it("moves over changes and clicks, not over the mouse", () => {
    const timeline = new Timeline();
    const move: RecordedEvent = {
      type: 3,
      timestamp: 130,
      data: { source: 1, positions: [{ x: 1, y: 1, id: 1, timeOffset: 0 }] },
    };
    timeline.add(0, [meta(100), snapshot(110), change(120), move, click(140)]);
    expect(timeline.stepFrom(0, 110, false)).toBe(120);
    expect(timeline.stepFrom(0, 120, false)).toBe(140);
    expect(timeline.stepFrom(0, 140, false)).toBeUndefined();
    expect(timeline.stepFrom(0, 140, true)).toBe(120);
    expect(timeline.stepFrom(0, 135, true)).toBe(120);
  });
});
