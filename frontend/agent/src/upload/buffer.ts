/**
 * Purpose: collect cleaned events and say when a segment is full.
 * Design: the size after gzip is estimated from the ratio that the last segments had; the queue splits what came out too
 * large. Actions are written down only when the segment is cut, so that requests they start can still be added.
 */
import type { Json } from "../guard";
import type { Limits } from "./session";
import { type Batch, SEGMENT_TARGET } from "./queue";

/** An rrweb event, cleaned. */
export interface RecordedEvent {
  type: number;
  data: Json;
  /** Epoch ms. */
  timestamp: number;
}

interface Entry {
  event: RecordedEvent;
  line: string | undefined;
}

/** Size that an event is counted with until it is written down. */
const OPEN_SIZE = 800;

/** What the last upload holds besides what is under way, characters. */
const LAST_ROOM = 40_000;

/** Events that have not become a segment yet. */
export class Buffer {
  private entries: Entry[] = [];
  private size = 0;
  private ratio = 4;
  private last = 0;
  /** Rises with each cut; an action that was opened before may not be changed any more. */
  cuts = 0;

  constructor(private readonly limits: () => Limits) {}

  /** Learns how well events pack. */
  learn(raw: number, packed: number): void {
    if (raw > 1000) this.ratio = Math.max(1.5, (this.ratio + raw / packed) / 2);
  }

  /** Adds `event`; `line` is its JSON, absent while it may still change. Time never runs back. */
  add(event: RecordedEvent, line?: string): void {
    if (event.timestamp < this.last) {
      event.timestamp = this.last;
      if (line !== undefined) line = JSON.stringify(event);
    }
    this.last = event.timestamp;
    this.entries.push({ event, line });
    this.size += line?.length ?? OPEN_SIZE;
  }

  /** Whether what is here would hardly fit into the last, unpacked upload of a page that is left now. */
  get isLarge(): boolean {
    return this.size > LAST_ROOM;
  }

  /** Whether `length` more characters belong into the next segment. */
  isFull(length: number): boolean {
    const { decoded_bytes, events } = this.limits();
    const size = this.size + length;
    return (
      this.entries.length > 0 &&
      (size / this.ratio > SEGMENT_TARGET || size * 1.5 > decoded_bytes || this.entries.length + 1 >= events)
    );
  }

  /** Takes everything out. */
  cut(): Batch | undefined {
    const entries = this.entries;
    const first = entries[0];
    if (!first) return undefined;
    this.entries = [];
    this.size = 0;
    this.cuts++;
    return {
      lines: entries.map(({ event, line }) => line ?? JSON.stringify(event)),
      from: first.event.timestamp,
      to: this.last,
    };
  }
}
