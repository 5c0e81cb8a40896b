/** The player's own few words, in the console's languages. */
import type { PlayerLocale } from "./protocol";

interface Words {
  readonly first: string;
  readonly events: string;
  readonly skipped: (seconds: string) => string;
  readonly gap: (seconds: string) => string;
  readonly reasons: Readonly<Record<string, string>>;
  readonly otherReason: (reason: string) => string;
}

const en: Words = {
  first: "Waiting for the first picture…",
  events: "Waiting for more events…",
  skipped: (seconds: string) => `Skipped ${seconds} s without activity`,
  gap: (seconds: string) => `Not recorded for ${seconds} s`,
  reasons: {
    "event-too-large": "One change of the page was larger than the recorder may take.",
    "session-limit": "The session reached its size limit.",
    "upload-refused": "The server refused an upload.",
    "offline-overflow": "The browser was offline longer than it can keep events.",
    shed: "The recorder skipped events to keep the page fast.",
    paused: "Recording was paused.",
    missing: "A segment never arrived.",
  },
  otherReason: (reason: string) => (reason === "" ? "No reason was recorded." : `Reason: ${reason}`),
};

const de: Words = {
  first: "Warten auf das erste Bild …",
  events: "Warten auf weitere Ereignisse …",
  skipped: (seconds) => `${seconds} s ohne Aktivität übersprungen`,
  gap: (seconds) => `${seconds} s nicht aufgezeichnet`,
  reasons: {
    "event-too-large": "Eine Änderung der Seite war größer, als der Rekorder annehmen darf.",
    "session-limit": "Die Sitzung hat ihre Größengrenze erreicht.",
    "upload-refused": "Der Server hat eine Übertragung abgelehnt.",
    "offline-overflow": "Der Browser war länger offline, als er Ereignisse behalten kann.",
    shed: "Der Rekorder hat Ereignisse ausgelassen, damit die Seite schnell bleibt.",
    paused: "Die Aufzeichnung war angehalten.",
    missing: "Ein Segment ist nie angekommen.",
  },
  otherReason: (reason) => (reason === "" ? "Es wurde kein Grund aufgezeichnet." : `Grund: ${reason}`),
};

/** All words of a language. */
export const words: Readonly<Record<PlayerLocale, Words>> = { en, de };

/** A length of time as a short number of seconds in the language's own notation. */
export function seconds(ms: number, locale: PlayerLocale): string {
  const value = ms / 1000;
  return new Intl.NumberFormat(locale, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}
