/**
 * Purpose: bring segments to the server, in order, each once, and know what was lost.
 * Design: one request at a time per tab; a segment stays here until it is acknowledged and gets its number when it is
 * sent, so that one the server refuses leaves no hole in the numbering. 409 names the number to go on from.
 * `burst` is the way out of a page that is being hidden. Nothing asynchronous is sure to run then, so neither gzip nor
 * `crypto.subtle`: what is packed already goes as it is, the rest as `identity` with a digest computed on the spot, each
 * as `fetch keepalive` within the 64 KiB that a page has for that. What does not fit is told by a gap event.
 */
import type { Environment } from "../environment";
import { detach, isNumber } from "../guard";
import { base64url, sha256 } from "./digest";
import { type Answer, backoff, isPassing } from "./http";
import type { Session, SessionClient } from "./session";

/** Events of one upload, one JSON text a line. */
export interface Batch {
  lines: string[];
  /** Times of the first and last event, epoch ms. */
  from: number;
  to: number;
}

interface Segment extends Batch {
  bytes?: Uint8Array<ArrayBuffer>;
  encoding: "gzip" | "identity";
  digest: string;
  tries: number;
  number?: number;
  /** On its way as `keepalive`: needs no second one. */
  leaving: boolean;
  ready: Promise<void>;
}

/** What the queue tells its owner. */
export interface QueueHooks {
  /** The server wants a full snapshot. */
  snapshot(): void;
  /** A segment will never arrive; `first`: the stream has not begun at the server. */
  lost(batch: Batch, reason: "upload-refused" | "event-too-large", first: boolean): void;
  /** Bytes of a segment before and after gzip. */
  packed(raw: number, gzip: number): void;
  /** The queue has become empty. */
  drained(): void;
  /** Nothing will be accepted any more. */
  closed(): void;
  /** The line of a gap event. */
  gapLine(from: number, to: number): string;
}

/** A segment is split above this size, bytes after gzip. */
export const SEGMENT_TARGET = 60_000;
/** What `keepalive` requests of a page may hold together, a little below the 64 KiB of the Fetch standard. */
const KEEPALIVE_ROOM = 64_000;
const HEAD_ROOM = 1200;
const MOST_REFUSALS = 5;

const encode = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));

/** The segments of one tab on their way. */
export class Queue {
  /** Number of the next segment that the server has not acknowledged. */
  next = 0;
  private waiting: Segment[] = [];
  private room = KEEPALIVE_ROOM;
  private pumping = false;
  private open = true;
  private attempt = 0;
  private refusals = 0;

  constructor(
    private readonly environment: Environment,
    private readonly client: SessionClient,
    private readonly session: Session,
    private readonly hooks: QueueHooks,
  ) {}

  /** Bytes held, packed or not. */
  get held(): number {
    return this.waiting.reduce(
      (sum, segment) => sum + (segment.bytes?.length ?? segment.lines.reduce((size, line) => size + line.length, 0)),
      0,
    );
  }

  add(batch: Batch): void {
    if (!this.open) return;
    this.waiting.push(this.segment(batch));
    detach(this.pump());
  }

  /** Forgets everything unsent and sends no more. */
  close(): void {
    this.open = false;
    this.waiting = [];
  }

  /** Waits until everything is acknowledged or given up. */
  async drain(): Promise<void> {
    while (this.open && this.waiting.length) await this.pump();
  }

  /** Forgets what is queued and gives its time span, for a stream whose beginning was refused. */
  discard(): Batch[] {
    return this.waiting.splice(0);
  }

  private segment(batch: Batch): Segment {
    const segment: Segment = {
      ...batch,
      encoding: "gzip",
      digest: "",
      tries: 0,
      leaving: false,
      ready: Promise.resolve(),
    };
    segment.ready = this.pack(segment);
    return segment;
  }

  private async pack(segment: Segment): Promise<void> {
    const raw = encode(segment.lines.join("\n"));
    const bytes = await this.environment.gzip(raw);
    this.hooks.packed(raw.length, bytes.length);
    const at = this.waiting.indexOf(segment);
    if (bytes.length > SEGMENT_TARGET && segment.lines.length > 1 && at >= 0 && !segment.bytes) {
      const middle = segment.lines.length >> 1;
      const halves = [segment.lines.slice(0, middle), segment.lines.slice(middle)];
      this.waiting.splice(at, 1, ...halves.map((lines) => this.segment({ ...segment, lines })));
      return;
    }
    const digest = base64url(await this.environment.digest(bytes));
    if (segment.bytes) return; // left as identity meanwhile
    segment.bytes = bytes;
    segment.digest = digest;
  }

  private async pump(): Promise<void> {
    if (this.pumping) return this.pausing;
    this.pumping = true;
    this.pausing = this.run().finally(() => (this.pumping = false));
    return this.pausing;
  }
  private pausing: Promise<void> = Promise.resolve();

