/** Members that a test makes for itself, so that what it does to them is nobody else's business. */
import { randomBytes } from "node:crypto";
import { expect, type Page } from "@playwright/test";
import { Api } from "./api";
import { deployment, type Account } from "./deployment";

/** An address that nobody has yet. */
export const freshAddress = (name: string): string => `${name}-${randomBytes(4).toString("hex")}@people.example`;

/** Invites and accepts over the API: a member of the demo tenant with these roles. */
export async function newMember(name: string, roles: readonly string[]): Promise<Account> {
  const owner = await Api.signIn("owner");
  const account = { email: freshAddress(name), password: randomBytes(12).toString("hex") };
  const { link } = await owner.send<{ link: string }>("POST", "/v1/invitations", { email: account.email, roles });
  const accepted = await fetch(`${deployment().consoleOrigin}/v1/invitations/accept`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: deployment().consoleOrigin },
    body: JSON.stringify({ token: new URL(link).hash.slice(1), name, password: account.password }),
  });
  if (!accepted.ok) throw new Error(`accepting answered ${accepted.status}: ${await accepted.text()}`);
  return account;
}

/** Signs in by the form and ends on the page that was asked for. */
export async function signInAs(page: Page, { email, password }: Account, path = "/"): Promise<void> {
  await page.goto(deployment().consoleOrigin + path);
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation", { name: "Areas" })).toBeAttached();
}

/** The id of the member with this address. */
export async function memberId(email: string): Promise<string> {
  const owner = await Api.signIn("owner");
  const { items } = await owner.json<{ items: { id: string; email: string }[] }>("/v1/members?limit=200");
  const member = items.find((each) => each.email === email);
  if (member === undefined) throw new Error("there is no such member");
  return member.id;
}

/** Makes a role of the tenant's own whose name begins so, and that watches but never exports; gives its id. */
export async function newRole(name: string): Promise<string> {
  const owner = await Api.signIn("owner");
  const body = {
    name: `${name}-${randomBytes(3).toString("hex")}`,
    actions: ["session.list", "session.view", "project.list"],
    denies: ["session.export"],
  };
  return (await owner.send<{ id: string }>("POST", "/v1/roles", body)).id;
}

/** Gives a member a role for the sessions that meet a condition. */
export async function giveRole(member: string, role: string, condition: unknown): Promise<void> {
  const owner = await Api.signIn("owner");
  await owner.send("POST", "/v1/role-bindings", { member_id: member, role, condition });
}
