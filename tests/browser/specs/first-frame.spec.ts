/** How soon a long session shows its first picture, in the console, with everything a person waits for. */
import { expect, test, type Page } from "@playwright/test";
import { anHourOf, recording } from "../support/recordings";
import { endingNow, uploadRecording } from "../support/api";
import { firstFrame, sessionRow, signIn } from "../support/console";
import { record } from "../support/figures";

const TARGET_MS = 1_000;
/** The machine's other work can make an opening slower, never faster: the best of these counts. */
const OPENINGS = 5;

// Tracing copies the page at every step, which is work in the page that is measured.
test.use({ trace: "off" });

declare global {
  interface Window {
    clickedAt: number;
    shownAfter: number | undefined;
  }
}

/** Lets the page itself measure from a click to the next first picture, without the test's own way to the browser. */
async function stopwatch(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.addEventListener("click", ({ timeStamp }) => (window.clickedAt = timeStamp), { capture: true });
    new MutationObserver(() => {
      if (window.shownAfter !== undefined || document.querySelector('[data-first-frame="true"]') === null) return;
      window.shownAfter = performance.now() - window.clickedAt;
    }).observe(document.body, { attributeFilter: ["data-first-frame"], childList: true, subtree: true });
  });
}

test("the first frame of a 60-minute session is there in under a second", async ({ page, browser }) => {
  test.setTimeout(300_000);
  const hour = endingNow(anHourOf(await recording(browser, "todo-5min")));
  expect((hour.at(-1)?.timestamp ?? 0) - (hour[0]?.timestamp ?? 0)).toBeGreaterThanOrEqual(3_600_000);
  const session = await uploadRecording("an hour of to-dos", hour);
  await signIn(page, "engineer", "/sessions");
  await stopwatch(page);
  const link = sessionRow(page, session).getByRole("link");
  const took: number[] = [];
  // The console's code is loaded once, as it is for anybody who came by the list: the first opening does not count.
  for (let opening = 0; opening <= OPENINGS; opening += 1) {
    await expect(link).toBeVisible();
    await page.evaluate(() => (window.shownAfter = undefined));
    await link.click();
    await firstFrame(page);
    took.push(await page.evaluate(() => window.shownAfter ?? Infinity));
    await page.goBack();
  }
  const best = Math.min(...took.slice(1));
  record("first_frame_60min_ms", best);
  test.info().annotations.push({ type: "openings, ms", description: took.map(Math.round).join(" ") });
  expect(best).toBeLessThan(TARGET_MS);
});
