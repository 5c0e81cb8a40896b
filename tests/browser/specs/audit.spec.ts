/** The audit log in the console: events, proofs that the browser checks itself, checkpoints that somebody kept. */
import { expect, type Locator, type Page, test } from "@playwright/test";
import { Api } from "../support/api";
import { overflow, violations } from "../support/axe";
import { signIn } from "../support/console";
import { deployment } from "../support/deployment";

const HOLDS = ["entry", "path", "root", "signature"];

/** Something that is on record: a project that the owner makes. Gives its id. */
async function onRecord(name: string): Promise<string> {
  const owner = await Api.signIn("owner");
  return (await owner.send<{ id: string }>("POST", "/v1/projects", { name: `${name} ${Date.now()}` })).id;
}

const steps = (page: Page): Locator => page.getByRole("list", { name: "Steps of the proof" });

const stepState = (page: Page, step: string): Locator => steps(page).locator(`[data-step="${step}"]`);

/** Opens the event that the log has of a project, as a person does. */
async function openEvent(page: Page, project: string): Promise<void> {
  await page.goto(`${deployment().consoleOrigin}/audit/events?object=${project}&act=project.create`);
  const table = page.getByRole("table", { name: "Events" });
  await table.getByRole("link", { name: /^Create a project/u }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Create a project" })).toBeVisible();
}

test("what somebody did is in the log, and the browser proves it", async ({ page }) => {
  const project = await onRecord("Kept");
  await signIn(page, "owner");
  await openEvent(page, project);
  await expect(page.getByText("Proved: this event is in the signed log")).toBeVisible();
  for (const step of HOLDS) await expect(stepState(page, step)).toHaveAttribute("data-state", "sealed");
  // The first look is neither for nor against the key.
  await expect(stepState(page, "key")).toHaveAttribute("data-state", "open");
  await expect(page.getByRole("group", { name: "The entry, byte for byte" })).toContainText(`"id":"${project}"`);
  expect(await violations(page)).toEqual([]);

  // Another day: the key is the same, and the log, which has grown, continues what was seen.
  await onRecord("Later");
  await page.reload();
  await expect(stepState(page, "key")).toHaveAttribute("data-state", "sealed");
  await expect(stepState(page, "seen")).toHaveAttribute("data-state", "sealed");
  await expect(stepState(page, "seen")).toContainText("The log continues what this browser saw on");
});

test("a proof that was tampered with on its way names the step that does not hold", async ({ page }) => {
  const project = await onRecord("Tampered");
  await signIn(page, "owner");
  await openEvent(page, project);
  await expect(page.getByText("Proved: this event is in the signed log")).toBeVisible();
  const event = page.url();
  interface Proof {
    index: number;
    entry: string;
    hashes: string[];
    checkpoint: string;
  }
  const changes: [number, (proof: Proof) => Proof][] = [
    [1, (proof) => ({ ...proof, entry: btoa(atob(proof.entry).replace("project.create", "project.delete")) })],
    [2, (proof) => ({ ...proof, hashes: proof.hashes.slice(1) })],
    [3, (proof) => ({ ...proof, hashes: [...proof.hashes].reverse() })],
    [4, (proof) => ({ ...proof, checkpoint: proof.checkpoint.replace(/(\u2014 \S+ .{20}).{4}/u, "$1AAAA") })],
  ];
  for (const [step, change] of changes) {
    await page.route("**/v1/audit/proof/inclusion?*", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: change((await answer.json()) as Proof) });
    });
    await page.goto(event);
    await expect(page.getByText(`Not proved: step ${step} does not hold`)).toBeVisible();
    await expect(page.getByRole("alert").filter({ hasText: "Do not rely on this event" })).toBeVisible();
    await page.unroute("**/v1/audit/proof/inclusion?*");
  }
});

test("a checkpoint that an auditor kept is continued by the log, and a forged one is not", async ({ page }) => {
  await onRecord("Before");
  const auditor = await Api.signIn("auditor");
  const kept = await auditor.text("/v1/audit/checkpoint");
  const key = await auditor.text("/v1/audit/key");
  const size = (text: string): number => Number(text.split("\n")[1]);
  await onRecord("After");
  await expect.poll(async () => size(await auditor.text("/v1/audit/checkpoint"))).toBeGreaterThan(size(kept));

  await signIn(page, "auditor", "/audit/checkpoints");
  await expect(page.getByText("Signature and continuity hold")).toBeVisible();
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  expect((await saving).suggestedFilename()).toMatch(/^sealtape-checkpoint-\d+\.txt$/u);

  await page.getByRole("textbox", { name: "Compare with a key you noted down" }).fill(key);
  await page.getByRole("button", { name: "Compare" }).click();
  await expect(page.getByText("This browser has noted that you compared it.")).toBeVisible();

  const field = page.getByRole("textbox", { name: "An earlier checkpoint" });
  const check = page.locator("form").filter({ has: field }).getByRole("button", { name: "Check" });
  await field.fill(kept);
  await check.click();
  await expect(page.getByText(/^The log continues this checkpoint/u)).toBeVisible();
  await field.fill(kept.replace(/\n[A-Za-z0-9+/]{43}=\n/u, `\n${"A".repeat(43)}=\n`));
  await check.click();
  await expect(page.getByText("The log does not continue this checkpoint: step 1 does not hold")).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test("the log is walked by keys, filtered in the address, and its health stands at home", async ({ page }) => {
  const project = await onRecord("Walked");
  await signIn(page, "owner");
  const health = page.getByRole("region", { name: "Audit log" });
  await expect(health).toContainText("In order");
  await expect(health).toContainText(/Last checkpoint .*(?:ago|now)/u);
  await page.goto(`${deployment().consoleOrigin}/audit/events`);
  const rows = page.locator("[data-row-link]");
  await expect(rows.nth(1)).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press("k");
  await expect(rows.nth(0)).toBeFocused();
  await page.keyboard.press("/");
  await page.keyboard.insertText(`https://console.example/projects/${project}`);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`object=${project}`, "u"));
  await expect(rows).toHaveCount(1);
});

for (const scheme of ["light", "dark"] as const) {
  test(`an event fits a phone, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width: 360, height: 800 });
    await signIn(page, "owner");
    await openEvent(page, await onRecord(`Narrow ${scheme}`));
    await expect(page.getByText("Proved: this event is in the signed log")).toBeVisible();
    expect(await violations(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  });
}
