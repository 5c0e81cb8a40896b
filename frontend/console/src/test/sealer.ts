/**
 * Purpose: makes exported files, for tests only.
 * Design: written from docs/architecture/sealing.md with Node's cryptography and zlib, and shares nothing with what opens
 * them: a mistake in one would not be made good by the other.
 */
import { createCipheriv, createHmac } from "node:crypto";
import { crc32, gzipSync } from "node:zlib";

/** What is sealed, and as what. */
export interface Sealing {
  readonly kind: number;
  readonly codec: number;
  /** A UUID. */
  readonly tenant: string;
  /** A UUID. */
  readonly object: string;
  readonly number: bigint;
  readonly generation: number;
  readonly secret: Buffer;
}

const CHUNK = 16_384;
const bare = (uuid: string): string => uuid.replaceAll("-", "");

function header({ kind, codec, tenant, object, number, generation }: Sealing): Buffer {
  const head = Buffer.alloc(80);
  head.write("SLTAPE", "latin1");
  head.set([0, 1, 0, 1, kind, codec], 6);
  head.write(bare(tenant), 12, "hex");
  head.write(bare(object), 28, "hex");
  head.writeBigUInt64BE(number, 44);
  head.writeUInt32BE(generation, 52);
  return head.fill(0x5a, 56);
}

function derive(secret: Buffer, head: Buffer): { key: Buffer; base: Buffer; commitment: Buffer } {
  const info = Buffer.concat([Buffer.from("sealtape/seal/v1\0AEAD_AES_256_GCM\0", "latin1"), head]);
  const mac = (...parts: readonly Buffer[]): Buffer =>
    createHmac("sha512", secret).update(Buffer.concat(parts)).digest();
  const first = mac(info, Buffer.from([1]));
  const all = Buffer.concat([first, mac(first, info, Buffer.from([2]))]);
  return { key: all.subarray(0, 32), base: all.subarray(32, 44), commitment: all.subarray(44, 76) };
}

/** Seals a plaintext. */
export function seal(plaintext: Buffer, sealing: Sealing): Uint8Array<ArrayBuffer> {
  const head = header(sealing);
  const { key, base, commitment } = derive(sealing.secret, head);
  const parts = [head, commitment];
  for (let index = 0; index * CHUNK <= plaintext.length; index += 1) {
    const nonce = Buffer.from(base);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ index) >>> 0, 8);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    parts.push(cipher.update(plaintext.subarray(index * CHUNK, (index + 1) * CHUNK)), cipher.final());
    parts.push(cipher.getAuthTag());
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** The key of an export, as its maker reads it. */
export function keyText(exportId: string, secret: Buffer): string {
  const body = `st_export_${bare(exportId)}_${secret.toString("hex")}`;
  return `${body}${crc32(body).toString(16).padStart(8, "0")}`;
}

/** The export that tests open. */
export const EXPORT = {
  id: "0190f3a1-0000-7000-8000-0000000000e1",
  session: "0190f3a1-0000-7000-8000-0000000000d1",
  secret: Buffer.alloc(32, 7),
} as const;

const EXPORT_LINE = {
  format: "sealtape-session@1",
  export_id: EXPORT.id,
  session_id: EXPORT.session,
  project_id: "0190f3a1-0000-7000-8000-0000000000c1",
  exported_at: "2026-01-02T09:00:00Z",
  purpose: "debugging",
  grant: null,
  masked: true,
  panes: ["dom", "console"],
  session: {
    state: "closed",
    started_at: "2026-01-01T10:00:00Z",
    last_event_at: "2026-01-01T10:05:00Z",
    duration_ms: 300_000,
    release: "2026.1",
    browser: "Chromium",
    os: "Linux",
    environment: null,
    policy_version: 3,
    manifest: { rev: 2, hash: "f".repeat(64) },
  },
};

const START = Date.parse(EXPORT_LINE.session.started_at);

/** The lines of an exported session: one click, one gap. */
export function exportLines(changes: object = {}): readonly string[] {
  const click = { plugin: "sealtape/action@1", payload: { kind: "click", name: "Pay now" } };
  const watermark = { viewer: "Ada", at: EXPORT_LINE.exported_at };
  return [
    { export: { ...EXPORT_LINE, ...changes } },
    { head: { session_id: EXPORT.session, start_ms: START, state: "closed", tabs: [0], masked: true, watermark } },
    { tab: 0, event: { type: 6, timestamp: START + 1000, data: click } },
    { gap: { tab: 0, from_ms: START + 2000, to_ms: START + 5000, reason: "shed" } },
    { end: { complete: true, events: 1, cursor: "0:1" } },
  ].map((line) => JSON.stringify(line));
}

/** An exported file; `sealing` says what of it is different. */
export function exportFile(
  lines: readonly string[] = exportLines(),
  sealing: Partial<Sealing> = {},
): Uint8Array<ArrayBuffer> {
  return seal(gzipSync(lines.map((line) => `${line}\n`).join("")), {
    kind: 9,
    codec: 0,
    tenant: "00000000-0000-0000-0000-000000007e01",
    object: EXPORT.id,
    number: 0n,
    generation: 0,
    secret: EXPORT.secret,
    ...sealing,
  });
}
