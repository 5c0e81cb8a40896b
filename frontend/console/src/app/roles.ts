import type { PlainKey, Translate } from "../i18n/translate";

const WORDS: Readonly<Record<string, PlainKey>> = {
  owner: "role.owner",
  admin: "role.admin",
  "privacy-officer": "role.privacy-officer",
  officer: "role.privacy-officer",
  security: "role.security",
  engineer: "role.engineer",
  support: "role.support",
  auditor: "role.auditor",
  viewer: "role.viewer",
};

/** A role in the reader's language. */
export function roleWord(role: string, t: Translate): string {
  const key = Object.hasOwn(WORDS, role) ? WORDS[role] : undefined;
  return key === undefined ? role : t(key);
}
