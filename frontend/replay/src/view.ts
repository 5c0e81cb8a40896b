/** The page around the recorded page: fits it into the window and lays the player's own words over it. */
import type { PlayerLocale, RecordedGap } from "./protocol";
import { seconds, words } from "./words";

const SKIP_NOTE_MS = 1_500;

function element(document: Document, id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the player's page has no #${id}`);
  return found;
}

export class View {
  /** Where rrweb builds its frame. */
  readonly screen: HTMLElement;
  private readonly stage: HTMLElement;
  private readonly note: HTMLElement;
  private readonly gapBox: HTMLElement;
  private width = 0;
  private height = 0;
  private localeOfWords: PlayerLocale = "en";
  private currentGap: RecordedGap | undefined;
  private currentWait: "first" | "events" | undefined;
  private skipTimer: number | undefined;

  constructor(private readonly document: Document) {
    this.stage = element(document, "stage");
    this.screen = element(document, "screen");
    this.note = element(document, "note");
    this.gapBox = element(document, "gap");
    new ResizeObserver(() => {
      this.fit();
    }).observe(this.stage);
  }

  onSize(width: number, height: number): void {
    this.width = width;
    this.height = height;
    this.fit();
  }

  gap(gap: RecordedGap | undefined): void {
    if (gap?.from_ms === this.currentGap?.from_ms && gap?.reason === this.currentGap?.reason) return;
    this.currentGap = gap;
    this.write();
  }

  waiting(reason: "first" | "events" | undefined): void {
    this.currentWait = reason;
    this.write();
  }

  skipped(ms: number): void {
    const text = words[this.localeOfWords].skipped(seconds(ms, this.localeOfWords));
    this.say(text);
    window.clearTimeout(this.skipTimer);
    this.skipTimer = window.setTimeout(() => {
      this.write();
    }, SKIP_NOTE_MS);
  }

  theme(dark: boolean): void {
    this.document.documentElement.dataset["theme"] = dark ? "dark" : "light";
  }

  locale(locale: PlayerLocale): void {
    this.localeOfWords = locale;
    this.document.documentElement.lang = locale;
    this.write();
  }

  private write(): void {
    const text = words[this.localeOfWords];
    this.say(this.currentWait === undefined ? "" : text[this.currentWait]);
    const gap = this.currentGap;
    this.gapBox.hidden = gap === undefined;
    if (gap === undefined) {
      this.gapBox.replaceChildren();
      return;
    }
    const title = this.document.createElement("strong");
    title.textContent = text.gap(seconds(gap.to_ms - gap.from_ms, this.localeOfWords));
    const reason = this.document.createElement("span");
    reason.textContent = text.reasons[gap.reason] ?? text.otherReason(gap.reason);
    this.gapBox.replaceChildren(title, reason);
  }

  private say(text: string): void {
    this.note.textContent = text;
    this.note.hidden = text === "";
  }

  /** Scales the recorded window into ours, never larger than it was. */
  private fit(): void {
    if (this.width <= 0 || this.height <= 0) return;
    const { clientWidth, clientHeight } = this.stage;
    const scale = Math.min(1, clientWidth / this.width, clientHeight / this.height);
    this.screen.style.width = `${String(this.width)}px`;
    this.screen.style.height = `${String(this.height)}px`;
    this.screen.style.transform = `translate(${String((clientWidth - this.width * scale) / 2)}px, ${String(
      (clientHeight - this.height * scale) / 2,
    )}px) scale(${String(scale)})`;
  }
}
