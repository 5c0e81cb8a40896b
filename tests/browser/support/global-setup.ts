/**
 * Starts one `sealtape serve --demo` per worker, on free ports with a fresh data folder, and takes them down again.
 * Workers share nothing, so that a test sees what it did itself. Waits for the readiness of the console's own page, not
 * for a time.
 */
import type { FullConfig } from "@playwright/test";
import { announce } from "./deployment";
import { freePorts, startDemo } from "./server";

export default async function globalSetup({ workers }: FullConfig): Promise<() => Promise<void>> {
  const ports = await freePorts(3 * workers);
  const starting = Array.from({ length: workers }, (_, worker) => startDemo(ports.slice(3 * worker)));
  const outcomes = await Promise.allSettled(starting);
  const running = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((each) => each.stop()));
  };
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  announce(running.map(({ deployment }) => deployment));
  return stop;
}
