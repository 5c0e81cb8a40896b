import { Tooltip } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { useUiWords } from "./locale";

const STEPS: readonly { readonly unit: Intl.RelativeTimeFormatUnit; readonly seconds: number }[] = [
  { unit: "year", seconds: 31_536_000 },
  { unit: "month", seconds: 2_592_000 },
  { unit: "day", seconds: 86_400 },
  { unit: "hour", seconds: 3600 },
  { unit: "minute", seconds: 60 },
  { unit: "second", seconds: 1 },
];

/** "3 minutes ago" in `locale` for the time `at` seen from `now` (both epoch ms). */
export function relativeTime(at: number, now: number, locale: string): string {
  const seconds = Math.round((at - now) / 1000);
  const step = STEPS.find((candidate) => Math.abs(seconds) >= candidate.seconds) ?? { unit: "second", seconds: 1 };
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  return format.format(Math.trunc(seconds / step.seconds), step.unit);
}

/** The exact time in the reader's zone, with seconds and zone name. */
export function exactTime(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "long" }).format(at);
}

// One clock for every relative time on the page: a timer per cell would wake the page hundreds of times.
const TICK_MS = 10_000;
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** Epoch ms, renewed every ten seconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** A time told relative to now; the exact time on hover and focus. */
export function RelativeTime({ at }: { readonly at: string }) {
  const { locale } = useUiWords();
  const current = useNow();
  const ms = Date.parse(at);
  // A row can be newer than the shared clock's last tick; that is "now", not the future.
  return (
    <Tooltip label={exactTime(ms, locale)}>
      <time dateTime={at}>{relativeTime(Math.min(ms, current), current, locale)}</time>
    </Tooltip>
  );
}
