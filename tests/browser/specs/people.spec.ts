/** Set-up, invitations, members, roles, API keys, own password and sign-ins, as people do them. */
import { expect, test, type Page } from "@playwright/test";
import { signIn } from "../support/console";
import { deployment } from "../support/deployment";
import { freshAddress, newMember, signInAs } from "../support/people";
import { setupToken, startEmpty } from "../support/server";

const PASSWORD = "seven quiet kilns at dusk";

const shell = (page: Page) => page.getByRole("navigation", { name: "Areas" });

test("a server is set up by its token, once, and the privacy officer comes in by the link", async ({
  page,
  browser,
}) => {
  const server = await startEmpty();
  try {
    const token = setupToken(server);
    await page.goto(`${server.consoleOrigin}/login`);
    await page.getByRole("link", { name: "Set up this server" }).click();
    await page.getByLabel("Set-up token", { exact: true }).fill("not the token, not the token");
    await page.getByLabel("Name of your organisation").fill("Müller & Söhne");
    await expect(page.getByLabel("Short name")).toHaveValue("mueller-soehne");
    await page.getByLabel("Name", { exact: true }).fill("Ada Müller");
    await page.getByLabel("E-mail", { exact: true }).fill("ada@mueller.example");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByLabel("E-mail of the privacy officer").fill("ada@mueller.example");
    await page.getByRole("button", { name: "Set up", exact: true }).click();
    await expect(page.getByText("The privacy officer must be another person than the owner.")).toBeVisible();
    await page.getByLabel("E-mail of the privacy officer").fill("grace@mueller.example");
    await page.getByRole("button", { name: "Set up", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText("This is not the token.");
    await page.getByLabel("Set-up token", { exact: true }).fill(token);
    await page.getByRole("button", { name: "Set up", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: "The tenant is there" })).toBeVisible();
    const link = await page.getByRole("group", { name: "Invitation of the privacy officer" }).innerText();

    await page.getByRole("link", { name: "Sign in as the owner" }).click();
    await page.getByRole("textbox", { name: "E-mail" }).fill("ada@mueller.example");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Hello, Ada Müller" })).toBeVisible();
    await page.goto(`${server.consoleOrigin}/setup`);
    await expect(page.getByRole("heading", { level: 1, name: "This server is set up" })).toBeVisible();

    const other = await browser.newContext();
    const officer = await other.newPage();
    await officer.goto(link);
    await expect(officer.getByRole("heading", { level: 1, name: "Müller & Söhne invites you" })).toBeVisible();
    await expect(officer.getByText("For grace@mueller.example. Your roles will be: Privacy officer.")).toBeVisible();
    await officer.getByLabel("Your name").fill("Grace Müller");
    await officer.getByLabel("New password").fill(`${PASSWORD}, mine`);
    await officer.getByRole("button", { name: "Become a member" }).click();
    await officer.getByRole("link", { name: "Sign in" }).click();
    await officer.getByRole("textbox", { name: "E-mail" }).fill("grace@mueller.example");
    await officer.getByLabel("Password", { exact: true }).fill(`${PASSWORD}, mine`);
    await officer.getByRole("button", { name: "Sign in" }).click();
    await expect(officer.getByRole("heading", { level: 1, name: "Hello, Grace Müller" })).toBeVisible();
    await officer.getByRole("link", { name: "Members" }).click();
    await expect(officer.getByRole("row").filter({ hasText: "Grace Müller" })).toContainText("Privacy officer");
    await expect(officer.getByRole("row").filter({ hasText: "Ada Müller" })).toContainText("Owner");
    await other.close();
  } finally {
    await server.stop();
  }
});

test("an invited person becomes a member, gets a role and loses access", async ({ page, browser }) => {
  const email = freshAddress("grace");
  await signIn(page, "owner", "/access/members");
  await page.getByRole("link", { name: "Invite somebody" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("E-mail").fill(email);
  await dialog.getByRole("button", { name: "Invite" }).click();
  await expect(dialog.getByText("Choose at least one role.")).toBeVisible();
  await dialog.getByRole("checkbox", { name: "Engineer" }).check();
  await dialog.getByRole("button", { name: "Invite" }).click();
  const first = await dialog.getByRole("group", { name: "Invitation link" }).innerText();
  await dialog.getByRole("button", { name: "I have handed it over" }).click();
  const row = page.getByRole("row").filter({ hasText: email });
  await expect(row.getByText("Waits")).toBeVisible();

  // Sent again, the first link ends.
  await row.getByRole("button", { name: /^Send again/u }).click();
  const link = await dialog.getByRole("group", { name: "Invitation link" }).innerText();
  await dialog.getByRole("button", { name: "I have handed it over" }).click();
  const guest = await (await browser.newContext()).newPage();
  await guest.goto(first);
  await expect(guest.getByRole("heading", { level: 1, name: "This link is not good any more" })).toBeVisible();
  await guest.goto(link);
  await guest.getByLabel("Your name").fill("Grace Guest");
  await guest.getByLabel("New password").fill("short");
  await guest.getByRole("button", { name: "Become a member" }).click();
  await expect(guest.getByText("Use at least 12 characters.")).toBeVisible();
  await guest.getByLabel("New password").fill("correct horse battery staple");
  await guest.getByRole("button", { name: "Become a member" }).click();
  await expect(guest.getByText("This password is too well known.")).toBeVisible();
  await guest.getByLabel("New password").fill(PASSWORD);
  await guest.getByRole("button", { name: "Become a member" }).click();
  await expect(guest.getByRole("heading", { level: 1, name: "You are a member now" })).toBeVisible();
  await signInAs(guest, { email, password: PASSWORD });
  await expect(shell(guest).getByRole("link", { name: "Members" })).toHaveCount(0);

  await page.goto(`${deployment().consoleOrigin}/access/members`);
  await page.getByRole("link", { name: /^Grace Guest/u }).click();
  await page.getByLabel("Give another role", { exact: true }).first().click();
  await page.getByRole("option", { name: "Admin" }).click();
  await page.getByRole("button", { name: "Give", exact: true }).click();
  const roles = page.getByRole("list", { name: "Roles" }).getByRole("strong");
  await expect(roles).toHaveText(["Engineer", "Admin"]);
  await page.getByRole("button", { name: "Take away Engineer" }).click();
  await expect(roles).toHaveText(["Admin"]);

  await page.getByRole("button", { name: "Disable" }).click();
  await dialog.getByLabel(/^To confirm, type/u).fill("somebody else");
  await dialog.getByRole("button", { name: "Disable" }).click();
  await expect(dialog.getByText("That is not the same.")).toBeVisible();
  await dialog.getByLabel(/^To confirm, type/u).fill(email);
  await dialog.getByRole("button", { name: "Disable" }).click();
  await expect(page.getByText("Disabled", { exact: true })).toBeVisible();
  await guest.goto(`${deployment().consoleOrigin}/projects`);
  await expect(guest.getByRole("heading", { level: 1, name: "Sign in to Sealtape" })).toBeVisible();
});

test("nobody changes their own roles, and who may not see members is told how to ask", async ({ page, browser }) => {
  await signIn(page, "owner", "/access/members");
  await page.getByRole("row").filter({ hasText: "you" }).getByRole("link").click();
  await expect(page.getByText("Nobody changes their own roles.")).toBeVisible();
  await expect(page.getByText("Nobody disables themselves.")).toBeVisible();
  const other = await (await browser.newContext()).newPage();
  await signIn(other, "engineer", "/access/members");
  await expect(other.getByRole("heading", { name: "You may not open this yet" })).toBeVisible();
});

test("an API key is shown once, works within its bounds, and is refused once revoked", async ({ page }) => {
  const admin = await newMember("keeper", ["admin"]);
  await signInAs(page, admin, "/access/keys");
  await page.getByRole("button", { name: "Create an API key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("nightly report");
  await dialog.getByRole("checkbox", { name: "project.list" }).check();
  await dialog.getByLabel("Networks").fill("127.0.0.0");
  await dialog.getByRole("button", { name: "Create the key" }).click();
  await expect(dialog.getByText("“127.0.0.0” is no network.")).toBeVisible();
  await dialog.getByLabel("Networks").fill("127.0.0.0/8");
  await dialog.getByRole("button", { name: "Create the key" }).click();
  const key = await dialog.getByRole("group", { name: "API key" }).innerText();
  expect(key).toMatch(/^st_api_/u);
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  const ask = async (path: string): Promise<number> => {
    const answer = await fetch(deployment().consoleOrigin + path, { headers: { Authorization: `Bearer ${key}` } });
    return answer.status;
  };
  expect(await ask("/v1/projects")).toBe(200);
  expect(await ask("/v1/members")).toBe(403);
  await page.reload();
  const row = page.getByRole("row").filter({ hasText: "nightly report" });
  await expect(row.getByText("1 action")).toBeVisible();
  await expect(page.getByText(key)).toHaveCount(0);
  await row.getByRole("button", { name: /^Revoke/u }).click();
  await dialog.getByLabel(/^To confirm, type/u).fill("nightly report");
  await dialog.getByRole("button", { name: "Revoke for good" }).click();
  await expect(row.getByText("Revoked")).toBeVisible();
  await expect.poll(() => ask("/v1/projects")).toBe(401);
});

test("one sees and ends one's own sign-ins and changes one's password", async ({ page, browser }) => {
  const member = await newMember("walker", ["engineer"]);
  const elsewhere = await (await browser.newContext()).newPage();
  await signInAs(elsewhere, member);
  await signInAs(page, member, "/security");
  const signIns = page.getByRole("table", { name: "Sign-ins" });
  await expect(signIns.getByText("This device")).toHaveCount(1);
  await expect(signIns.getByRole("button", { name: /^End/u })).toHaveCount(1);
  await signIns.getByRole("button", { name: /^End/u }).click();
  await expect(signIns.getByRole("button", { name: /^End/u })).toHaveCount(0);
  await elsewhere.goto(`${deployment().consoleOrigin}/projects`);
  await expect(elsewhere.getByRole("heading", { level: 1, name: "Sign in to Sealtape" })).toBeVisible();

  await page.getByLabel("Present password", { exact: true }).fill("not my password");
  await page.getByLabel("New password", { exact: true }).fill(`${PASSWORD}, changed`);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("This is not your password.")).toBeVisible();
  await page.getByLabel("Present password", { exact: true }).fill(member.password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed.")).toBeVisible();
  await signInAs(elsewhere, { ...member, password: `${PASSWORD}, changed` });
});
