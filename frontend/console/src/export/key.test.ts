import { describe, expect, it } from "vitest";
import { EXPORT, keyText } from "../test/sealer";
import { readKey } from "./key";

const KEY = keyText(EXPORT.id, EXPORT.secret);

describe("the key of an export", () => {
  it("says which export it is for, and holds its secret", () => {
    const key = readKey(KEY);
    expect(key?.exportId).toBe(EXPORT.id.replaceAll("-", ""));
    expect(Buffer.from(key?.secret ?? []).equals(EXPORT.secret)).toBe(true);
  });

  it("is read as a mail may have broken it", () => {
    expect(readKey(`  ${KEY.slice(0, 60)}\r\n${KEY.slice(60)}\n`)).toEqual(readKey(KEY));
  });

  it("is refused with any digit mistyped", () => {
    for (let at = "st_export_".length; at < KEY.length; at += 1) {
      const other = KEY[at] === "1" ? "2" : "1";
      expect(readKey(KEY.slice(0, at) + other + KEY.slice(at + 1)), String(at)).toBeUndefined();
    }
  });

  it("is refused when it is something else", () => {
    for (const text of ["", "st_export_", KEY.slice(1), `${KEY}0`, KEY.toUpperCase(), KEY.replace("export", "api")]) {
      expect(readKey(text), text).toBeUndefined();
    }
  });
});
