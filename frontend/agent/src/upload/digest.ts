/**
 * Purpose: SHA-256 without waiting, and base64url.
 * Design: while a page is being hidden no promise is sure to be answered any more, so the last upload cannot use
 * `crypto.subtle`. At most 64 KiB pass here, which takes a few milliseconds. The constants are computed once: the first
 * 32 bits of the fractional parts of the square and cube roots of the first primes (FIPS 180-4 §4.2.2, §5.3.3).
 */
const ROUNDS = new Uint32Array(64);
const START = new Uint32Array(8);

const fraction = (root: number): number => ((root % 1) * 2 ** 32) >>> 0;

function constants(): void {
  let found = 0;
  for (let candidate = 2; found < 64; candidate++) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) prime = false;
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(candidate));
    ROUNDS[found++] = fraction(Math.cbrt(candidate));
  }
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** SHA-256 of `bytes`, at once. */
export function sha256(bytes: Uint8Array): Uint8Array {
  if (!START[0]) constants();
  const padded = new Uint8Array(((bytes.length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, bytes.length << 3);
  const state = START.slice();
  const words = new Uint32Array(64);
  const word = (at: number): number => words[at] ?? 0;
  for (let block = 0; block < padded.length; block += 64) {
    for (let at = 0; at < 64; at++) {
      const a = word(at - 15);
      const b = word(at - 2);
      words[at] =
        at < 16
          ? view.getUint32(block + at * 4)
          : word(at - 16) +
            (rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)) +
            word(at - 7) +
            (rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10));
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let at = 0; at < 64; at++) {
      const one =
        (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + (ROUNDS[at] ?? 0) + word(at)) | 0;
      const two = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((value, at) => (state[at] = (state[at] ?? 0) + value));
  }
  const digest = new Uint8Array(32);
  state.forEach((value, at) => new DataView(digest.buffer).setUint32(at * 4, value));
  return digest;
}

/** Base64 with the URL alphabet, without padding (RFC 4648 §5). */
export const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
