import { describe, expect, it } from "vitest";
import { lineBatches } from "./ndjson";

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

async function lines(chunks: readonly Uint8Array[]): Promise<string[]> {
  const all: string[] = [];
  for await (const batch of lineBatches(streamOf(chunks))) all.push(...batch);
  return all;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("lineBatches", () => {
  it("gives the same lines wherever the chunks are cut, also inside a character", async () => {
    const text = '{"a":"ü▇😀"}\n{"b":2}\n\n{"c":"last without line feed"}';
    const whole = bytes(text);
    const expected = ['{"a":"ü▇😀"}', '{"b":2}', '{"c":"last without line feed"}'];
    for (let cut = 0; cut <= whole.length; cut += 1) {
      expect(await lines([whole.slice(0, cut), whole.slice(cut)])).toEqual(expected);
    }
    expect(await lines([...whole].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it("hands on what is complete before the stream ends", async () => {
    let send: ReadableStreamDefaultController<Uint8Array> | undefined;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        send = controller;
      },
    });
    const batches = lineBatches(stream);
    send?.enqueue(bytes('{"first":1}\n{"sec'));
    expect(await batches.next()).toEqual({ done: false, value: ['{"first":1}'] });
    send?.enqueue(bytes('ond":2}\n'));
    expect(await batches.next()).toEqual({ done: false, value: ['{"second":2}'] });
    send?.close();
    expect((await batches.next()).done).toBe(true);
  });

  it("closes the connection when the reader leaves early", async () => {
    let cancelled = false;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes("1\n2\n")),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const batch of lineBatches(stream)) {
      expect(batch).toEqual(["1", "2"]);
      break;
    }
    expect(cancelled).toBe(true);
  });
});
