/**
 * Purpose: what this browser keeps of a log between visits: the key it believes, and the newest checkpoint it saw.
 * Design: who can change the log's past could also change what the server says of it now. A pin is made on the first look and is
 * replaced only by the reader's own hand (the key) or by a checkpoint that was proved to continue it.
 */
import { isRecord, text } from "../recording/guards";
import { type Checkpoint, readCheckpoint } from "./checkpoint";
import { readKey, type VerifierKey } from "./note";

/** Where pins are kept; the browser's own store but in tests. */
export type PinStore = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const keyName = (tenant: string): string => `sealtape-ledger-key/${tenant}`;
const seenName = (tenant: string): string => `sealtape-ledger-seen/${tenant}`;

/** The key that is believed. */
export interface KeyPin {
  readonly key: VerifierKey;
  /** When it was first seen here. */
  readonly since: string;
  /** When the reader compared it with one they noted down; nothing while they have not. */
  readonly compared: string | undefined;
}

/** The newest checkpoint that was seen. */
export interface SeenPin {
  readonly checkpoint: Checkpoint;
  readonly at: string;
}

function kept(store: PinStore, name: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(store.getItem(name) ?? "null");
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The key that this browser believes for a tenant's log. */
export async function pinnedKey(store: PinStore, tenant: string): Promise<KeyPin | undefined> {
  const pin = kept(store, keyName(tenant));
  const since = text(pin?.since);
  const key = await readKey(text(pin?.key) ?? "");
  return key === undefined || since === undefined ? undefined : { key, since, compared: text(pin?.compared) };
}

/** Believes a key from now on. */
export function pinKey(store: PinStore, tenant: string, key: VerifierKey, now: string, compared: boolean): KeyPin {
  const pin = { key, since: now, compared: compared ? now : undefined };
  store.setItem(keyName(tenant), JSON.stringify({ ...pin, key: key.text }));
  return pin;
}

/** Writes down that the reader compared the key that is believed already. */
export function confirmKey(store: PinStore, tenant: string, pin: KeyPin, now: string): void {
  store.setItem(keyName(tenant), JSON.stringify({ key: pin.key.text, since: pin.since, compared: now }));
}

/** The newest checkpoint that this browser saw. */
export function seenCheckpoint(store: PinStore, tenant: string): SeenPin | undefined {
  const pin = kept(store, seenName(tenant));
  const at = text(pin?.at);
  const checkpoint = readCheckpoint(text(pin?.note) ?? "");
  return checkpoint === undefined || at === undefined ? undefined : { checkpoint, at };
}

/** Keeps a checkpoint that was proved to continue the one before. */
export function keepCheckpoint(store: PinStore, tenant: string, checkpoint: Checkpoint, now: string): void {
  store.setItem(seenName(tenant), JSON.stringify({ note: checkpoint.text, at: now }));
}

/** Forgets what was seen, by the reader's own hand. */
export const forgetCheckpoint = (store: PinStore, tenant: string): void => store.removeItem(seenName(tenant));

/** What the key that the server names now is to this browser. */
export type Trust =
  | { readonly state: "first" | "same"; readonly pin: KeyPin }
  /** Another key. `renamed` when it is the same one under another name: the log began a new epoch. */
  | {
      readonly state: "changed";
      readonly pin: KeyPin;
      readonly served: VerifierKey | undefined;
      readonly renamed: boolean;
    };

/** Compares the key that the server names with the one that is believed; the first one is believed from then on. */
export async function trust(store: PinStore, tenant: string, served: string, now: string): Promise<Trust | undefined> {
  const [pin, key] = await Promise.all([pinnedKey(store, tenant), readKey(served)]);
  if (pin === undefined) {
    return key === undefined ? undefined : { state: "first", pin: pinKey(store, tenant, key, now, false) };
  }
  if (key?.text === pin.key.text) return { state: "same", pin };
  const [, , believed] = pin.key.text.split("+");
  return { state: "changed", pin, served: key, renamed: key?.text.split("+")[2] === believed };
}
