/**
 * Purpose: which built-in role allows what.
 * Design: read from the very file that the server compiles in, so that what a page says about roles cannot drift from what
 * the server decides. It says who could help, and decides nothing.
 */
import policy from "../../../../policy/src/access/policy.csv?raw";

/** The roles of people, in the order in which they are shown; the table's other actors are the service's own. */
export const ROLES = [
  "owner",
  "admin",
  "privacy-officer",
  "security",
  "engineer",
  "support",
  "auditor",
  "viewer",
] as const;
/** One of `ROLES`. */
export type BuiltInRole = (typeof ROLES)[number];

interface Line {
  readonly role: string;
  readonly action: string;
}

const LINES: readonly Line[] = policy
  .split("\n")
  .map((line) => line.split(",").map((cell) => cell.trim()))
  .flatMap(([kind, role = "", action = "", effect]) =>
    kind === "p" && effect === "allow" && ROLES.some((each) => each === role) ? [{ role, action }] : [],
  );

const ALLOWED: ReadonlySet<string> = new Set(LINES.map(({ role, action }) => `${role} ${action}`));

/** The built-in roles that allow an action. */
export function rolesWith(action: string): readonly BuiltInRole[] {
  return ROLES.filter((role) => ALLOWED.has(`${role} ${action}`));
}
