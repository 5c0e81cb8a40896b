import type { PlainKey } from "../i18n/translate";

/** Refusals that have words of their own; of the others the server's own explanation is shown. */
const WORDS: Readonly<Record<string, PlainKey>> = {
  "already-invited": "problem.already-invited",
  "already-member": "problem.already-member",
  "already-set-up": "problem.already-set-up",
  "api-key-limit": "problem.api-key-limit",
  "last-owner": "problem.last-owner",
  "link-not-good": "problem.link-not-good",
  "own-account": "problem.own-account",
  "password-wrong": "stepup.password.wrong",
  "role-held": "problem.role-held",
  "setup-closed": "problem.setup-closed",
  "setup-token-wrong": "problem.setup-token-wrong",
  "slug-taken": "problem.slug-taken",
};

/** The words for a problem's code, where it has some. */
export const problemWord = (code: string): PlainKey | undefined =>
  Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
