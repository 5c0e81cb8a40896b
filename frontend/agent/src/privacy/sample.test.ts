import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bucket, sampled } from "./sample";

// The file says how its ids are made; `policy/src/privacy/sample.rs` writes it.
const file = join(import.meta.dirname, "../../../../policy/vectors/sampling.vectors.txt");
const lines = readFileSync(file, "utf8")
  .split("\n")
  .filter((line) => line && !line.startsWith("#"));

const hex = (value: number, digits: number): string => (value >>> 0).toString(16).padStart(digits, "0");
const id = (i: number): string =>
  `0190f3a1-${hex(i >> 3, 4)}-7000-8000-${hex(Math.imul(i, 0x9e3779b1), 8)}${hex(i, 4)}`;

test("ten thousand ids fall as the server says", () => {
  expect(lines).toHaveLength(10_000);
  const ours = lines.map((_, i) =>
    [bucket("sessions", id(i)), bucket("errors", id(i)), bucket("roll-out", id(i))].join(" "),
  );
  expect(ours).toEqual(lines);
});

test("a session that is in at a low rate is in at a higher one", () => {
  const ids = lines.map((_, i) => id(i));
  expect(ids.filter((one) => sampled("sessions", one, 100)).every((one) => sampled("sessions", one, 1000))).toBe(true);
  expect(ids.some((one) => sampled("sessions", one, 0))).toBe(false);
  expect(ids.every((one) => sampled("sessions", one, 10_000))).toBe(true);
});
