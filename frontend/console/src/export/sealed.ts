/**
 * Purpose: opens a sealed object (docs/architecture/sealing.md) in the browser.
 * Design: every byte of the header is part of what the key is derived from, so a header that was changed does not open.
 * Chunks are decrypted in order and handed on only with their tag verified; a file that ends between two chunks is refused
 * by its length, before anything of it is decrypted. What the object must be is for the caller to compare.
 */
import { OpenFailure } from "./failure";

type Bytes = Uint8Array<ArrayBuffer>;

/** A file, or a part of one: read in pieces, never as a whole. */
export type SealedFile = Pick<Blob, "size" | "slice">;

/** What a header says that the object is. */
export interface Header {
  readonly kind: number;
  /** 0 raw, 1 zstd. */
  readonly codec: number;
  /** 32 hexadecimal digits. */
  readonly object: string;
  readonly number: bigint;
  readonly generation: number;
}

const MAGIC = [0x53, 0x4c, 0x54, 0x41, 0x50, 0x45, 0x00, 0x01] as const;
const SUITE = 1;
/** The part of the header that is bound into the key. */
const BOUND = 80;
const HEADER = 112;
const TAG = 16;
const CHUNK = 16_384 + TAG;
/** Chunks read and decrypted at one time: a call for each would take longer than its decryption. */
const AT_ONCE = 64;
const INFO = new TextEncoder().encode("sealtape/seal/v1\0AEAD_AES_256_GCM\0");

async function read(file: SealedFile, from: number, to: number): Promise<Bytes> {
  try {
    return new Uint8Array(await file.slice(from, to).arrayBuffer());
  } catch {
    throw new OpenFailure("no-file");
  }
}

async function headerBytes(file: SealedFile): Promise<Bytes> {
  const bytes = await read(file, 0, HEADER);
  const suite = bytes.length < HEADER ? 0 : new DataView(bytes.buffer).getUint16(8);
  if (suite !== SUITE || MAGIC.some((byte, at) => bytes[at] !== byte)) throw new OpenFailure("not-sealed");
  return bytes;
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** What a file says that it is; nothing of it is proven before it opens. */
export async function readHeader(file: SealedFile): Promise<Header> {
  const bytes = await headerBytes(file);
  const view = new DataView(bytes.buffer);
  return {
    kind: view.getUint8(10),
    codec: view.getUint8(11),
    object: hex(bytes.subarray(28, 44)),
    number: view.getBigUint64(44),
    generation: view.getUint32(52),
  };
}

function joined(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** HKDF-Expand with SHA-512 (RFC 5869). WebCrypto's own HKDF always extracts first. */
async function expand(key: Bytes, info: Bytes, length: number): Promise<Bytes> {
  const mac = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-512" }, false, ["sign"]);
  let all = new Uint8Array();
  let block = new Uint8Array();
  for (let counter = 1; all.length < length; counter += 1) {
    block = new Uint8Array(await crypto.subtle.sign("HMAC", mac, joined(block, info, Uint8Array.of(counter))));
    all = joined(all, block);
  }
  return all.slice(0, length);
}

/** Compares all bytes, however early they differ. */
function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.reduce((differs, byte, at) => differs | (byte ^ (other[at] ?? 0)), 0) === 0;
}

/** The nonce of a chunk: its index, laid over the end of the base. */
function nonceOf(base: Bytes, index: number): Bytes {
  const nonce = base.slice();
  const view = new DataView(nonce.buffer);
  view.setUint32(8, (view.getUint32(8) ^ index) >>> 0);
  return nonce;
}

interface Opening {
  readonly aead: CryptoKey;
  readonly base: Bytes;
}

async function derive(header: Bytes, secret: Bytes): Promise<Opening> {
  const derived = await expand(secret, joined(INFO, header.subarray(0, BOUND)), 76);
  if (!same(derived.subarray(44), header.subarray(BOUND))) throw new OpenFailure("wrong-key");
  const aead = await crypto.subtle.importKey("raw", derived.slice(0, 32), "AES-GCM", false, ["decrypt"]);
  return { aead, base: derived.slice(32, 44) };
}

async function openChunk({ aead, base }: Opening, index: number, sealed: Bytes): Promise<Bytes> {
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonceOf(base, index) }, aead, sealed);
    return new Uint8Array(plain);
  } catch {
    throw new OpenFailure("changed");
  }
}

/** The plaintext of a sealed object, chunk by chunk, each one verified. What came before a failure must not be used. */
export async function* openSealed(file: SealedFile, secret: Bytes): AsyncGenerator<Bytes> {
  const opening = await derive(await headerBytes(file), secret);
  // The last chunk is always shorter than a whole one, so a file that ends with a whole one was cut.
  if ((file.size - HEADER) % CHUNK < TAG) throw new OpenFailure("cut");
  for (let first = 0; HEADER + first * CHUNK < file.size; first += AT_ONCE) {
    const from = HEADER + first * CHUNK;
    const part = await read(file, from, Math.min(file.size, from + AT_ONCE * CHUNK));
    const chunks = Array.from({ length: Math.ceil(part.length / CHUNK) }, (_, at) =>
      openChunk(opening, first + at, part.slice(at * CHUNK, (at + 1) * CHUNK)),
    );
    yield* await Promise.all(chunks);
  }
}
