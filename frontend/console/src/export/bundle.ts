/**
 * Purpose: an exported session, opened in the browser: its facts, and a recording to watch.
 * Design: all of the file is decrypted, verified and unpacked once before anything of it is shown, so that a file that
 * was changed or cut shows nothing at all, and one that unpacks without end is refused. What is kept is the packed
 * plaintext, in memory: a `Blob` could be written to a disk. Nothing here asks the network for anything.
 */
import type { Source } from "../recording/feed";
import { type ExportFacts, readFacts } from "./facts";
import { OpenFailure } from "./failure";
import { behind, gunzip } from "./gunzip";
import type { ExportKey } from "./key";
import { openSealed, readHeader, type SealedFile } from "./sealed";

/** The kind of sealed object that an export is. */
const EXPORT = 9;
const RAW = 0;

/** How much a browser is asked to hold and to read. */
export interface Limits {
  /** Bytes of the file. */
  readonly packed: number;
  /** Bytes it may unpack to. */
  readonly unpacked: number;
  /** Bytes of one line: it becomes one text. */
  readonly line: number;
}

/** The first line is a few hundred bytes; what goes on and on is none. */
const HEAD_MOST = 65_536;

const LIMITS: Limits = { packed: 2 ** 30, unpacked: 2 ** 32, line: 2 ** 28 };

/** An export that was opened. */
export interface Bundle {
  readonly facts: ExportFacts;
  readonly source: Source;
}

/** How far opening got. */
export interface Opening {
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number) => void;
}

type Packed = readonly Uint8Array<ArrayBuffer>[];

async function decrypted(file: SealedFile, key: ExportKey, { signal, onProgress }: Opening): Promise<Packed> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const chunk of openSealed(file, key.secret)) {
    signal.throwIfAborted();
    chunks.push(chunk);
    bytes += chunk.length;
    onProgress(bytes);
  }
  return chunks;
}

const LINE_FEED = 10;

/** What was unpacked so far. */
class Unpacked {
  /** The first line with its line feed, as far as it came. */
  readonly head: Uint8Array[] = [];
  headEnds = false;
  private total = 0;
  private line = 0;

  constructor(private readonly limits: Limits) {}

  take(chunk: Uint8Array): void {
    const first = chunk.indexOf(LINE_FEED);
    if (!this.headEnds) this.head.push(first < 0 ? chunk : chunk.subarray(0, first + 1));
    this.headEnds ||= first >= 0;
    this.total += chunk.length;
    if (!this.headEnds && this.total > HEAD_MOST) throw new OpenFailure("unreadable");
    // Only a line that goes on from one chunk to the next can be too long.
    const open = this.line + (first < 0 ? chunk.length : first);
    if (this.total > this.limits.unpacked || open > this.limits.line) throw new OpenFailure("too-large");
    this.line = first < 0 ? open : chunk.length - chunk.lastIndexOf(LINE_FEED) - 1;
  }
}

/** Unpacks all of it once: gives the first line with its line feed, and throws where the rest is not to be had. */
async function firstLine(packed: Packed, limits: Limits, signal: AbortSignal): Promise<Uint8Array> {
  const unpacked = new Unpacked(limits);
  const reader = gunzip(packed).getReader();
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) break;
      unpacked.take(value);
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw cause instanceof OpenFailure ? cause : new OpenFailure("unreadable");
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  if (!unpacked.headEnds) throw new OpenFailure("unreadable");
  return Uint8Array.from(unpacked.head.flatMap((part) => [...part]));
}

/** Whether this key is for this file, as far as both say so themselves. */
async function compare(file: SealedFile, key: ExportKey): Promise<void> {
  const { kind, codec, object, number, generation } = await readHeader(file);
  if (kind !== EXPORT || codec !== RAW || number !== 0n || generation !== 0) throw new OpenFailure("not-export");
  if (object !== key.exportId) throw new OpenFailure("other-export");
}

/** Opens an exported file with its key. Rejects with `OpenFailure`, or with the signal's reason. */
export async function openBundle(
  file: SealedFile,
  key: ExportKey,
  opening: Opening,
  limits: Limits = LIMITS,
): Promise<Bundle> {
  if (!("subtle" in crypto)) throw new OpenFailure("no-crypto");
  await compare(file, key);
  if (file.size > limits.packed) throw new OpenFailure("too-large");
  const packed = await decrypted(file, key, opening);
  const head = await firstLine(packed, limits, opening.signal);
  const facts = readFacts(new TextDecoder().decode(head));
  if (facts.exportId.replaceAll("-", "") !== key.exportId) throw new OpenFailure("unreadable");
  return {
    facts,
    source: { from: "file", open: (_, signal) => Promise.resolve(behind(gunzip(packed), head.length, signal)) },
  };
}
