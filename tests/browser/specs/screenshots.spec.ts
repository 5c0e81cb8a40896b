/** The pictures of the README and the documentation, from a real visit: `docs/images/<page>-<scheme>.png`. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { firstFrame, recordedText, signIn } from "../support/console";
import { REPOSITORY, deployment } from "../support/deployment";
import { enterShop, leaveShop, shopAround } from "../support/shop";

const FOLDER = join(REPOSITORY, "docs/images");
const SIZE = { width: 1440, height: 900 };

let session = "";

test.beforeAll(async ({ browser }) => {
  mkdirSync(FOLDER, { recursive: true });
  const visitor = await browser.newContext({ viewport: { width: 1180, height: 760 } });
  const shop = await visitor.newPage();
  session = await enterShop(shop);
  await shopAround(shop, {
    search: "bowl",
    name: "Ada Muster",
    email: "ada@example.test",
    street: "Ringstraße 1",
    password: "correct horse battery",
    card: "4242424242424242",
    expiry: "12/30",
    code: "123",
  });
  await leaveShop(shop, session);
  await visitor.close();
});

for (const scheme of ["light", "dark"] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme, viewport: SIZE });

    test("pictures", async ({ page }) => {
      const { consoleOrigin, shopOrigin } = deployment();
      const picture = async (name: string): Promise<void> => {
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
      await expect(page.getByText(/\/api\/orders → 201/u).first()).toBeVisible();
      await page
        .getByText(/\/api\/coupon → 500/u)
        .first()
        .click();
      await expect.poll(() => recordedText(page)).toContain("Your cart");
      await picture("session");
      await page.goto(`${consoleOrigin}/sessions/${session}?pane=details`);
      await firstFrame(page);
      await picture("session-details");
      await page.goto(shopOrigin);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await picture("shop");
    });
  });
}
