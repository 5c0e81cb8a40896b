import { beforeEach, describe, expect, test, vi } from "vitest";
import { FakeServer } from "../testing/server";
import { type Batch, Queue, type QueueHooks } from "./queue";
import { type Session, SessionClient } from "./session";

let server: FakeServer;
let session: Session;
const batch = (text: string): Batch => ({ lines: [JSON.stringify({ text })], from: 1, to: 2 });
const texts = () => server.stored.map(({ text }) => text.split("\n").map((line) => line.slice(9, -2)));

async function queueWith(hooks: Partial<QueueHooks> = {}): Promise<Queue> {
  const client = new SessionClient(server.environment(), { endpoint: "https://tape.example", key: "st_agent_x" });
  const started = await client.start(undefined, undefined);
  if (!started) throw new Error("no session");
  session = started;
  const silent = {
    snapshot: vi.fn(),
    lost: vi.fn(),
    packed: vi.fn(),
    drained: vi.fn(),
    closed: vi.fn(),
    gapLine: () => '{"gap":1}',
  };
  return new Queue(server.environment(), client, session, { ...silent, ...hooks });
}

beforeEach(() => {
  server = new FakeServer();
});

describe("in order", () => {
  test("numbers from 0, gzip, text/plain, right digest, no keepalive", async () => {
    const queue = await queueWith();
    for (const name of ["a", "b", "c"]) queue.add(batch(name));
    await server.settle();
    expect(texts()).toEqual([["a"], ["b"], ["c"]]);
    expect(server.stored.map(({ head }) => head["n"])).toEqual([0, 1, 2]);
    expect(server.stored[0]).toMatchObject({
      contentType: "text/plain",
      keepalive: false,
      head: { encoding: "gzip", tab: 0, token: "token-0" },
    });
  });

  test("one at a time: the second waits for the first answer", async () => {
    const queue = await queueWith();
    server.intervene = () => ({ status: 503 });
    queue.add(batch("a"));
    queue.add(batch("b"));
    await server.settle();
    expect(server.attempts).toHaveLength(1);
  });

  test("a lost acknowledgement is sent again and stored once", async () => {
    const queue = await queueWith();
    let lost = false;
    server.intervene = () => (lost ? undefined : ((lost = true), "lose"));
    queue.add(batch("a"));
    queue.add(batch("b"));
    await server.advance(60_000);
    expect(texts()).toEqual([["a"], ["b"]]);
  });

  test("409 with a higher next: what arrived is not sent again, the rest goes on from there", async () => {
    const queue = await queueWith();
    let round = 0;
    server.intervene = () => {
      round++;
      if (round === 1) return "lose";
      return round === 2 ? { status: 409, body: { next: 1 } } : undefined;
    };
    queue.add(batch("a"));
    queue.add(batch("b"));
    await server.advance(60_000);
    expect(texts()).toEqual([["a"], ["b"]]);
  });

  test("409 that never gets anywhere ends as a refusal, not as a loop", async () => {
    const lost = vi.fn();
    const queue = await queueWith({ lost });
    server.intervene = () => ({ status: 409, body: { next: 0 } });
    queue.add(batch("a"));
    await server.advance(600_000);
    expect(lost).toHaveBeenCalledOnce();
    expect(server.attempts.length).toBeLessThan(12);
  });
});

