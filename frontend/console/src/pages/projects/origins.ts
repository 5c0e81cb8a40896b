/** The origins of a text with one per line; what is no origin is told apart. */
export interface Origins {
  readonly origins: readonly string[];
  readonly wrong: readonly string[];
}

/** Reads origins: `https://shop.example`, with a port if need be, without a path. */
export function readOrigins(text: string): Origins {
  const entries = text
    .split(/[\s,]+/)
    .map((entry) => entry.replace(/\/$/, ""))
    .filter((entry) => entry !== "");
  const origins: string[] = [];
  const wrong: string[] = [];
  for (const entry of entries) {
    const origin = URL.canParse(entry) ? new URL(entry).origin : "";
    if (/^https?:/i.test(entry) && origin === entry.toLowerCase()) origins.push(origin);
    else wrong.push(entry);
  }
  return { origins: [...new Set(origins)], wrong };
}
