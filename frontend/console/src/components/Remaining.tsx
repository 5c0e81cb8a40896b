import { Tooltip } from "@mantine/core";
import { exactTime } from "@sealtape/ui";
import { useSyncExternalStore } from "react";
import { useSpeech } from "../i18n/context";
import type { Language } from "../i18n/translate";
import classes from "./components.module.css";

const TICK_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** From here on the reader should hurry. */
const SOON_MS = 10 * MINUTE_MS;

// One clock for all that runs out on a page, ticking only while something is shown.
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The clock's time. While nobody listens it stands still, so a first reader sets it. */
function read(): number {
  const current = Date.now();
  if (timer === undefined && current - now > TICK_MS) now = current;
  return now;
}

/** "1 hr 20 min", "12 min" or, in the last minute, "45 sec". Rounded up: what says one minute lasts no longer than that. */
export function span(ms: number, language: Language): string {
  const unit = (value: number, of: "hour" | "minute" | "second"): string =>
    new Intl.NumberFormat(language, { style: "unit", unit: of, unitDisplay: "short" }).format(value);
  if (ms < MINUTE_MS) return unit(Math.max(0, Math.ceil(ms / 1000)), "second");
  const minutes = Math.ceil(ms / MINUTE_MS);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (ms < HOUR_MS && hours === 0) return unit(minutes, "minute");
  return rest === 0 ? unit(hours, "hour") : `${unit(hours, "hour")} ${unit(rest, "minute")}`;
}

/** The clock's time, renewed every second. */
export const useSecond = (): number => useSyncExternalStore(subscribe, read);

/** The time left until `until`; the exact end on hover. */
export function Remaining({ until }: { readonly until: string }) {
  const { t, language } = useSpeech();
  const end = Date.parse(until);
  const left = end - useSecond();
  return (
    <Tooltip label={exactTime(end, language)}>
      <time dateTime={until} className={classes.remaining} data-soon={left < SOON_MS ? true : undefined}>
        {left > 0 ? t("remaining.left", { time: span(left, language) }) : t("remaining.over")}
      </time>
    </Tooltip>
  );
}
