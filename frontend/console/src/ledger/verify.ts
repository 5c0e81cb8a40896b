/**
 * Purpose: proofs of the audit log, step by step.
 * Design: every step is looked at by itself, also after one that failed, and carries the values it compared: a reader sees
 * which step does not hold and can repeat each with any tool. A proof holds when all of its steps do.
 * How to add one more step: a variant of `Step`, its words in `components/proof`.
 */
import { type Bytes, fromBase64, same } from "./bytes";
import { type Checkpoint, checkpointFault, type CheckpointFault, readCheckpoint } from "./checkpoint";
import { differences, type ShownEvent } from "./entry";
import type { VerifierKey } from "./note";
import { growth, HASH_LENGTH, inclusionPath, leafHash, type Path, type ProofFault } from "./tree";

/** Whether a step holds. `open` is a step that could not be looked at. */
export type StepState = "sealed" | "broken" | "open";

/** The bytes of the entry are the event that is shown. */
export interface EntryStep {
  readonly id: "entry";
  readonly state: StepState;
  readonly bytes: number;
  readonly leaf: Bytes;
  /** Members that differ. */
  readonly differs: readonly string[];
}

/** The neighbours' hashes lead from the entry to a root. */
export interface PathStepResult {
  readonly id: "path";
  readonly state: StepState;
  readonly index: number;
  readonly size: number;
  readonly path: Path;
}

/** That root is the one that the checkpoint states. */
export interface RootStep {
  readonly id: "root";
  readonly state: StepState;
  readonly computed: Bytes;
  readonly stated: Bytes;
}

/** The checkpoint carries the log's signature. */
export interface SignatureStep {
  readonly id: "signature" | "earlier-signature";
  readonly state: StepState;
  readonly checkpoint: Checkpoint | undefined;
  readonly keyId: string;
  readonly fault: CheckpointFault | undefined;
}

/** The hashes of a consistency proof lead to a root. */
export interface GrowthStep {
  readonly id: "earlier-root" | "later-root";
  readonly state: StepState;
  readonly size: number;
  readonly computed: Bytes;
  readonly stated: Bytes;
  readonly hashes: number;
  /** The earlier tree is a whole branch of the later one. */
  readonly branch: boolean;
  readonly fault: ProofFault | undefined;
}

/** A part of a proof. */
export type Step = EntryStep | PathStepResult | RootStep | SignatureStep | GrowthStep;

const stateOf = (holds: boolean): StepState => (holds ? "sealed" : "broken");

/** How a proof stands as a whole: broken beats open, open beats sealed. */
export function overall(steps: readonly { readonly state: StepState }[]): StepState {
  if (steps.some(({ state }) => state === "broken")) return "broken";
  return steps.length === 0 || steps.some(({ state }) => state === "open") ? "open" : "sealed";
}

/** The hashes of a proof as the server sends them; one that is none becomes no hash, which no proof survives. */
export function readHashes(texts: readonly string[]): readonly Bytes[] {
  return texts.map((text) => {
    const bytes = fromBase64(text);
    return bytes?.length === HASH_LENGTH ? bytes : new Uint8Array(0);
  });
}

async function signed(
  id: SignatureStep["id"],
  checkpoint: Checkpoint | undefined,
  key: VerifierKey,
): Promise<SignatureStep> {
  const fault = checkpoint === undefined ? "malformed" : await checkpointFault(checkpoint, key);
  // A browser without Ed25519 has found nothing wrong, and nothing right either.
  const state = fault === "no-ed25519" ? "open" : stateOf(fault === undefined);
  return { id, state, checkpoint, keyId: key.id, fault };
}

/** A proof that an entry is in the log, as the server sends it. */
export interface InclusionAnswer {
  readonly index: number;
  readonly entry: string;
  readonly hashes: readonly string[];
  readonly checkpoint: string;
}

/** Checks that the event that is shown is in the log that the key has signed. */
export async function verifyInclusion(
  answer: InclusionAnswer,
  shown: ShownEvent,
  key: VerifierKey,
): Promise<readonly Step[]> {
  const bytes = fromBase64(answer.entry) ?? new Uint8Array(0);
  const leaf = await leafHash(bytes);
  const differs = differences(bytes, shown);
  const checkpoint = readCheckpoint(answer.checkpoint);
  const size = checkpoint?.size ?? 0;
  const path = await inclusionPath(leaf, answer.index, size, readHashes(answer.hashes));
  const stated = checkpoint?.root ?? new Uint8Array(0);
  return [
    { id: "entry", state: stateOf(differs.length === 0), bytes: bytes.length, leaf, differs },
    { id: "path", state: stateOf(path.fault === undefined), index: answer.index, size, path },
    { id: "root", state: stateOf(path.fault === undefined && same(path.root, stated)), computed: path.root, stated },
    await signed("signature", checkpoint, key),
  ];
}

/** Checks that the later checkpoint continues the earlier one, and that the key has signed both. */
export async function verifyGrowth(
  earlier: Checkpoint,
  later: Checkpoint | undefined,
  hashes: readonly string[],
  key: VerifierKey,
): Promise<readonly Step[]> {
  const steps: Step[] = [await signed("earlier-signature", earlier, key), await signed("signature", later, key)];
  if (later === undefined) return steps;
  const roots = await growth(earlier, later, readHashes(hashes));
  const step = (id: GrowthStep["id"], head: Checkpoint, computed: Bytes): GrowthStep => ({
    id,
    state: stateOf(roots.fault === undefined && same(computed, head.root)),
    size: head.size,
    computed,
    stated: head.root,
    hashes: hashes.length,
    branch: roots.branch,
    fault: roots.fault,
  });
  return [...steps, step("earlier-root", earlier, roots.earlier), step("later-root", later, roots.later)];
}
