import { ApiError } from "@sealtape/api-client";
import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { session } from "../test/data";
import { type LiveMessage, type LiveStatus, readLive } from "./live";
import { liveCache } from "./live-cache";
import { serverEvents } from "./sse";

const body = (text: string): ReadableStream<Uint8Array> => new Response(text).body ?? new ReadableStream();

describe("server-sent events", () => {
  it("are read across chunks, with comments dropped and a cut event left out", async () => {
    const chunks = [": keep-alive\n\nevent: ses", 'sion\ndata: {"a":\ndata: 1}\n', "\n\r\nevent: x\ndata: cut"];
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
        controller.close();
      },
    });
    const events = [];
    for await (const event of serverEvents(stream)) events.push(event);
    expect(events).toEqual([{ event: "session", data: '{"a":\n1}' }]);
  });
});

describe("the live list", () => {
  it("reads sessions, joins again when the stream ends, and stops when refused", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    vi.useFakeTimers();
    const messages: LiveMessage[] = [];
    const statuses: LiveStatus[] = [];
    let joins = 0;
    const reading = readLive(
      () => {
        joins += 1;
        if (joins < 3)
          return Promise.resolve(
            body(
              `event: session\ndata: ${JSON.stringify(session({ id: String(joins) }))}\n\nevent: session\ndata: {"id":1}\n\n`,
            ),
          );
        return Promise.reject(
          new ApiError({
            status: 403,
            code: "forbidden",
            title: "",
            detail: undefined,
            requestId: undefined,
            errors: [],
          }),
        );
      },
      new AbortController().signal,
      (message) => messages.push(message),
      (status) => statuses.push(status),
    );
    await vi.runAllTimersAsync();
    await reading;
    vi.useRealTimers();
    expect(messages.flatMap((message) => (message.kind === "session" ? [message.session.id] : []))).toEqual(["1", "2"]);
    expect(statuses).toEqual(["live", "reconnecting", "live", "reconnecting", "refused"]);
  });
});

describe("what the live list writes into the cache", () => {
  let cache: QueryClient;
  beforeEach(() => {
    cache = new QueryClient();
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });

  it("replaces a row that is shown", () => {
    cache.setQueryData(["sessions", "list", {}], { items: [session({ id: "a", events: 1 })], next_cursor: null });
    liveCache(cache)({ kind: "session", session: session({ id: "a", events: 9 }) });
    expect(cache.getQueryData(["sessions", "list", {}])).toMatchObject({ items: [{ id: "a", events: 9 }] });
  });

  it("asks again for a new row, once a second, and only where the newest are shown", async () => {
    cache.setQueryData(["sessions", "list", {}], { items: [], next_cursor: null });
    cache.setQueryData(["sessions", "list", { cursor: "c" }], { items: [], next_cursor: null });
    const handle = liveCache(cache);
    const invalidate = vi.spyOn(cache, "invalidateQueries");
    for (const id of ["a", "b", "c"]) handle({ kind: "session", session: session({ id }) });
    await vi.advanceTimersByTimeAsync(1000);
    expect(invalidate.mock.calls.filter(([filter]) => filter?.queryKey?.[0] === "sessions")).toHaveLength(1);
    expect(cache.getQueryState(["sessions", "list", {}])?.isInvalidated).toBe(true);
    expect(cache.getQueryState(["sessions", "list", { cursor: "c" }])?.isInvalidated).toBe(false);
  });

  it("ends the wait for a project's first session", async () => {
    cache.setQueryData(["projects", "one", "p"], { id: "p", sessions_total: 0 });
    liveCache(cache)({ kind: "session", session: session({ id: "a", project: { id: "p", name: "Shop" } }) });
    await vi.advanceTimersByTimeAsync(1000);
    expect(cache.getQueryState(["projects", "one", "p"])?.isInvalidated).toBe(true);
  });
});
