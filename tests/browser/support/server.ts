/** Starts `sealtape serve` on free ports with a fresh data folder, and takes it down again. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { DemoCredentials, Deployment } from "./deployment";

const START_MS = 60_000;

/** Every test signs in, which is more often than people do, and is not about how long a guess takes. */
const QUICK = {
  SEALTAPE__LIMITS__LOGINS_PER_MINUTE: "1000",
  SEALTAPE__LIMITS__ACCOUNT_LOGINS_PER_MINUTE: "1000",
  SEALTAPE__PASSWORD__MEMORY_KIB: "1024",
  SEALTAPE__PASSWORD__PASSES: "1",
};

/** Ports that were free a moment ago; all are held until the last is found, so that none is given twice. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
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

/** A server before anybody has set it up. */
export interface Empty {
  consoleOrigin: string;
  logFile: string;
  stop: () => Promise<void>;
}

/** A server in demo mode. */
export interface Running {
  deployment: Deployment;
  /** Stops the server and leaves its data where they are. */
  quit: () => Promise<void>;
  stop: () => Promise<void>;
}

/** The binary under test. */
export function binaryUnderTest(): string {
  const binary = process.env["SEALTAPE_BIN"];
  if (binary === undefined) throw new Error("SEALTAPE_BIN must name the sealtape binary");
  return binary;
}

interface Started extends Empty {
  replayOrigin: string;
  dataDir: string;
  /** Stops the server and leaves its data where they are. */
  quit: () => Promise<void>;
}

const freshFolder = (): string => mkdtempSync(join(tmpdir(), "sealtape-browser-"));

async function serve(
  [port, metricsPort]: readonly number[],
  more: readonly string[],
  folder = freshFolder(),
): Promise<Started> {
  const dataDir = join(folder, "data");
  const logFile = join(folder, "server.log");
  const consoleOrigin = `http://localhost:${port}`;
  const replayOrigin = `http://127.0.0.1:${port}`;
  const log = openSync(logFile, "a");
  // The log is searched for what must not be there; traces with paths of the build machine are not its business.
  const env: NodeJS.ProcessEnv = { ...process.env, ...QUICK };
  delete env["RUST_BACKTRACE"];
  const server = spawn(
    binaryUnderTest(),
    [
      ...["serve", "--data", dataDir, "--listen", `127.0.0.1:${port}`],
      ...["--console-origin", consoleOrigin, "--replay-origin", replayOrigin],
      ...["--metrics-listen", `127.0.0.1:${metricsPort}`],
      ...more,
    ],
    { stdio: ["ignore", log, log], env },
  );
  const quit = async (): Promise<void> => {
    if (server.exitCode !== null) return;
    const exited = new Promise((done) => server.once("exit", done));
    server.kill("SIGTERM");
    await exited;
  };
  const stop = async (): Promise<void> => {
    await quit();
    if (process.env["SEALTAPE_KEEP_DATA"] === undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(`${consoleOrigin}/v1/deployment`, server, logFile);
    return { consoleOrigin, replayOrigin, dataDir, logFile, quit, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts a server that nobody has set up. */
export const startEmpty = async (): Promise<Empty> => serve(await freePorts(2), []);

/** The token that a server printed at its start, to be set up with. */
export const setupToken = ({ logFile }: Pick<Empty, "logFile">): string =>
  /set-up: .* token (\S+)/u.exec(readFileSync(logFile, "utf8"))?.[1] ?? "";

/** Starts a server in demo mode, in a folder of its own or in that of one that was stopped. */
export async function startDemo(
  [port, shopPort, metricsPort]: readonly number[],
  folder = freshFolder(),
): Promise<Running> {
  if (port === undefined || shopPort === undefined || metricsPort === undefined) throw new Error("three ports");
  const shop = `127.0.0.1:${shopPort}`;
  const started = await serve([port, metricsPort], ["--demo", "--shop-listen", shop], folder);
  const { consoleOrigin, replayOrigin, dataDir, logFile, quit, stop } = started;
  try {
    const { stdout } = await promisify(execFile)(binaryUnderTest(), ["demo", "--json", "--data", dataDir]);
    const demo = JSON.parse(stdout) as DemoCredentials;
    const shopOrigin = `http://${shop}`;
    const stateDir = `${dataDir}-state`;
    return { deployment: { consoleOrigin, replayOrigin, shopOrigin, dataDir, stateDir, logFile, demo }, quit, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A tenant beside the demo's, with its owner. */
export interface Second {
  slug: string;
  name: string;
  owner: { name: string; email: string; password: string };
}

/**
 * Starts a server in demo mode whose members have had their roles for weeks, so that there is a second person for what takes
 * two. Nothing but time does that, and no test has it: the rows are moved back while the server is down.
 */
export async function startWithElders(): Promise<Running> {
  const folder = freshFolder();
  const ports = await freePorts(3);
  const demo = await startDemo(ports, folder);
  await demo.quit();
  const back = `
import pathlib, sqlite3, sys
[file] = [path for path in pathlib.Path(sys.argv[1]).rglob("*") if path.is_file() and path.read_bytes()[:15] == b"SQLite format 3"]
with sqlite3.connect(file) as database:
    database.execute("UPDATE role_binding SET created_at = created_at - 14 * 24 * 3600 * 1000000")
`;
  await promisify(execFile)("python3", ["-c", back, demo.deployment.dataDir]);
  return startDemo(ports, folder);
}

/** Starts a server in demo mode that has a second tenant. No request makes one: a program beside the server does. */
export async function startWithSecond({ slug, name, owner }: Second): Promise<Running> {
  const folder = freshFolder();
  const ports = await freePorts(3);
  const demo = await startDemo(ports, folder);
  await demo.quit();
  const program = join(dirname(binaryUnderTest()), "sealtape-second-tenant");
  const env = { ...process.env, ...QUICK, SEALTAPE__STORAGE__DATA: demo.deployment.dataDir };
  await promisify(execFile)(program, [slug, name, owner.name, owner.email, owner.password], { env });
  // The same ports: the demo's agent key is good for the shop's origin.
  return startDemo(ports, folder);
}
