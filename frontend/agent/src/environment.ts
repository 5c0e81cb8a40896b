/**
 * Purpose: everything the agent takes from its surroundings, in one place, so that tests own time, chance and network.
 * Design: the originals are taken when the agent starts, before it wraps `fetch` and the console itself.
 */
import { guard, type Undo } from "./guard";

/** Clock, chance, network and storage of one page. */
export interface Environment {
  /** Epoch milliseconds. */
  now(): number;
  /** Uniform in [0, 1). */
  random(): number;
  fetch: typeof fetch;
  /** Runs `work` after `ms`; the answer cancels it. */
  later(work: () => void, ms: number): Undo;
  gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  /** SHA-256 through the platform, off the main thread where it can. */
  digest(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
  /** Lives as long as the browser tab. */
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | undefined;
}

/** The surroundings of a real page. */
export function browserEnvironment(): Environment {
  const fetchOriginal = window.fetch.bind(window);
  let storage: Storage | undefined;
  try {
    storage = window.sessionStorage;
  } catch {
    // A page without storage (sandboxed frame) is recorded too; each load is then a session of its own.
  }
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    fetch: fetchOriginal,
    later(work, ms) {
      const timer = setTimeout(() => guard(work), ms);
      return () => clearTimeout(timer);
    },
    gzip: async (bytes) => {
      const zipped = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
      return new Uint8Array(await new Response(zipped).arrayBuffer());
    },
    digest: async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)),
    storage,
  };
}
