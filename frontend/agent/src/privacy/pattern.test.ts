import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

interface Vector {
  pattern: string;
  javascript: string;
  texts: { text: string; matches: [number, number][] }[];
}

// What Rust finds with the same patterns; `policy/src/privacy/gate/pattern/tests.rs` writes it.
const file = join(import.meta.dirname, "../../../../policy/vectors/patterns.vectors.json");
const read: unknown = JSON.parse(readFileSync(file, "utf8"));
const isVector = (value: unknown): value is Vector =>
  typeof value === "object" && value !== null && "javascript" in value && "texts" in value;
const vectors = Array.isArray(read) ? read.filter(isVector) : [];

describe("patterns that passed the rule gate", () => {
  test.each(vectors.map((vector) => [vector.pattern, vector] as const))(
    "find the same here: %s",
    (_, { javascript, texts }) => {
      const expression = new RegExp(javascript, "gu");
      for (const { text, matches } of texts) {
        const found = [...text.matchAll(expression)].map((hit) => [hit.index, hit.index + hit[0].length]);
        expect(found, JSON.stringify(text)).toEqual(matches);
      }
    },
  );

  test("there are some, and they find something", () => {
    expect(vectors.length).toBeGreaterThan(10);
    expect(vectors.every(({ texts }) => texts.some(({ matches }) => matches.length))).toBe(true);
  });
});
