import { describe, expect, it } from "vitest";
import { createFeed, type FeedSink, type Source } from "./feed";
import type { RawEvent } from "./stream";

const head = (state: string): string => JSON.stringify({ head: { session_id: "s", start_ms: 1000, state, tabs: [0] } });
const event = (at: number, type = 3, data: unknown = {}): string =>
  JSON.stringify({ tab: 0, event: { type, timestamp: at, data } });
const end = (cursor: string): string => JSON.stringify({ end: { complete: true, events: 1, next_ms: 0, cursor } });
const gap = JSON.stringify({ gap: { tab: 0, from_ms: 1200, to_ms: 1300, reason: "shed" } });

function stream(lines: readonly string[]): ReadableStream<Uint8Array> {
  return new Response(lines.map((line) => `${line}\n`).join("")).body ?? new ReadableStream();
}

function sink(): FeedSink & { readonly received: RawEvent[]; readonly ends: boolean[] } {
  const received: RawEvent[] = [];
  const ends: boolean[] = [];
  return {
    received,
    ends,
    events: (_tab, events) => received.push(...events),
    gaps: () => undefined,
    end: (live) => ends.push(live),
    shown: () => Promise.resolve(),
  };
}

const server = (open: Source["open"]): Source => ({ from: "server", open });
const of = (lines: readonly string[], from: Source["from"] = "server"): Source => ({
  from,
  open: () => Promise.resolve(stream(lines)),
});

describe("a feed", () => {
  it("hands every event to the player and keeps items and gaps", async () => {
    const player = sink();
    const click = { plugin: "sealtape/action@1", payload: { kind: "click", name: "Pay" } };
    const feed = createFeed(of([head("closed"), event(1000), event(1100, 6, click), gap, end("0:1")]), player);
    await feed.read();
    const state = feed.store.get();
    expect(state).toMatchObject({ phase: "complete", startMs: 1000, lastMs: 1100, events: 2 });
    expect(state.items.map((item) => item.kind)).toEqual(["action", "gap"]);
    expect(state.gaps).toHaveLength(1);
    expect(player.received).toHaveLength(2);
    expect(player.ends).toEqual([false]);
  });

  it("tells how the recording is shown, and to whom", async () => {
    const at = "2026-01-02T03:04:05Z";
    const shown = { start_ms: 1000, state: "closed", tabs: [], masked: true, watermark: { viewer: "Ada", at } };
    const lines = [JSON.stringify({ head: shown }), end("")];
    const feed = createFeed(of(lines), sink());
    expect(feed.store.get().shown).toEqual({ masked: false, watermark: undefined });
    await feed.read();
    expect(feed.store.get().shown).toEqual({ masked: true, watermark: { viewer: "Ada", at } });
  });

  it("follows a live session from the cursor until it is closed", async () => {
    const player = sink();
    const asked: (string | undefined)[] = [];
    const answers = [
      [head("live"), event(1000), end("0:1")],
      [head("live"), event(2000), end("0:2")],
      [head("closed"), event(3000), end("0:3")],
    ];
    const open = server((after) => {
      asked.push(after);
      return Promise.resolve(stream(answers.shift() ?? []));
    });
    const feed = createFeed(open, player);
    await feed.read();
    expect(feed.store.get().phase).toBe("following");
    await feed.read();
    await feed.read();
    expect(asked).toEqual([undefined, "0:1", "0:2"]);
    expect(feed.store.get()).toMatchObject({ phase: "complete", events: 3, lastMs: 3000 });
    expect(player.ends).toEqual([true, true, false]);
  });

  it("waits for nothing more from a file, whatever the session was when it was written", async () => {
    const player = sink();
    const feed = createFeed(of([head("live"), event(1000), end("0:1")], "file"), player);
    await feed.read();
    expect(feed.store.get()).toMatchObject({ phase: "complete", events: 1 });
    expect(player.ends).toEqual([false]);
  });

  it("reads no further than the first snapshot until the player shows it", async () => {
    const received: number[] = [];
    const pictures: (() => void)[] = [];
    const chunks = [head("closed"), event(1000, 4), event(1001, 2), event(1002), event(1003), end("0:1")];
    const bytes = new TextEncoder();
    const slow = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const chunk = chunks.shift();
        if (chunk === undefined) controller.close();
        else controller.enqueue(bytes.encode(`${chunk}\n`));
      },
    });
    const feed = createFeed(
      server(() => Promise.resolve(slow)),
      {
        ...sink(),
        events: (_tab, events) => received.push(...events.map((each) => each.timestamp)),
        shown: () => new Promise((shown) => pictures.push(shown)),
      },
    );
    const reading = feed.read();
    await expect.poll(() => pictures.length).toBe(1);
    expect(received).toEqual([1000, 1001]);
    expect(feed.store.get().phase).toBe("loading");
    pictures[0]?.();
    await reading;
    expect(received).toEqual([1000, 1001, 1002, 1003]);
    expect(feed.store.get()).toMatchObject({ phase: "complete", events: 4 });
  });

  it("says when the stream was cut", async () => {
    const feed = createFeed(of([head("closed"), event(1000)]), sink());
    await feed.read();
    expect(feed.store.get().phase).toBe("cut");
  });

  it("refuses a line that is none of the stream's shapes", async () => {
    const feed = createFeed(of([head("closed"), '{"surprise":1}']), sink());
    await feed.read();
    expect(feed.store.get()).toMatchObject({ phase: "failed", error: { code: "corrupt-stream" } });
  });
});
