/** Whether a page is accessible, as far as axe can tell, and fits its window. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The recorded page is somebody else's: its faults are shown, not made, by us. */
export async function violations(page: Page): Promise<string[]> {
  const axe = new AxeBuilder({ page })
    .options({ runOnly: TAGS, resultTypes: ["violations"] })
    .exclude(["iframe", "iframe"])
    // Otherwise the results of all frames are joined in a page opened for it, which takes longer than the check.
    .setLegacyMode(page.frames().length === 1);
  const { violations: list } = await axe.analyze();
  return list.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary ?? ""}`),
  );
}

/** How far a page is wider than its window, px. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
