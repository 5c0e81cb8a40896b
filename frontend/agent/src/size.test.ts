// @vitest-environment node
import { expect, test } from "vitest";
import { bundleScript, LIMIT } from "../build.mjs";

test("the ready script stays within its size, and nothing but rrweb's recorder comes along", async () => {
  const { gzip, inputs, bytes } = await bundleScript();
  expect(gzip).toBeLessThanOrEqual(LIMIT);
  expect(LIMIT).toBe(30_000);
  const foreign = Object.keys(inputs).filter((path) => path.includes("node_modules"));
  expect(foreign).toEqual([expect.stringContaining("@rrweb/record/dist/record.js")]);
  // Pages without a charset read a script as Latin-1: the mask string must not depend on it.
  expect([...bytes].every((byte) => byte < 128)).toBe(true);
});
