/**
 * Purpose: one recording of one page load: from rrweb and the capture streams through cleaning and buffer to the queue.
 * Design: `begun` — the server's stream of this tab has its meta event and full snapshot; until then everything else
 * waits in `early`. `blind` — DOM events were lost, so further ones would hang in the air; they are dropped until the
 * next full snapshot. Whatever is lost leaves a gap event with a reason. `asleep` — the session is over (idle or too
 * long); the visitor's next sign starts a linked one.
 * How to add one more stream: see `capture/stream.ts`.
 */
import { captureActions, createActions } from "./capture/action";
import { captureConsole } from "./capture/console";
import { blockHeaviest, mirror, startDom, takeSnapshot } from "./capture/dom";
import { captureErrors } from "./capture/errors";
import { captureNavigation } from "./capture/navigation";
import { captureNetwork } from "./capture/network";
import type { Stream } from "./capture/stream";
import type { Environment } from "./environment";
import { detach, guard, isJson, isNumber, isText, type Json, listen, type Undo } from "./guard";
import { cleanEvent } from "./privacy/clean";
import { describe, type Plain } from "./privacy/describe";
import { Buffer, type RecordedEvent } from "./upload/buffer";
import { type Batch, Queue } from "./upload/queue";
import { IDLE_MS, type Limits, type Session, SessionClient, type SessionOptions, type Subject } from "./upload/session";

/** Above this many characters one event is not recorded; a full snapshot may have what a segment may have. */
export const EVENT_LIMIT = 1 << 20;
/** A session that has written this many characters is ended: the page runs wild. */
const SESSION_LIMIT = 64 << 20;
/** What may wait for a server that does not answer, bytes. */
const HELD_LIMIT = 6 << 20;
const EARLY_LIMIT = 500;
const HURRY_MS = 500;
const SNAPSHOT_PAUSE_MS = 2000;
const STREAMS = [captureNavigation, captureConsole, captureErrors, captureNetwork];

/** Reasons of `sealtape/gap@1`. */
export type GapReason = "event-too-large" | "session-limit" | "upload-refused" | "offline-overflow" | "shed" | "paused";

const WAITING_LIMITS: Limits = {
  segment_bytes: 1 << 20,
  decoded_bytes: 8 << 20,
  events: 10_000,
  interval_ms: 5000,
  session_ms: 4 * 3_600_000,
};

/** Records this page until {@link Recorder.stop}. */
export class Recorder {
  private readonly client: SessionClient;
  private readonly buffer = new Buffer(() => this.session?.limits ?? WAITING_LIMITS);
  private readonly undo: Undo[] = [];
  private readonly stream: Stream;
  private session: Session | undefined;
  private queue: Queue | undefined;
  private subject: Subject | undefined;
  private early: { event: RecordedEvent; open: boolean }[] = [];
  private backlog: Batch[] = [];
  private meta: RecordedEvent | undefined;
  private begun = false;
  private blind = true;
  private asleep = false;
  private hidden = false;
  private running = true;
  private overflowFrom = 0;
  private written = 0;
  private hurried = false;
  private ids = 0;
  private activeAt: number;
  private snapshotAt = 0;
  private failures = 0;
  private awaiting = false;
  private timer: Undo | undefined;

  constructor(
    private readonly environment: Environment,
    options: SessionOptions,
    trustAll = false,
  ) {
    this.client = new SessionClient(environment, options);
    this.activeAt = environment.now();
    const actions = createActions(() => environment.now());
    const seed = Math.floor(environment.random() * 36 ** 6).toString(36);
    this.stream = {
      environment,
      endpoint: options.endpoint,
      undo: this.undo,
      action: actions,
      trustAll,
      idOf: (node) => mirror.getId(node),
      newId: () => `${seed}-${(this.ids++).toString(36)}`,
      active: () => this.active(),
      emit: (name, payload, open = false) => {
        this.take(
          { type: 6, data: { plugin: `sealtape/${name}@1`, payload }, timestamp: this.environment.now() },
          open,
        );
        const { cuts } = this.buffer;
        return { isOpen: () => cuts === this.buffer.cuts };
      },
    };
    guard(() => this.undo.push(startDom((event) => this.dom(event)) ?? (() => undefined)));
    for (const capture of STREAMS) guard(() => capture(this.stream));
    guard(() => captureActions(this.stream, actions));
    this.watchPage();
    detach(this.open(() => this.client.open(this.subject)));
  }

  /** Says who the visitor is. Another person than before starts a new session without a link. */
  identify(subject: Subject): void {
    this.subject = subject;
    const { session } = this;
    if (session) detach(this.tell(session, subject));
  }

