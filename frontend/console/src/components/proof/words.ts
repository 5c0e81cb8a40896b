import { ApiError, type Assertion } from "@sealtape/api-client";
import { type KeyReason, KeyError } from "../../api/webauthn";
import type { PlainKey, Translate, TranslateCount } from "../../i18n/translate";
import { problemLine } from "../Problem";

/** A way to prove a second factor, as the API names it. */
export type Method = "totp" | "webauthn" | "recovery_code";

/** What proves a second factor. */
export type Proof = { readonly totp: string } | { readonly recovery_code: string } | { readonly webauthn: Assertion };

// What is at hand and cannot be fished comes first; what runs out comes last.
const ORDER: readonly Method[] = ["webauthn", "totp", "recovery_code"];

/** The ways of a challenge that this console knows, best first. */
export function knownMethods(methods: readonly string[]): readonly Method[] {
  return ORDER.filter((method) => methods.includes(method));
}

const REASONS: Readonly<Record<KeyReason, PlainKey>> = {
  unsupported: "factor.key.unsupported",
  declined: "factor.key.declined",
  known: "factor.key.known",
  failed: "factor.key.failed",
};

const SECONDS_PER_MINUTE = 60;

/** Why a proof was not taken. */
export function proofProblem(
  error: unknown,
  { t, tn }: { readonly t: Translate; readonly tn: TranslateCount },
  triesLeft?: number,
): string {
  if (error instanceof KeyError) return t(REASONS[error.reason]);
  if (!(error instanceof ApiError)) return problemLine(error, t);
  if (error.status === 429) {
    const minutes = Math.ceil((error.retryAfter ?? 0) / SECONDS_PER_MINUTE);
    return minutes === 0 ? t("factor.wait") : `${t("factor.wait")} ${tn("factor.wait-for", minutes)}`;
  }
  switch (error.code) {
    case "factor-wrong":
      return triesLeft === undefined ? t("factor.wrong") : `${t("factor.wrong")} ${tn("factor.tries", triesLeft)}`;
    case "challenge-ended":
      return t("stepup.ended");
    case "password-wrong":
      return t("stepup.password.wrong");
    default:
      return problemLine(error, t);
  }
}
