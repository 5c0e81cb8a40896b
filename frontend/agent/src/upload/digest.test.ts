import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { base64url, sha256 } from "./digest";

test("equals the platform's SHA-256 at every length around a block and at the largest last upload", () => {
  for (const length of [...Array(140).keys(), 65_535]) {
    const bytes = new Uint8Array(randomBytes(length));
    expect(base64url(sha256(bytes))).toBe(createHash("sha256").update(bytes).digest("base64url"));
  }
});