  /** Records an event of the page's own. */
  custom(name: string, data: unknown): void {
    const payload: { [name: string]: Plain } = { name: describe(name.slice(0, 100)), data: describe(data ?? null) };
    this.take({ type: 5, data: { tag: "sealtape/event@1", payload }, timestamp: this.environment.now() });
  }

  /** Ends the recording; resolves when everything is delivered or given up. */
  async stop(): Promise<void> {
    this.cut();
    this.halt();
    const { session, queue } = this;
    this.client.forget();
    if (!session || !queue) return;
    await queue.drain();
    await this.client.finish(session, queue.next);
  }

  private halt(): void {
    this.running = false;
    this.timer?.();
    for (const undo of this.undo.splice(0)) guard(undo);
  }

  private async tell(session: Session, subject: Subject): Promise<void> {
    if (await this.client.identify(session, subject)) return;
    this.endSession();
    this.restart(undefined);
  }

  /** Opens a session with `ask`, then hands over what was recorded meanwhile. */
  private async open(ask: () => Promise<Session | undefined>): Promise<void> {
    const session = await ask().catch(() => undefined);
    if (!session) {
      this.halt();
      return;
    }
    if (!this.running) return;
    const queue = new Queue(this.environment, this.client, session, {
      snapshot: () => this.snapshot(),
      lost: (batch, reason, first) => this.refused(batch, reason, first),
      packed: (raw, gzip) => this.buffer.learn(raw, gzip),
      drained: () => this.drained(),
      closed: () => {
        if (this.queue !== queue) return;
        this.client.forget();
        this.halt();
      },
      gapLine: (from, to) => JSON.stringify(this.gapEvent("offline-overflow", from, to, "page closed")),
    });
    this.session = session;
    this.queue = queue;
    for (const batch of this.backlog.splice(0)) queue.add(batch);
    if (this.subject) detach(this.tell(session, this.subject));
    if (this.hidden) this.leave(false);
  }

  private watchPage(): void {
    listen(window, "pagehide", () => this.leave(true), this.undo);
    listen(
      window,
      "pageshow",
      (event) => {
        this.hidden = false;
        if (event instanceof PageTransitionEvent && event.persisted) this.snapshot();
      },
      this.undo,
    );
    listen(
      document,
      "visibilitychange",
      () => document.visibilityState === "hidden" && !this.hidden && this.leave(false),
      this.undo,
    );
  }

  /** The page is being hidden: what is here goes now or perhaps never. */
  private leave(final: boolean): void {
    this.hidden = final;
    this.cut();
    this.queue?.burst(final);
  }

  // --- what comes in

  /** One event of rrweb. */
  private dom(raw: Json): void {
    if (!this.accepts()) return;
    const event = this.cleaned(raw);
    if (!event) return;
    const line = JSON.stringify(event);
    const whole = event.type === 2;
    if (line.length > (whole ? this.limits().decoded_bytes / 2 : EVENT_LIMIT)) {
      guard(() => blockHeaviest(raw));
      this.lose("event-too-large", event.timestamp, event.timestamp, undefined);
    } else if (event.type === 4) this.meta = event;
    else if (whole) this.begin(event, line);
    else if (event.type === 3) {
      if (!this.blind) this.write(event, line);
    } else this.take(event);
  }

  private cleaned(raw: Json): RecordedEvent | undefined {
    const { type, timestamp } = raw;
    const at = isNumber(timestamp) ? timestamp : this.environment.now();
    try {
      const { data } = raw;
      if (!cleanEvent(raw, mirror) || !isNumber(type) || !isJson(data)) return undefined;
      return { type, data, timestamp: at };
    } catch {
      this.lose("shed", at, at, "masking failed");
      return undefined;
    }
  }

  /** A full snapshot with its meta event: from here DOM events make sense. */
  private begin(snapshot: RecordedEvent, line: string): void {
    if (this.meta) this.write(this.meta, JSON.stringify(this.meta));
    this.meta = undefined;
    this.write(snapshot, line);
    this.begun = true;
    this.blind = false;
    this.failures = 0;
    for (const { event, open } of this.early.splice(0)) this.write(event, open ? undefined : JSON.stringify(event));
    // Snapshots leave at once: what is left for the last moment of a page stays small.
    this.cut();
  }

  /** Any other event: it waits until the stream has begun. */
  private take(event: RecordedEvent, open = false): void {
    if (!this.accepts()) return;
    if (this.begun) this.write(event, open ? undefined : JSON.stringify(event));
    else if (this.early.length < EARLY_LIMIT) this.early.push({ event, open });
  }

