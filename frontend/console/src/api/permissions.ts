/** An action the console asks about before it offers something. */
export type Action =
  | "session.list"
  | "session.view"
  | "session.viewers"
  | "session.manifest"
  | "project.list"
  | "project.create"
  | "agent-key.list"
  | "agent-key.create"
  | "agent-key.revoke";

/** What the member may do. */
export type Permissions = ReadonlySet<string>;

/** A place of the menu. */
export interface Place {
  readonly id: "home" | "sessions" | "projects";
  readonly to: "/" | "/sessions" | "/projects";
  /** Needed to see it; without it the place is not in the menu. */
  readonly needs: Action | undefined;
}

const PLACES: readonly Place[] = [
  { id: "home", to: "/", needs: undefined },
  { id: "sessions", to: "/sessions", needs: "session.list" },
  { id: "projects", to: "/projects", needs: "project.list" },
];

/** The menu of somebody with these permissions. */
export function places(permissions: Permissions): readonly Place[] {
  return PLACES.filter((place) => place.needs === undefined || permissions.has(place.needs));
}