  private async run(): Promise<void> {
    for (let head = this.waiting[0]; head && this.open; head = this.waiting[0]) {
      try {
        await head.ready;
      } catch {
        this.refuse(head, "upload-refused");
      }
      if (this.waiting[0] !== head || !head.bytes) continue;
      if (head.bytes.length > this.session.limits.segment_bytes) {
        this.refuse(head, "event-too-large");
        continue;
      }
      if (this.environment.now() > this.session.expiresAt - 30_000) await this.renew();
      const wait = await this.send(head, this.next, false, false);
      if (wait) await new Promise<void>((done) => this.environment.later(done, wait));
    }
    if (this.open) this.hooks.drained();
  }

  /** Sends everything now, without waiting; `final` when the page will not come back. */
  burst(final: boolean): void {
    for (let at = 0; at < this.waiting.length; at++) {
      const segment = this.waiting[at];
      if (!segment || segment.leaving) continue;
      if (!segment.bytes && !this.asIdentity(segment, at, final)) return;
      if ((segment.bytes?.length ?? 0) + HEAD_ROOM > this.room) return;
      detach(this.send(segment, this.next + at, true, final && at === this.waiting.length - 1));
    }
  }

  /** Gives the segment its bytes at once, cut to the room there is; false when nothing fits. */
  private asIdentity(segment: Segment, at: number, final: boolean): boolean {
    let size = HEAD_ROOM;
    const fits = segment.lines.findIndex((line) => (size += encode(line).length + 1) > this.room - HEAD_ROOM);
    if (fits >= 0) {
      const rest = segment.lines.slice(fits);
      segment.lines = segment.lines.slice(0, fits);
      if (final) {
        // Every line ends with its event's time.
        const lost = Number(/\d+(?=}$)/.exec(rest[0] ?? "")) || segment.from;
        segment.lines.push(this.hooks.gapLine(lost, segment.to));
        this.waiting.length = at + 1;
      } else {
        this.waiting.splice(at + 1, 0, this.segment({ ...segment, lines: rest }));
        if (!segment.lines.length) {
          this.waiting.splice(at, 1);
          return false;
        }
      }
    }
    segment.bytes = encode(segment.lines.join("\n"));
    segment.digest = base64url(sha256(segment.bytes));
    segment.encoding = "identity";
    return true;
  }

  /** Sends one segment and draws the consequences; answers how long to wait before the next try, ms. */
  private async send(segment: Segment, number: number, keepalive: boolean, final: boolean): Promise<number> {
    const { bytes, digest, encoding } = segment;
    if (!bytes) return 0;
    const { token, tab } = this.session;
    const size = keepalive ? bytes.length + HEAD_ROOM : 0;
    this.room -= size;
    segment.leaving = keepalive;
    segment.number = number;
    segment.tries++;
    const answer = await this.client.upload(
      { token, tab, n: number, encoding, digest, ...(final ? { final } : {}) },
      bytes,
      keepalive,
    );
    this.room += size;
    segment.leaving = false;
    if (!this.open || !this.waiting.includes(segment)) return 0;
    const wait = await this.settle(segment, number, answer, token);
    if (keepalive) detach(this.pump());
    return keepalive ? 0 : wait;
  }

  private async settle(segment: Segment, number: number, answer: Answer, token: string): Promise<number> {
    const { status, body } = answer;
    const next = isNumber(body["next"]) ? body["next"] : undefined;
    if (status >= 200 && status < 300) {
      this.attempt = this.refusals = 0;
      this.acknowledge(Math.max(next ?? 0, number + 1));
      if (body["snapshot"] === true) this.hooks.snapshot();
      return 0;
    }
    if (status === 409 && next !== undefined && ++this.attempt < 10) {
      this.goOnFrom(next);
      return backoff(this.attempt - 2, 0, () => this.environment.random());
    }
    if (status === 410) return this.end();
    if (status === 401 || status === 403) {
      if (token !== this.session.token) return 0; // renewed while this one was away
      return (await this.renew()) ? 0 : this.end();
    }
    if (isPassing(status)) return backoff(this.attempt++, answer.retryAfter, () => this.environment.random());
    this.refuse(segment, "upload-refused");
    return 0;
  }

  /** The server holds everything below `next`. */
  private acknowledge(next: number): void {
    if (next <= this.next) return;
    while ((this.waiting[0]?.number ?? next) < next) this.waiting.shift();
    this.next = next;
  }

  /** 409: what was sent before under a lower number has arrived and only its acknowledgement was lost. */
  private goOnFrom(next: number): void {
    for (let head = this.waiting[0]; head && head.tries > 1 && (head.number ?? next) < next; head = this.waiting[0])
      this.waiting.shift();
    this.next = next;
    for (const segment of this.waiting) delete segment.number;
  }

  private refuse(segment: Segment, reason: "upload-refused" | "event-too-large"): void {
    this.waiting = this.waiting.filter((other) => other !== segment);
    this.attempt = 0;
    if (++this.refusals > MOST_REFUSALS) this.end();
    else this.hooks.lost(segment, reason, this.next === 0);
  }

  private async renew(): Promise<boolean> {
    const renewed = await this.client.renew(this.session);
    return renewed && this.open;
  }

  private end(): number {
    if (this.open) {
      this.close();
      this.hooks.closed();
    }
    return 0;
  }
}
