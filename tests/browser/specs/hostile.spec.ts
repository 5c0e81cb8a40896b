/**
 * Threats 42 and 43: a recording is written by a stranger, and watching it must be safe.
 *
 * Each vector goes through the real server into the real player, and once more into the player directly, so
 * that the player holds alone, whatever the server let through. The trap must stay silent, nobody may call
 * out, and the replay must still reach its end.
 */
import { expect, test, type Page } from "@playwright/test";
import { Api, endingNow, uploadRecording } from "../support/api";
import { deployment } from "../support/deployment";
import { PlayerPage } from "../support/player-page";
import { Trap } from "../support/trap";
import { hostileRecording, vectors } from "../support/vectors";

// Each vector has its own session and players: all workers take part.
test.describe.configure({ mode: "parallel" });

let trap: Trap;
let api: Api;

test.beforeAll(async () => {
  trap = await Trap.open();
  api = await Api.signIn("engineer");
});
test.afterAll(() => trap.close());

/** Everything a page did that a replay must not do. */
class Watchdog {
  readonly seen: string[] = [];

  constructor(page: Page) {
    const { consoleOrigin, replayOrigin } = deployment();
    const ours = new Set([consoleOrigin, replayOrigin, "null"]);
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== "data:" && protocol !== "about:" && !ours.has(origin))
        this.seen.push(`request ${request.url()}`);
    });
    page.on("dialog", (dialog) => {
      this.seen.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("popup", () => this.seen.push("popup"));
    page.on("download", () => this.seen.push("download"));
    page.on("framenavigated", (frame) => {
      const { protocol, origin } = new URL(frame.url());
      if (protocol !== "about:" && !ours.has(origin)) this.seen.push(`navigation to ${frame.url()}`);
    });
  }

  async listen(page: Page): Promise<void> {
    await page.exposeFunction("sawMessage", (message: string) => this.seen.push(message));
    await page.addInitScript(() => {
      window.addEventListener("message", ({ data }) => {
        if (typeof data === "string" && data.startsWith("fired")) {
          (window as unknown as { sawMessage(text: string): void }).sawMessage(data);
        }
      });
    });
  }
}

// One page of the console is enough for all of them: each vector gets players of its own, and what it does is heard
// under its own name, however late. A test that fails ends its worker, and the next one begins with a fresh page.
test.describe("vectors", () => {
  let player: PlayerPage;
  let watchdog: Watchdog;

  test.beforeAll(async ({ browser }) => {
    const page = await browser.newPage();
    watchdog = new Watchdog(page);
    await watchdog.listen(page);
    player = await PlayerPage.open(page);
  });
  test.afterAll(async () => {
    await player.page.close();
    expect(watchdog.seen).toEqual([]);
    expect(trap.hits).toEqual([]);
  });

  // The names are known without the trap; its address is filled in when the test runs.
  for (const { name } of vectors("http://trap.invalid")) {
    test(`attack_42_43_${name.replaceAll("-", "_")}`, async () => {
      const vector = vectors(trap.origin).find((each) => each.name === name);
      if (vector === undefined) throw new Error("no such vector");
      const events = endingNow(hostileRecording(vector));
      const stored = await api.events(await uploadRecording(`hostile ${name}`, events));
      for (const lines of [stored, events.map((event) => ({ tab: 0, event }))]) {
        player = await player.again();
        await player.feed(lines);
        await player.send({ type: "play" });
        const shown = await player.documentAt(events.at(-1)?.timestamp ?? 0);
        expect(shown).toContain("played to the end");
      }
      expect(watchdog.seen).toEqual([]);
      expect(trap.hits).toEqual([]);
    });
  }
});

test("the trap works: the same markup without protection is heard", async ({ page }) => {
  const control = await Trap.open();
  await page.goto(`${control.origin}/page`);
  await page.setContent(
    `<img src="${control.origin}/control"><style>body{background:url(${control.origin}/css)}</style>`,
  );
  await expect.poll(() => control.hits).toEqual(expect.arrayContaining(["/control", "/css"]));
  await control.close();
});