  private write(event: RecordedEvent, line: string | undefined): void {
    const length = line?.length ?? 0;
    if (this.buffer.isFull(length)) this.cut();
    this.buffer.add(event, line);
    this.written += length;
    // An upload before its time costs little while none waits, and spares the last moment of a page.
    if (this.buffer.isLarge && !this.hurried && !this.queue?.held) {
      this.hurried = true;
      this.timer?.();
      this.timer = undefined;
    }
    this.timer ??= this.environment.later(() => this.cut(), this.hurried ? HURRY_MS : this.limits().interval_ms);
    if (this.written > SESSION_LIMIT) this.sleep("session-limit", "too much data");
  }

  private limits = (): Limits => this.session?.limits ?? WAITING_LIMITS;

  /** Whether events are wanted now; also notices that the session is over. */
  private accepts(): boolean {
    if (!this.running || this.asleep || this.overflowFrom) return false;
    const now = this.environment.now();
    if (now - this.activeAt > IDLE_MS) this.sleep("paused", "visitor idle");
    else if (this.session && now - this.session.startedAt > this.session.limits.session_ms)
      this.sleep("session-limit", "session too long");
    return !this.asleep;
  }

  // --- segments

  private cut(): void {
    this.hurried = false;
    this.timer?.();
    this.timer = undefined;
    const batch = this.buffer.cut();
    if (!batch) return;
    const { session, queue } = this;
    if (session) {
      session.activeAt = this.activeAt;
      this.client.keep(session);
    }
    const held = queue?.held ?? this.backlog.reduce((sum, { lines }) => sum + lines.join().length, 0);
    if (held > HELD_LIMIT) {
      this.overflowFrom = batch.from;
      this.blind = true;
    } else if (queue) queue.add(batch);
    else this.backlog.push(batch);
  }

  private drained(): void {
    if (!this.overflowFrom) return;
    const from = this.overflowFrom;
    this.overflowFrom = 0;
    this.lose("offline-overflow", from, this.environment.now(), undefined, 0);
  }

  private refused(batch: Batch, reason: GapReason, first: boolean): void {
    let { to } = batch;
    if (first) {
      // The server's stream must begin with a snapshot, so what hangs on the refused one goes with it.
      this.begun = false;
      this.buffer.cut();
      for (const other of this.queue?.discard() ?? []) to = other.to;
    }
    this.lose(reason, batch.from, to, undefined);
  }

  /** Records that `from`…`to` is missing and asks for a snapshot to go on from. */
  private lose(
    reason: GapReason,
    from: number,
    to: number,
    detail: string | undefined,
    pause = SNAPSHOT_PAUSE_MS * 2 ** Math.min(this.failures, 8),
  ): void {
    this.blind = true;
    this.take(this.gapEvent(reason, from, to, detail));
    if (this.awaiting) return;
    // Longer each time that no snapshot came of it: a page that cannot be recorded must not be snapshot for ever.
    this.awaiting = true;
    this.failures++;
    this.environment.later(() => {
      this.awaiting = false;
      this.snapshot();
    }, pause);
  }

  private gapEvent(reason: GapReason, from: number, to: number, detail: string | undefined): RecordedEvent {
    const payload = { from_ms: from, to_ms: to, reason, ...(detail ? { detail } : {}) };
    return { type: 6, data: { plugin: "sealtape/gap@1", payload }, timestamp: Math.max(to, this.environment.now()) };
  }

  private snapshot(): void {
    const now = this.environment.now();
    if (!this.running || this.asleep || (!this.blind && now - this.snapshotAt < SNAPSHOT_PAUSE_MS)) return;
    this.snapshotAt = now;
    takeSnapshot();
  }

  // --- sessions

  private active(): void {
    const now = this.environment.now();
    const idle = now - this.activeAt > IDLE_MS;
    if (idle) this.accepts();
    this.activeAt = now;
    if (this.asleep && this.running) this.restart(this.session?.id);
    else if (this.session && now - this.session.activeAt > 60_000) this.session.activeAt = now;
  }

  private sleep(reason: GapReason, detail: string): void {
    this.asleep = true;
    const event = this.gapEvent(reason, this.activeAt, this.environment.now(), detail);
    if (this.begun) this.buffer.add(event, JSON.stringify(event));
    this.endSession();
  }

  private endSession(): void {
    this.cut();
    const { session, queue } = this;
    if (session && queue) detach(queue.drain().then(() => this.client.finish(session, queue.next)));
  }

  private restart(previous: string | undefined): void {
    this.asleep = this.begun = false;
    this.blind = true;
    this.written = this.overflowFrom = 0;
    this.queue = this.session = undefined;
    detach(this.open(() => this.client.start(this.subject, previous)));
    takeSnapshot();
  }
}

/** Whether `value` can be an endpoint or key. */
export const isFilled = (value: unknown): value is string => isText(value) && value.length > 0;
