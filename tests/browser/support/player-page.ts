/**
 * A page on the console's origin that does with the player what the console does, and lets a test ask the
 * player for its document; and a page with rrweb's own player, to compare with.
 *
 * The player is put into a real page of the console, because the browser lets only a page that was really
 * loaded from this machine frame another one; so origins, both sides' policies and headers are the real ones.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Page } from "@playwright/test";
import { REPOSITORY, deployment } from "./deployment";
import type { EventLine, RecordedEvent } from "./api";

interface PlayerMessage {
  type: string;
  html?: string;
}

declare global {
  interface Window {
    heard: PlayerMessage[];
    playerPort: MessagePort;
    comparison: { normalise(document: Document): string };
    rrwebReplay: {
      Replayer: new (
        events: readonly unknown[],
        config: object,
      ) => { pause(offset: number): void; getMetaData(): { totalTime: number }; iframe: HTMLIFrameElement };
    };
  }
}

/** A player that a test drives. */
export class PlayerPage {
  private constructor(readonly page: Page) {}

  /** Opens the real player inside a page of the console's origin. */
  static async open(page: Page): Promise<PlayerPage> {
    const { consoleOrigin } = deployment();
    // The console's own application has no part in this; its page is wanted for its origin and its policy.
    await page.route(`${consoleOrigin}/assets/**`, (route) => route.abort());
    await page.goto(`${consoleOrigin}/login`);
    return PlayerPage.embed(page);
  }

  /** A new player in the place of this one. */
  async again(): Promise<PlayerPage> {
    return PlayerPage.embed(this.page);
  }

  private static async embed(page: Page): Promise<PlayerPage> {
    const { replayOrigin } = deployment();
    await page.evaluate(async (origin) => {
      const frame = document.createElement("iframe");
      frame.title = "player";
      frame.sandbox.add("allow-scripts", "allow-same-origin");
      frame.referrerPolicy = "no-referrer";
      frame.width = "1200";
      frame.height = "780";
      await new Promise((loaded) => {
        frame.onload = loaded;
        frame.src = `${origin}/`;
        document.body.replaceChildren(frame);
      });
      const { port1, port2 } = new MessageChannel();
      window.heard = [];
      window.playerPort = port1;
      port1.onmessage = ({ data }: MessageEvent<PlayerMessage>) => window.heard.push(data);
      frame.contentWindow?.postMessage({ type: "sealtape/connect" }, origin, [port2]);
    }, replayOrigin);
    const player = new PlayerPage(page);
    await player.hears("ready");
    return player;
  }

  /** Waits until the player has said something of this type. */
  async hears(type: string): Promise<void> {
    await this.page.waitForFunction((wanted) => window.heard.some((message) => message.type === wanted), type);
  }

  async send(message: object): Promise<void> {
    await this.page.evaluate((sent) => window.playerPort.postMessage(sent), message);
  }

  /** Feeds stored lines as the console does and waits for the first picture. */
  async feed(lines: readonly EventLine[]): Promise<void> {
    await this.page.evaluate((all) => {
      for (const { tab, event } of all) {
        if (tab !== undefined && event !== undefined) {
          window.playerPort.postMessage({ type: "events", tab, events: [event] });
        }
      }
      window.playerPort.postMessage({ type: "end", live: false });
    }, lines);
    await this.hears("first-frame");
  }

  /** The normalised document at a time. */
  async documentAt(ms: number): Promise<string> {
    return this.page.evaluate(async (at) => {
      window.heard = [];
      window.playerPort.postMessage({ type: "seek", ms: at });
      window.playerPort.postMessage({ type: "dump-dom" });
      for (;;) {
        const answer = window.heard.find(({ type }) => type === "dom");
        if (answer?.html !== undefined) return answer.html;
        await new Promise(requestAnimationFrame);
      }
    }, ms);
  }

  /** Errors the player has reported since the last look. */
  async errors(): Promise<PlayerMessage[]> {
    return this.page.evaluate(() => window.heard.filter(({ type }) => type === "error"));
  }
}

/** `normalise` as a script: the same function that the player answers `dump-dom` with. */
async function comparisonScript(): Promise<string> {
  const frontend = createRequire(join(REPOSITORY, "frontend/package.json"));
  const esbuild = frontend("esbuild") as {
    build(options: object): Promise<{ outputFiles: { text: string }[] }>;
  };
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(REPOSITORY, "frontend/replay/src/normalise.ts")],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "comparison",
  });
  return outputFiles[0]?.text ?? "";
}

/** rrweb's own player as one script, as its authors ship it. */
function rrwebScript(): string {
  const entry = createRequire(import.meta.url).resolve("@rrweb/replay");
  const built = join(dirname(entry), "replay.umd.cjs");
  if (!existsSync(built)) throw new Error("rrweb's player is not built");
  // Without `exports` and `define` the bundle names itself on the window.
  return readFileSync(built, "utf8");
}

/** The document that rrweb's own replayer ends with, in the same normal form. */
export async function rrwebDocument(page: Page, events: readonly RecordedEvent[]): Promise<string> {
  const { replayOrigin } = deployment();
  const address = `${replayOrigin}/__rrweb`;
  const real = await fetch(`${replayOrigin}/`);
  await page.route(address, (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>rrweb</title><body></body>" }),
  );
  await page.goto(address);
  await page.evaluate(rrwebScript());
  await page.evaluate(`${await comparisonScript()};window.comparison=comparison;`);
  // rrweb alone would load the page's pictures and styles; the player's policy keeps both sides equal.
  await page.evaluate(
    (policy) => {
      const meta = document.createElement("meta");
      meta.httpEquiv = "Content-Security-Policy";
      meta.content = policy;
      document.head.append(meta);
    },
    (real.headers.get("content-security-policy") ?? "").replace(/frame-ancestors[^;]*;?/u, ""),
  );
  return page.evaluate((all) => {
    const replayer = new window.rrwebReplay.Replayer(all, {
      useVirtualDom: true,
      triggerFocus: false,
      showWarning: false,
    });
    replayer.pause(replayer.getMetaData().totalTime + 1);
    const { contentDocument } = replayer.iframe;
    return contentDocument === null ? "" : window.comparison.normalise(contentDocument);
  }, events);
}
