/**
 * Purpose: what the timeline draws, from items and gaps.
 * Design: marks closer than a pixel fall together, so that a session of an hour draws as many shapes as one of a minute.
 */
import { isFailure, type TapeItem } from "./items";

/** A stretch of the timeline in epoch ms. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Marks at one place. */
export interface Mark {
  /** Share of the span, 0 to 1. */
  readonly x: number;
  readonly count: number;
  readonly first: TapeItem;
}

/** The share of the span at a time, within 0 and 1. */
export function share(at: number, { start, end }: Span): number {
  return end <= start ? 0 : Math.min(1, Math.max(0, (at - start) / (end - start)));
}

function gather(items: readonly TapeItem[], span: Span, bins: number): readonly Mark[] {
  const marks = new Map<number, { first: TapeItem; count: number }>();
  for (const item of items) {
    const bin = Math.round(share(item.at, span) * bins);
    const mark = marks.get(bin);
    if (mark === undefined) marks.set(bin, { first: item, count: 1 });
    else mark.count += 1;
  }
  return [...marks].map(([bin, { first, count }]) => ({ x: bin / bins, count, first }));
}

/** What a person did, gathered into `bins` places. */
export function actionMarks(items: readonly TapeItem[], span: Span, bins: number): readonly Mark[] {
  return gather(
    items.filter((item) => item.kind === "action"),
    span,
    bins,
  );
}

/** What went wrong, gathered into `bins` places. */
export function failureMarks(items: readonly TapeItem[], span: Span, bins: number): readonly Mark[] {
  return gather(items.filter(isFailure), span, bins);
}

/** A page's stretch, as shares of the span. */
export interface PageBand {
  readonly from: number;
  readonly to: number;
  readonly url: string;
}

/** Query and fragment do not make another page: somebody who types into a search field stays where they are. */
const page = (url: string | undefined): string | undefined => url?.replace(/[?#].*$/su, "");

/** The pages one after the other. */
export function pageBands(items: readonly TapeItem[], span: Span): readonly PageBand[] {
  const loads = items.flatMap((item) =>
    item.kind === "navigation" && item.how !== "hide" && item.how !== "show" ? [{ at: item.at, url: item.url }] : [],
  );
  const changes = loads.filter((load, index) => page(load.url) !== page(loads[index - 1]?.url));
  return changes.map((load, index) => ({
    from: index === 0 ? 0 : share(load.at, span),
    to: share(changes[index + 1]?.at ?? span.end, span),
    url: load.url,
  }));
}
