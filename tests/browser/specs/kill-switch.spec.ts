/** The kill switch: somebody stops capture while a visitor is on a page, and their browser sends nothing more. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { record } from "../support/figures";
import { freePorts, type Running, startDemo } from "../support/server";

/** The bound of the issue is 5 s; a busy machine gets six times that. */
const STOPPED_MS = 30_000;
const PROJECT = "Kiln & Clay (sample shop)";

let server: Running;

test.beforeAll(async () => {
  server = await startDemo(await freePorts(3));
});
test.afterAll(() => server.stop());

async function signIn(page: Page): Promise<void> {
  const { email, password } = server.deployment.demo.owner;
  await page.goto(`${server.deployment.consoleOrigin}/projects`);
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Projects" })).toBeVisible();
}

/** A picture to look at, and what axe says of the page. */
async function look(page: Page, name: string): Promise<void> {
  const folder = join(import.meta.dirname, "../test-results/pictures");
  mkdirSync(folder, { recursive: true });
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: join(folder, `${name}-${scheme}-${width}.png`) });
      expect((await new AxeBuilder({ page }).analyze()).violations, `${name} ${scheme} ${width}`).toEqual([]);
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

test("capture is stopped under a visitor, says so on every page, and goes on", async ({ page, browser }) => {
  const visitor = await browser.newContext();
  const shop = await visitor.newPage();
  const uploads: { status: number; at: number }[] = [];
  const starts: number[] = [];
  shop.on("response", (response) => {
    const path = new URL(response.url()).pathname;
    if (path === "/v1/agent/upload") uploads.push({ status: response.status(), at: Date.now() });
    if (path === "/v1/agent/sessions" && response.request().method() === "POST") starts.push(response.status());
  });
  await shop.goto(server.deployment.shopOrigin);
  await expect
    .poll(() => uploads.filter(({ status }) => status === 200).length, { timeout: 30_000 })
    .toBeGreaterThan(0);

  await signIn(page);
  await page.getByRole("link", { name: PROJECT }).click();
  await page.getByRole("button", { name: "Stop capture" }).click();
  const dialog = page.getByRole("dialog", { name: `Stop capture in ${PROJECT}?` });
  await dialog.getByRole("button", { name: "Stop capture" }).click();
  await expect(dialog.getByText("Say why, for those who find capture stopped.")).toBeVisible();
  await look(page, "kill-switch-dialog");
  await dialog.getByRole("textbox").fill("names of patients in the order form");
  const asked = Date.now();
  await dialog.getByRole("button", { name: "Stop capture" }).click();
  await expect(page.getByText("Capture is stopped here")).toBeVisible();
  const answered = Date.now();

  // The page goes on being used; its next upload is refused, and it is the last.
  const search = shop.getByRole("searchbox", { name: "Search pieces" });
  await search.pressSequentially("river");
  await expect.poll(() => uploads.some(({ status }) => status === 410), { timeout: STOPPED_MS }).toBe(true);
  record("kill_switch_to_last_upload_ms", (uploads.at(-1)?.at ?? answered) - asked);
  const count = uploads.length;
  await search.pressSequentially(" bowl");
  await shop.goto(`${server.deployment.shopOrigin}/cart`);
  await expect.poll(() => starts.at(-1), { timeout: STOPPED_MS }).toBe(403);
  expect(uploads.length).toBe(count);
  expect(uploads.filter(({ status, at }) => status === 200 && at > answered)).toEqual([]);

  await look(page, "kill-switch-project");
  await page.getByRole("button", { name: "Let capture go on" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Let capture go on" }).click();
  await expect(page.getByText("Capture is stopped here")).toHaveCount(0);
  await shop.goto(server.deployment.shopOrigin);
  await expect.poll(() => starts.at(-1), { timeout: STOPPED_MS }).toBe(201);

  // The tenant's switch is on every page.
  await page.goto(`${server.deployment.consoleOrigin}/projects`);
  await page.getByRole("button", { name: "Stop all capture" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("an incident");
  await page.getByRole("dialog").getByRole("button", { name: "Stop all capture" }).click();
  await expect(page.getByText("Capture stopped", { exact: true })).toBeVisible();
  await look(page, "kill-switch-projects");
  await page.goto(`${server.deployment.consoleOrigin}/sessions`);
  await expect(page.getByRole("complementary", { name: "Capture is stopped in every project" })).toBeVisible();
  await visitor.close();
});
