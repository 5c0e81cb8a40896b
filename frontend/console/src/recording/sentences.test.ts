import { describe, expect, it } from "vitest";
import { translator } from "../i18n/translate";
import { appendItems, isFailure, itemOf, type TapeItem } from "./items";
import { sentence } from "./sentences";
import { readLine } from "./stream";

const t = translator("en");

function item(plugin: string, payload: unknown): TapeItem {
  const read = itemOf(
    readLine(JSON.stringify({ tab: 0, event: { type: 6, timestamp: 5, data: { plugin, payload } } })),
  );
  if (read === undefined) throw new Error("no item");
  return read;
}

const say = (plugin: string, payload: unknown): string => sentence(item(plugin, payload), t, "en");

describe("sentences", () => {
  it.each([
    ["sealtape/action@1", { kind: "click", name: "Pay now" }, "Clicked “Pay now”"],
    ["sealtape/action@1", { kind: "input", name: "▇▇▇▇" }, "Typed into a masked element"],
    ["sealtape/action@1", { kind: "key", name: "Search", key: "Enter" }, "Pressed Enter"],
    ["sealtape/action@1", { kind: "wave", name: "Flag" }, "wave on “Flag”"],
    ["sealtape/nav@1", { kind: "load", url: "https://shop.example/cart", title: "Cart" }, "Opened Cart (/cart)"],
    ["sealtape/nav@1", { kind: "push", url: "https://shop.example/pay#card", title: "▇▇▇▇" }, "Went to /pay#card"],
    [
      "sealtape/network@1",
      { method: "post", url: "https://shop.example/api/orders", status: 500, start_ms: 0, end_ms: 2100 },
      "POST /api/orders → 500 after 2.1 sec",
    ],
    ["sealtape/network@1", { method: "GET", url: "https://shop.example/api", status: 0 }, "GET /api got no answer"],
    ["sealtape/console@1", { level: "warn", args: ["slow", "render"] }, "Console warn: slow render"],
    ["rrweb/console@1", { level: "log", payload: ['"text"', "12"] }, "Console log: text 12"],
    ["sealtape/error@1", { kind: "error", name: "TypeError", message: "x is null" }, "TypeError: x is null"],
  ])("%s %j", (plugin, payload, expected) => {
    expect(say(plugin, payload)).toBe(expected);
  });

  it("name a gap's reason and length", () => {
    const gap = itemOf(readLine('{"gap":{"tab":0,"from_ms":0,"to_ms":14000,"reason":"offline-overflow"}}'));
    expect(gap && sentence(gap, t, "en")).toBe("14 sec missing: the browser was offline for too long");
    const unknown = itemOf(readLine('{"gap":{"tab":0,"from_ms":0,"to_ms":1,"reason":"toString"}}'));
    expect(unknown && sentence(unknown, t, "en")).toBe("1 ms missing: toString");
  });

  it("leave out what a person does not read", () => {
    const quiet = [
      { type: 3, timestamp: 1, data: { source: 1 } },
      { type: 6, timestamp: 1, data: { plugin: "constructor", payload: {} } },
      { type: 6, timestamp: 1, data: { plugin: "acme/own@1", payload: {} } },
      { type: 5, timestamp: 1, data: null },
    ];
    for (const event of quiet) expect(itemOf(readLine(JSON.stringify({ tab: 0, event })))).toBeUndefined();
  });
});

describe("items", () => {
  it("tell a page load once, though rrweb repeats it at every checkout", () => {
    const meta = (at: number) =>
      itemOf(
        readLine(JSON.stringify({ tab: 0, event: { type: 4, timestamp: at, data: { href: "https://a.example/x" } } })),
      );
    const load: TapeItem = { kind: "navigation", at: 20, tab: 0, how: "load", url: "https://a.example/x", title: "X" };
    const items = [meta(0), load, meta(60_000)].flatMap((each) => each ?? []);
    expect(appendItems([], items)).toEqual([{ ...load, at: 0 }]);
    expect(appendItems([], [load, { ...load, at: 90_000 }])).toHaveLength(2);
  });

  it("know failures", () => {
    expect(isFailure(item("sealtape/network@1", { url: "https://a.example/", status: 404 }))).toBe(true);
    expect(isFailure(item("sealtape/network@1", { url: "https://a.example/", status: 204 }))).toBe(false);
    expect(isFailure(item("sealtape/console@1", { level: "error", args: [] }))).toBe(true);
  });
});
