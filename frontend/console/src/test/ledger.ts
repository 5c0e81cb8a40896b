/**
 * Purpose: an audit log with its proofs, for tests only.
 * Design: written from RFC 6962 and C2SP's texts with Node's cryptography, and shares nothing with what checks it: a mistake in
 * one would not be made good by the other.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";

const digest = (...parts: readonly Buffer[]): Buffer => createHash("sha256").update(Buffer.concat(parts)).digest();
const leafOf = (entry: string): Buffer => digest(Buffer.of(0), Buffer.from(entry));

function split(length: number): number {
  let middle = 1;
  while (middle * 2 < length) middle *= 2;
  return middle;
}

function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return digest();
  if (leaves.length === 1) return only;
  const middle = split(leaves.length);
  return digest(Buffer.of(1), rootOf(leaves.slice(0, middle)), rootOf(leaves.slice(middle)));
}

function inclusionOf(index: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length <= 1) return [];
  const middle = split(leaves.length);
  return index < middle
    ? [...inclusionOf(index, leaves.slice(0, middle)), rootOf(leaves.slice(middle))]
    : [...inclusionOf(index - middle, leaves.slice(middle)), rootOf(leaves.slice(0, middle))];
}

function growthOf(size: number, leaves: readonly Buffer[], whole = true): Buffer[] {
  if (size === leaves.length) return whole ? [] : [rootOf(leaves)];
  const middle = split(leaves.length);
  return size <= middle
    ? [...growthOf(size, leaves.slice(0, middle), whole), rootOf(leaves.slice(middle))]
    : [...growthOf(size - middle, leaves.slice(middle), false), rootOf(leaves.slice(0, middle))];
}

const base64 = (bytes: Buffer): string => bytes.toString("base64");

/** The private key of a seed. */
function keyOf(seed: number): KeyObject {
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
  return createPrivateKey({ key: Buffer.concat([prefix, Buffer.alloc(32, seed)]), format: "der", type: "pkcs8" });
}

/** A log that its own key signs. */
export class Log {
  private readonly key: KeyObject;
  private readonly publicKey: Buffer;

  constructor(
    readonly entries: readonly string[],
    readonly origin = "sealtape/test/t/e1",
    seed = 7,
  ) {
    this.key = keyOf(seed);
    this.publicKey = createPublicKey(this.key).export({ format: "der", type: "spki" }).subarray(-32);
  }

  private get id(): Buffer {
    return digest(Buffer.from(`${this.origin}\n`), Buffer.of(1), this.publicKey).subarray(0, 4);
  }

  /** C2SP's `name+id+base64`. */
  get verifier(): string {
    return `${this.origin}+${this.id.toString("hex")}+${base64(Buffer.concat([Buffer.of(1), this.publicKey]))}`;
  }

  private leaves(size: number): Buffer[] {
    return this.entries.slice(0, size).map(leafOf);
  }

  /** The root of the first `size` entries. */
  root(size = this.entries.length): string {
    return base64(rootOf(this.leaves(size)));
  }

  /** A signed note over any text. */
  note(text: string): string {
    const signature = Buffer.concat([this.id, sign(null, Buffer.from(text), this.key)]);
    return `${text}\n\u2014 ${this.origin} ${base64(signature)}\n`;
  }

  /** The signed checkpoint of the first `size` entries. */
  checkpoint(size = this.entries.length): string {
    return this.note(`${this.origin}\n${String(size)}\n${this.root(size)}\n`);
  }

  /** What `/v1/audit/proof/inclusion` answers. */
  inclusion(index: number) {
    const hashes = inclusionOf(index, this.leaves(this.entries.length)).map(base64);
    return {
      index,
      entry: base64(Buffer.from(this.entries[index] ?? "")),
      hashes,
      checkpoint: this.checkpoint(),
    };
  }

  /** What `/v1/audit/proof/consistency` answers. */
  growth(from: number, to = this.entries.length) {
    const hashes = from === 0 ? [] : growthOf(from, this.leaves(to)).map(base64);
    return { from, to, hashes, checkpoint: this.checkpoint(to) };
  }
}
