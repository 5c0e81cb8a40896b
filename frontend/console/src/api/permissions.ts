/** An action the console asks about before it offers something. */
export type Action =
  | "session.list"
  | "session.view"
  | "session.view-restricted"
  | "session.viewers"
  | "session.manifest"
  | "session.export"
  | "project.list"
  | "project.manage"
  | "project.create"
  | "agent-key.list"
  | "agent-key.create"
  | "agent-key.revoke"
  | "grant.request"
  | "grant.list"
  | "grant.review"
  | "grant.revoke"
  | "break-glass.use"
  | "break-glass.review"
  | "proposal.list"
  | "proposal.vote"
  | "role.list"
  | "role.manage"
  | "member.list"
  | "tenant.manage"
  | "job.list"
  | "member.invite"
  | "member.manage"
  | "api-key.list"
  | "api-key.create"
  | "api-key.revoke"
  | "audit.read"
  | "audit.export"
  | "subject.search"
  | "webhook.list"
  | "webhook.manage";

/** Actions by what they act on: `session.list` stands with `session.view`. */
export function byResource(actions: Iterable<string>): readonly (readonly [string, readonly string[]])[] {
  const groups = new Map<string, string[]>();
  for (const action of actions) {
    const [resource = action] = action.split(".");
    groups.set(resource, [...(groups.get(resource) ?? []), action]);
  }
  return [...groups];
}

/** What the member may do. */
export type Permissions = ReadonlySet<string>;

/** A place of the menu. */
export interface Place {
  readonly id:
    | "home"
    | "sessions"
    | "projects"
    | "requests"
    | "grants"
    | "break-glass"
    | "proposals"
    | "rules"
    | "roles"
    | "permissions"
    | "jobs"
    | "events"
    | "checkpoints"
    | "seen"
    | "audit-exports"
    | "webhooks"
    | "members"
    | "invitations"
    | "keys";
  readonly to:
    | "/"
    | "/sessions"
    | "/projects"
    | "/access/requests"
    | "/access/grants"
    | "/access/break-glass"
    | "/access/proposals"
    | "/access/rules"
    | "/access/roles"
    | "/access/permissions"
    | "/operations/jobs"
    | "/audit/events"
    | "/audit/checkpoints"
    | "/audit/seen"
    | "/audit/exports"
    | "/operations/webhooks"
    | "/access/members"
    | "/access/invitations"
    | "/access/keys";
  /** Any of these is needed to see it; without one the place is not in the menu. Empty: everybody sees it. */
  readonly needs: readonly Action[];
  /** The heading it stands under. */
  readonly area?: "access" | "audit" | "operations";
}

/** What shows requests and grants: everybody's, or at least one's own. */
export const SEES_GRANTS: readonly Action[] = ["grant.list", "grant.request"];

const PLACES: readonly Place[] = [
  { id: "home", to: "/", needs: [] },
  { id: "sessions", to: "/sessions", needs: ["session.list"] },
  { id: "projects", to: "/projects", needs: ["project.list"] },
  { id: "requests", to: "/access/requests", needs: SEES_GRANTS, area: "access" },
  { id: "grants", to: "/access/grants", needs: SEES_GRANTS, area: "access" },
  {
    id: "break-glass",
    to: "/access/break-glass",
    needs: ["break-glass.review", "break-glass.use"],
    area: "access",
  },
  { id: "proposals", to: "/access/proposals", needs: ["proposal.list"], area: "access" },
  { id: "rules", to: "/access/rules", needs: SEES_GRANTS, area: "access" },
  { id: "roles", to: "/access/roles", needs: ["role.list"], area: "access" },
  { id: "permissions", to: "/access/permissions", needs: [], area: "access" },
  { id: "members", to: "/access/members", needs: ["member.list"], area: "access" },
  { id: "invitations", to: "/access/invitations", needs: ["member.invite"], area: "access" },
  { id: "keys", to: "/access/keys", needs: ["api-key.list"], area: "access" },
  { id: "events", to: "/audit/events", needs: ["audit.read"], area: "audit" },
  { id: "checkpoints", to: "/audit/checkpoints", needs: ["audit.read"], area: "audit" },
  { id: "seen", to: "/audit/seen", needs: ["audit.read"], area: "audit" },
  { id: "audit-exports", to: "/audit/exports", needs: ["audit.export"], area: "audit" },
  { id: "webhooks", to: "/operations/webhooks", needs: ["webhook.list"], area: "operations" },
  { id: "jobs", to: "/operations/jobs", needs: ["job.list"], area: "operations" },
];

/** The menu of somebody with these permissions. */
export function places(permissions: Permissions): readonly Place[] {
  return PLACES.filter(({ needs }) => needs.length === 0 || needs.some((action) => permissions.has(action)));
}
