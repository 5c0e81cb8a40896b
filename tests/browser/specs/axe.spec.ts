/** axe finds nothing: every page, light and dark, on a wide screen and at 360 px, where nothing may overflow. */
import { expect, test } from "@playwright/test";
import { addRule, approve, askFor, proposeWithout, toldReceiver } from "../support/access";
import { endingNow, uploadRecording } from "../support/api";
import { overflow, violations } from "../support/axe";
import { signIn } from "../support/console";
import { deployment } from "../support/deployment";
import { type Known, PAGES } from "../support/pages";
import { giveRole, memberId, newMember, newRole } from "../support/people";
import { recording } from "../support/recordings";

const LOOKS = [
  { scheme: "light", width: 1280 },
  { scheme: "dark", width: 1280 },
  { scheme: "light", width: 360 },
  { scheme: "dark", width: 360 },
] as const;

/** So many pages share a sign-in: few enough that a busy machine is done with them in time. */
const TOGETHER = 7;

function parts<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / TOGETHER) }, (_, part) =>
    all.slice(part * TOGETHER, (part + 1) * TOGETHER),
  );
}

// Nothing here changes what another test looks at: all workers take part.
test.describe.configure({ mode: "parallel" });

let known: Known = { session: "", request: "", proposal: "", role: "", member: "", webhook: "", told: "" };

test.beforeAll(async ({ browser }) => {
  const session = await uploadRecording("to-do", endingNow(await recording(browser, "todo-5min")));
  const request = await askFor(session, { reason: "The list loses entries after the third one", ticket: "TODO-12" });
  await approve(request);
  await approve(await askFor(session, { reason: "The supplier has to see this", ticket: "TODO-14" }, "export"));
  await askFor(session, { reason: "To look at how the list is filled in", ticket: "TODO-13" });
  const role = await newRole("support-eu");
  const member = await memberId((await newMember("grace", ["engineer"])).email);
  await giveRole(member, role, { projects: [deployment().demo.project.id], labels: { none: ["payment"] } });
  const proposal = await proposeWithout(await addRule());
  known = { session, request, proposal, role, member, ...(await toldReceiver()) };
});

for (const { scheme, width } of LOOKS) {
  test.describe(`${scheme}, ${width} px`, () => {
    test.use({ colorScheme: scheme, viewport: { width, height: 800 } });

    test("sign-in", async ({ page }) => {
      await page.goto(`${deployment().consoleOrigin}/login`);
      await expect(page.getByRole("region", { name: "Demo accounts" })).toBeVisible();
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    });

    test("taking a session out, and opening an export", async ({ page }) => {
      await signIn(page, "engineer", `/sessions/${known.session}`);
      await page.getByRole("button", { name: "Export" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("combobox", { name: "What for" }).click();
      await page.getByRole("option", { name: "Debugging" }).click();
      expect(await violations(page), "what follows").toEqual([]);
      await dialog.getByRole("button", { name: "Export" }).click();
      await expect(dialog.getByText("The key is shown this once")).toBeVisible();
      expect(await violations(page), "the key").toEqual([]);
      expect(await overflow(page), "the key").toBe(0);
      await page.goto(`${deployment().consoleOrigin}/open-export`);
      await page.getByRole("button", { name: "Open", exact: true }).click();
      await expect(page.getByText("Paste the key.")).toBeVisible();
      expect(await violations(page), "opening").toEqual([]);
      expect(await overflow(page), "opening").toBe(0);
    });

    for (const part of parts(PAGES)) {
      test(`the console's pages: ${part.map(({ name }) => name).join(", ")}`, async ({ page }) => {
        await signIn(page, "owner");
        for (const { name, path, ready } of part) {
          await page.goto(deployment().consoleOrigin + path(known));
          await ready(page);
          expect(await violations(page), name).toEqual([]);
          expect(await overflow(page), name).toBe(0);
        }
      });
    }

    test("giving a role for some sessions", async ({ page }) => {
      await signIn(page, "owner", `/access/members/${known.member}`);
      await page.getByRole("combobox", { name: "Give another role" }).click();
      await page.getByRole("option", { name: "Support", exact: true }).click();
      await page.getByText("Some sessions only").click();
      await page.getByRole("button", { name: "Give", exact: true }).click();
      await expect(page.getByText(/^Set at least one limit/u)).toBeVisible();
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    });

    test("the sample shop", async ({ page }) => {
      await page.goto(deployment().shopOrigin);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      expect(await violations(page), "list").toEqual([]);
      await page.getByRole("button", { name: "Add Ember mug to cart" }).click();
      for (const path of ["/pieces/ember-mug", "/cart", "/checkout"]) {
        await page.goto(deployment().shopOrigin + path);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        expect(await violations(page), path).toEqual([]);
        expect(await overflow(page), path).toBe(0);
      }
    });
  });
}
