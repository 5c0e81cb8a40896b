/** A session leaves as a sealed file: asked for, taken, counted, and opened by its key without the server. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { approve } from "../support/access";
import { endingNow, uploadRecording } from "../support/api";
import { beside, firstFrame, recordedText, signIn } from "../support/console";
import { deployment } from "../support/deployment";
import { element, hostileRecording, text } from "../support/vectors";

/** What the recording says. */
const WORDS = "The supplier's own words";

let session = "";

test.beforeAll(async () => {
  const events = hostileRecording({ name: WORDS, body: [element("h1", {}, [text(WORDS)])] });
  session = await uploadRecording(WORDS, endingNow(events));
});

/** The same with its last bit changed. */
function flipped(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  return changed;
}

/** Asks for the export in the console, and has it approved. */
async function askAndApprove(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Export" }).click();
  const dialog = page.getByRole("dialog", { name: "Ask for access to sessions" });
  await expect(dialog.getByRole("combobox", { name: "To do what" })).toHaveValue("Export");
  await dialog.getByRole("combobox", { name: "What for" }).click();
  await page.getByRole("option", { name: "Debugging" }).click();
  await dialog.getByRole("textbox", { name: "Why" }).fill("The supplier has to see what happens");
  await dialog.getByRole("textbox", { name: "Ticket" }).fill("SUPPLIER-3");
  await dialog.getByRole("button", { name: "Ask for access" }).click();
  await expect(page).toHaveURL(/\/access\/requests\/[0-9a-f-]{36}$/u);
  await approve(new URL(page.url()).pathname.split("/").at(-1) ?? "");
}

/** Takes the session out in the console; the key, and where the file lies. */
async function take(page: Page, to: string): Promise<string> {
  await page.goto(`${deployment().consoleOrigin}/sessions/${session}`);
  await page.getByRole("button", { name: "Export" }).click();
  const dialog = page.getByRole("dialog", { name: "Export this session" });
  await dialog.getByRole("combobox", { name: "What for" }).click();
  await page.getByRole("option", { name: "Debugging" }).click();
  await dialog.getByRole("button", { name: "Export" }).click();
  const made = page.getByRole("dialog", { name: "The export is ready" });
  const key = await made.getByText(/^st_export_[0-9a-f]{32}_[0-9a-f]{72}$/u).innerText();
  const download = page.waitForEvent("download");
  await made.getByRole("button", { name: "Download the file" }).click();
  await (await download).saveAs(to);
  expect((await download).suggestedFilename()).toBe(`sealtape-${session}.sealed`);
  await expect(made.getByText("The file has arrived whole.")).toBeVisible();
  await made.getByRole("button", { name: "Done" }).click();
  await expect(made.getByText(/^Confirm that you have kept the key/u)).toBeVisible();
  await made.getByLabel("I have kept the key.").check();
  await made.getByRole("button", { name: "Done" }).click();
  await expect(made).toHaveCount(0);
  return key;
}

async function open(page: Page, file: string, key: string): Promise<void> {
  await page.goto(`${deployment().consoleOrigin}/open-export`);
  await page.locator('input[type="file"]').setInputFiles(file);
  await page.getByRole("textbox", { name: "Its key" }).fill(key);
  await page.getByRole("button", { name: "Open", exact: true }).click();
}

test("asked for, taken, counted; its key alone opens the file, and nothing is uploaded", async ({
  page: engineer,
  browser,
}, info) => {
  const file = info.outputPath("session.sealed");
  // The picker is the system's: no test can answer it.
  await engineer.addInitScript("delete window.showSaveFilePicker");
  await signIn(engineer, "engineer", `/sessions/${session}`);
  await askAndApprove(engineer);
  const key = await take(engineer, file);
  expect(readFileSync(file).includes(WORDS)).toBe(false);

  await beside(engineer).getByText("Who watched").click();
  const taken = engineer.getByRole("region", { name: "Taken out" });
  await expect(taken.getByRole("listitem")).toHaveText(/Debugging · 1 download/u);

  const keyFile = info.outputPath("key");
  writeFileSync(keyFile, key);
  const program = process.env["SEALTAPE_BIN"] ?? "";
  const lines = execFileSync(program, ["open-export", file, "--key-file", keyFile], { encoding: "utf8" });
  expect(lines).toContain(WORDS);
  expect(JSON.parse(lines.split("\n")[0] ?? "")).toMatchObject({ export: { session_id: session, masked: false } });

  const elsewhere = await browser.newContext();
  const anybody = await elsewhere.newPage();
  const sent: string[] = [];
  anybody.on("request", (request) => {
    if (request.method() !== "GET") sent.push(`${request.method()} ${request.url()}`);
  });
  await open(anybody, file, key);
  await firstFrame(anybody);
  await expect.poll(() => recordedText(anybody)).toContain(WORDS);
  await anybody.getByText("About this export").click();
  await expect(anybody.getByText("as recorded, without masks")).toBeVisible();
  expect(sent, "neither file nor key is uploaded").toEqual([]);
  await elsewhere.close();
});

test("another key, a changed file and a cut one show nothing, and say why", async ({ page }, info) => {
  const [own, other] = [info.outputPath("own.sealed"), info.outputPath("other.sealed")];
  await page.addInitScript("delete window.showSaveFilePicker");
  await signIn(page, "engineer", `/sessions/${session}`);
  const [key, others] = [await take(page, own), await take(page, other)];
  const whole = readFileSync(own);
  const faults: readonly [string, Buffer, string, RegExp][] = [
    ["another's key", whole, others, /^The key belongs to another export/u],
    ["a changed file", flipped(whole), key, /^The file was changed/u],
    ["a cut file", whole.subarray(0, 112), key, /^The end of the file is missing/u],
    [
      "another file",
      Buffer.from("GIF89a, and nothing that was sealed".repeat(9)),
      key,
      /^This is no file that Sealtape/u,
    ],
  ];
  for (const [what, bytes, withKey, says] of faults) {
    const changed = info.outputPath("changed.sealed");
    writeFileSync(changed, bytes);
    await open(page, changed, withKey);
    await expect(page.getByRole("alert"), what).toHaveText(says);
    await expect(page.locator('iframe[title="Recorded session"]'), what).toHaveCount(0);
  }
  await page.getByRole("textbox", { name: "Its key" }).fill(`${key.slice(0, -1)}x`);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await expect(page.getByText(/^This is no whole key/u)).toBeVisible();
});
