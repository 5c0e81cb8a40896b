import { describe, expect, it } from "vitest";
import { catalogues, counter, startLanguage, translator } from "./translate";

const holes = (message: string): string[] => [...message.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();

describe("the catalogues", () => {
  it("have the same keys in every language", () => {
    expect(Object.keys(catalogues.de).sort()).toEqual(Object.keys(catalogues.en).sort());
  });

  it("have the same holes for each key", () => {
    const german = new Map<string, string>(Object.entries(catalogues.de));
    for (const [key, message] of Object.entries(catalogues.en)) {
      expect(holes(german.get(key) ?? ""), key).toEqual(holes(message));
    }
  });

  it("have no empty message", () => {
    for (const catalogue of Object.values(catalogues)) {
      for (const [key, message] of Object.entries(catalogue)) expect(message.trim(), key).not.toBe("");
    }
  });
});

describe("messages", () => {
  it("fill their holes and format numbers in the language", () => {
    expect(translator("en")("home.hello", { name: "Ada" })).toBe("Hello, Ada");
    expect(counter("de")("sessions.shown", 1234)).toBe("1.234 Sitzungen");
    expect(counter("en")("sessions.shown", 1)).toBe("1 session");
  });
});

describe("the first language", () => {
  it("is the kept choice, else the browser's, else English", () => {
    expect(startLanguage("de", ["en-GB"])).toBe("de");
    expect(startLanguage(null, ["fr", "de-AT", "en"])).toBe("de");
    expect(startLanguage("xx", ["fr"])).toBe("en");
  });
});
