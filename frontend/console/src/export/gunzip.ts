/**
 * Purpose: what is in a gzip member, read while it is unpacked.
 * Design: never as a whole in memory. A small file can unpack to anything, so the one who reads it counts.
 */

/** Unpacks one gzip member; reading fails where it is none, or is damaged. */
export function gunzip(packed: readonly Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array> {
  let next = 0;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => {
      const chunk = packed[next];
      next += 1;
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
  });
  return source.pipeThrough(new DecompressionStream("gzip"));
}

/** A stream without its first bytes, until the signal ends it. */
export function behind(
  stream: ReadableStream<Uint8Array>,
  bytes: number,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  let left = bytes;
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        const rest = chunk.subarray(left);
        left = Math.max(0, left - chunk.length);
        if (rest.length > 0) controller.enqueue(rest);
      },
    }),
    { signal },
  );
}
