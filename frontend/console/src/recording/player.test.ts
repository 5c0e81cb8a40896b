import { type FromPlayer, isToPlayer, type ToPlayer } from "@sealtape/replay/protocol";
import { describe, expect, it } from "vitest";
import { actionMarks, failureMarks, pageBands } from "./marks";
import type { TapeItem } from "./items";
import { createPlayer } from "./player";

/** A frame that keeps the port it was sent and what came over it. */
function fakeFrame() {
  const received: ToPlayer[] = [];
  const origins: unknown[] = [];
  let port: MessagePort | undefined;
  return {
    received,
    origins,
    say: (message: FromPlayer) => port?.postMessage(message),
    postMessage: (_message: unknown, origin?: unknown, ports?: readonly unknown[]): void => {
      origins.push(origin);
      const sent = ports?.[0];
      if (!(sent instanceof MessagePort)) return;
      port = sent;
      port.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (isToPlayer(data)) received.push(data);
      };
    },
  };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

describe("the player", () => {
  it("keeps what is sent before it is ready, in order, and tells only the replay origin", async () => {
    const frame = fakeFrame();
    const player = createPlayer();
    player.send({ type: "events", tab: 0, events: [{ type: 4, timestamp: 1, data: {} }] });
    player.attach(frame, "http://replay.test");
    player.send({ type: "end", live: false });
    await settle();
    expect(frame.received).toEqual([]);
    frame.say({ type: "ready" });
    await settle();
    expect(frame.origins).toEqual(["http://replay.test"]);
    expect(frame.received.map((message) => message.type)).toEqual(["skip-idle", "events", "end"]);
    player.close();
  });

  it("shows what the player says", async () => {
    const frame = fakeFrame();
    const player = createPlayer();
    player.attach(frame, "http://replay.test");
    frame.say({ type: "ready" });
    frame.say({ type: "meta", start_ms: 1000, duration_ms: 5000, tabs: [0, 1] });
    frame.say({ type: "first-frame" });
    frame.say({ type: "time", ms: 2500, playing: true, tab: 1, waiting: false, following: false });
    await settle();
    expect(player.store.get()).toMatchObject({ firstFrame: true, ms: 2500, startMs: 1000, playing: true, tab: 1 });
    frame.say({ type: "finished" });
    await settle();
    expect(player.store.get()).toMatchObject({ playing: false, finished: true });
    player.close();
  });
});

describe("the timeline", () => {
  const span = { start: 0, end: 1000 };
  const click = (at: number): TapeItem => ({
    kind: "action",
    at,
    tab: 0,
    action: "click",
    name: "x",
    key: undefined,
    masked: false,
  });
  const load = (at: number, url: string): TapeItem => ({
    kind: "navigation",
    at,
    tab: 0,
    how: "load",
    url,
    title: undefined,
  });

  it("gathers marks that would fall on one place", () => {
    const marks = actionMarks([click(1), click(2), click(900)], span, 10);
    expect(marks.map(({ x, count }) => [x, count])).toEqual([
      [0, 2],
      [0.9, 1],
    ]);
    expect(failureMarks([click(1)], span, 10)).toEqual([]);
  });

  it("draws pages one after the other to the end", () => {
    const bands = pageBands(
      [
        load(0, "https://a.example/"),
        load(100, "https://a.example/?q="),
        load(250, "https://a.example/b"),
        load(300, "https://a.example/b"),
      ],
      span,
    );
    expect(bands).toEqual([
      { from: 0, to: 0.25, url: "https://a.example/" },
      { from: 0.25, to: 1, url: "https://a.example/b" },
    ]);
  });
});
