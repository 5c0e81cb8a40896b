/** Notices of what really happened: an engineer asks for access, the privacy officer is told and led to the request. */
import { expect, test } from "@playwright/test";
import { askFor, restrictedProject, uploadRestricted } from "../support/access";
import { signIn } from "../support/console";
import { element, hostileRecording, text } from "../support/vectors";

test("a request is told to who may decide, by bell and inbox, and leads to itself", async ({ page }) => {
  const key = await restrictedProject("Told");
  const told = hostileRecording({ name: "told", body: [element("h1", {}, [text("Told")])] });
  const session = await uploadRestricted(key, "Told", told);
  await signIn(page, "officer", "/notices");
  await page.getByRole("button", { name: "Mark all as read" }).or(page.getByText("No notice yet")).first().waitFor();
  const all = page.getByRole("button", { name: "Mark all as read" });
  if (await all.isVisible()) {
    await all.click();
    await expect(all).toBeHidden();
  }
  const request = await askFor(session, { reason: "To see how somebody is told", ticket: "TOLD-1" });
  await page.reload();
  const bell = page.getByRole("button", { name: "Notices: 1 unread" });
  await bell.click();
  await page.getByRole("menuitem", { name: /^Somebody asks for access/u }).click();
  await expect(page).toHaveURL(new RegExp(`/access/requests/${request}$`, "u"));
  await expect(page.getByRole("button", { name: "Notices", exact: true })).toBeVisible();
});

test("preferences are kept, and what warns of somebody else's hand stays on", async ({ page }) => {
  await signIn(page, "auditor", "/notices/preferences");
  await expect(page.getByText("Always in the inbox: it warns of somebody else’s hand.").first()).toBeVisible();
  const mail = page.getByRole("radiogroup", { name: "Mail: A grant of yours is over" });
  const saved = page.waitForResponse((answer) => answer.request().method() === "PATCH");
  await mail.getByText("Once a day").click();
  expect((await saved).status()).toBe(200);
  await page.reload();
  await expect(mail.getByRole("radio", { name: "Once a day" })).toBeChecked();
});