test("attack_43_headers: the replay origin says what it may do, serves no API and knows no cookie", async () => {
  const { consoleOrigin, replayOrigin } = deployment();
  const page = await fetch(`${replayOrigin}/`);
  expect(page.status).toBe(200);
  const policy = new Map(
    (page.headers.get("content-security-policy") ?? "")
      .split(";")
      .map((directive) => directive.trim().split(/\s+/u))
      .map(([name = "", ...values]) => [name, values.join(" ")]),
  );
  expect(Object.fromEntries(policy)).toEqual({
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'none'",
    "frame-src": "about:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "object-src": "'none'",
    "frame-ancestors": consoleOrigin,
  });
  expect(page.headers.get("referrer-policy")).toBe("no-referrer");
  expect(page.headers.get("x-content-type-options")).toBe("nosniff");
  expect(page.headers.get("set-cookie")).toBeNull();
  expect(await page.text()).toContain(`content="${consoleOrigin}"`);
  for (const path of ["/v1/me", "/v1/sessions", "/v1/deployment", "/v1/auth/login", "/agent/sealtape.js", "/healthz"]) {
    expect((await fetch(replayOrigin + path)).status, path).toBe(404);
  }
});

test("attack_43_clickjacking: another site cannot frame the player", async ({ page }) => {
  const { replayOrigin } = deployment();
  await page.goto(`${trap.origin}/embed`);
  const blocked = page.waitForEvent("console", (message) => /frame-ancestors/u.test(message.text()));
  await page.setContent(`<iframe src="${replayOrigin}/"></iframe>`);
  await blocked;
  expect(page.frames().filter((frame) => frame.url().startsWith(replayOrigin))).toEqual([]);
  trap.hits.length = 0;
});

test("attack_43_wrong_origin: a window of another origin gets no player", async ({ page }) => {
  const { replayOrigin } = deployment();
  await page.goto(`${trap.origin}/opener`);
  trap.hits.length = 0;
  const [player] = await Promise.all([
    page.waitForEvent("popup"),
    page.evaluate((address) => void Object.assign(window, { player: window.open(address) }), `${replayOrigin}/`),
  ]);
  await player.waitForLoadState();
  const answers = await page.evaluate(async () => {
    const heard: unknown[] = [];
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => heard.push(data);
    (window as unknown as { player: Window }).player.postMessage({ type: "sealtape/connect" }, "*", [port2]);
    port1.postMessage({ type: "dump-dom" });
    return heard;
  });
  // The player answers a dump in the same task; two round trips through its page leave it time enough.
  await player.evaluate(() => new Promise(requestAnimationFrame));
  await page.evaluate(() => new Promise(requestAnimationFrame));
  expect(answers).toEqual([]);
  await expect(player.locator("#screen iframe")).toHaveCount(0);
});

test("attack_43_wrong_window: a frame inside the console is not the console", async ({ page }) => {
  const { consoleOrigin, replayOrigin } = deployment();
  await page.goto(`${consoleOrigin}/login`);
  await page.evaluate(async (origin) => {
    const player = document.createElement("iframe");
    const imposter = document.createElement("iframe");
    imposter.name = "imposter";
    await new Promise((loaded) => {
      player.onload = loaded;
      player.src = `${origin}/`;
      document.body.replaceChildren(player, imposter);
    });
  }, replayOrigin);
  // Same origin as the console, but not the window that embeds the player.
  const answers = await page.frame({ name: "imposter" })?.evaluate(async (origin) => {
    const heard: unknown[] = [];
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => heard.push(data);
    parent.frames[0]?.postMessage({ type: "sealtape/connect" }, origin, [port2]);
    for (let frame = 0; frame < 3; frame += 1) await new Promise((next) => parent.requestAnimationFrame(next));
    return heard;
  }, replayOrigin);
  expect(answers).toEqual([]);
  await expect(page.frameLocator("iframe >> nth=0").locator("#screen iframe")).toHaveCount(0);
});
