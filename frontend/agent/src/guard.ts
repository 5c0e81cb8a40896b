/**
 * Purpose: nothing the agent does may be felt by the page that carries it.
 * Design: every listener and every wrapped function runs our work inside `guard`; the page's own call is made outside
 * of it, with the same `this`, arguments, result and exception as without us.
 */

/** A plain object seen from outside: rrweb events and server answers are walked as this, each field checked. */
export type Json = Record<string, unknown>;

/** Takes back one listener or wrapper. */
export type Undo = () => void;

export const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null;
export const isText = (value: unknown): value is string => typeof value === "string";
export const isNumber = (value: unknown): value is number => typeof value === "number";

/** The objects of a list; anything that is not a list counts as empty. */
export const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);

/** Runs `work`; what it throws ends here. */
export function guard<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Lets `work` go its way; a rejection of ours is none of the page's. */
export function detach(work: Promise<unknown>): void {
  work.catch(() => undefined);
}

/** Listens in the capture phase for each of the space-separated `types`. */
export function listen(target: EventTarget, types: string, handler: (event: Event) => void, undo: Undo[]): void {
  const guarded = (event: Event) => guard(() => handler(event));
  for (const type of types.split(" ")) {
    target.addEventListener(type, guarded, { capture: true, passive: true });
    undo.push(() => target.removeEventListener(type, guarded, true));
  }
}

/** Puts `wrap(original)` in the place of `owner[name]`. Undone only while nobody has wrapped it again after us. */
export function patch<T extends object, K extends keyof T>(
  owner: T,
  name: K,
  wrap: (original: T[K]) => T[K],
  undo: Undo[],
): void {
  guard(() => {
    const original = owner[name];
    if (typeof original !== "function") return;
    const wrapped = wrap(original);
    owner[name] = wrapped;
    undo.push(() => {
      if (owner[name] === wrapped) owner[name] = original;
    });
  });
}
