import { describe, expect, it } from "vitest";
import { isWanted, NOTHING_WANTED, readIds, wantedFilter, wantedOf } from "./wanted";

const ID = "0190f3a1-0000-7000-8000-000000000001";
const OTHER = "0190f3a1-0000-7000-8000-000000000002";

describe("the sessions of a request", () => {
  it("are read from ids and from links, each once", () => {
    const pasted = `${ID}\nhttps://console.example/sessions/${OTHER}?t=12, ${ID.toUpperCase()}`;
    expect(readIds(pasted)).toEqual([ID, OTHER]);
    expect(readIds("the one from this morning")).toEqual([]);
  });

  it("can be a filter, which must narrow something", () => {
    expect(isWanted(NOTHING_WANTED)).toBe(false);
    const form = wantedOf({ project: "p", errors: true, url: "/pay", min: 30 });
    expect(isWanted(form)).toBe(true);
    expect(wantedFilter({ ...form, release: " 2026.* ", from: "2026-01-02T10:00" })).toEqual({
      project: "p",
      has_error: true,
      release: "2026.*",
      from: new Date("2026-01-02T10:00").toISOString(),
      to: null,
      browser: null,
      os: null,
    });
  });
});
