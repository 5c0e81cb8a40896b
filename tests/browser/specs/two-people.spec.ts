/** What takes two people: solo mode where there are none, and broken glass with the review that follows. */
import { expect, type Page, test } from "@playwright/test";
import { addRule } from "../support/access";
import { Api, endingNow, uploadRecording } from "../support/api";
import { firstFrame, signIn } from "../support/console";
import { deployment } from "../support/deployment";
import { AuthenticatorApp } from "../support/totp";
import { element, hostileRecording, text } from "../support/vectors";

const solo = (page: Page) => page.getByRole("complementary", { name: "Solo mode." });

test("solo mode: a looser rule waits a day, every page says so, and any member stops it", async ({ page, browser }) => {
  // Nobody of a new demo has a second factor or seven days in a role: no approval could count.
  const label = await addRule();
  await signIn(page, "owner", "/access/rules");
  await expect(solo(page)).toContainText("waits 24 hours");
  const rule = page.getByRole("region").filter({ hasText: label });
  await rule.getByRole("button", { name: /^Remove/u }).click();
  await page.getByRole("button", { name: "Put in force" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "Loosen the access rules" })).toBeVisible();
  const proposal = new URL(page.url()).pathname;
  await expect(page.getByText(/it waits 24 hours in which every member may stop it/u)).toBeVisible();
  await expect(page.getByText(/^(24 hr|23 hr 5\d min|23 hr 60 min) left$/u).first()).toBeVisible();
  // What is in force beside what would be, and the bytes that the hash covers.
  await expect(page.getByText(`labelled ${label}`)).toHaveCount(1);
  await page.getByText("As it is stored and hashed").click();
  await expect(page.getByRole("group", { name: "As it is stored and hashed" })).toContainText('"kind": "access-rules"');
  await expect(page.getByRole("button", { name: "Approve and carry out" })).toHaveCount(0);
  await page.goto(deployment().consoleOrigin);
  await expect(solo(page).getByRole("link", { name: "Loosen the access rules" }).first()).toBeVisible();

  const other = await browser.newContext();
  const engineer = await other.newPage();
  await signIn(engineer, "engineer");
  await expect(solo(engineer)).toBeVisible();
  await engineer.goto(deployment().consoleOrigin + proposal);
  await engineer.getByRole("button", { name: "Stop it" }).click();
  await expect(engineer.getByText("Stopped", { exact: true })).toBeVisible();
  await other.close();

  await page.goto(deployment().consoleOrigin + proposal);
  await expect(page.getByText("Stopped", { exact: true })).toBeVisible();
  await page.goto(`${deployment().consoleOrigin}/access/rules`);
  await expect(page.getByRole("region").filter({ hasText: label })).toBeVisible();
});

test("glass is broken with a fresh second factor, cut by another, and reviewed", async ({ page, browser }) => {
  const session = await uploadRecording(
    "Payment fails",
    endingNow(hostileRecording({ name: "Payment fails", body: [element("h1", {}, [text("Payment fails")])] })),
  );
  const api = await Api.signIn("engineer");
  await signIn(page, "engineer", `/access/break-glass?open=${session}`);
  // Enrolled elsewhere and after this sign-in: what this page holds is not fresh.
  const { secret } = await api.send<{ secret: string }>("POST", "/v1/me/mfa/totp", {});
  const app = new AuthenticatorApp(secret);
  await api.done("PUT", "/v1/me/mfa/totp", { code: app.code() });
  const { codes } = await api.send<{ codes: string[] }>("POST", "/v1/me/mfa/recovery-codes", {});

  const dialog = page.getByRole("dialog", { name: /^Break glass/u });
  await dialog.getByRole("textbox", { name: "Why" }).fill("Payments fail for everybody since noon");
  await dialog.getByRole("textbox", { name: "Ticket" }).fill("INC-204");
  await dialog.getByRole("button", { name: "Break the glass now" }).click();
  await expect(dialog.getByText("Confirm that you know what follows.")).toBeVisible();
  await dialog.getByRole("checkbox").check();
  await dialog.getByRole("button", { name: "Break the glass now" }).click();
  const proof = page.getByRole("dialog").filter({ hasText: "Code from your authenticator app" });
  await proof.getByLabel("Code from your authenticator app").fill(app.code());
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: /broke glass$/u })).toBeVisible();
  const use = new URL(page.url()).pathname;
  await expect(page.getByText("It is still open.")).toBeVisible();
  await page.getByRole("link", { name: /^Watch/u }).click();
  await firstFrame(page);
  await expect(page.getByText("Open to you under a grant:")).toBeVisible();

  const other = await browser.newContext();
  const officer = await other.newPage();
  await signIn(officer, "officer", "/access/break-glass?due=true");
  await officer.getByRole("link", { name: /Payments fail for everybody/u }).click();
  await officer.getByRole("button", { name: "Revoke" }).click();
  await officer.getByRole("dialog").getByRole("button", { name: "Revoke the grant" }).click();
  await officer.getByRole("textbox", { name: "What you found" }).fill("The incident was real, and it was short.");
  await officer.getByRole("button", { name: "Put the review on record" }).click();
  await expect(officer.getByText("Justified", { exact: true }).first()).toBeVisible();
  await expect(officer.getByRole("region", { name: "Who watched" }).getByRole("listitem")).toHaveCount(1);
  await other.close();

  await page.goto(deployment().consoleOrigin + use);
  await expect(page.getByText("The incident was real, and it was short.")).toBeVisible();
  // The other tests sign this member in by password alone.
  await api.done("POST", "/v1/auth/step-up", { recovery_code: codes[0] });
  await api.done("DELETE", "/v1/me/mfa/totp");
});
