/**
 * The main job, end to end: a person visits the sample shop in one browser, an engineer sees the visit in the
 * console within seconds and watches it, and nothing that must stay private is anywhere.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type BrowserContext, type Page } from "@playwright/test";
import { Api } from "../support/api";
import { eventRow, firstFrame, recordedText, sessionRow, signIn } from "../support/console";
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
/** Paths and titles of the pages it was on. */
const PLACES = ["/pieces/river-bowl", "/checkout", "/api/coupon", "Your cart · Kiln", "Order placed · Kiln"];
/** Names of the demo's tenant and project: the only words of the shop that are stored in clear. */
const IN_CLEAR = "Kiln & Clay (sample shop)";

const LIVE_MS = 5_000;

let consolePage: Page;
let consoleContext: BrowserContext;
let session = "";
const answers: { url: string; body: Promise<string> }[] = [];

/** Remembers everything that the server answers to a page. */
function keepAnswers(page: Page): void {
  page.on("response", (response) => {
    // A stream of live news never ends; its rows are read from the list and details instead.
    if (!response.url().includes("/v1/") || response.url().endsWith("/live")) return;
    answers.push({ url: response.url(), body: response.text().catch(() => "") });
  });
}

test.beforeAll(async ({ browser }) => {
  consoleContext = await browser.newContext();
  consolePage = await consoleContext.newPage();
  keepAnswers(consolePage);
  await signIn(consolePage, "engineer", "/sessions");
});
test.afterAll(() => consoleContext.close());

test("the visit appears in the list, live, within five seconds", async ({ browser }) => {
  const visitor = await browser.newContext();
  const shop = await visitor.newPage();
  keepAnswers(shop);
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

  await eventRow(consolePage, "Actions", /Check out/u);
  await eventRow(consolePage, "Errors", /turntable/u);
  await eventRow(consolePage, "Network", /\/api\/coupon → 500/u);
  await eventRow(consolePage, "Network", /\/api\/orders → 201/u);

  // To the end by keyboard: the time line is a slider.
  const timeline = consolePage.getByRole("slider", { name: "Time in the session" });
  await timeline.focus();
  await timeline.press("End");
  await expect.poll(() => recordedText(consolePage)).toContain("Thank you");
  // The shop prints the address there; the replay shows the mask in its place.
  expect(await recordedText(consolePage)).toContain("A confirmation goes to ▇▇▇▇.");
});

test("the stored events hold what happened and no canary", async () => {
  const api = await Api.signIn("engineer");
  const lines = await api.events(session);
  const text = lines.map((line) => JSON.stringify(line)).join("\n");
  // The scan sees something: what the page shows is there.
  expect(found(text, [...CONTENT, ...PLACES])).toEqual([...CONTENT, ...PLACES]);
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
  for (const part of ["/v1/agent/upload", `/v1/sessions/${session}/events`, "/v1/sessions?"]) {
    expect(
      answers.some(({ url }) => url.includes(part)),
      part,
    ).toBe(true);
  }
  for (const { url, body } of answers) expect(found(await body, CANARIES), url).toEqual([]);
  const log = serverLog();
  expect(log).toContain("/v1/agent/upload");
  expect(found(log, CANARIES)).toEqual([]);
  expect(foundInFiles(folders(), CANARIES)).toEqual([]);
});

test("strings over the data folder finds no content, path or title", () => {
  expect(foundInFiles(folders(), [...CONTENT, ...PLACES])).toEqual([]);
  expect(found(serverLog(), [...CONTENT, ...PLACES])).toEqual([]);
});

test("the scans see what is there", () => {
  const { dataDir, stateDir } = deployment();
  expect(folders()).toEqual([dataDir, stateDir]);
  // The database in clear, its log beside it, and the sealed blobs.
  const files = folders().flatMap(filesBelow);
  expect(files.map((file) => readFileSync(file).subarray(0, 15).toString("latin1"))).toContain("SQLite format 3");
  expect(files.filter((file) => file.includes("/blobs/")).length).toBeGreaterThan(3);
  expect(foundInFiles([dataDir], [IN_CLEAR])).not.toEqual([]);
  // A canary that had been written would have been found, in each way of writing it.
  const leak = join(dataDir, "leak");
  try {
    for (const canary of CANARIES) {
      for (const text of [canary, canary.toUpperCase(), encodeURIComponent(canary)]) {
        writeFileSync(leak, Buffer.concat([Buffer.from([0, 255]), Buffer.from(text), Buffer.from([0])]));
        expect(foundInFiles([dataDir], [canary]), text).toEqual([`${canary} in ${leak}`]);
      }
    }
  } finally {
    rmSync(leak, { force: true });
  }
});

function folders(): string[] {
  const { dataDir, stateDir } = deployment();
  return [dataDir, stateDir].filter((folder) => existsSync(folder));
}
