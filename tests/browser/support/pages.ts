/** The console's pages that are checked for accessibility and shown in the documentation. */
import { expect, type Page } from "@playwright/test";
import { firstFrame } from "./console";
import { deployment } from "./deployment";

/**
 * What pages are about: a session that can be watched, a request for access that is granted, a proposal, a role of the
 * tenant's own, a member who has it for some sessions, a receiver of the audit log and what is proposed about it.
 */
export interface Known {
  session: string;
  request: string;
  proposal: string;
  role: string;
  member: string;
  /** A receiver of the audit log about which something is proposed. */
  webhook: string;
  told: string;
}

/** A page: where it is, and when it is complete. */
export interface ConsolePage {
  name: string;
  path: (known: Known) => string;
  ready: (page: Page) => Promise<void>;
}

const heading =
  (name: string | RegExp) =>
  async (page: Page): Promise<void> => {
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  };

const dialog =
  (name: string) =>
  async (page: Page): Promise<void> => {
    await expect(page.getByRole("dialog", { name })).toBeVisible();
  };

/** All pages behind the sign-in. */
export const PAGES: readonly ConsolePage[] = [
  { name: "home", path: () => "/", ready: heading(/^Hello/u) },
  { name: "sessions", path: () => "/sessions", ready: heading("Sessions") },
  { name: "session", path: ({ session }) => `/sessions/${session}`, ready: firstFrame },
  { name: "session-details", path: ({ session }) => `/sessions/${session}?pane=details`, ready: firstFrame },
  { name: "session-viewers", path: ({ session }) => `/sessions/${session}?pane=viewers`, ready: firstFrame },
  { name: "requests", path: () => "/access/requests", ready: heading("Requests") },
  { name: "requests-ask", path: () => "/access/requests?ask=", ready: dialog("Ask for access to sessions") },
  { name: "request", path: ({ request }) => `/access/requests/${request}`, ready: heading(/asks for access$/u) },
  { name: "grants", path: () => "/access/grants", ready: heading("Grants") },
  { name: "grants-all", path: () => "/access/grants?view=all", ready: heading("Grants") },
  { name: "break-glass", path: () => "/access/break-glass", ready: heading("Break-glass") },
  { name: "proposals", path: () => "/access/proposals", ready: heading("Proposals") },
  {
    name: "proposal",
    path: ({ proposal }) => `/access/proposals/${proposal}`,
    ready: heading("Loosen the access rules"),
  },
  {
    name: "proposal-webhook",
    path: ({ told }) => `/access/proposals/${told}`,
    ready: heading(/^Tell the receiver/u),
  },
  { name: "roles", path: () => "/access/roles", ready: heading("Roles") },
  { name: "role", path: ({ role }) => `/access/roles/${role}`, ready: heading(/^support-eu/u) },
  { name: "role-create", path: () => "/access/roles/new", ready: heading("Make a role") },
  { name: "permissions", path: () => "/access/permissions?show=all", ready: heading("What may they do, and why?") },
  {
    name: "permissions-member",
    path: ({ member }) => `/access/permissions?member=${member}`,
    ready: heading("What may they do, and why?"),
  },
  { name: "rules", path: () => "/access/rules", ready: heading("Rules") },
  { name: "audit-events", path: () => "/audit/events", ready: heading("Events") },
  { name: "audit-checkpoints", path: () => "/audit/checkpoints", ready: heading("Checkpoints") },
  { name: "audit-seen", path: () => "/audit/seen", ready: heading("Who saw a person") },
  { name: "audit-exports", path: () => "/audit/exports", ready: heading("Exports") },
  { name: "audit-export", path: () => "/audit/exports?new=true", ready: dialog("Export the log") },
  { name: "webhooks", path: () => "/operations/webhooks", ready: heading("Webhooks") },
  {
    name: "webhook",
    path: ({ webhook }) => `/operations/webhooks/${webhook}`,
    ready: async (page) => {
      await expect(page.getByText("Proposed, and not done yet")).toBeVisible();
      await heading(/./u)(page);
    },
  },
  { name: "webhook-create", path: () => "/operations/webhooks?new=true", ready: dialog("Add a receiver") },
  { name: "jobs", path: () => "/operations/jobs", ready: heading("Jobs") },
  { name: "projects", path: () => "/projects", ready: heading("Projects") },
  { name: "project", path: () => `/projects/${deployment().demo.project.id}`, ready: heading(/./u) },
  { name: "members", path: () => "/access/members", ready: heading("Members") },
  { name: "member", path: ({ member }) => `/access/members/${member}`, ready: heading(/./u) },
  { name: "invitations", path: () => "/access/invitations", ready: heading("Invitations") },
  { name: "invite", path: () => "/access/invitations?new=true", ready: dialog("Invite somebody") },
  { name: "api-keys", path: () => "/access/keys", ready: heading("API keys") },
  { name: "api-key-create", path: () => "/access/keys?new=true", ready: dialog("Create an API key") },
  { name: "notices", path: () => "/notices", ready: heading("Notices") },
  { name: "preferences", path: () => "/notices/preferences", ready: heading("Preferences") },
  { name: "security", path: () => "/security", ready: heading("My security") },
];
