import { type BuiltInRole, ROLES } from "../../api/role-table";

/** Roles that not everybody decides about, with those who do. */
const GUARDED: Readonly<Partial<Record<string, readonly string[]>>> = {
  owner: ["owner"],
  "privacy-officer": ["owner", "privacy-officer"],
};

/** Whether somebody with these roles may give or take that one; the server decides again. */
export function decidesAbout(own: readonly string[], role: string): boolean {
  const guards = GUARDED[role];
  return guards === undefined || guards.some((guard) => own.includes(guard));
}

/** The roles to which people are invited: the guarded ones are given to members only, with a second person. */
export const INVITABLE: readonly BuiltInRole[] = ROLES.filter((role) => GUARDED[role] === undefined);

/** The roles that somebody with these roles may give. */
export function givable(own: readonly string[]): readonly BuiltInRole[] {
  return ROLES.filter((role) => decidesAbout(own, role));
}
