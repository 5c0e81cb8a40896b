/** A receiver of the audit log is removed by two people: one proposes it, another approves exactly that. */
import { expect, type Page, test } from "@playwright/test";
import type { Account } from "../support/deployment";
import { type Running, startWithElders } from "../support/server";
import { AuthenticatorApp } from "../support/totp";

let server: Running;

test.beforeAll(async () => {
  server = await startWithElders();
});
test.afterAll(async () => {
  await server.stop();
});

/** An account over the API, signed in by its password alone. */
async function signedIn(account: Account): Promise<(method: string, path: string, body: unknown) => Promise<unknown>> {
  const origin = server.deployment.consoleOrigin;
  let token = "";
  const send = async (method: string, path: string, body: unknown): Promise<unknown> => {
    const headers = { "Content-Type": "application/json", Origin: origin, Authorization: `Bearer ${token}` };
    const answer = await fetch(origin + path, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    const text = await answer.text();
    return text === "" ? undefined : JSON.parse(text);
  };
  const { email, password } = account;
  const login = (await send("POST", "/v1/auth/login", { email, password })) as { access_token: string };
  token = login.access_token;
  return send;
}

async function signIn(page: Page, { email, password }: Account, path: string): Promise<void> {
  await page.goto(server.deployment.consoleOrigin + path);
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("one person proposes that a receiver goes, a second one approves it, and it is gone", async ({
  page,
  browser,
}) => {
  const { consoleOrigin, demo } = server.deployment;
  const officer = await signedIn(demo.officer);
  const { secret } = (await officer("POST", "/v1/me/mfa/totp", {})) as { secret: string };
  const app = new AuthenticatorApp(secret);
  await officer("PUT", "/v1/me/mfa/totp", { code: app.code() });
  // Waits for an act that does not happen here: quiet, and not silent.
  const owner = await signedIn(demo.owner);
  const body = { name: "Archive", kind: "webhook", url: "https://archive.example.com/in", acts: ["break-glass.use"] };
  const { id } = (await owner("POST", "/v1/webhooks", body)) as { id: string };

  await signIn(page, demo.owner, `/operations/webhooks/${id}`);
  await page.getByRole("button", { name: "Remove" }).click();
  const dialog = page.getByRole("dialog", { name: "Remove Archive?" });
  await expect(dialog.getByText("A second person must approve this")).toBeVisible();
  await dialog.getByRole("textbox").fill("Archive");
  await dialog.getByRole("button", { name: "Propose to remove it" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Remove the receiver Archive" })).toBeVisible();
  await expect(page.getByText("A second person, within 24 hours")).toBeVisible();
  const proposal = new URL(page.url()).pathname;
  await expect(page.getByRole("button", { name: "Approve and carry out" })).toHaveCount(0);

  // Until then everything stays as it is, and its page says what waits.
  await page.getByRole("main").getByRole("link", { name: "Archive" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Archive" })).toBeVisible();
  await expect(page.getByText("Active", { exact: true })).toBeVisible();
  const waits = page.getByRole("alert").filter({ hasText: "Proposed, and not done yet" });
  await expect(waits.getByRole("link", { name: "Remove the receiver Archive" })).toBeVisible();

  const second = await (await browser.newContext()).newPage();
  await signIn(second, demo.officer, proposal);
  await second.getByLabel("Code from your authenticator app").fill(app.code());
  await second.getByRole("button", { name: "Sign in" }).click();
  await expect(second.getByRole("heading", { level: 1, name: "Remove the receiver Archive" })).toBeVisible();
  await second.getByRole("button", { name: "Approve and carry out" }).click();
  await expect(second.getByText("Carried out", { exact: true })).toBeVisible();
  await second.goto(`${consoleOrigin}/operations/webhooks`);
  await expect(second.getByRole("heading", { name: "No receiver yet" })).toBeVisible();
  await second.goto(`${consoleOrigin}/audit/events?act=webhook.delete`);
  await expect(second.getByRole("row").filter({ hasText: "Remove a webhook" })).toHaveCount(1);
  await second.context().close();
});
