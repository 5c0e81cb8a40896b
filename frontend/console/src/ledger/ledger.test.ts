/** The committed vectors are those that the Rust crate and the Python implementation check. */
import { describe, expect, it } from "vitest";
import vectors from "../../../../tests/data/vectors/ledger-v1.json";
import { type Bytes, fromBase64, joined, toBase64, toHex, utf8 } from "./bytes";
import { checkpointFault, readCheckpoint, readKeptCheckpoint } from "./checkpoint";
import { noteText, readKey, readNote, signatureFault } from "./note";
import { emptyRoot, growth, type Head, inclusionPath, isContinued, isIncluded, leafHash, nodeHash } from "./tree";

const bytes = (base64: string): Bytes => fromBase64(base64) ?? new Uint8Array(0);
const hex = (digits: string): Bytes => Uint8Array.from(digits.match(/../gu) ?? [], (pair) => Number.parseInt(pair, 16));

/** The published vectors of RFC 6962's reference implementation, as in `ledger/tests/suite/vectors.rs`. */
const REFERENCE = {
  entries: ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"],
  roots: [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ],
};

/** The tree over some leaves, letter by letter as RFC 6962 §2.1 defines it. */
async function rootOf(leaves: readonly Bytes[]): Promise<Bytes> {
  const [only] = leaves;
  if (only === undefined) return emptyRoot();
  if (leaves.length === 1) return leafHash(only);
  const middle = split(leaves.length);
  return nodeHash(await rootOf(leaves.slice(0, middle)), await rootOf(leaves.slice(middle)));
}

const split = (length: number): number => 2 ** Math.ceil(Math.log2(length) - 1);

/** The proofs as RFC 6962 §2.1.1 and §2.1.2 define them. */
async function inclusionOf(index: number, leaves: readonly Bytes[]): Promise<Bytes[]> {
  if (leaves.length <= 1) return [];
  const middle = split(leaves.length);
  return index < middle
    ? [...(await inclusionOf(index, leaves.slice(0, middle))), await rootOf(leaves.slice(middle))]
    : [...(await inclusionOf(index - middle, leaves.slice(middle))), await rootOf(leaves.slice(0, middle))];
}

async function growthOf(size: number, leaves: readonly Bytes[], whole = true): Promise<Bytes[]> {
  if (size === leaves.length) return whole ? [] : [await rootOf(leaves)];
  const middle = split(leaves.length);
  return size <= middle
    ? [...(await growthOf(size, leaves.slice(0, middle), whole)), await rootOf(leaves.slice(middle))]
    : [...(await growthOf(size - middle, leaves.slice(middle), false)), await rootOf(leaves.slice(0, middle))];
}

const numbered = (count: number): Bytes[] => Array.from({ length: count }, (_, index) => utf8(`entry ${index}`));

