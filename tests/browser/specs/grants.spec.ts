/** Access for a time: asked for, approved by a second person, used, and cut. */
import { expect, type Page, test } from "@playwright/test";
import { approve, askFor, restrictedProject, uploadRestricted } from "../support/access";
import { firstFrame, recordedText, sessionRow, signIn } from "../support/console";
import { deployment } from "../support/deployment";
import { record } from "../support/figures";
import { element, hostileRecording, text } from "../support/vectors";

/** A revoked grant's picture is gone by then. */
const CUT_MS = 5_000;
/** What the recording says; nobody without a grant may read it anywhere. */
const SECRET = "Blood results of ward seven";

let session = "";

test.beforeAll(async () => {
  const key = await restrictedProject("Patient portal");
  const events = hostileRecording({ name: SECRET, body: [element("h1", {}, [text(SECRET)])] });
  session = await uploadRestricted(key, SECRET, events);
});

const picture = (page: Page) => page.locator('iframe[title="Recorded session"]');

/** Fills the dialog that asks for access. */
async function ask(page: Page, reason: string, ticket: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Ask for access to sessions" });
  await dialog.getByRole("combobox", { name: "What for" }).click();
  await page.getByRole("option", { name: "Debugging" }).click();
  await dialog.getByRole("textbox", { name: "Why" }).fill(reason);
  await dialog.getByRole("textbox", { name: "Ticket" }).fill(ticket);
  await dialog.getByRole("button", { name: "Ask for access" }).click();
}

test("refused, asked, approved by another, watched, revoked: the picture stops within 5 s", async ({
  page: engineer,
  browser,
}) => {
  await signIn(engineer, "engineer", `/sessions/${session}`);
  await expect(engineer.getByRole("heading", { name: "You may not open this session yet" })).toBeVisible();
  await expect(picture(engineer)).toHaveCount(0);
  expect(await engineer.content()).not.toContain(SECRET);

  await engineer.getByRole("button", { name: "Ask for access" }).click();
  await ask(engineer, "The results page stays empty for one ward", "WARD-7");
  await expect(engineer.getByText("Waits", { exact: true })).toBeVisible();
  await expect(engineer.getByText("You asked, so somebody else decides.")).toBeVisible();
  await expect(engineer.getByRole("button", { name: "Approve" })).toHaveCount(0);

  const second = await browser.newContext();
  const officer = await second.newPage();
  await signIn(officer, "officer", "/access/requests");
  await officer.getByRole("link", { name: /The results page stays empty/u }).click();
  await expect(officer.getByRole("table", { name: "Sessions" })).toContainText("Patient portal");
  expect(await officer.content(), "reviewers see metadata only").not.toContain(SECRET);
  await officer.getByRole("textbox", { name: "What you want to say" }).fill("Only this ward, please.");
  await officer.getByRole("button", { name: "Approve" }).click();
  await expect(officer.getByText("Approved", { exact: true }).first()).toBeVisible();

  // The engineer's page finds out by itself.
  await engineer.getByRole("link", { name: /^Watch/u }).click();
  await firstFrame(engineer);
  await expect.poll(() => recordedText(engineer)).toContain(SECRET);
  await expect(engineer.getByText("Open to you under a grant:")).toBeVisible();
  await expect(engineer.getByText(/^(59|60|1) \w+ left$/u)).toBeVisible();

  await officer.goto(`${deployment().consoleOrigin}/access/grants`);
  const grant = officer.getByRole("row").filter({ hasText: "WARD-7" });
  await expect(grant).toContainText("In use");
  await grant.getByRole("button", { name: /^Revoke/u }).click();
  const sure = officer.getByRole("dialog", { name: /^Revoke the grant of/u });
  await expect(sure).toContainText("This ends access to 1 session.");
  const gone = picture(engineer)
    .waitFor({ state: "detached", timeout: 30_000 })
    .then(() => Date.now());
  const revokedAt = Date.now();
  await sure.getByRole("button", { name: "Revoke the grant" }).click();
  const took = (await gone) - revokedAt;
  record("grant_revoked_picture_gone_ms", took);
  await expect(engineer.getByRole("heading", { name: /^The picture was stopped/u })).toBeVisible();
  await expect(engineer.getByText(/revoked it\.$/u)).toBeVisible();
  expect(await engineer.content()).not.toContain(SECRET);
  expect(took).toBeLessThan(CUT_MS);

  await officer.getByText("All", { exact: true }).click();
  await officer.getByRole("link", { name: /The results page stays empty/u }).click();
  const watched = officer.getByRole("region", { name: "Who watched" });
  await expect(watched.getByRole("listitem")).toHaveCount(1);
  await second.close();
});

