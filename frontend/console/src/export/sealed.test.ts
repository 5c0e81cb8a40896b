import { describe, expect, it } from "vitest";
import vectors from "../../../../tests/data/vectors/seal-v1.json";
import { seal } from "../test/sealer";
import { OpenFailure } from "./failure";
import { fromHex, readKey } from "./key";
import { openSealed, readHeader } from "./sealed";

const file = (bytes: Uint8Array<ArrayBuffer>): File => new File([bytes], "sealed");
const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (31 * at + 7) % 251);

async function opened(bytes: Uint8Array<ArrayBuffer>, secret: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openSealed(file(bytes), secret)) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

async function fault(bytes: Uint8Array<ArrayBuffer>, secret: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const failure: unknown = await opened(bytes, secret).catch((cause: unknown) => cause);
  return failure instanceof OpenFailure ? failure.fault : failure;
}

describe("a sealed object", () => {
  it.each(vectors.seal)("opens as the product sealed it: $name", async (vector) => {
    const bytes = fromHex(vector.sealed);
    expect(await readHeader(file(bytes))).toEqual({
      kind: vector.kind,
      codec: vector.codec,
      object: vector.object.replaceAll("-", ""),
      number: BigInt(vector.number),
      generation: vector.generation,
    });
    const digest = await crypto.subtle.digest("SHA-256", (await opened(bytes, fromHex(vector.key))).slice());
    expect(Buffer.from(digest).toString("hex")).toBe(vector.plaintext_sha256);
  });

  it.each(vectors.export)("opens with the key of an export as the product printed it: $export", async (vector) => {
    const key = readKey(vector.key);
    const bytes = fromHex(vector.sealed);
    expect(key?.exportId).toBe(vector.export.replaceAll("-", ""));
    expect((await readHeader(file(bytes))).object).toBe(key?.exportId);
    const plaintext = await opened(bytes, key?.secret ?? new Uint8Array());
    expect(plaintext).toEqual(pattern(vector.plaintext_length));
  });

  const secret = Buffer.alloc(32, 3);
  const sealing = { kind: 9, codec: 0, number: 0n, generation: 0, secret };
  const uuid = (last: string): string => `00000000-0000-0000-0000-0000000000${last}`;
  const sealed = (length: number, object = uuid("01")): Uint8Array<ArrayBuffer> =>
    seal(Buffer.from(pattern(length)), { ...sealing, tenant: uuid("7e"), object });
  const key = new Uint8Array(secret);

  it.each([0, 1, 16_383, 16_384, 16_385, 64 * 16_384 - 1, 64 * 16_384, 65 * 16_384 + 9])(
    "opens at every length: %i",
    async (length) => {
      // Compared as one: an assertion per byte would take minutes.
      expect(Buffer.from(await opened(sealed(length), key)).equals(Buffer.from(pattern(length)))).toBe(true);
    },
  );

  it("is refused with any byte of its header changed", async () => {
    const whole = sealed(40);
    for (let at = 0; at < 112; at += 1) {
      const bytes = whole.slice();
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      expect(await fault(bytes, key), String(at)).toBe(at < 10 ? "not-sealed" : "wrong-key");
    }
  });

  it("is refused with any byte behind it changed", async () => {
    const whole = sealed(2 * 16_384 + 40);
    for (const at of [112, 16_495, 16_496, 16_511, 16_512, whole.length - 17, whole.length - 1]) {
      const bytes = whole.slice();
      bytes[at] = (bytes[at] ?? 0) ^ 0x80;
      expect(await fault(bytes, key), String(at)).toBe("changed");
    }
  });

  it("is refused when its end is missing, also between two chunks", async () => {
    const whole = sealed(2 * 16_384 + 40);
    for (const length of [112, 120, 112 + 16_400, 112 + 2 * 16_400]) {
      expect(await fault(whole.slice(0, length), key), String(length)).toBe("cut");
    }
    for (const length of [112 + 16, 112 + 9000, whole.length - 1]) {
      expect(await fault(whole.slice(0, length), key), String(length)).toBe("changed");
    }
    expect(await fault(whole.slice(0, 111), key)).toBe("not-sealed");
    expect(await fault(new Uint8Array(), key)).toBe("not-sealed");
  });

  it("is refused when something was added", async () => {
    const whole = sealed(40);
    expect(await fault(new Uint8Array([...whole, 0]), key)).toBe("changed");
    expect(await fault(new Uint8Array([...whole, ...whole]), key)).toBe("changed");
  });

  it("is refused when chunks change places, or come from another object", async () => {
    const whole = sealed(2 * 16_384 + 40);
    const [first, second] = [whole.slice(112, 112 + 16_400), whole.slice(112 + 16_400, 112 + 2 * 16_400)];
    const swapped = whole.slice();
    swapped.set(second, 112);
    swapped.set(first, 112 + 16_400);
    expect(await fault(swapped, key)).toBe("changed");
    const other = sealed(2 * 16_384 + 40, uuid("02"));
    other.set(second, 112 + 16_400);
    expect(await fault(other, key)).toBe("changed");
  });

  it("is refused with another key", async () => {
    expect(await fault(sealed(40), new Uint8Array(32))).toBe("wrong-key");
  });
});
