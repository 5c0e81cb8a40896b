/**
 * The main job, end to end: a person visits the sample shop in one browser, an engineer sees the visit in the
 * console within seconds and watches it, and nothing that must stay private is anywhere.
 */
import { existsSync, readFileSync } from "node:fs";
import { expect, test, type BrowserContext, type Page } from "@playwright/test";
import { Api } from "../support/api";
import { firstFrame, recordedText, sessionRow, signIn } from "../support/console";
import { deployment, serverLog } from "../support/deployment";
import { record } from "../support/figures";
import { filesBelow, found, foundInFiles } from "../support/needles";
import { enterShop, leaveShop, shopAround } from "../support/shop";

// One visit is watched from several sides; the tests of this file follow each other.
test.describe.configure({ mode: "serial" });

const VISIT = {
  search: "zanzibarcanary",
  name: "Wilhelmina Namecanary",
  email: "mail.canary@privatehost.example",
  street: "Canary Wharf 7",
  password: "pa55-canary-Secret!",
  // Valid by Luhn, so that detectors have a chance, and unlike the hint on the page.
  card: "5555341244441115",
  expiry: "11/31",
  code: "907",
};

/** What must appear nowhere. The shop prints the e-mail address in plain text after the order: that counts too. */
const CANARIES = [
  VISIT.search,
  VISIT.email,
  "mail.canary",
  VISIT.password,
  VISIT.card,
  "5555 3412 4444 1115",
  "namecanary",
  VISIT.street,
  "hidden-canary",
  "hidden_canary",
];

/** What the page shows to everybody: it is in the recording, and nowhere in clear on the disk. */
const CONTENT = ["River bowl", "Stoneware, made in small batches", "is on its way to the kiln", "turntable"];
const PLACES = ["/pieces/river-bowl", "/checkout", "/api/coupon", "Kiln & Clay", "Kiln &amp; Clay"];

const LIVE_MS = 5_000;

let consolePage: Page;
let consoleContext: BrowserContext;
let session = "";
const answers: { url: string; body: Promise<string> }[] = [];

test.beforeAll(async ({ browser }) => {
  consoleContext = await browser.newContext();
  consolePage = await consoleContext.newPage();
  consolePage.on("response", (response) => {
    // A stream of live news never ends; its rows are read from the list and details instead.
    if (!response.url().includes("/v1/") || response.url().endsWith("/live")) return;
    answers.push({ url: response.url(), body: response.text().catch(() => "") });
  });
  await signIn(consolePage, "engineer", "/sessions");
});
test.afterAll(() => consoleContext.close());

test("the visit appears in the list, live, within five seconds", async ({ browser }) => {
  const visitor = await browser.newContext();
  const shop = await visitor.newPage();
  const entered = Date.now();
  session = await enterShop(shop);
  const row = sessionRow(consolePage, session);
  await expect(row).toBeVisible();
  const seen = Date.now() - entered;
  record("visit_to_list_ms", seen);
  await expect(row.getByText("Live", { exact: true })).toBeVisible();
  await shopAround(shop, VISIT);
  await leaveShop(shop, session);
  await visitor.close();
  expect(seen).toBeLessThanOrEqual(LIVE_MS);
});

test("opening it replays what happened, with inputs masked", async () => {
  const opened = Date.now();
  await sessionRow(consolePage, session).getByRole("link").click();
  await firstFrame(consolePage);
  record("visit_first_frame_ms", Date.now() - opened);

  const events = consolePage.getByRole("complementary", { name: "Beside the player" });
  await expect(events.getByText(/Check out/u).first()).toBeVisible();
  await expect(events.getByText(/turntable/u).first()).toBeVisible();
  await expect(events.getByText(/\/api\/coupon → 500/u).first()).toBeVisible();
  await expect(events.getByText(/\/api\/orders → 201/u).first()).toBeVisible();

  // To the end by keyboard: the time line is a slider.
  const timeline = consolePage.getByRole("slider", { name: "Time in the session" });
  await timeline.focus();
  await timeline.press("End");
  await expect.poll(() => recordedText(consolePage)).toContain("Thank you");
  expect(await recordedText(consolePage)).not.toContain(VISIT.email);
});

test("the stored events hold what happened and no canary", async () => {
  const api = await Api.signIn("engineer");
  const lines = await api.events(session);
  const text = lines.map((line) => JSON.stringify(line)).join("\n");
  // The scan sees something: what the page shows is there.
  expect(found(text, CONTENT)).toEqual(CONTENT);
  expect(text).toContain("▇▇▇▇");
  expect(found(text, CANARIES)).toEqual([]);
  const plugins = new Set(
    lines.flatMap(({ event }) => {
      const data = event?.data;
      return typeof data === "object" && data !== null && "plugin" in data ? [data.plugin] : [];
    }),
  );
  for (const stream of ["sealtape/action@1", "sealtape/network@1", "sealtape/error@1", "sealtape/nav@1"]) {
    expect(plugins).toContain(stream);
  }
});

test("no canary is in any answer, log line or file", async () => {
  const api = await Api.signIn("engineer");
  for (const path of ["", "/viewers", "/manifest", "/events"]) {
    const body = await api.text(`/v1/sessions/${session}${path}`).catch((error: unknown) => String(error));
    expect(found(body, CANARIES), path).toEqual([]);
  }
  expect(answers.length).toBeGreaterThan(3);
  for (const { url, body } of answers) expect(found(await body, CANARIES), url).toEqual([]);
  const log = serverLog();
  expect(log.length).toBeGreaterThan(0);
  expect(found(log, CANARIES)).toEqual([]);
  expect(foundInFiles(folders(), CANARIES)).toEqual([]);
});

test("strings over the data folder finds no content, path or title", () => {
  const files = folders().flatMap(filesBelow);
  // The scan sees something: there is a database and there are sealed blobs.
  const starts = files.map((file) => readFileSync(file).subarray(0, 15).toString("latin1"));
  expect(starts).toContain("SQLite format 3");
  expect(files.length).toBeGreaterThan(3);
  expect(foundInFiles(folders(), [...CONTENT, ...PLACES])).toEqual([]);
  expect(found(serverLog(), [...CONTENT, ...PLACES.filter((place) => place !== "/api/coupon")])).toEqual([]);
});

function folders(): string[] {
  const { dataDir, stateDir } = deployment();
  return [dataDir, stateDir].filter((folder) => existsSync(folder));
}
