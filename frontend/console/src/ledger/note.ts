/**
 * Purpose: signed notes (C2SP signed-note) and the keys that are believed.
 * Design: a note's text is not to be had before somebody asked whose signature it carries. Ed25519 is the browser's own;
 * one that has none says so instead of skipping the check.
 */
import { type Bytes, fromBase64, joined, toHex, utf8 } from "./bytes";
import { sha256 } from "./tree";

/** As long as a note may be, bytes, and as many signatures it may carry. */
const MAX_BYTES = 64 * 1024;
const MAX_SIGNATURES = 64;

/** The byte that names Ed25519 among the kinds of keys. */
const ED25519 = 1;
const KEY_LENGTH = 32;
const ID_LENGTH = 4;

/** Why a note is not believed, or nothing can be said about it. */
export type NoteFault = "malformed" | "unsigned" | "bad-signature" | "no-ed25519";

/** A key that may be believed: C2SP's `name+id+base64`. */
export interface VerifierKey {
  readonly text: string;
  /** The name it signs under: the log. */
  readonly name: string;
  /** 8 hexadecimal digits. They tell keys of one name apart and prove nothing. */
  readonly id: string;
  readonly publicKey: Bytes;
}

interface SignatureLine {
  readonly name: string;
  readonly id: string;
  /** What stands in the note: the id and the signature, in base64. */
  readonly body: string;
  readonly signature: Bytes;
}

/** A note nobody has verified yet. */
export interface Note {
  /** What is signed. */
  readonly text: string;
  readonly signatures: readonly SignatureLine[];
}

const isName = (name: string): boolean => /^[^\s\p{Cc}+]+$/u.test(name);

// A note's text ends with a newline and has no other control character.
const isText = (text: string): boolean =>
  text.length > 1 && text.endsWith("\n") && !/[\u0000-\u0009\u000b-\u001f]/u.test(text);

/** Reads a key as it was noted down; nothing when it is none, or mistyped. */
export async function readKey(pasted: string): Promise<VerifierKey | undefined> {
  // A mail may have broken it into lines.
  const text = pasted.replace(/\s+/gu, "");
  const [, name = "", id = "", body = ""] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(text) ?? [];
  const key = fromBase64(body);
  if (!isName(name) || key?.length !== KEY_LENGTH + 1 || key[0] !== ED25519) return undefined;
  const hash = await sha256(joined(utf8(`${name}\n`), key));
  // The id follows from the rest, so a slip of the hand shows.
  if (toHex(hash.slice(0, ID_LENGTH)) !== id) return undefined;
  return { text, name, id, publicKey: key.slice(1) };
}

function readLine(line: string): SignatureLine | undefined {
  const [, name = "", body = ""] = /^\u2014 (\S+) (\S+)$/u.exec(line) ?? [];
  const bytes = fromBase64(body);
  if (!isName(name) || bytes === undefined || bytes.length <= ID_LENGTH) return undefined;
  return { name, id: toHex(bytes.slice(0, ID_LENGTH)), body, signature: bytes.slice(ID_LENGTH) };
}

/** Reads a note; nothing when it is none. Nothing is verified. */
export function readNote(note: string): Note | undefined {
  // The text may have empty lines itself: the last one parts it from the signatures.
  const end = note.lastIndexOf("\n\n") + 1;
  if (end === 0 || !note.endsWith("\n") || utf8(note).length > MAX_BYTES) return undefined;
  const text = note.slice(0, end);
  const signatures = note
    .slice(end + 1, -1)
    .split("\n")
    .map(readLine);
  const all = signatures.filter((line) => line !== undefined);
  return isText(text) && all.length === signatures.length && all.length <= MAX_SIGNATURES
    ? { text, signatures: all }
    : undefined;
}

/** A note that was pasted or read from a file: Windows and mails change its ends of lines, and nothing else is mended. */
export function readPastedNote(pasted: string): Note | undefined {
  return readNote(`${pasted.replaceAll("\r\n", "\n").trim()}\n`);
}

/** A note as it is kept. */
export const noteText = ({ text, signatures }: Note): string =>
  `${text}\n${signatures.map(({ name, body }) => `\u2014 ${name} ${body}\n`).join("")}`;

/** The key, ready to verify; nothing where the browser knows no Ed25519. */
async function imported({ publicKey }: VerifierKey): Promise<CryptoKey | undefined> {
  try {
    return await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  } catch {
    return undefined;
  }
}

/** Whether the key has signed the note, and no line in its name is false. Nothing when all is well. */
export async function signatureFault(note: Note, key: VerifierKey): Promise<NoteFault | undefined> {
  const lines = note.signatures.filter(({ name, id }) => name === key.name && id === key.id);
  if (lines.length === 0) return "unsigned";
  const verifier = await imported(key);
  if (verifier === undefined) return "no-ed25519";
  for (const { signature } of lines) {
    if (!(await crypto.subtle.verify("Ed25519", verifier, signature, utf8(note.text)))) return "bad-signature";
  }
  return undefined;
}
