/**
 * Purpose: the key of an export, as whoever made it was shown it once.
 * Design: `st_export_<id>_<secret><CRC-32>`, all hexadecimal. The check tells a slip of the hand from a key that is simply
 * another one's, before any file is read.
 */

/** What a key says. */
export interface ExportKey {
  /** 32 hexadecimal digits: the export's id without hyphens. */
  readonly exportId: string;
  readonly secret: Uint8Array<ArrayBuffer>;
}

const SHAPE = /^(st_export_(?<id>[0-9a-f]{32})_(?<secret>[0-9a-f]{64}))(?<check>[0-9a-f]{8})$/u;

/** CRC-32 (IEEE 802.3) of a text of ASCII, as 8 hexadecimal digits. */
function crc32(text: string): string {
  let crc = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}

/** The bytes of an even number of hexadecimal digits. */
export function fromHex(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.match(/../gu) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Reads a key as it was pasted: a mail may have broken it into lines. Nothing when it is none, or mistyped. */
export function readKey(pasted: string): ExportKey | undefined {
  const text = pasted.replace(/\s+/gu, "");
  const { id, secret, check } = SHAPE.exec(text)?.groups ?? {};
  if (id === undefined || secret === undefined || crc32(text.slice(0, -8)) !== check) return undefined;
  return { exportId: id, secret: fromHex(secret) };
}
