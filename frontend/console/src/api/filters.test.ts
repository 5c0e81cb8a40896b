import { describe, expect, it } from "vitest";
import { filterCount, listQuery, readFilters, type SessionFilters } from "./filters";

const NOW = Date.parse("2026-01-02T00:00:00Z");

describe("session filters in the URL", () => {
  it("survive the way through the URL", () => {
    const filters: SessionFilters = {
      range: "24h",
      project: "p1",
      state: "live",
      errors: true,
      release: "1.2",
      browser: "Firefox",
      os: "Linux",
      origin: "https://shop.example",
      url: "/checkout",
      error: "TypeError",
      min: 30,
      sort: "duration",
      desc: true,
      cursor: "abc",
    };
    const url: unknown = JSON.parse(JSON.stringify(filters));
    expect(readFilters(url)).toEqual(filters);
  });

  it("leave out what is mangled instead of failing", () => {
    expect(
      readFilters({ range: "1y", state: "dead", errors: "no", min: -4, sort: "name", from: "yesterday", url: "" }),
    ).toEqual({});
    expect(readFilters("?")).toEqual({});
    expect(readFilters({ release: 42 })).toEqual({ release: "42" });
  });

  it("become the API's parameters", () => {
    expect(listQuery({ range: "24h", errors: true, min: 30, url: "/pay" }, NOW)).toEqual({
      from: "2026-01-01T00:00:00.000Z",
      has_error: true,
      min_duration_ms: 30_000,
      url: "/pay",
      limit: 50,
    });
  });

  it("let a custom time beat the range", () => {
    const query = listQuery({ range: "1h", from: "2025-12-24T10:00:00Z" }, NOW);
    expect(query.from).toBe("2025-12-24T10:00:00.000Z");
  });

  it("count what narrows the list, not its order", () => {
    expect(filterCount({ url: "/x", errors: true, sort: "errors", desc: true, cursor: "c" })).toBe(2);
  });
});
