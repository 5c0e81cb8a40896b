/** Checkpoints (C2SP tlog-checkpoint): a log's name, size and root, as a signed note. */
import { fromBase64, toBase64 } from "./bytes";
import {
  type Note,
  type NoteFault,
  noteText,
  readNote,
  readPastedNote,
  signatureFault,
  type VerifierKey,
} from "./note";
import { HASH_LENGTH, type Head } from "./tree";

/** What a checkpoint says. */
export interface Checkpoint extends Head {
  /** The log: deployment, tenant and epoch. */
  readonly origin: string;
  readonly note: Note;
  /** The note as it was signed, to keep. */
  readonly text: string;
}

/** The text that is signed. */
const textOf = ({ origin, size, root }: Pick<Checkpoint, "origin" | "size" | "root">): string =>
  `${origin}\n${String(size)}\n${toBase64(root)}\n`;

function checkpointOf(note: Note | undefined): Checkpoint | undefined {
  if (note === undefined) return undefined;
  const [origin = "", count = "", hash = "", end, ...more] = note.text.split("\n");
  const root = fromBase64(hash);
  const size = /^(?:0|[1-9]\d{0,15})$/u.test(count) ? Number(count) : Number.NaN;
  if (origin === "" || end !== "" || more.length > 0 || root?.length !== HASH_LENGTH) return undefined;
  if (!Number.isSafeInteger(size)) return undefined;
  const checkpoint = { origin, size, root, note, text: noteText(note) };
  return textOf(checkpoint) === note.text ? checkpoint : undefined;
}

/** Reads a checkpoint as the server sends it; nothing when it is none. Nobody has looked at its signature. */
export const readCheckpoint = (note: string): Checkpoint | undefined => checkpointOf(readNote(note));

/** Reads a checkpoint that somebody kept. */
export const readKeptCheckpoint = (pasted: string): Checkpoint | undefined => checkpointOf(readPastedNote(pasted));

/** Why a checkpoint is not believed. */
export type CheckpointFault = NoteFault | "other-log";

/** Whether the key has signed the checkpoint, of its own log. Nothing when all is well. */
export async function checkpointFault(checkpoint: Checkpoint, key: VerifierKey): Promise<CheckpointFault | undefined> {
  return checkpoint.origin === key.name ? signatureFault(checkpoint.note, key) : "other-log";
}
