/**
 * Browser tests against the real server: no mock of ours is between the page and the database.
 *
 * `SEALTAPE_BIN` names the binary. One worker, because the suite shares one server and two cores; no retries,
 * because a test that passes the second time has found something.
 */
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  globalSetup: "./support/global-setup.ts",
  workers: 1,
  retries: 0,
  fullyParallel: false,
  forbidOnly: true,
  // Generous, because machines are shared: everything is waited for by an event, and what must be fast is measured.
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: [["list"]],
  // The pictures come first, while the list of sessions has nothing but visits of the shop.
  projects: [
    { name: "pictures", testMatch: "screenshots.spec.ts" },
    { name: "all", testIgnore: "screenshots.spec.ts" },
  ],
  use: {
    actionTimeout: 60_000,
    locale: "en-GB",
    timezoneId: "UTC",
    colorScheme: "light",
    viewport: { width: 1280, height: 800 },
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env["CHROMIUM_BIN"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
