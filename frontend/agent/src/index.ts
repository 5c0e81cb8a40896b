/**
 * Purpose: the public interface of the capture agent.
 * Design: one recording per page; calls before `init` are kept, calls on a page that is not recorded do nothing. No call
 * throws. The ready script (`script.ts`) is the same behind `window.sealtape`.
 *
 * @packageDocumentation
 */
import { browserEnvironment } from "./environment";
import { guard } from "./guard";
import { isFilled, Recorder } from "./recorder";
import type { Subject } from "./upload/session";

export type { Subject } from "./upload/session";

/** What {@link init} needs. */
export interface InitOptions {
  /** Origin of the Sealtape server, for example `https://sealtape.example`. */
  endpoint: string;
  /** Public agent key of the project (`st_agent_…`). It can only record; where it may be used is its origin list. */
  key: string;
  /** Project id; only needed when one key serves several projects. */
  project?: string;
  /** Version of your application, shown and searchable beside each session. */
  release?: string;
}

let recorder: Recorder | undefined;
let subject: Subject | undefined;

/** Recording needs WebCrypto and gzip (secure context), and a visitor who has not objected (Global Privacy Control). */
function mayRecord(): boolean {
  const objected = "globalPrivacyControl" in navigator && navigator.globalPrivacyControl === true;
  return !objected && isSecureContext && typeof CompressionStream === "function";
}

/**
 * Starts recording this page. A second call is ignored while a recording runs.
 *
 * Nothing is recorded, silently, when the visitor's browser sends Global Privacy Control, when the page is not a secure
 * context (`https:` or `localhost`), or when the server says no.
 *
 * @example
 * ```ts
 * import { init, identify } from "@sealtape/agent";
 * init({ endpoint: "https://sealtape.example", key: "st_agent_…", release: "1.4.2" });
 * identify({ userId: "42" });
 * ```
 */
export function init(options: InitOptions): void {
  guard(() => {
    if (recorder || !isFilled(options.key) || !mayRecord()) return;
    const endpoint = new URL(options.endpoint, location.href).href.replace(/\/+$/, "");
    recorder = new Recorder(browserEnvironment(), { ...options, endpoint });
    if (subject) recorder.identify(subject);
  });
}

/**
 * Says who the visitor is, by your own id or by e-mail address. Both are claims and stored as blind tokens only.
 * Another person than before starts a new session.
 */
export function identify(who: Subject): void {
  guard(() => {
    subject = {
      ...(who.userId === undefined ? {} : { userId: who.userId }),
      ...(who.email === undefined ? {} : { email: who.email }),
    };
    recorder?.identify(subject);
  });
}

/**
 * Records an event of your own, for example `event("order-placed", { items: 3 })`. Texts in `data` pass the detectors,
 * fields named like secrets are masked; at most four levels deep.
 */
export function event(name: string, data?: unknown): void {
  guard(() => recorder?.custom(name, data));
}

/** Ends the recording and the session; resolves when everything has been delivered or given up. */
export async function stop(): Promise<void> {
  const ending = recorder;
  recorder = undefined;
  await ending?.stop().catch(() => undefined);
}
