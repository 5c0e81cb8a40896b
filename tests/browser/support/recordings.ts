/**
 * The recordings of real applications. They are zstd files, which Node 20 cannot read and Chromium can: a
 * small server hands the file to the browser as a zstd-encoded response.
 */
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "@playwright/test";
import { REPOSITORY } from "./deployment";
import type { RecordedEvent } from "./api";

const FOLDER = process.env["SEALTAPE_RECORDINGS"] ?? join(REPOSITORY, "tests/data/recordings");

/** Recordings that fit all limits. */
export const RECORDINGS = ["todo-5min", "claim-5min", "swagger-5min"] as const;

/** The events of one recording, by time. */
export async function recording(browser: Browser, name: string): Promise<RecordedEvent[]> {
  const compressed = readFileSync(join(FOLDER, `${name}.json.zst`));
  const server = createServer((request, response) => {
    const page = request.url === "/";
    response.writeHead(200, page ? { "Content-Type": "text/html" } : { "Content-Encoding": "zstd" });
    response.end(page ? "" : compressed);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const page = await browser.newPage();
  try {
    await page.goto(`http://127.0.0.1:${address.port}/`);
    const text = await page.evaluate(async () => (await fetch("/recording")).text());
    const events = JSON.parse(text) as RecordedEvent[];
    return events.toSorted((a, b) => a.timestamp - b.timestamp);
  } finally {
    await page.close();
    server.close();
  }
}

/** Hour-long session: the recording again and again, each round from its own full snapshot. */
export function anHourOf(events: readonly RecordedEvent[]): RecordedEvent[] {
  const first = events[0]?.timestamp ?? 0;
  const length = (events.at(-1)?.timestamp ?? 0) - first + 1_000;
  const rounds = Math.ceil(3_600_000 / length);
  return Array.from({ length: rounds }, (_, round) =>
    events.map((event) => ({ ...event, timestamp: event.timestamp + round * length })),
  ).flat();
}
