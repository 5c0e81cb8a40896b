/** One person in two tenants, who goes over from one to the other and back. */
import { expect, test, type Page } from "@playwright/test";
import { startWithSecond } from "../support/server";

const ADA = { email: "ada@mueller.example", password: "seven quiet kilns at dusk" };

const SECOND = { slug: "mueller-soehne", name: "Müller & Söhne", owner: { name: "Ada Müller", ...ADA } };

/** Makes Ada a viewer of the demo tenant as well, under the same password. */
async function inviteAda(origin: string, owner: { email: string; password: string }): Promise<void> {
  const post = async <T>(path: string, body: unknown, token?: string): Promise<T> => {
    const answer = await fetch(origin + path, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Origin: origin,
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    const text = await answer.text();
    return (text === "" ? {} : JSON.parse(text)) as T;
  };
  const { access_token } = await post<{ access_token: string }>("/v1/auth/login", owner);
  const invited = { email: ADA.email, roles: ["viewer"] };
  const { link } = await post<{ link: string }>("/v1/invitations", invited, access_token);
  const token = new URL(link).hash.slice(1);
  await post("/v1/invitations/accept", { token, name: "Ada M.", password: ADA.password });
}

/** Opens the menu of the reader's name and chooses another tenant there, once the server has looked at it. */
async function goOver(page: Page, name: string, tenant: string): Promise<void> {
  const item = page.getByRole("menuitem", { name: tenant });
  await expect(async () => {
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: `Account of ${name}` }).click();
    await expect(item).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await item.click();
}

test("who belongs to two tenants signs in to one, goes over to the other, and back", async ({ page }) => {
  const server = await startWithSecond(SECOND);
  try {
    const { consoleOrigin, demo } = server.deployment;
    await inviteAda(consoleOrigin, demo.owner);
    await page.goto(`${consoleOrigin}/projects`);
    await page.getByRole("textbox", { name: "E-mail" }).fill(ADA.email);
    await page.getByLabel("Password", { exact: true }).fill(ADA.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toContainText("Who belongs to several tenants names one.");
    await page.getByRole("button", { name: "I belong to several tenants" }).click();
    await page.getByRole("textbox", { name: "Tenant" }).fill(demo.tenant.slug);
    await page.getByRole("button", { name: "Sign in" }).click();
    // A viewer of the demo: its project, and nobody's membership.
    await expect(page.getByRole("heading", { level: 1, name: "Projects" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Kiln & Clay (sample shop)" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Members" })).toHaveCount(0);

    await goOver(page, "Ada M.", "Müller & Söhne");
    await expect(page.getByRole("heading", { level: 1, name: "Hello, Ada Müller" })).toBeVisible();
    await page.getByRole("link", { name: "Projects" }).click();
    await expect(page.getByRole("heading", { name: "Kiln & Clay (sample shop)" })).toHaveCount(0);
    await expect(page.getByRole("link", { name: "Kiln & Clay (sample shop)" })).toHaveCount(0);
    await page.getByRole("link", { name: "Members" }).click();
    await expect(page.getByRole("row").filter({ hasText: "Ada Müller" })).toContainText("Owner");
    await expect(page.getByRole("row").filter({ hasText: demo.owner.email })).toHaveCount(0);

    await goOver(page, "Ada Müller", "Kiln & Clay");
    await expect(page.getByRole("heading", { level: 1, name: "Hello, Ada M." })).toBeVisible();
    await page.goto(`${consoleOrigin}/access/members`);
    await expect(page.getByRole("heading", { name: "You may not open this yet" })).toBeVisible();
  } finally {
    await server.stop();
  }
});