describe("trouble", () => {
  test("a storm of 429 and 503 loses nothing", async () => {
    const queue = await queueWith();
    let storm = 40;
    server.intervene = () => (storm-- > 0 ? { status: storm % 2 ? 429 : 503 } : undefined);
    const names = Array.from({ length: 12 }, (_, at) => `segment-${at}`);
    for (const name of names) queue.add(batch(name));
    await server.advance(3_600_000 / 2);
    expect(texts().flat()).toEqual(names);
  });

  test("Retry-After is waited for, with jitter on top", async () => {
    const queue = await queueWith();
    let first = true;
    server.intervene = () => (first ? ((first = false), { status: 429, headers: { "retry-after": "20" } }) : undefined);
    queue.add(batch("a"));
    await server.advance(20_400);
    expect(server.stored).toHaveLength(0);
    await server.advance(200);
    expect(server.stored).toHaveLength(1);
  });

  test("waits are jittered over the whole step and capped", async () => {
    const queue = await queueWith();
    server.randomness = 1;
    server.intervene = () => ({ status: 500 });
    queue.add(batch("a"));
    await server.advance(1000 + 2000 + 4000 + 8000 + 16_000 + 30_000 * 3);
    expect(server.attempts).toHaveLength(9);
  });

  test("no network is passing trouble", async () => {
    const queue = await queueWith();
    let first = true;
    server.intervene = () => {
      if (!first) return undefined;
      first = false;
      throw new TypeError("offline");
    };
    queue.add(batch("a"));
    await server.advance(5000);
    expect(texts()).toEqual([["a"]]);
  });

  test("410 stops at once", async () => {
    const closed = vi.fn();
    const queue = await queueWith({ closed });
    server.intervene = () => ({ status: 410 });
    queue.add(batch("a"));
    queue.add(batch("b"));
    await server.advance(60_000);
    queue.add(batch("c"));
    await server.advance(60_000);
    expect(server.attempts).toHaveLength(1);
    expect(closed).toHaveBeenCalledOnce();
  });

  test.each([413, 415, 422, 400])("%i: that segment is lost, the next takes its number", async (status) => {
    const lost = vi.fn();
    const queue = await queueWith({ lost });
    server.intervene = (_, upload) => (upload?.text.includes("bad") ? { status } : undefined);
    for (const name of ["a", "bad", "c"]) queue.add(batch(name));
    await server.settle();
    expect(texts()).toEqual([["a"], ["c"]]);
    expect(server.stored[1]?.head["n"]).toBe(1);
    expect(lost).toHaveBeenCalledWith(expect.objectContaining(batch("bad")), "upload-refused", false);
  });

  test("a server that refuses everything is left alone", async () => {
    const closed = vi.fn();
    const queue = await queueWith({ closed });
    server.intervene = () => ({ status: 422 });
    for (let at = 0; at < 20; at++) queue.add(batch(`x${at}`));
    await server.advance(60_000);
    expect(server.attempts).toHaveLength(6);
    expect(closed).toHaveBeenCalledOnce();
  });

  test("an expired token is renewed once by resume, and the segment arrives", async () => {
    const queue = await queueWith();
    server.tokens.delete("token-0");
    queue.add(batch("a"));
    await server.settle();
    expect(server.calls.at(-1)).toMatchObject({
      path: "/v1/agent/sessions/s0/token",
      body: { resume: "resume" },
      token: "Bearer st_agent_x",
    });
    expect(server.stored[0]?.head["token"]).toBe("token-1");
  });

  test("the token is renewed before it expires, by the server's clock", async () => {
    const queue = await queueWith();
    server.time += 3_600_000 - 20_000;
    queue.add(batch("a"));
    await server.settle();
    expect(server.attempts.map(({ head }) => head["token"])).toEqual(["token-1"]);
  });
});

describe("size", () => {
  test("more than 60 000 bytes after gzip is split, in order", async () => {
    const queue = await queueWith();
    const noise = (at: number) =>
      JSON.stringify({ at, noise: Array.from({ length: 3000 }, (_, k) => Math.sin(at * 1e4 + k).toString(36)).join() });
    const lines = Array.from({ length: 8 }, (_, at) => noise(at));
    queue.add({ lines, from: 1, to: 9 });
    await server.settle();
    expect(server.stored.length).toBeGreaterThan(1);
    expect(server.stored.flatMap(({ text }) => text.split("\n"))).toEqual(lines);
  });

  test("one event above the server's limit becomes a gap, not an upload", async () => {
    const lost = vi.fn();
    server.limits["segment_bytes"] = 20;
    const queue = await queueWith({ lost });
    queue.add(batch("x"));
    await server.settle();
    expect(server.attempts).toHaveLength(0);
    expect(lost).toHaveBeenCalledWith(expect.anything(), "event-too-large", true);
  });
});

describe("on the way out", () => {
  test("everything leaves at once, without waiting, as keepalive within 64 KiB; the last says final", async () => {
    const queue = await queueWith();
    queue.add(batch("a"));
    queue.add(batch("b"));
    queue.burst(true);
    expect(
      server.attempts.map(({ head, keepalive, text }) => [head["n"], head["encoding"], head["final"], keepalive, text]),
    ).toEqual([
      [0, "identity", undefined, true, '{"text":"a"}'],
      [1, "identity", true, true, '{"text":"b"}'],
    ]);
    await server.settle();
    expect(texts()).toEqual([["a"], ["b"]]);
  });

  test("what is on its way as keepalive is not sent twice", async () => {
    const queue = await queueWith();
    queue.add(batch("a"));
    queue.burst(false);
    queue.add(batch("b"));
    queue.burst(true);
    expect(server.attempts).toHaveLength(2);
  });

  test("what does not fit into 64 KiB at the end is told by a gap", async () => {
    const queue = await queueWith({ gapLine: (from, to) => JSON.stringify({ from, to }) });
    queue.add({
      lines: [1, 2, 3, 4].map((timestamp) => JSON.stringify({ pad: "p".repeat(25_000), timestamp })),
      from: 1,
      to: 4,
    });
    queue.burst(true);
    const [only] = server.attempts;
    expect(only?.text.split("\n")).toHaveLength(3);
    // The first two are there; the gap begins with the third.
    expect(only?.text.endsWith('{"from":3,"to":4}')).toBe(true);
    expect(only?.text.length).toBeLessThan(64_000);
  });

  test("a page that only goes to the background loses nothing", async () => {
    const queue = await queueWith();
    const lines = ["1", "2", "3", "4"].map((n) => JSON.stringify({ n, pad: "p".repeat(25_000) }));
    queue.add({ lines, from: 1, to: 2 });
    queue.burst(false);
    await server.advance(30_000);
    expect(server.stored.flatMap(({ text }) => text.split("\n"))).toEqual(lines);
  });
});
