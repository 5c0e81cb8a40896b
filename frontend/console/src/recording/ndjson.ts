/**
 * Purpose: lines of a byte stream while it arrives.
 * Design: one batch per chunk that completes at least one line, so that a reader hands whole batches on and the first
 * frame shows before everything is loaded. A character or a line may be cut by a chunk boundary anywhere.
 */

/** Yields the complete lines each chunk brought; a last line without line feed counts. */
export async function* lineBatches(stream: ReadableStream<Uint8Array>): AsyncGenerator<readonly string[]> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  // The open line's pieces: joining once per line keeps a line of many megabytes linear.
  let open: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const parts = decoder.decode(value, { stream: true }).split("\n");
      const last = parts.pop() ?? "";
      const batch: string[] = [];
      for (const part of parts) {
        open.push(part);
        const line = open.join("");
        open = [];
        if (line.trim() !== "") batch.push(line);
      }
      open.push(last);
      if (batch.length > 0) yield batch;
    }
    open.push(decoder.decode());
    const rest = open.join("");
    if (rest.trim() !== "") yield [rest];
  } finally {
    // Leaving the loop early must close the connection, not keep the server sending.
    await reader.cancel().catch(() => undefined);
  }
}
