/** The console as a tool: keyboard, empty states, failures, who watched, German. */
import { expect, test } from "@playwright/test";
import { Api, endingNow, uploadRecording } from "../support/api";
import { recordedPage, recordedText, sessionRow, signIn, watch } from "../support/console";
import { deployment, type DemoRole } from "../support/deployment";
import { hostileRecording, element, text } from "../support/vectors";

let first = "";
let second = "";

test.beforeAll(async () => {
  const page = (title: string): ReturnType<typeof hostileRecording> =>
    endingNow(hostileRecording({ name: title, body: [element("h1", {}, [text(title)])] }));
  first = await uploadRecording("First page", page("First page"));
  second = await uploadRecording("Second page", page("Second page"));
});

test("a wrong password says so, with a request id and without saying which was wrong", async ({ page }) => {
  const { consoleOrigin, demo } = deployment();
  await page.goto(`${consoleOrigin}/login`);
  await page.getByRole("textbox", { name: "E-mail" }).fill(demo.engineer.email);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("E-mail or password is wrong.");
  await expect(alert).toContainText(/Request/u);
});

test("demo accounts are offered on the login page and work", async ({ page }) => {
  const { consoleOrigin } = deployment();
  await page.goto(`${consoleOrigin}/login`);
  const accounts = page.getByRole("region", { name: "Demo accounts" });
  await expect(accounts.getByRole("listitem")).toHaveCount(4);
  await accounts.getByRole("button", { name: /Auditor/u }).click();
  await expect(page.getByRole("heading", { level: 1, name: /^Hello/u })).toBeVisible();
});

test("the list works by keyboard: j and k move, Enter opens, ? helps, / searches", async ({ page }) => {
  await signIn(page, "engineer", "/sessions");
  await expect(sessionRow(page, second)).toBeVisible();
  await page.keyboard.press("j");
  const rows = page.locator("[data-row-link]");
  await expect(rows.nth(0)).toBeFocused();
  await page.keyboard.press("j");
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press("k");
  await expect(rows.nth(0)).toBeFocused();
  await page.keyboard.press("Shift+?");
  const help = page.getByRole("dialog", { name: "Keyboard" });
  await expect(help).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  await page.keyboard.press("/");
  await expect(page.locator("input[data-search]")).toBeFocused();
  await page.locator("input[data-search]").blur();
  const link = sessionRow(page, second).getByRole("link");
  await link.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/sessions/${second}`, "u"));
});

test("the palette goes anywhere", async ({ page }) => {
  await signIn(page, "engineer");
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("Go to a page or project, or do something").fill("Projects");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Projects" })).toBeVisible();
});

test("no result is an empty state with the way out", async ({ page }) => {
  await signIn(page, "engineer", "/sessions?release=none-has-this");
  await expect(page.getByRole("heading", { name: "No session fits" })).toBeVisible();
  await page.getByRole("button", { name: "Clear all filters" }).click();
  await expect(sessionRow(page, second)).toBeVisible();
});

test("a failing server is explained, with the request id and another try", async ({ page }) => {
  await signIn(page, "engineer");
  const broken = "**/v1/sessions?*";
  await page.route(broken, (route) =>
    route.fulfill({
      status: 500,
      contentType: "application/problem+json",
      body: JSON.stringify({
        type: "/problems/internal",
        title: "Internal error",
        status: 500,
        code: "internal",
        detail: "internal error",
        request_id: "01890000-0000-7000-8000-000000000042",
      }),
    }),
  );
  await page.getByRole("link", { name: "Sessions", exact: true }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("The server failed");
  await expect(alert).toContainText("01890000-0000-7000-8000-000000000042");
  await page.unroute(broken);
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(sessionRow(page, second)).toBeVisible();
});

test("watching is written down before the page is seen, and shown to the next viewer", async ({ page, browser }) => {
  await signIn(page, "officer", `/sessions/${first}?pane=viewers`);
  const pane = page.getByRole("complementary", { name: "Beside the player" });
  const named = async (role: DemoRole) => {
    const { name } = await (await Api.signIn(role)).json<{ name: string }>("/v1/me");
    return pane.getByRole("listitem").filter({ hasText: name });
  };
  const [officers, engineers] = [await named("officer"), await named("engineer")];
  await expect(officers.first()).toBeVisible();
  await expect(engineers).toHaveCount(0);
  const other = await browser.newContext();
  const engineer = await other.newPage();
  await signIn(engineer, "engineer");
  await watch(engineer, first);
  await expect.poll(() => recordedText(engineer)).toContain("First page");
  await other.close();
  await page.reload();
  await expect(engineers.first()).toBeVisible();
});

test("the player obeys its controls", async ({ page }) => {
  await signIn(page, "engineer");
  await watch(page, second);
  const shown = () => expect.poll(() => recordedText(page));
  const timeline = page.getByRole("slider", { name: "Time in the session" });
  await timeline.focus();
  await timeline.press("End");
  await shown().toContain("played to the end");
  // A step also pauses; a live session plays by itself until then.
  await page.getByRole("button", { name: "Previous change" }).click();
  await shown().not.toContain("played to the end");
  await page.getByRole("button", { name: "Next change" }).click();
  await shown().toContain("played to the end");
  await timeline.press("Home");
  await shown().not.toContain("played to the end");
});

test("a recorded page has its own colours, whatever the viewer's are", async ({ page }) => {
  const style = "h1{color:rgb(1,2,3)} @media (prefers-color-scheme: dark){h1{color:rgb(4,5,6)}}";
  const session = await uploadRecording(
    "Coloured page",
    endingNow(
      hostileRecording({
        name: "coloured",
        head: [element("style", {}, [{ ...text(style), isStyle: true }])],
        body: [element("h1", {}, [text("Coloured page")])],
      }),
    ),
  );
  await page.emulateMedia({ colorScheme: "dark" });
  await signIn(page, "engineer");
  await watch(page, session);
  await expect(recordedPage(page).getByRole("heading", { name: "Coloured page" })).toHaveCSS("color", "rgb(1, 2, 3)");
});

test("what a person may do is told with the roles that give it", async ({ page }) => {
  await signIn(page, "auditor", "/access/permissions");
  const row = (action: string) => page.getByRole("row").filter({ hasText: action });
  await expect(row("grant.list")).toContainText("Auditor");
  await expect(row("session.view")).toHaveCount(1);
  await page.getByText("All", { exact: true }).click();
  await expect(row("tenant.manage")).toContainText("no role allows it");
  await page.getByRole("combobox", { name: "Whose permissions" }).click();
  const { name } = await (await Api.signIn("engineer")).json<{ name: string }>("/v1/me");
  await page.getByRole("option", { name }).click();
  await expect(row("break-glass.use")).toContainText("Engineer");
  await page.reload();
  await expect(row("break-glass.use")).toContainText("Engineer");
});

test("German is complete: the language is chosen in the menu and kept", async ({ page }) => {
  await signIn(page, "engineer", "/sessions");
  await page.getByRole("button", { name: /^Account of/u }).click();
  await page.getByRole("menuitemradio", { name: "Deutsch" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page.getByRole("heading", { level: 1, name: "Sitzungen" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Sitzungen" })).toBeVisible();
});

test("nothing reaches another server", async ({ page }) => {
  const { consoleOrigin, replayOrigin } = deployment();
  const strangers: string[] = [];
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== consoleOrigin && origin !== replayOrigin)
      strangers.push(request.url());
  });
  await signIn(page, "engineer", "/sessions");
  await watch(page, first);
  expect(strangers).toEqual([]);
});