test("a list says what it leaves out, and asks for it by its own filters or by pasted links", async ({ page }) => {
  await signIn(page, "engineer", "/sessions?release=2026.11");
  await expect(page.getByText("Restricted sessions are not in this list, and not counted.")).toBeVisible();
  await expect(sessionRow(page, session)).toHaveCount(0);
  await page.getByRole("button", { name: "Ask for access" }).click();
  const dialog = page.getByRole("dialog", { name: "Ask for access to sessions" });
  await expect(dialog.getByRole("textbox", { name: "Release" })).toHaveValue("2026.11");
  await dialog.getByText("These sessions", { exact: true }).click();
  await dialog
    .getByRole("textbox", { name: "Sessions" })
    .fill(`see ${deployment().consoleOrigin}/sessions/${session}?t=4`);
  await ask(page, "The list does not show it to me", "WARD-8");
  await expect(page).toHaveURL(/\/access\/requests\/[0-9a-f-]{36}$/u);
  await page.getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByText("It was taken back.")).toBeVisible();
  await page.goto(`${deployment().consoleOrigin}/access/requests?view=mine&state=lapsed`);
  await expect(page.getByRole("link", { name: /The list does not show it to me/u })).toBeVisible();
});

test("a denial needs words, and the requester reads them", async ({ page, browser }) => {
  const request = await askFor(session, { reason: "Curious about this one", ticket: "WARD-9" });
  await signIn(page, "officer", `/access/requests/${request}`);
  await page.getByRole("button", { name: "Deny" }).click();
  await expect(page.getByText("Say why you deny it.")).toBeVisible();
  await page.getByRole("textbox", { name: "What you want to say" }).fill("Curiosity is no purpose.");
  await page.getByRole("button", { name: "Deny" }).click();
  await expect(page.getByText(/denied it\./u)).toBeVisible();
  const other = await browser.newContext();
  const engineer = await other.newPage();
  await signIn(engineer, "engineer", `/access/requests/${request}`);
  await expect(engineer.getByText("Curiosity is no purpose.")).toBeVisible();
  await expect(engineer.getByRole("button", { name: "Ask again" })).toBeVisible();
  await other.close();
});

test("an answer that does not come is a no: without the server the picture stops", async ({ page }) => {
  const request = await askFor(session, { reason: "To see that silence is a no", ticket: "WARD-10" });
  await approve(request);
  await signIn(page, "engineer", `/sessions/${session}`);
  await firstFrame(page);
  await expect(page.getByText("Open to you under a grant:")).toBeVisible();
  // From here on nothing is answered, and nothing is refused either.
  await page.route("**/v1/**", () => undefined);
  await picture(page).waitFor({ state: "detached", timeout: 30_000 });
  await expect(page.getByRole("heading", { name: /^The server does not say/u })).toBeVisible();
  await page.unroute("**/v1/**");
  await page.getByRole("button", { name: "Try again" }).click();
  await firstFrame(page);
  await page.goto(`${deployment().consoleOrigin}/access/requests/${request}`);
  await page.getByRole("button", { name: "Give the grant up" }).click();
  await expect(page.getByText("It was given up by its holder.")).toBeVisible();
});

test("without the permission a page says what is missing, who can give it and how to ask", async ({ page }) => {
  await signIn(page, "auditor", `/sessions/${session}`);
  await expect(page.getByRole("heading", { level: 1, name: "You may not open this yet" })).toBeVisible();
  await expect(page.getByText("session.view", { exact: true })).toBeVisible();
  await expect(page.getByText(/^Owner or Admin of/u)).toBeVisible();
  await expect(page.getByRole("button", { name: "Copy a message to send" })).toBeVisible();
  expect(await page.content()).not.toContain(SECRET);
});
