/** A visitor of the sample shop. */
import { expect, type Page } from "@playwright/test";
import { Api } from "./api";
import { deployment } from "./deployment";

/** What the visitor types. */
export interface Visit {
  search: string;
  name: string;
  email: string;
  street: string;
  password: string;
  card: string;
  expiry: string;
  code: string;
}

/** Opens the shop and waits until its agent has started a session. Returns the session's id. */
export async function enterShop(page: Page, path = "/"): Promise<string> {
  const { shopOrigin } = deployment();
  const started = page.waitForResponse(
    (response) => response.url().endsWith("/v1/agent/sessions") && response.request().method() === "POST",
  );
  await page.goto(shopOrigin + path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const response = await started;
  expect(response.status()).toBe(201);
  const { session_id } = (await response.json()) as { session_id: string };
  return session_id;
}

/** Searches, meets both defects of the shop, creates an account and orders. Ends on the confirmation. */
export async function shopAround(page: Page, visit: Visit): Promise<void> {
  const search = page.getByRole("searchbox", { name: "Search pieces" });
  await search.pressSequentially(visit.search);
  await expect(page).toHaveURL(/\?q=/u);
  await search.fill("river");
  await page.getByRole("link", { name: "River bowl" }).click();
  await page.getByRole("button", { name: "Turn it around" }).click();
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByRole("link", { name: /^Cart/u }).click();
  await page.getByLabel("Coupon").fill("SPRING");
  const refused = page.waitForResponse("**/api/coupon");
  await page.getByRole("button", { name: "Apply" }).click();
  await refused;
  await page.getByRole("button", { name: "Check out" }).click();
  await page.getByLabel("Name").pressSequentially(visit.name);
  await page.getByLabel("E-mail").pressSequentially(visit.email);
  await page.getByLabel("Street and number").fill(visit.street);
  await page.getByLabel("Create an account").check();
  await page.getByLabel("Password", { exact: true }).pressSequentially(visit.password);
  await page.getByRole("button", { name: "Show password" }).click();
  await page.getByLabel("Password", { exact: true }).press("End");
  await page.getByLabel("Card number").pressSequentially(visit.card);
  await page.getByLabel("Expiry date").fill(visit.expiry);
  await page.getByLabel("Security code").fill(visit.code);
  await page.getByRole("button", { name: /^Pay/u }).click();
  await expect(page.getByRole("heading", { name: "Thank you" })).toBeVisible();
}

/**
 * Leaves the shop as people do, by closing the tab, and waits until the server has everything.
 *
 * The agent's last upload outlives its page, so no page reports the answer: the server is asked instead. The agent
 * writes the leaving down as the visit's last event; once an event of that time is stored, all before it are.
 */
export async function leaveShop(page: Page, session: string): Promise<void> {
  const api = await Api.signIn("engineer");
  const left = await page.evaluate(() => Date.now());
  await page.goto("about:blank");
  await page.close();
  const lastStored = async (): Promise<number> => {
    const { last_event_at } = await api.json<{ last_event_at: string }>(`/v1/sessions/${session}`);
    return Date.parse(last_event_at);
  };
  await expect.poll(lastStored).toBeGreaterThanOrEqual(left);
}
