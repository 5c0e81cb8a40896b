import { afterEach, beforeEach, expect, test } from "vitest";
import type { Json, Undo } from "../guard";
import { FakeServer } from "../testing/server";
import { createActions } from "./action";
import { captureNetwork } from "./network";
import type { Stream } from "./stream";

let server: FakeServer;
let told: Json[];
let undo: Undo[];
let actions: ReturnType<typeof createActions>;
const original = { fetch: window.fetch, open: XMLHttpRequest.prototype.open };

beforeEach(() => {
  server = new FakeServer();
  told = [];
  undo = [];
  let ids = 0;
  const environment = server.environment();
  actions = createActions(() => environment.now());
  const stream: Stream = {
    environment,
    endpoint: "https://tape.example",
    undo,
    emit: (name, payload) => {
      if (name === "network") told.push(payload);
      return { isOpen: () => true };
    },
    idOf: () => 1,
    newId: () => `r${ids++}`,
    active: () => undefined,
    action: actions,
  };
  window.fetch = () =>
    Promise.resolve(new Response("x".repeat(7), { status: 201, headers: { "content-length": "7" } }));
  navigator.sendBeacon = () => true;
  captureNetwork(stream);
});
afterEach(() => {
  for (const take of undo) take();
  window.fetch = original.fetch;
});

test("fetch: method, cleaned URL, status, sizes, times; never headers or bodies", async () => {
  const response = await fetch("https://api.example/orders?token=CANARY#CANARY", {
    method: "post",
    body: "CANARY",
    headers: { authorization: "CANARY", traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" },
  });
  expect(await response.text()).toBe("xxxxxxx");
  expect(told).toEqual([
    {
      id: "r0",
      initiator: "fetch",
      method: "POST",
      url: "https://api.example/orders?token=",
      start_ms: server.time,
      status: 201,
      end_ms: server.time,
      request_bytes: 6,
      response_bytes: 7,
      trace_id: "0af7651916cd43dd8448eb211c80319c",
    },
  ]);
});

test("a failing fetch fails for the page as without us, and is told", async () => {
  const failure = new TypeError("offline");
  for (const take of undo.splice(0)) take();
  window.fetch = () => Promise.reject(failure);
  captureNetworkAgain();
  await expect(fetch("/x")).rejects.toBe(failure);
  expect(told).toMatchObject([{ status: 0, error: "TypeError" }]);
});

test("requests belong to the action under way, for a moment", async () => {
  const payload: Json = { id: "a1" };
  actions.current = { payload, event: { isOpen: () => true }, at: server.time, requests: [] };
  await fetch("/one");
  server.time += 101;
  await fetch("/two");
  expect(told.map(({ action }) => action)).toEqual(["a1", undefined]);
  expect(payload["requests"]).toEqual(["r0"]);
});

test("an action whose segment is cut is not changed any more", async () => {
  const payload: Json = { id: "a1" };
  actions.current = { payload, event: { isOpen: () => false }, at: server.time, requests: [] };
  await fetch("/one");
  expect(payload["requests"]).toBeUndefined();
  expect(told).toMatchObject([{ action: "a1" }]);
});

test("beacons; our own uploads are nobody's business", async () => {
  expect(navigator.sendBeacon("/b?x=CANARY", "hello")).toBe(true);
  await fetch("https://tape.example/v1/agent/upload", { method: "POST", body: "x" });
  expect(told).toMatchObject([{ initiator: "beacon", request_bytes: 5 }]);
  expect(JSON.stringify(told)).not.toContain("CANARY");
});

test("what is under way when the page goes is told as pending, once", async () => {
  for (const take of undo.splice(0)) take();
  let answer: (response: Response) => void = () => undefined;
  window.fetch = () => new Promise((resolve) => (answer = resolve));
  captureNetworkAgain();
  const call = fetch("/slow");
  window.dispatchEvent(new Event("pagehide"));
  answer(new Response("late"));
  await call;
  expect(told).toMatchObject([{ url: "http://localhost:3000/slow", status: 0, error: "pending" }]);
});

test("taken back, the page has its own functions again", () => {
  for (const take of undo.splice(0)) take();
  expect(XMLHttpRequest.prototype.open).toBe(original.open);
});

/** Wraps again, after a test has put another `fetch` below. */
function captureNetworkAgain(): void {
  const environment = server.environment();
  captureNetwork({
    environment,
    endpoint: "https://tape.example",
    undo,
    emit: (_, payload) => {
      told.push(payload);
      return { isOpen: () => true };
    },
    idOf: () => 1,
    newId: () => "r",
    active: () => undefined,
    action: actions,
  });
}
