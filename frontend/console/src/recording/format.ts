/** "1:02:03" or "2:03" for a length in ms. */
export function clock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const seconds = String(total % 60).padStart(2, "0");
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  return hours > 0
    ? `${String(hours)}:${String(minutes).padStart(2, "0")}:${seconds}`
    : `${String(minutes)}:${seconds}`;
}

/** "340 ms", "2.1 s", "3 min" in `locale`. */
export function length(ms: number, locale: string): string {
  const format = (value: number, unit: string, digits: number): string =>
    new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits }).format(
      value,
    );
  if (ms < 1000) return format(Math.round(ms), "millisecond", 0);
  if (ms < 60_000) return format(ms / 1000, "second", 1);
  if (ms < 3_600_000) return format(ms / 60_000, "minute", ms < 600_000 ? 1 : 0);
  return format(ms / 3_600_000, "hour", 1);
}

/** "12 kB" in `locale`. */
export function bytes(count: number, locale: string): string {
  const steps: readonly { readonly unit: string; readonly size: number }[] = [
    { unit: "gigabyte", size: 1e9 },
    { unit: "megabyte", size: 1e6 },
    { unit: "kilobyte", size: 1e3 },
  ];
  const step = steps.find((each) => count >= each.size) ?? { unit: "byte", size: 1 };
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: step.unit,
    unitDisplay: "short",
    maximumFractionDigits: step.size > 1 && count / step.size < 10 ? 1 : 0,
  }).format(count / step.size);
}

/** Path and hash of an address, for lists where the origin repeats. */
export function path(url: string): string {
  try {
    const parsed = new URL(url);
    return `${parsed.pathname}${parsed.hash}`;
  } catch {
    return url;
  }
}

/** Host and path of an address without its scheme. */
export function place(url: string): string {
  try {
    const parsed = new URL(url);
    return `${parsed.host}${parsed.pathname}`;
  } catch {
    return url;
  }
}
