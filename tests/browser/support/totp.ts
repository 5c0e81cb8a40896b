/** An authenticator app: six digits from a base32 secret (RFC 6238). */
import { createHmac } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const STEP_MS = 30_000;

function fromBase32(text: string): Buffer {
  let bits = "";
  for (const character of text.replaceAll(/[\s=]/gu, ""))
    bits += ALPHABET.indexOf(character).toString(2).padStart(5, "0");
  return Buffer.from((bits.match(/.{8}/gu) ?? []).map((byte) => parseInt(byte, 2)));
}

/**
 * An app that holds this secret. Each code counts once, and the server takes the one after the present: `code()` gives
 * the present one first and then those that follow it, so that a test need not wait for half a minute to pass.
 */
export class AuthenticatorApp {
  private readonly key: Buffer;
  private next: number | undefined;

  constructor(secret: string) {
    this.key = fromBase32(secret);
  }

  code(): string {
    const step = this.next ?? Math.floor(Date.now() / STEP_MS);
    this.next = step + 1;
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const mac = createHmac("sha1", this.key).update(counter).digest();
    const at = (mac.at(-1) ?? 0) & 0x0f;
    return String((mac.readUInt32BE(at) & 0x7fff_ffff) % 1_000_000).padStart(6, "0");
  }
}
