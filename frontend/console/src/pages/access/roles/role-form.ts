/** A role of a tenant's own as a form holds it. */
import type { CustomRole, Permission } from "@sealtape/api-client";

/** What a role can say about one action. */
export const WORDS = ["leave", "allow", "deny"] as const;
/** One of `WORDS`. */
export type Word = (typeof WORDS)[number];

/** A role in a form. */
export interface RoleForm {
  readonly name: string;
  readonly unmasked: boolean;
  /** What it says, where it says something. */
  readonly says: Readonly<Partial<Record<string, Exclude<Word, "leave">>>>;
}

/** What opens the console to who has no other role. */
export const OPENS_CONSOLE = "me.read";

/** A role to begin with: who has it alone can sign in and look after their own account. */
export const NEW_ROLE: RoleForm = {
  name: "",
  unmasked: false,
  says: { [OPENS_CONSOLE]: "allow", "me.manage": "allow" },
};

/** A stored role in a form. */
export function readRole({ name, unmasked, actions, denies }: CustomRole): RoleForm {
  const says = [
    ...actions.map((action) => [action, "allow"] as const),
    ...denies.map((action) => [action, "deny"] as const),
  ];
  return { name, unmasked, says: Object.fromEntries(says) };
}

/** The form with another word about an action. */
export function say(form: RoleForm, action: string, word: Word): RoleForm {
  const rest = Object.entries(form.says).filter(([each]) => each !== action);
  return { ...form, says: Object.fromEntries(word === "leave" ? rest : [...rest, [action, word] as const]) };
}

/** What the API takes. */
export function writeRole({ name, unmasked, says }: RoleForm) {
  const saying = (word: Word): string[] =>
    Object.entries(says)
      .flatMap(([action, said]) => (said === word ? [action] : []))
      .sort();
  return { name: name.trim(), unmasked, actions: saying("allow"), denies: saying("deny") };
}

/** As the server takes names; which are taken or reserved it says itself. */
export const isRoleName = (name: string): boolean =>
  name.length >= 2 && name.length <= 40 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name);

/** The actions that somebody may do everywhere: a role of theirs can allow no others. */
export function everywhere(permissions: readonly Permission[]): ReadonlySet<string> {
  return new Set(
    permissions
      .filter(({ allowed, given_by: given }) => allowed && given.some(({ condition }) => condition === null))
      .map(({ action }) => action),
  );
}

/** Whether they see text wherever they watch: through a role that shows it and is held for all sessions. */
export function seesText(permissions: readonly Permission[]): boolean {
  const watching = permissions.find(({ action }) => action === "session.view");
  return watching?.given_by.some(({ condition, masked }) => condition === null && !masked) === true;
}
