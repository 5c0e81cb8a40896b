/**
 * Purpose: security keys and passkeys as the API wants their answers.
 * Design: the browser reads and writes the JSON form of WebAuthn Level 3 itself; what comes from either side is looked at
 * before it is trusted. What a key or its holder refuses leaves as a `KeyError` with a reason that can be put in words.
 */
import type { Assertion, Attestation } from "@sealtape/api-client";
import { isRecord, text } from "../recording/guards";

/** Why a key did not answer. */
export type KeyReason =
  /** This browser has no security keys, or too old a form of them. */
  | "unsupported"
  /** Cancelled, not touched in time, or no key at hand. */
  | "declined"
  /** The key is registered already. */
  | "known"
  | "failed";

/** A security key that did not answer. */
export class KeyError extends Error {
  constructor(readonly reason: KeyReason) {
    super(`the security key did not answer: ${reason}`);
    this.name = "KeyError";
  }
}

/** Whether this browser can ask security keys. */
export function keysSupported(): boolean {
  return typeof PublicKeyCredential !== "undefined" && "parseRequestOptionsFromJSON" in PublicKeyCredential;
}

// The browser checks the rest; these say only that it is worth asking it.
function isRequest(value: unknown): value is PublicKeyCredentialRequestOptionsJSON {
  return isRecord(value) && text(value.challenge) !== undefined;
}
function isCreation(value: unknown): value is PublicKeyCredentialCreationOptionsJSON {
  return isRequest(value) && isRecord(value) && isRecord(value.rp) && isRecord(value.user);
}

function reasonOf(error: unknown): KeyReason {
  if (!(error instanceof DOMException)) return "failed";
  if (error.name === "NotAllowedError" || error.name === "AbortError") return "declined";
  return error.name === "InvalidStateError" ? "known" : "failed";
}

/** The JSON form of what the key answered: its id and its response. */
async function ask(
  credential: () => Promise<Credential | null>,
): Promise<{ readonly id: string; readonly response: Record<string, unknown> }> {
  if (!keysSupported()) throw new KeyError("unsupported");
  let answered: Credential | null;
  try {
    answered = await credential();
  } catch (error) {
    throw new KeyError(reasonOf(error));
  }
  const json: unknown = answered instanceof PublicKeyCredential ? answered.toJSON() : undefined;
  const id = isRecord(json) ? text(json.id) : undefined;
  if (!isRecord(json) || !isRecord(json.response) || id === undefined) throw new KeyError("failed");
  return { id, response: json.response };
}

function needed(response: Record<string, unknown>, name: string): string {
  const value = text(response[name]);
  if (value === undefined) throw new KeyError("failed");
  return value;
}

/** Lets a key sign the question of a challenge (`webauthn` of the API's answer). */
export async function signWithKey(question: unknown): Promise<Assertion> {
  const options = isRecord(question) ? question.publicKey : undefined;
  if (!isRequest(options)) throw new KeyError("failed");
  const { id, response } = await ask(() =>
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
  );
  return {
    id,
    response: {
      clientDataJSON: needed(response, "clientDataJSON"),
      authenticatorData: needed(response, "authenticatorData"),
      signature: needed(response, "signature"),
      userHandle: text(response.userHandle) ?? null,
    },
  };
}

/** Lets a key make a credential for the question of a challenge. */
export async function registerKey(question: unknown): Promise<Attestation> {
  const options = isRecord(question) ? question.publicKey : undefined;
  if (!isCreation(options)) throw new KeyError("failed");
  const { id, response } = await ask(() =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  );
  const transports = Array.isArray(response.transports)
    ? response.transports.filter((each) => typeof each === "string")
    : [];
  return {
    id,
    response: {
      clientDataJSON: needed(response, "clientDataJSON"),
      attestationObject: needed(response, "attestationObject"),
      transports,
    },
  };
}
