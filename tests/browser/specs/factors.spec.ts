/** Second factors in a real browser: an authenticator app, recovery codes and a security key, from enrolment to removal. */
import { readFileSync } from "node:fs";
import { expect, test, type Browser, type Page } from "@playwright/test";
import { givePassword, signIn } from "../support/console";
import { deployment } from "../support/deployment";
import { AuthenticatorApp } from "../support/totp";

const security = (page: Page) => page.getByRole("main");
const shell = (page: Page) => page.getByRole("navigation", { name: "Areas" });

/** A browser of its own whose member is signed in as far as the password goes. */
async function atSecondFactor(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await givePassword(page, "auditor", "/security");
  await expect(page.getByRole("heading", { level: 1, name: "One more step" })).toBeVisible();
  return page;
}

test("an authenticator app and recovery codes: set up, asked for, proved again, removed", async ({ page, browser }) => {
  // Signed in before there is a factor: what this page asks for later needs one.
  const stale = await (await browser.newContext()).newPage();
  await signIn(stale, "auditor", "/security");
  await expect(security(stale).getByText("Only your password protects this account")).toBeVisible();

  await signIn(page, "auditor", "/security");
  await page.getByRole("button", { name: "Set up", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("img", { name: "QR code for the authenticator app" })).toBeVisible();
  const app = new AuthenticatorApp(await dialog.locator("[data-secret]").innerText());
  await dialog.getByLabel("Code that the app shows now").fill("12345");
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await expect(dialog.getByText("That is not the code.")).toBeVisible();
  await dialog.getByLabel("Code that the app shows now").fill(app.code());
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await expect(security(page).getByText(/^Added/u)).toBeVisible();

  // Recovery codes are offered at once, and what is downloaded is what is shown.
  await dialog.getByRole("button", { name: "Show codes" }).click();
  await expect(dialog.getByRole("listitem")).toHaveCount(10);
  const codes = await dialog.getByRole("listitem").allInnerTexts();
  const downloading = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Download" }).click();
  const file = readFileSync(await (await downloading).path(), "utf8");
  for (const code of codes) expect(file).toContain(code);
  await dialog.getByRole("button", { name: "I have kept them" }).click();
  await expect(security(page).getByText("10 of 10 left")).toBeVisible();

  // The password is not enough any more; a wrong code says how many tries are left.
  const byCode = await atSecondFactor(browser);
  const field = byCode.getByLabel("Code from your authenticator app");
  await expect(field).toBeFocused();
  await field.fill("12345");
  await byCode.getByRole("button", { name: "Sign in" }).click();
  await expect(byCode.getByRole("alert")).toContainText("4 tries left.");
  await field.fill(app.code());
  await byCode.getByRole("button", { name: "Sign in" }).click();
  await expect(shell(byCode)).toBeAttached();
  await expect(byCode).toHaveURL(`${deployment().consoleOrigin}/security`);

  const byRecovery = await atSecondFactor(browser);
  await byRecovery.getByRole("button", { name: "Use a recovery code" }).click();
  await byRecovery.getByLabel("Recovery code").fill((codes[0] ?? "").toLowerCase());
  await byRecovery.keyboard.press("Enter");
  await expect(security(byRecovery).getByText("9 of 10 left")).toBeVisible();
  const again = await atSecondFactor(browser);
  await again.getByRole("button", { name: "Use a recovery code" }).click();
  await again.getByLabel("Recovery code").fill(codes[0] ?? "");
  await again.keyboard.press("Enter");
  await expect(again.getByRole("alert")).toContainText("That is not right, or it was used before.");
  await again.getByRole("button", { name: "Back" }).click();
  await expect(again.getByRole("heading", { level: 1, name: "Sign in to Sealtape" })).toBeVisible();

  // The sign-in from before the factor must prove itself; declining does nothing.
  await stale.reload();
  await stale.getByRole("button", { name: "Remove" }).click();
  await stale.getByRole("button", { name: "Remove it" }).click();
  const proof = stale.getByRole("dialog", { name: "Prove that it is you" });
  await proof.getByRole("button", { name: "Cancel" }).click();
  await expect(stale.getByRole("alert").filter({ hasText: "This needs a fresh proof" })).toBeVisible();
  await stale.getByRole("button", { name: "Remove it" }).click();
  await proof.getByRole("button", { name: "Use a recovery code" }).click();
  await proof.getByLabel("Recovery code").fill(codes[1] ?? "");
  await proof.getByRole("button", { name: "Confirm" }).click();
  await expect(security(stale).getByText("Only your password protects this account")).toBeVisible();
  await signIn(await (await browser.newContext()).newPage(), "auditor");
});

test("a security key: added by name, refused unverified, signs in, renamed, removed", async ({ page }) => {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "usb",
      hasUserVerification: true,
      isUserVerified: false,
      automaticPresenceSimulation: true,
    },
  });
  await signIn(page, "auditor", "/security");
  await page.getByRole("button", { name: "Add a key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("blue key");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(dialog.getByRole("alert")).toContainText("The key did not answer");
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  await dialog.getByRole("button", { name: "Continue" }).click();
  const keys = page.getByRole("list", { name: "Security keys" });
  await expect(keys.getByRole("strong")).toHaveText("blue key");
  await dialog.getByRole("button", { name: "Later" }).click();

  // The same key twice is refused by the key itself.
  await page.getByRole("button", { name: "Add a key" }).click();
  await dialog.getByLabel("Name").fill("again");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(dialog.getByRole("alert")).toContainText("This key is registered already.");
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await page.getByRole("button", { name: /^Account of/u }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await givePassword(page, "auditor", "/security");
  await page.getByRole("button", { name: "Use security key" }).click();
  await expect(keys.getByText(/last used/u)).toBeVisible();

  await keys.getByRole("button", { name: "Rename blue key" }).click();
  await dialog.getByLabel("Name").fill("red key");
  await dialog.getByRole("button", { name: "Rename" }).click();
  await keys.getByRole("button", { name: "Remove red key" }).click();
  await expect(dialog.getByText("This is your last second factor")).toBeVisible();
  await dialog.getByRole("button", { name: "Remove it" }).click();
  await expect(security(page).getByText("Only your password protects this account")).toBeVisible();
});
