/**
 * Purpose: the keys that work everywhere.
 * Design: lists mark their row links with `data-row-link` and their first search field with `data-search`; the keys move
 * real focus, so Enter and screen readers work without further code.
 */

/** Moves the focus `step` rows on; from outside the list to its first or last row. */
export function moveRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row-link]")];
  const at = rows.findIndex((row) => row === document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
  rows[next]?.focus();
  rows[next]?.scrollIntoView({ block: "nearest" });
}

/** Focuses the page's search field. */
export function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>("input[data-search]");
  field?.focus();
  field?.select();
}