/** A generator with a seed, so that what fails once fails again. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const flipped = (value: Bytes, bit: number): Bytes => {
  const copy = value.slice();
  const at = bit >> 3;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit & 7));
  return copy;
};

describe("the tree", () => {
  it("has the roots of the reference", async () => {
    const leaves = REFERENCE.entries.map(hex);
    for (const [size, root] of REFERENCE.roots.entries()) {
      expect(toHex(await rootOf(leaves.slice(0, size)))).toBe(root);
    }
  });

  it("proves everything in a small tree, and no other place", async () => {
    const leaves = numbered(20);
    const roots = await Promise.all(Array.from({ length: 21 }, (_, size) => rootOf(leaves.slice(0, size))));
    const head = (size: number): Head => ({ size, root: roots[size] ?? new Uint8Array(0) });
    for (let size = 1; size <= 20; size += 1) {
      for (const [index, entry] of leaves.slice(0, size).entries()) {
        const proof = await inclusionOf(index, leaves.slice(0, size));
        const leaf = await leafHash(entry);
        expect(await isIncluded(head(size), index, leaf, proof), `${index} of ${size}`).toBe(true);
        expect(await isIncluded(head(size), index, leaf, [...proof, leaf])).toBe(false);
        expect(await isIncluded(head(size), index, leaf, proof.slice(1))).toBe(proof.length === 0);
        expect(await isIncluded(head(size), index === 0 ? 1 : index - 1, leaf, proof)).toBe(false);
      }
      for (let earlier = 1; earlier <= size; earlier += 1) {
        const proof = await growthOf(earlier, leaves.slice(0, size));
        expect(await isContinued(head(earlier), head(size), proof), `${earlier} to ${size}`).toBe(true);
        expect(await isContinued(head(earlier), head(size), [...proof, head(size).root])).toBe(false);
        if (earlier < size) expect(await isContinued(head(size), head(earlier), proof)).toBe(false);
      }
    }
    expect(await isContinued(head(0), head(7), [])).toBe(true);
    expect(await isContinued({ size: 0, root: head(7).root }, head(7), [])).toBe(false);
    expect(await isContinued({ size: 5, root: head(4).root }, head(5), [])).toBe(false);
  });

  it("agrees with the committed vectors beyond the edges of tiles", async () => {
    // Entry i is the text "entry i".
    const head = async (size: number): Promise<Head> => ({ size, root: await rootOf(numbered(size)) });
    for (const { size, root } of vectors.roots) expect(toBase64((await head(size)).root)).toBe(root);
    for (const { old, new: later, proof } of vectors.consistency) {
      expect(await isContinued(await head(old), await head(later), proof.map(bytes)), `${old} to ${later}`).toBe(true);
    }
    for (const { entry, proof } of vectors.entries) {
      const { index, hashes, note } = readProof(proof);
      const checkpoint = readCheckpoint(note);
      expect(checkpoint).toMatchObject({ origin: vectors.origin, size: 1000 });
      expect(checkpoint && (await isIncluded(checkpoint, index, await leafHash(utf8(entry)), hashes))).toBe(true);
    }
  });

  it("counts beyond what 32 bits hold", async () => {
    const leaf = await leafHash(utf8("far"));
    const size = 2 ** 52;
    const hashes = await Promise.all(Array.from({ length: 52 }, (_, level) => leafHash(utf8(String(level)))));
    const path = await inclusionPath(leaf, size - 1, size, hashes);
    expect(path.fault).toBeUndefined();
    expect(new Set(path.steps.map(({ side }) => side))).toEqual(new Set(["left"]));
    expect((await inclusionPath(leaf, 2 ** 40, size, hashes)).steps.filter(({ side }) => side === "left")).toHaveLength(
      1,
    );
    expect((await inclusionPath(leaf, size, size, hashes)).fault).toBe("index");
    expect((await inclusionPath(leaf, 0.5, size, hashes)).fault).toBe("index");
    expect(
      (await growth({ size: 2 ** 51, root: leaf }, { size, root: leaf }, hashes.slice(0, 1))).fault,
    ).toBeUndefined();
  });

  it("believes no proof with a bit flipped anywhere", async () => {
    const roll = dice(4711);
    for (let round = 0; round < 60; round += 1) {
      const size = 2 + roll(150);
      const leaves = numbered(size);
      const [index, earlier] = [roll(size), 1 + roll(size - 1)];
      const later: Head = { size, root: await rootOf(leaves) };
      const older: Head = { size: earlier, root: await rootOf(leaves.slice(0, earlier)) };
      const leaf = await leafHash(leaves[index] ?? new Uint8Array(0));
      const [included, grown] = [await inclusionOf(index, leaves), await growthOf(earlier, leaves)];
      expect(await isIncluded(later, index, leaf, included)).toBe(true);
      expect(await isContinued(older, later, grown)).toBe(true);
      const bit = roll(256);
      const bent = (head: Head): Head => ({ ...head, root: flipped(head.root, bit) });
      const bentAt = (proof: readonly Bytes[]): Bytes[] => {
        const at = roll(proof.length);
        return proof.map((each, place) => (place === at ? flipped(each, bit) : each));
      };
      expect(await isIncluded(bent(later), index, leaf, included)).toBe(false);
      expect(await isIncluded(later, index, flipped(leaf, bit), included)).toBe(false);
      expect(await isIncluded(later, index, leaf, bentAt(included)), `${index} of ${size}`).toBe(false);
      expect(await isContinued(bent(older), later, grown)).toBe(false);
      expect(await isContinued(older, bent(later), grown)).toBe(false);
      expect(await isContinued(older, later, bentAt(grown)), `${earlier} to ${size}`).toBe(false);
    }
  });
});

/** A proof in one file (C2SP tlog-proof). */
function readProof(file: string): { index: number; hashes: Bytes[]; note: string } {
  const end = file.indexOf("\n\n");
  const [, index = "", ...hashes] = file.slice(0, end).split("\n");
  return { index: Number(index.replace("index ", "")), hashes: hashes.map(bytes), note: file.slice(end + 2) };
}

/** The example in the documentation of Go's `sumdb/note`. */
const NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const NEUMANN_NOTE =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

