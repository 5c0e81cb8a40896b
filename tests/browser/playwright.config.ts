/**
 * Browser tests against the real server: no mock of ours is between the page and the database.
 *
 * `SEALTAPE_BIN` names the binary. Two workers, each with a server of its own, because the machines that run this have
 * two cores; no retries, because a test that passes the second time has found something. `SEALTAPE_TRACE=1` keeps a
 * trace of what fails: recording one costs every test a fifth of its time.
 */
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  globalSetup: "./support/global-setup.ts",
  workers: 2,
  retries: 0,
  fullyParallel: false,
  forbidOnly: true,
  // Generous, because machines are shared: everything is waited for by an event, and what must be fast is measured.
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: [["list"]],
  projects: [
    // The pictures come first, while their server's list of sessions has nothing but visits of the shop.
    { name: "pictures", testMatch: "screenshots.spec.ts" },
    { name: "all", testIgnore: ["screenshots.spec.ts", "first-frame.spec.ts"] },
    // What is measured has the machine to itself.
    { name: "measured", testMatch: "first-frame.spec.ts", dependencies: ["pictures", "all"] },
  ],
  use: {
    actionTimeout: 60_000,
    locale: "en-GB",
    timezoneId: "UTC",
    colorScheme: "light",
    viewport: { width: 1280, height: 800 },
    trace: process.env["SEALTAPE_TRACE"] === "1" ? "retain-on-failure" : "off",
    screenshot: "only-on-failure",
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
