/**
 * The pictures of the README and the documentation, from a real visit: `target/browser/images/<page>-<scheme>.png`, and
 * with `UPDATE_DOCS=1` in `docs/images`. A run of the tests must not change what is committed.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Browser, type BrowserContextOptions, type Page } from "@playwright/test";
import { Api } from "../support/api";
import { beside, eventRow, firstFrame, recordedText, signIn } from "../support/console";
import { REPOSITORY, deployment } from "../support/deployment";
import { enterShop, leaveShop, shopAround } from "../support/shop";

const FOLDER = join(REPOSITORY, process.env["UPDATE_DOCS"] === "1" ? "docs/images" : "target/browser/images");
const SIZE = { width: 1440, height: 900 };

let session = "";
let receiver = "";

/** One visit of the shop in a browser of its own; `during` is what the visitor does there. */
async function visit(
  browser: Browser,
  path: string,
  options: BrowserContextOptions,
  during: (shop: Page) => Promise<void>,
): Promise<string> {
  const visitor = await browser.newContext(options);
  const shop = await visitor.newPage();
  const id = await enterShop(shop, path);
  await during(shop);
  await leaveShop(shop, id);
  await visitor.close();
  return id;
}

test.beforeAll(async ({ browser }) => {
  mkdirSync(FOLDER, { recursive: true });
  await visit(browser, "/pieces/dusk-teapot", { viewport: { width: 1440, height: 900 } }, async (shop) => {
    await shop.getByRole("button", { name: "Add to cart" }).click();
    await shop.getByRole("link", { name: /^Cart/u }).first().click();
    await shop.getByLabel("Coupon").fill("SPRING");
    const refused = shop.waitForResponse("**/api/coupon");
    await shop.getByRole("button", { name: "Apply" }).click();
    await refused;
  });
  await visit(browser, "/", { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }, async (shop) => {
    await shop.getByRole("button", { name: "Planters" }).click();
    await shop.getByRole("link", { name: "Moss planter" }).click();
    await expect(shop.getByRole("heading", { name: "Moss planter" })).toBeVisible();
  });
  session = await visit(browser, "/", { viewport: { width: 1180, height: 760 } }, (shop) =>
    shopAround(shop, {
      search: "bowl",
      name: "Ada Muster",
      email: "ada@example.test",
      street: "Ringstraße 1",
      password: "correct horse battery",
      card: "4242424242424242",
      expiry: "12/30",
      code: "123",
    }),
  );
});

test.beforeAll(async () => {
  // It waits for acts that do not happen here: nothing is dialled.
  const acts = ["break-glass.use", "break-glass.review"];
  const siem = { name: "SIEM", kind: "webhook", url: "https://siem.example.com/sealtape", acts };
  const owner = await Api.signIn("owner");
  receiver = (await owner.send<{ id: string }>("POST", "/v1/webhooks", siem)).id;
});

for (const scheme of ["light", "dark"] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme, viewport: SIZE });

    test("pictures", async ({ page }) => {
      const { consoleOrigin, shopOrigin } = deployment();
      const picture = async (name: string): Promise<void> => {
        // Nothing is under the pointer there: no hint, no highlighted row.
        await page.mouse.move(0, 0);
        await page.screenshot({ path: join(FOLDER, `${name}-${scheme}.png`), animations: "disabled" });
      };
      await page.goto(`${consoleOrigin}/login`);
      await expect(page.getByRole("region", { name: "Demo accounts" })).toBeVisible();
      await picture("login");
      await signIn(page, "engineer", "/sessions");
      await expect(page.locator(`tr[data-row="${session}"]`)).toBeVisible();
      await picture("sessions");
      await page.goto(`${consoleOrigin}/sessions/${session}`);
      await firstFrame(page);
      // A step pauses: a session that is still live would play on from wherever the picture is to be.
      await page.getByRole("button", { name: "Next change" }).click();
      await (await eventRow(page, "Network", /\/api\/coupon → 500/u)).click();
      await beside(page).getByText("All", { exact: true }).click();
      await expect.poll(() => recordedText(page)).toContain("Your cart");
      await picture("session");
      await page.goto(`${consoleOrigin}/sessions/${session}?pane=details`);
      await firstFrame(page);
      await picture("session-details");
      await page.goto(shopOrigin);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await picture("shop");
    });

    test("pictures of the audit log", async ({ page }) => {
      const { consoleOrigin } = deployment();
      const picture = async (name: string): Promise<void> => {
        await page.mouse.move(0, 0);
        await page.screenshot({ path: join(FOLDER, `${name}-${scheme}.png`), animations: "disabled" });
      };
      await signIn(page, "owner", "/audit/events?act=webhook.create");
      await page.getByRole("row").filter({ hasText: "Add a webhook" }).first().getByRole("link").first().click();
      await expect(page.getByText("Proved: this event is in the signed log")).toBeVisible();
      await picture("audit-event");
      await page.goto(`${consoleOrigin}/operations/webhooks/${receiver}`);
      await page.getByRole("button", { name: "Pause" }).click();
      await expect(page.getByText("This waits 24 hours")).toBeVisible();
      await picture("webhook");
    });
  });
}
