/** Figures measured by the browser tests, one JSON file: `target/browser/figures.json`. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "@playwright/test";
import { REPOSITORY } from "./deployment";

const FILE = join(REPOSITORY, "target/browser/figures.json");

function known(): Record<string, number> {
  try {
    return JSON.parse(readFileSync(FILE, "utf8")) as Record<string, number>;
  } catch {
    return {};
  }
}

/** Writes a figure down, in the file and in the test's report. */
export function record(name: string, value: number): void {
  mkdirSync(join(FILE, ".."), { recursive: true });
  writeFileSync(FILE, `${JSON.stringify({ ...known(), [name]: Math.round(value) }, null, 2)}\n`);
  test.info().annotations.push({ type: name, description: String(Math.round(value)) });
}
