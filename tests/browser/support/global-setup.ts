/**
 * Starts `sealtape serve --demo` on free ports with a fresh data folder and takes it down again.
 * Waits for the readiness of the console's own page, not for a time.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { announce, type DemoCredentials } from "./deployment";

const START_MS = 60_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function ready(url: string, server: ChildProcess, logFile: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) break;
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
    // Polling a socket that does not exist yet: there is no event to wait on.
    await new Promise((again) => setTimeout(again, 100));
  }
  throw new Error(`the server did not start; it said:\n${readFileSync(logFile, "utf8").slice(-4_000)}`);
}

export default async function globalSetup(): Promise<() => Promise<void>> {
  const binary = process.env["SEALTAPE_BIN"];
  if (binary === undefined) throw new Error("SEALTAPE_BIN must name the sealtape binary");
  const folder = mkdtempSync(join(tmpdir(), "sealtape-browser-"));
  const dataDir = join(folder, "data");
  const logFile = join(folder, "server.log");
  const port = await freePort();
  const shopPort = await freePort();
  const metricsPort = await freePort();
  const consoleOrigin = `http://localhost:${port}`;
  const replayOrigin = `http://127.0.0.1:${port}`;
  const log = openSync(logFile, "a");
  // The log is searched for what must not be there; traces with paths of the build machine are not its business.
  const env = { ...process.env };
  delete env["RUST_BACKTRACE"];
  const server = spawn(
    binary,
    [
      ...["serve", "--demo", "--data", dataDir, "--listen", `127.0.0.1:${port}`],
      ...["--console-origin", consoleOrigin, "--replay-origin", replayOrigin],
      ...["--shop-listen", `127.0.0.1:${shopPort}`, "--metrics-listen", `127.0.0.1:${metricsPort}`],
    ],
    { stdio: ["ignore", log, log], env },
  );
  const stop = async (): Promise<void> => {
    if (server.exitCode === null) {
      const exited = new Promise((done) => server.once("exit", done));
      server.kill("SIGTERM");
      await exited;
    }
    if (process.env["SEALTAPE_KEEP_DATA"] === undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(`${consoleOrigin}/v1/deployment`, server, logFile);
    const { stdout } = await promisify(execFile)(binary, ["demo", "--json", "--data", dataDir]);
    const demo = JSON.parse(stdout) as DemoCredentials;
    const shopOrigin = `http://127.0.0.1:${shopPort}`;
    announce({ consoleOrigin, replayOrigin, shopOrigin, dataDir, stateDir: `${dataDir}-state`, logFile, demo });
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
