/** The running server that all tests of a worker share: where it listens, who may sign in, where its data lies. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A demo account. */
export interface Account {
  email: string;
  password: string;
}

/** What `sealtape demo --json` prints. */
export interface DemoCredentials {
  tenant: { id: string; slug: string };
  project: { id: string };
  agent_key: string;
  owner: Account;
  officer: Account;
  engineer: Account;
  auditor: Account;
}

/** Roles that the demo tenant has an account for. */
export type DemoRole = "owner" | "officer" | "engineer" | "auditor";

/** Everything a test needs to know of the server under test. */
export interface Deployment {
  consoleOrigin: string;
  replayOrigin: string;
  shopOrigin: string;
  dataDir: string;
  stateDir: string;
  logFile: string;
  demo: DemoCredentials;
}

/** Root of the repository. */
export const REPOSITORY = join(import.meta.dirname, "../../..");

const HANDOVER = "SEALTAPE_BROWSER_DEPLOYMENT";

/** Called by the global set-up: workers inherit its environment. */
export function announce(deployments: readonly Deployment[]): void {
  process.env[HANDOVER] = JSON.stringify(deployments);
}

let own: Deployment | undefined;

/** The server under test: this worker's own. */
export function deployment(): Deployment {
  if (own === undefined) {
    const announced = process.env[HANDOVER];
    if (announced === undefined) throw new Error("the global set-up did not run");
    const deployments = JSON.parse(announced) as Deployment[];
    // Playwright numbers the workers that run at one time; one that replaces another takes its number.
    own = deployments[Number(process.env["TEST_PARALLEL_INDEX"])];
  }
  if (own === undefined) throw new Error("there is no server for this worker");
  return own;
}

/** What the server has logged so far. */
export const serverLog = (): string => readFileSync(deployment().logFile, "utf8");
