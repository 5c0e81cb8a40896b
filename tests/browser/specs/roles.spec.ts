/** Roles of the tenant's own: made, given for some sessions, explained, changed, taken and removed. */
import { randomBytes } from "node:crypto";
import { expect, test, type Page } from "@playwright/test";
import { endingNow, uploadRecording } from "../support/api";
import { sessionRow, signIn } from "../support/console";
import { deployment } from "../support/deployment";
import { restrictedProject } from "../support/access";
import { giveRole, memberId, newMember, newRole, signInAs } from "../support/people";
import { element, hostileRecording, text } from "../support/vectors";

const unique = (name: string): string => `${name}-${randomBytes(3).toString("hex")}`;

const recordingOf = (title: string) =>
  endingNow(hostileRecording({ name: title, body: [element("h1", {}, [text(title)])] }));

/** Says a word about an action on the page of a role. */
const say = (page: Page, action: string, word: string): Promise<void> =>
  page
    .getByRole("radiogroup", { name: `What it says about ${action}`, exact: true })
    .getByText(word, { exact: true })
    .click();

test("a role is made, given for one project, explained, and removed once nobody has it", async ({ page, browser }) => {
  const name = unique("support-eu");
  const other = unique("Other shop");
  const agentKey = await restrictedProject(other);
  const hidden = await uploadRecording("Not for support", recordingOf("Not for support"), agentKey);
  const shown = await uploadRecording("For support", recordingOf("For support"));
  const member = await newMember("sam", ["viewer"]);
  const id = await memberId(member.email);

  await signIn(page, "owner", "/access/roles");
  await page.getByRole("link", { name: "Make a role" }).first().click();
  await page.getByRole("button", { name: "Make the role" }).click();
  await expect(page.getByText("2 to 40 lower-case letters, digits and single hyphens.")).toBeVisible();
  await page.getByLabel("Name").fill("engineer");
  for (const action of ["session.list", "session.view", "session.viewers"]) await say(page, action, "Allows");
  await say(page, "me.read", "Says nothing");
  await expect(page.getByText("without it, who has no other role cannot open the console")).toBeVisible();
  await say(page, "me.read", "Allows");
  await say(page, "session.manifest", "Takes away");
  await page.getByRole("button", { name: "Make the role" }).click();
  // A name that could be taken for a built-in role's is refused where it stands.
  await expect(page.getByText(/be no built-in role's name/u)).toBeVisible();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Make the role" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByText("nobody has it ·")).toBeVisible();

  await page.getByRole("link", { name: "Give it on a member’s page" }).click();
  await page.getByRole("link", { name: /^sam/u }).first().click();
  await page.goto(`${deployment().consoleOrigin}/access/members/${id}`);
  await page.getByRole("button", { name: "Take away Viewer" }).click();
  const roles = page.getByRole("list", { name: "Roles" });
  await expect(roles.getByText("No role: this member may do nothing.")).toBeVisible();
  await page.getByRole("combobox", { name: "Give another role" }).click();
  await page.getByRole("option", { name }).click();
  await page.getByText("Some sessions only").click();
  await page.getByRole("button", { name: "Give", exact: true }).click();
  await expect(page.getByText("Set at least one limit, or give the role for all sessions.")).toBeVisible();
  await page.getByRole("combobox", { name: "Projects" }).click();
  await page.getByRole("option", { name: "Kiln & Clay (sample shop)" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Give", exact: true }).click();
  await expect(roles.getByRole("strong")).toHaveText([name]);
  await expect(roles).toContainText("in the project Kiln & Clay (sample shop)");

  // What may this person do, and why?
  await page.getByRole("link", { name: "What may they do, and why?" }).click();
  const why = page.getByRole("row").filter({ hasText: "session.view" }).first();
  await expect(why).toContainText("yes");
  await expect(why).toContainText(`${name} · in the project Kiln & Clay (sample shop) · text is masked`);
  await page.getByText("All", { exact: true }).click();
  await expect(page.getByRole("row").filter({ hasText: "session.manifest" })).toContainText(`${name} takes it away`);
  await expect(page.getByRole("row").filter({ hasText: "member.list" })).toContainText("no role allows it");

  // The same, as it comes to the person: the list shows what the role opens, and a link to the rest does not.
  const sam = await (await browser.newContext()).newPage();
  await signInAs(sam, member, "/sessions");
  await expect(sessionRow(sam, shown)).toBeVisible();
  await expect(sessionRow(sam, hidden)).toHaveCount(0);
  await sam.goto(`${deployment().consoleOrigin}/sessions/${hidden}`);
  await expect(sam.locator('iframe[title="Recorded session"]')).toHaveCount(0);
  await sam.goto(`${deployment().consoleOrigin}/access/permissions`);
  await expect(sam.getByRole("row").filter({ hasText: "session.view" }).first()).toContainText(name);

  // The matrix has its column, which leads to it; while somebody has it, it stays.
  await page.goto(`${deployment().consoleOrigin}/access/roles`);
  await page.getByRole("columnheader", { name }).getByRole("link").click();
  await expect(page.getByText("1 member · in the project Kiln & Clay (sample shop)")).toBeVisible();
  await expect(page.getByText("1 member has this role. Take it from them first")).toBeVisible();
  await expect(page.getByRole("button", { name: "Remove the role" })).toHaveCount(0);
  await say(page, "session.viewers", "Says nothing");
  await page.getByRole("button", { name: "Put in force" }).click();
  await expect(page.getByText("The role is in force.")).toBeVisible();

  await page.goto(`${deployment().consoleOrigin}/access/members/${id}`);
  await page.getByRole("button", { name: new RegExp(`^Take away ${name}`, "u") }).click();
  await expect(roles.getByText("No role: this member may do nothing.")).toBeVisible();
  await page.goto(`${deployment().consoleOrigin}/access/roles`);
  await page.getByRole("table", { name: "Your tenant’s own roles" }).getByRole("link", { name }).click();
  await page.getByRole("button", { name: "Remove the role" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/^To confirm, type/u).fill(name);
  await dialog.getByRole("button", { name: "Remove the role" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Roles" })).toBeVisible();
  await expect(page.getByRole("link", { name })).toHaveCount(0);
});

test("a role cannot allow more than its maker may, be changed by who has it, or be changed over another", async ({
  page,
  browser,
}) => {
  const role = await newRole("taken");
  const admin = await newMember("petra", ["admin"]);
  await signInAs(page, admin, "/access/roles/new");
  const restricted = page.getByRole("radiogroup", { name: "What it says about session.view-restricted" });
  await expect(restricted).toBeVisible();
  await expect(restricted.getByText("Allows", { exact: true })).toHaveCount(0);
  await expect(page.getByText("more than you may do everywhere").first()).toBeVisible();

  // Two look at one revision: the second is told.
  const owner = await (await browser.newContext()).newPage();
  await signIn(owner, "owner", `/access/roles/${role}`);
  await page.goto(`${deployment().consoleOrigin}/access/roles/${role}`);
  for (const who of [owner, page]) await say(who, "session.viewers", "Allows");
  await owner.getByRole("button", { name: "Put in force" }).click();
  await expect(owner.getByText("The role is in force.")).toBeVisible();
  await page.getByRole("button", { name: "Put in force" }).click();
  await expect(page.getByText("Somebody changed the role meanwhile.")).toBeVisible();
  await page.getByRole("button", { name: "Load it" }).click();
  await expect(page.getByText("Somebody changed the role meanwhile.")).toHaveCount(0);
  const viewers = page.getByRole("radiogroup", { name: "What it says about session.viewers" });
  await expect(viewers.getByRole("radio", { name: "Allows" })).toBeChecked();

  await giveRole(await memberId(admin.email), role, { environments: ["staging"] });
  await page.reload();
  await expect(page.getByText("You have this role yourself.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Put in force" })).toHaveCount(0);
});

test("who may only read roles is told why they cannot make one, and who may not read them how to ask", async ({
  page,
  browser,
}) => {
  const role = await newRole("readable");
  await signIn(page, "auditor", "/access/roles");
  await expect(page.getByText(/^Making and changing roles needs the permission role.manage/u).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "Make a role" })).toHaveCount(0);
  await page.goto(`${deployment().consoleOrigin}/access/roles/${role}`);
  await expect(page.getByText("session.list, session.view", { exact: false })).toBeVisible();
  await expect(page.getByRole("radiogroup")).toHaveCount(0);
  await page.goto(`${deployment().consoleOrigin}/access/roles/new`);
  await expect(page.getByRole("heading", { name: "You may not open this yet" })).toBeVisible();
  const engineer = await (await browser.newContext()).newPage();
  await signIn(engineer, "engineer", "/access/roles");
  await expect(engineer.getByRole("heading", { name: "You may not open this yet" })).toBeVisible();
  await engineer.goto(`${deployment().consoleOrigin}/access/roles/${role}`);
  await expect(engineer.getByRole("heading", { name: "You may not open this yet" })).toBeVisible();
});
