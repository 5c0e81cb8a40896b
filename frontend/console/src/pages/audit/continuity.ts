/**
 * Purpose: what this browser knows of the log from before, held against what the server says now.
 * Design: the key and the newest checkpoint are kept (`ledger/pins.ts`). Everything here takes the log's word for nothing:
 * where the server gives no proof that its log continues what was seen, that counts against the log.
 */
import { ApiError } from "@sealtape/api-client";
import { proveGrowth } from "../../api/audit";
import type { Checkpoint } from "../../ledger/checkpoint";
import type { VerifierKey } from "../../ledger/note";
import { keepCheckpoint, type SeenPin, seenCheckpoint, type Trust } from "../../ledger/pins";
import { overall, type Step, type StepState, verifyGrowth } from "../../ledger/verify";

/** What the key that the server names is to this browser. */
export interface KeyStep {
  readonly id: "key";
  readonly state: StepState;
  readonly kind: "first" | "same" | "compared" | "changed" | "renamed" | "unreadable";
  readonly keyId: string;
  /** When it was first seen, or compared. */
  readonly date: string;
}

/** Whether the log continues what this browser saw. */
export interface SeenStep {
  readonly id: "seen";
  readonly state: StepState;
  readonly kind: "first" | "continued" | "broken" | "other-log" | "no-answer";
  readonly pin: SeenPin | undefined;
}

/** A step of a proof, the browser's own memory included. */
export type ShownStep = Step | KeyStep | SeenStep;

/** The key's step. A first look is neither for nor against the key. */
export function keyStep(trust: Trust): KeyStep {
  const { pin } = trust;
  const { compared } = pin;
  const of = (kind: KeyStep["kind"], state: StepState, date = pin.since): KeyStep => ({
    id: "key",
    kind,
    state,
    keyId: pin.key.id,
    date,
  });
  switch (trust.state) {
    case "first":
      return of("first", "open");
    case "same":
      return compared === undefined ? of("same", "sealed") : of("compared", "sealed", compared);
    case "changed":
      return trust.served === undefined
        ? of("unreadable", "broken")
        : of(trust.renamed ? "renamed" : "changed", "broken");
  }
}

const refused = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 404 || error.status === 409 || error.status === 422);

/** The steps from an earlier checkpoint to a later one, with a proof of the server's. */
export async function continuitySteps(
  earlier: Checkpoint,
  later: Checkpoint,
  key: VerifierKey,
): Promise<readonly Step[]> {
  // Of two trees that are equally large there is nothing to prove: their roots are the same, or the log is forked.
  const needed = earlier.size > 0 && earlier.size < later.size;
  const hashes = needed ? (await proveGrowth(earlier.size, later.size)).hashes : [];
  return verifyGrowth(earlier, later, hashes, key);
}

/** Holds a checkpoint, whose signature was verified, against the newest one that this browser saw, and keeps it. */
export async function seenStep(store: Storage, tenant: string, now: Checkpoint, key: VerifierKey): Promise<SeenStep> {
  const pin = seenCheckpoint(store, tenant);
  const of = (kind: SeenStep["kind"], state: StepState): SeenStep => ({ id: "seen", kind, state, pin });
  const keep = (): void => keepCheckpoint(store, tenant, now, new Date().toISOString());
  if (pin === undefined) {
    keep();
    return of("first", "open");
  }
  if (pin.checkpoint.origin !== now.origin) return of("other-log", "broken");
  // A proof may come with a checkpoint that is a little older than the newest one seen.
  const [earlier, later] = pin.checkpoint.size <= now.size ? [pin.checkpoint, now] : [now, pin.checkpoint];
  try {
    // Both were verified, one of them when it was kept: perhaps by the key before this one.
    const steps = await continuitySteps(earlier, later, key);
    const state = overall(steps.filter(({ id }) => id === "earlier-root" || id === "later-root"));
    if (state === "sealed" && now.size > pin.checkpoint.size) keep();
    return of(state === "broken" ? "broken" : "continued", state);
  } catch (error) {
    if (refused(error)) return of("broken", "broken");
    return of("no-answer", "open");
  }
}

/** Which step is the first that does not hold, counted from one. */
export const firstBroken = (steps: readonly { readonly state: StepState }[]): number =>
  steps.findIndex(({ state }) => state === "broken") + 1;

/** How a proof stands: what the browser only begins to remember is neither for nor against it. */
export function verdict(steps: readonly ShownStep[]): StepState {
  return overall(steps.filter((step) => !((step.id === "key" || step.id === "seen") && step.kind === "first")));
}
