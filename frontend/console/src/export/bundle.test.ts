import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { lineBatches } from "../recording/ndjson";
import { EXPORT, exportFile, exportLines, keyText, seal } from "../test/sealer";
import { type Bundle, type Limits, openBundle } from "./bundle";
import { OpenFailure } from "./failure";
import { type ExportKey, readKey } from "./key";

function keyOf(text: string): ExportKey {
  const key = readKey(text);
  if (key === undefined) throw new Error("not a key");
  return key;
}

const KEY = keyOf(keyText(EXPORT.id, EXPORT.secret));

const open = (bytes: Uint8Array<ArrayBuffer>, key = KEY, limits?: Limits): Promise<Bundle> =>
  openBundle(
    new File([bytes], "some.sealed"),
    key,
    { signal: new AbortController().signal, onProgress: () => undefined },
    limits,
  );

async function fault(opening: Promise<Bundle>): Promise<unknown> {
  const failure: unknown = await opening.catch((cause: unknown) => cause);
  return failure instanceof OpenFailure ? failure.fault : failure;
}

async function linesOf({ source }: Bundle): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const batch of lineBatches(await source.open(undefined, new AbortController().signal))) {
    lines.push(...batch);
  }
  return lines;
}

describe("an exported file", () => {
  it("tells its facts, and the recording behind them, as often as asked", async () => {
    const bundle = await open(exportFile());
    expect(bundle.facts).toMatchObject({
      exportId: EXPORT.id,
      sessionId: EXPORT.session,
      purpose: "debugging",
      grant: undefined,
      masked: true,
      panes: ["dom", "console"],
      session: { durationMs: 300_000, policyVersion: 3, manifest: { rev: 2 } },
    });
    expect(bundle.source.from).toBe("file");
    expect(await linesOf(bundle)).toEqual(exportLines().slice(1));
    expect(await linesOf(bundle)).toEqual(exportLines().slice(1));
  });

  it("opens over many chunks, and says how far it got", async () => {
    const noise = Array.from({ length: 4000 }, (_, at) =>
      JSON.stringify({ tab: 0, noise: keyText(EXPORT.id, seed(at)) }),
    );
    const bytes = exportFile([...exportLines().slice(0, 2), ...noise, ...exportLines().slice(2)]);
    expect(bytes.length).toBeGreaterThan(5 * 16_400);
    const told: number[] = [];
    const opening = { signal: new AbortController().signal, onProgress: (at: number) => told.push(at) };
    const bundle = await openBundle(new File([bytes], "f"), KEY, opening);
    expect(told.at(-1)).toBeGreaterThan(5 * 16_384);
    expect(await linesOf(bundle)).toHaveLength(noise.length + 4);
  });

  it("is refused with the key of another, with a name to it", async () => {
    const other = keyOf(keyText("0190f3a1-0000-7000-8000-0000000000e2", EXPORT.secret));
    expect(await fault(open(exportFile(), other))).toBe("other-export");
    const forged = keyOf(keyText(EXPORT.id, Buffer.alloc(32, 8)));
    expect(await fault(open(exportFile(), forged))).toBe("wrong-key");
  });

  it("is refused when the file is no export", async () => {
    expect(await fault(open(new TextEncoder().encode("PK\u0003\u0004 and so on")))).toBe("not-sealed");
    const differences = [{ kind: 1 }, { codec: 1 }, { number: 1n }, { generation: 1 }];
    for (const sealing of differences) {
      expect(await fault(open(exportFile(exportLines(), sealing)))).toBe("not-export");
    }
  });

  it("is refused when another tenant's name is written over its own", async () => {
    const bytes = exportFile();
    bytes.set(new Uint8Array(16), 12);
    expect(await fault(open(bytes))).toBe("wrong-key");
  });

  it("shows nothing of a file that was changed near its end", async () => {
    const noise = Array.from({ length: 2000 }, (_, at) => JSON.stringify({ noise: keyText(EXPORT.id, seed(at)) }));
    const bytes = exportFile([...exportLines(), ...noise]);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(await fault(open(bytes))).toBe("changed");
  });

  it("is refused when what is sealed is no session", async () => {
    const lines = (line: string): Uint8Array<ArrayBuffer> => exportFile([line, ...exportLines().slice(1)]);
    for (const line of ["not JSON", "{}", '{"export":{}}', '{"export":{"format":"zip"}}']) {
      expect(await fault(open(lines(line))), line).toBe("unreadable");
    }
    const sealing = { kind: 9, codec: 0, number: 0n, generation: 0, tenant: EXPORT.id, object: EXPORT.id };
    const sealed = (plain: Buffer): Uint8Array<ArrayBuffer> => seal(plain, { ...sealing, secret: EXPORT.secret });
    expect(await fault(open(sealed(Buffer.from("not gzip"))))).toBe("unreadable");
    const whole = gzipSync(`${exportLines().join("\n")}\n`);
    expect(await fault(open(sealed(whole.subarray(0, -4))))).toBe("unreadable");
    expect(await fault(open(sealed(gzipSync("no line feed"))))).toBe("unreadable");
    expect(await fault(open(exportFile(exportLines({ export_id: EXPORT.session }))))).toBe("unreadable");
  });

  it("says that a later version made it", async () => {
    expect(await fault(open(exportFile(exportLines({ format: "sealtape-session@2" }))))).toBe("newer");
  });

  it("is refused when it, what it unpacks to, or a line of it is too large", async () => {
    const limits: Limits = { packed: 100_000, unpacked: 50_000, line: 20_000 };
    expect((await open(exportFile(), KEY, limits)).facts.exportId).toBe(EXPORT.id);
    const behindHead = (...more: readonly string[]): Uint8Array<ArrayBuffer> => exportFile([...exportLines(), ...more]);
    expect(await fault(open(behindHead("x".repeat(20_001)), KEY, limits))).toBe("too-large");
    expect(await fault(open(behindHead(...Array.from({ length: 60 }, () => "x".repeat(1000))), KEY, limits))).toBe(
      "too-large",
    );
    expect(await fault(open(exportFile(), KEY, { ...limits, packed: 500 }))).toBe("too-large");
    expect(await fault(open(exportFile(["x".repeat(70_000)])))).toBe("unreadable");
  });

  it("stops when told to", async () => {
    const stop = new AbortController();
    stop.abort();
    const opening = openBundle(new File([exportFile()], "f"), KEY, {
      signal: stop.signal,
      onProgress: () => undefined,
    });
    await expect(opening).rejects.toBe(stop.signal.reason);
  });
});

/** 32 bytes that do not pack well. */
function seed(at: number): Buffer {
  const bytes = Buffer.alloc(32);
  for (let index = 0; index < 32; index += 1) bytes[index] = (at * 7919 + index * 104_729 + at * index * 31) % 256;
  return bytes;
}
