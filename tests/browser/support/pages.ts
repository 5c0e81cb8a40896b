/** The console's pages that are checked for accessibility and shown in the documentation. */
import { expect, type Page } from "@playwright/test";
import { firstFrame } from "./console";
import { deployment } from "./deployment";

/** A page: where it is, and when it is complete. `session` is one that can be watched. */
export interface ConsolePage {
  name: string;
  path: (session: string) => string;
  ready: (page: Page) => Promise<void>;
}

const heading =
  (name: string | RegExp) =>
  async (page: Page): Promise<void> => {
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  };

/** All pages behind the sign-in. */
export const PAGES: readonly ConsolePage[] = [
  { name: "home", path: () => "/", ready: heading(/^Hello/u) },
  { name: "sessions", path: () => "/sessions", ready: heading("Sessions") },
  { name: "session", path: (session) => `/sessions/${session}`, ready: firstFrame },
  { name: "session-details", path: (session) => `/sessions/${session}?pane=details`, ready: firstFrame },
  { name: "session-viewers", path: (session) => `/sessions/${session}?pane=viewers`, ready: firstFrame },
  { name: "projects", path: () => "/projects", ready: heading("Projects") },
  { name: "project", path: () => `/projects/${deployment().demo.project.id}`, ready: heading(/./u) },
  { name: "security", path: () => "/security", ready: heading("My security") },
];
