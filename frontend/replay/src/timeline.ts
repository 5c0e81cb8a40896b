/**
 * Everything the player knows about a session so far: the harmless events of each tab, which tab the
 * person was in, when they did something, and what is missing. Pure data; no document, no clock.
 */
import type { RecordedEvent, RecordedGap } from "./protocol";
import { EVENT, EventSanitiser, SOURCE, isFields } from "./sanitise/events";

const GAP_PLUGIN = "sealtape/gap@1";
const NAV_PLUGIN = "sealtape/nav@1";

/** What somebody does with their hands: decides which tab is in front and where nothing happens. */
const HANDS: ReadonlySet<unknown> = new Set([
  SOURCE.mouseMove,
  SOURCE.mouseInteraction,
  SOURCE.input,
  SOURCE.touchMove,
  SOURCE.drag,
]);

/** Changes that one step of the player moves over; moving the mouse is none. */
const NO_STEP: ReadonlySet<unknown> = new Set([SOURCE.mouseMove, SOURCE.touchMove, SOURCE.drag]);

/** The least distance between an event and one that arrives later with the same time (see `Timeline.add`). */
const AFTER_MS = 0.001;

/** The events of one tab, by time, and when it can first be shown. */
export interface TabEvents {
  readonly tab: number;
  readonly events: RecordedEvent[];
  /** Time of the first full snapshot; before it there is nothing to show. */
  snapshotMs: number | undefined;
}

interface KnownTab extends TabEvents {
  readonly sanitiser: EventSanitiser;
  lastMs: number;
}

/** Index of the first entry whose time is greater than `ms`. */
function after<T>(entries: readonly T[], ms: number, time: (entry: T) => number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && time(entry) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

const timeOf = ({ timestamp }: RecordedEvent): number => timestamp;
const itself = (ms: number): number => ms;

export class Timeline {
  private readonly tabs = new Map<number, KnownTab>();
  private readonly recordedGaps: RecordedGap[] = [];
  private givenGaps: RecordedGap[] = [];
  private hands: { ms: number; tab: number }[] = [];
  private sorted = true;

  /** Time of the first event of all tabs. */
  startMs: number | undefined;
  /** Time of the newest event of all tabs: how far the session can be played now. */
  endMs = 0;

  /** Takes events of one tab in stored order and returns those that draw, made harmless. */
  add(tab: number, raw: readonly RecordedEvent[]): RecordedEvent[] {
    const known = this.tabs.get(tab) ?? this.open(tab);
    const boundary = known.lastMs;
    const drawn: RecordedEvent[] = [];
    for (const event of raw) {
      this.startMs = Math.min(this.startMs ?? event.timestamp, event.timestamp);
      this.endMs = Math.max(this.endMs, event.timestamp);
      this.note(tab, event);
      const clean = known.sanitiser.clean(event);
      if (clean === undefined) continue;
      // rrweb, when it continues after a pause, leaves out what is not later than the last event it played.
      // An event that arrives in a later batch is later, whatever its clock says.
      if (clean.timestamp <= boundary) clean.timestamp = boundary + AFTER_MS;
      if (clean.type === EVENT.fullSnapshot) known.snapshotMs ??= clean.timestamp;
      drawn.push(clean);
    }
    drawn.sort((a, b) => a.timestamp - b.timestamp);
    for (const event of drawn) known.events.push(event);
    known.lastMs = Math.max(boundary, drawn.at(-1)?.timestamp ?? boundary);
    return drawn;
  }

  /** The gaps of the session as the server knows them; they replace those given before. */
  setGaps(gaps: readonly RecordedGap[]): void {
    this.givenGaps = [...gaps];
  }

  /** The gap that `ms` lies in, if any. */
  gapAt(tab: number, ms: number): RecordedGap | undefined {
    return [...this.givenGaps, ...this.recordedGaps].find(
      (gap) => gap.tab === tab && gap.from_ms <= ms && ms < gap.to_ms,
    );
  }

  /** Numbers of the tabs that can be shown. */
  shownTabs(): number[] {
    return [...this.tabs.values()]
      .filter(({ snapshotMs }) => snapshotMs !== undefined)
      .map(({ tab }) => tab)
      .sort((a, b) => a - b);
  }

  /** The tab's events, once it can be shown. */
  eventsOf(tab: number): TabEvents | undefined {
    const known = this.tabs.get(tab);
    return known?.snapshotMs === undefined ? undefined : known;
  }

  /** The tab that was in front at `ms`: the one last used by then among those that can be shown. */
  activeTab(ms: number): number | undefined {
    const hands = this.sortedHands();
    for (let at = after(hands, ms, (use) => use.ms) - 1; at >= 0; at -= 1) {
      const use = hands[at];
      const snapshotMs = use === undefined ? undefined : this.tabs.get(use.tab)?.snapshotMs;
      if (use !== undefined && snapshotMs !== undefined && snapshotMs <= ms) return use.tab;
    }
    return [...this.tabs.values()]
      .filter(({ snapshotMs }) => snapshotMs !== undefined)
      .sort((a, b) => (a.snapshotMs ?? 0) - (b.snapshotMs ?? 0))[0]?.tab;
  }

  /** When the person last did something before `ms`, and when next. */
  activityAround(ms: number): { before: number | undefined; next: number | undefined } {
    const hands = this.sortedHands();
    const at = after(hands, ms, (use) => use.ms);
    return { before: hands[at - 1]?.ms, next: hands[at]?.ms };
  }

  /** Time of the next (or previous) change of the tab that a step shows. */
  stepFrom(tab: number, ms: number, back: boolean): number | undefined {
    const steps = (this.tabs.get(tab)?.events ?? [])
      .filter(({ type, data }) => type === EVENT.fullSnapshot || (isFields(data) && !NO_STEP.has(data["source"])))
      .map(timeOf);
    const at = after(steps, ms, itself);
    // Going back means to before the change on show: one step behind the newest one that is not later than `ms`.
    return back ? steps.slice(0, at).findLast((step) => step < ms) : steps[at];
  }

  private open(tab: number): KnownTab {
    const opened = { tab, events: [], snapshotMs: undefined, sanitiser: new EventSanitiser(), lastMs: -1 };
    this.tabs.set(tab, opened);
    return opened;
  }

  /** Remembers what an event says about use and gaps, before the sanitiser drops it. */
  private note(tab: number, { type, data, timestamp }: RecordedEvent): void {
    if (!isFields(data)) return;
    const payload = isFields(data["payload"]) ? data["payload"] : {};
    const { from_ms, to_ms, reason, kind } = payload;
    if (type === EVENT.incremental && HANDS.has(data["source"])) this.use(tab, timestamp);
    if (type === EVENT.plugin && data["plugin"] === NAV_PLUGIN && (kind === "load" || kind === "show")) {
      this.use(tab, timestamp);
    }
    if (
      type === EVENT.plugin &&
      data["plugin"] === GAP_PLUGIN &&
      typeof from_ms === "number" &&
      typeof to_ms === "number"
    ) {
      this.recordedGaps.push({ tab, from_ms, to_ms, reason: typeof reason === "string" ? reason : "" });
    }
  }

  private use(tab: number, ms: number): void {
    if (ms < (this.hands.at(-1)?.ms ?? 0)) this.sorted = false;
    this.hands.push({ ms, tab });
  }

  private sortedHands(): readonly { ms: number; tab: number }[] {
    if (!this.sorted) this.hands = this.hands.toSorted((a, b) => a.ms - b.ms);
    this.sorted = true;
    return this.hands;
  }
}
