/** The console as a person uses it: signing in, finding a session, opening it. */
import { expect, type Locator, type Page } from "@playwright/test";
import { deployment, type DemoRole } from "./deployment";

/** Fills in the sign-in form and sends it off. */
export async function givePassword(page: Page, role: DemoRole, path = "/"): Promise<void> {
  const { consoleOrigin, demo } = deployment();
  await page.goto(consoleOrigin + path);
  await page.getByRole("textbox", { name: "E-mail" }).fill(demo[role].email);
  await page.getByLabel("Password", { exact: true }).fill(demo[role].password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Signs in by the form and ends on the page that was asked for. */
export async function signIn(page: Page, role: DemoRole, path = "/"): Promise<void> {
  await givePassword(page, role, path);
  await expect(page.getByRole("navigation", { name: "Areas" })).toBeAttached();
}

/** The list's row of one session. */
export const sessionRow = (page: Page, id: string): Locator => page.locator(`tr[data-row="${id}"]`);

/** Opens a session's page and waits for the first picture. */
export async function watch(page: Page, id: string): Promise<void> {
  await page.goto(`${deployment().consoleOrigin}/sessions/${id}`);
  await firstFrame(page);
}

/** Waits until the player shows its first picture. */
export async function firstFrame(page: Page): Promise<void> {
  await expect(page.locator('[data-first-frame="true"]')).toBeVisible();
}

/** The recorded page inside the player: two frames down, without scripts. */
export const recordedPage = (page: Page): ReturnType<Page["frameLocator"]> =>
  page.frameLocator('iframe[title="Recorded session"]').frameLocator('iframe[title="Recorded page"]');

/** Whether the recorded page shows a text now. Its frame runs no scripts, so its text is read from outside. */
export async function recordedText(page: Page): Promise<string> {
  return (await recordedPage(page).locator("body").textContent()) ?? "";
}

/** The pane beside the player. */
export const beside = (page: Page): Locator => page.getByRole("complementary", { name: "Beside the player" });

/**
 * A row of the list of events. The list keeps only the rows near the player's time in the document, so it is narrowed
 * to one kind first; `kind` is the word on the list's own button.
 */
export async function eventRow(page: Page, kind: string, sentence: RegExp): Promise<Locator> {
  await beside(page).getByRole("group", { name: "Show" }).getByText(kind, { exact: true }).click();
  const row = beside(page).getByRole("button", { name: sentence }).first();
  await expect(row).toBeVisible();
  return row;
}
