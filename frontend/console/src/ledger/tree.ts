/**
 * Purpose: the hashes of the log's tree, and whether proofs about it hold.
 * Design: hashing as in RFC 6962 §2.1, checking as in RFC 9162 §2.1.3.2 and §2.1.4.2. A check gives every value on its way,
 * so that a page can show it and a reader can repeat it; nothing is believed of what the server says about its own proof.
 * Sizes are whole numbers up to 2^53 - 1, beyond what shifts of 32 bits reach: halving is done by dividing.
 */
import { type Bytes, joined, same } from "./bytes";

/** Bytes of a hash. */
export const HASH_LENGTH = 32;

/** A tree: how many leaves, and the hash over all of them. */
export interface Head {
  readonly size: number;
  readonly root: Bytes;
}

/** SHA-256. */
export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** The hash of a leaf: a zero byte before it keeps leaves and nodes apart. */
export const leafHash = (entry: Bytes): Promise<Bytes> => sha256(joined(Uint8Array.of(0), entry));

/** The hash of two neighbours. */
export const nodeHash = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(joined(Uint8Array.of(1), left, right));

/** The root of a tree without leaves. */
export const emptyRoot = (): Promise<Bytes> => sha256(new Uint8Array(0));

/** Why hashes are no proof. */
export type ProofFault = "index" | "length" | "shrunk";

/** One neighbour on the way up. */
export interface PathStep {
  readonly side: "left" | "right";
  readonly neighbour: Bytes;
  /** The hash of both. */
  readonly hash: Bytes;
}

/** Where the way from a leaf leads. */
export interface Path {
  readonly steps: readonly PathStep[];
  /** The last hash; the tree's root when the leaf is in it. */
  readonly root: Bytes;
  /** There are more or fewer hashes than the way has, or no such place. */
  readonly fault: ProofFault | undefined;
}

const isOdd = (number: number): boolean => number % 2 === 1;
const half = (number: number): number => Math.floor(number / 2);
const isPlace = (number: number): boolean => Number.isSafeInteger(number) && number >= 0;

/** Goes from the leaf at `index` up a tree of `size` leaves. */
export async function inclusionPath(leaf: Bytes, index: number, size: number, hashes: readonly Bytes[]): Promise<Path> {
  const steps: PathStep[] = [];
  if (!isPlace(index) || !isPlace(size) || index >= size) return { steps, root: leaf, fault: "index" };
  let [node, last, root] = [index, size - 1, leaf];
  for (const neighbour of hashes) {
    if (last === 0) return { steps, root, fault: "length" };
    if (isOdd(node) || node === last) {
      root = await nodeHash(neighbour, root);
      steps.push({ side: "left", neighbour, hash: root });
      // Where the right edge has no neighbour, its subtree stands for its parent, too.
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      root = await nodeHash(root, neighbour);
      steps.push({ side: "right", neighbour, hash: root });
    }
    [node, last] = [half(node), half(last)];
  }
  return { steps, root, fault: last === 0 ? undefined : "length" };
}

/** What the hashes of a consistency proof lead to. */
export interface Growth {
  /** The root of the earlier tree, made from the proof alone. */
  readonly earlier: Bytes;
  /** The root of the later tree, made from the proof and the earlier root. */
  readonly later: Bytes;
  /** The earlier tree is a whole branch of the later one: its root is not made, but taken as it is. */
  readonly branch: boolean;
  readonly fault: ProofFault | undefined;
}

/** Nothing lies between the trees: no hash is needed, and none may be there. */
async function withoutGrowth(earlier: Head, later: Head, hashes: readonly Bytes[]): Promise<Growth> {
  const fault = hashes.length === 0 ? undefined : "length";
  const empty = await emptyRoot();
  const branch = false;
  if (earlier.size > 0) return { earlier: later.root, later: earlier.root, branch, fault };
  // Before the first leaf there is one root only, whatever anybody claims.
  return { earlier: empty, later: later.size === 0 ? empty : later.root, branch, fault };
}

/** Makes the roots of both trees from the hashes of a proof that one continues the other. */
export async function growth(earlier: Head, later: Head, hashes: readonly Bytes[]): Promise<Growth> {
  const failed = (fault: ProofFault): Growth => ({
    earlier: earlier.root,
    later: later.root,
    branch: false,
    fault,
  });
  if (!isPlace(earlier.size) || !isPlace(later.size)) return failed("index");
  if (earlier.size > later.size) return failed("shrunk");
  if (earlier.size === 0 || earlier.size === later.size) return withoutGrowth(earlier, later, hashes);
  let [node, last] = [earlier.size - 1, later.size - 1];
  while (isOdd(node)) [node, last] = [half(node), half(last)];
  // A tree whose size is a power of two is one subtree, whose hash is the earlier root itself.
  const branch = node === 0;
  const first = branch ? earlier.root : hashes[0];
  if (first === undefined) return failed("length");
  let [ofEarlier, ofLater] = [first, first];
  for (const neighbour of hashes.slice(branch ? 0 : 1)) {
    if (last === 0) return failed("length");
    if (isOdd(node) || node === last) {
      [ofEarlier, ofLater] = [await nodeHash(neighbour, ofEarlier), await nodeHash(neighbour, ofLater)];
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      ofLater = await nodeHash(ofLater, neighbour);
    }
    [node, last] = [half(node), half(last)];
  }
  return { earlier: ofEarlier, later: ofLater, branch, fault: last === 0 ? undefined : "length" };
}

/** Whether the leaf with this hash stands at `index`. */
export async function isIncluded(tree: Head, index: number, leaf: Bytes, hashes: readonly Bytes[]): Promise<boolean> {
  const { root, fault } = await inclusionPath(leaf, index, tree.size, hashes);
  return fault === undefined && same(root, tree.root);
}

/** Whether `later` continues `earlier`: every leaf is still there, in its place. */
export async function isContinued(earlier: Head, later: Head, hashes: readonly Bytes[]): Promise<boolean> {
  const roots = await growth(earlier, later, hashes);
  return roots.fault === undefined && same(roots.earlier, earlier.root) && same(roots.later, later.root);
}
