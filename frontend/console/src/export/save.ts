/**
 * Purpose: brings a download into a file on the reader's disk.
 * Design: where the browser lets a page write a file, the chunks go there as they come; elsewhere they wait in memory and
 * leave as one download. Either way a file is there only once all of it came: what breaks off leaves nothing behind.
 */
import type { Download } from "@sealtape/api-client";

type Chunk = Uint8Array<ArrayBuffer>;

// What the platform has and its types do not know yet.
declare global {
  interface Window {
    readonly showSaveFilePicker?: (options: { readonly suggestedName: string }) => Promise<FileSystemFileHandle>;
  }
  interface FileSystemFileHandle {
    readonly remove?: () => Promise<void>;
  }
}

/** A file that is to be, until all of it came. */
export interface Target {
  readonly write: (chunk: Chunk) => Promise<void>;
  readonly keep: () => Promise<void>;
  readonly discard: () => Promise<void>;
}

/** The answer ended before the file did. */
export class CutOff extends Error {}
/** The disk took no more. */
export class Unwritten extends Error {}

async function intoFile(handle: FileSystemFileHandle): Promise<Target> {
  const file = await handle.createWritable();
  return {
    write: (chunk) => file.write(chunk),
    keep: () => file.close(),
    discard: async () => {
      await file.abort().catch(() => undefined);
      // Choosing a name made an empty file.
      await handle.remove?.().catch(() => undefined);
    },
  };
}

function intoMemory(name: string): Target {
  let chunks: Chunk[] = [];
  return {
    write: (chunk) => {
      chunks.push(chunk);
      return Promise.resolve();
    },
    keep: () => {
      const address = URL.createObjectURL(new Blob(chunks, { type: "application/octet-stream" }));
      const link = document.createElement("a");
      link.href = address;
      link.download = name;
      link.click();
      URL.revokeObjectURL(address);
      return Promise.resolve();
    },
    discard: () => {
      chunks = [];
      return Promise.resolve();
    },
  };
}

const dismissed = (cause: unknown): boolean => cause instanceof DOMException && cause.name === "AbortError";

/** Asks where to put a file; nothing when the reader chose no place. Call it from a click: browsers ask only then. */
export async function chooseTarget(name: string): Promise<Target | undefined> {
  if (window.showSaveFilePicker === undefined) return intoMemory(name);
  try {
    return await intoFile(await window.showSaveFilePicker({ suggestedName: name }));
  } catch (cause) {
    if (dismissed(cause)) return undefined;
    throw new Unwritten("no file to write to", { cause });
  }
}

/** What comes, while it comes; a stop ends it at once, also where the answer itself would not. */
async function* chunksOf(body: Download["body"], signal: AbortSignal): AsyncGenerator<Chunk> {
  const reader = body.getReader();
  const leave = (): void => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", leave);
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw new CutOff("the answer broke off", { cause });
      });
      signal.throwIfAborted();
      if (done) return;
      yield value;
    }
  } finally {
    signal.removeEventListener("abort", leave);
    leave();
  }
}

async function pour(
  { body, length }: Download,
  target: Target,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<void> {
  let bytes = 0;
  for await (const chunk of chunksOf(body, signal)) {
    await target.write(chunk).catch((cause: unknown) => {
      throw new Unwritten("the file cannot be written", { cause });
    });
    bytes += chunk.length;
    onBytes(bytes);
  }
  if (length !== undefined && bytes !== length) throw new CutOff("the answer is shorter than it said");
  await target.keep().catch((cause: unknown) => {
    throw new Unwritten("the file cannot be finished", { cause });
  });
}

/** How far a download got. */
export interface Progress {
  readonly bytes: number;
  readonly length: number | undefined;
}

/** Puts a download into a file. Rejects with `CutOff`, `Unwritten`, or whatever asking for it was refused with. */
export async function save(
  ask: (signal: AbortSignal) => Promise<Download>,
  target: Target,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  try {
    const download = await ask(signal);
    const { length } = download;
    onProgress({ bytes: 0, length });
    await pour(download, target, signal, (bytes) => onProgress({ bytes, length }));
  } catch (cause) {
    await target.discard();
    throw cause;
  }
}