describe("signed notes", () => {
  it("are believed as Go's documentation has them", async () => {
    const key = await readKey(NEUMANN);
    const note = readNote(NEUMANN_NOTE);
    if (key === undefined || note === undefined) throw new Error("the documentation's example");
    expect(key).toMatchObject({ name: "PeterNeumann", id: "c74f20a3", text: NEUMANN });
    expect(await signatureFault(note, key)).toBeUndefined();
    expect(noteText(note)).toBe(NEUMANN_NOTE);
    expect(await signatureFault({ ...note, text: note.text.replace("your", "yout") }, key)).toBe("bad-signature");
    expect(await signatureFault(note, { ...key, name: "Somebody" })).toBe("unsigned");
  });

  it("have one form", () => {
    const line = "\u2014 log.example AAAAAQE=\n";
    for (const note of [
      "",
      "text\n",
      `text\n${line}`,
      `\n${line}`,
      "text\n\n",
      `text\n\n${line.trimEnd()}`,
      `text\n\n${line.replace("\u2014", "-")}`,
      `text\n\n${line.replace(" AAA", "  AAA")}`,
      `text\n\n${line.replace("log.example", "log+example")}`,
      "text\n\n\u2014 log.example AAAA\n",
      "text\n\n\u2014 log.example AAAAAQ\n",
      "text\n\n\u2014 log.example AAAAAQF=\n",
      `te\u0007xt\n\n${line}`,
      `te\rxt\n\n${line}`,
      `text\n\n${line.repeat(65)}`,
      `${"a".repeat(70_000)}\n\n${line}`,
    ]) {
      expect(readNote(note), JSON.stringify(note.slice(0, 80))).toBeUndefined();
    }
    expect(readNote(`first\n\nsecond\n\n\n${line}`)?.text).toBe("first\n\nsecond\n\n");
    expect(readNote(`text\n\n${line.repeat(64)}`)?.signatures).toHaveLength(64);
  });

  it("are signed by keys of which each has one text", async () => {
    for (const text of [
      "",
      "PeterNeumann",
      "PeterNeumann+c74f20a3",
      "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "PeterNeumann+c74f20a3+ARpc",
    ]) {
      expect(await readKey(text), text).toBeUndefined();
    }
    // What a mail did to it is mended.
    expect((await readKey(` ${NEUMANN.slice(0, 30)}\n${NEUMANN.slice(30)} `))?.text).toBe(NEUMANN);
  });
});

describe("checkpoints", () => {
  it("of the committed vectors are believed by their key alone", async () => {
    const key = await readKey(vectors.verifier);
    if (key === undefined) throw new Error("the vectors' key");
    for (const note of vectors.checkpoints) {
      const checkpoint = readCheckpoint(note);
      if (checkpoint === undefined) throw new Error(note);
      expect(checkpoint.text).toBe(note);
      expect(await checkpointFault(checkpoint, key)).toBeUndefined();
      expect(await checkpointFault({ ...checkpoint, origin: "another" }, key)).toBe("other-log");
      const kept = readKeptCheckpoint(`\r\n${note.replaceAll("\n", "\r\n")}  \r\n`);
      expect(kept?.text).toBe(note);
    }
  });

  it("with any bit of text or signature flipped are not", async () => {
    const key = await readKey(vectors.verifier);
    const note = vectors.checkpoints.at(-1);
    if (key === undefined || note === undefined) throw new Error("the vectors");
    const original = utf8(note);
    const believed: number[] = [];
    for (let bit = 0; bit < original.length * 8; bit += 1) {
      const text = new TextDecoder().decode(flipped(original, bit));
      const checkpoint = readCheckpoint(text);
      if (checkpoint !== undefined && (await checkpointFault(checkpoint, key)) === undefined) believed.push(bit);
    }
    expect(believed).toEqual([]);
  });

  it("say origin, size and root, each in its line, and nothing more", () => {
    const root = toBase64(hex(REFERENCE.roots[1] ?? ""));
    const signed = (text: string): string => `${text}\n\u2014 log.example AAAAAQE=\n`;
    expect(readCheckpoint(signed(`log.example\n1\n${root}\n`))).toMatchObject({ origin: "log.example", size: 1 });
    for (const text of [
      "log.example\n1\n",
      `log.example\n01\n${root}\n`,
      `log.example\n+1\n${root}\n`,
      `log.example\n-1\n${root}\n`,
      `log.example\n9007199254740992\n${root}\n`,
      `log.example\n1\n${root}\nextension\n`,
      `log.example\n1\n${root}\n\n`,
      `log.example\n1\n${root.replace("=", "")}\n`,
      "log.example\n1\nAAAA\n",
      `\n1\n${root}\n`,
    ]) {
      expect(readCheckpoint(signed(text)), text).toBeUndefined();
    }
  });
});

it("joins and compares bytes", () => {
  expect(toHex(joined(hex("00ff"), hex(""), hex("10")))).toBe("00ff10");
  expect(fromBase64("AAA=")).toEqual(hex("0000"));
  for (const wrong of ["AAB=", "A", "AA", "A===", "AAA=AAA=", "AA A", "_-==", "é"])
    expect(fromBase64(wrong)).toBeUndefined();
});
