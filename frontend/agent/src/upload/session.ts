/**
 * Purpose: the session at the server: start it or join it again after a reload, renew its token, say who it is, finish.
 * Design: `sessionStorage` keeps the session of a browser tab over page loads. Every page load takes a tab number of its
 * own from the server (`POST …/tabs`), also a reload: node ids and numbering begin anew with each load, and a duplicated
 * browser tab, which copies the storage, can never write into the numbers of its twin.
 */
import { cleanUrl } from "../privacy/url";
import { detect } from "../privacy/detect";
import type { Environment } from "../environment";
import { guard, isJson, isNumber, isText, type Json } from "../guard";
import { type Answer, backoff, isPassing, post } from "./http";

/** Who the visitor is, as the page says (claimed, not verified). */
export interface Subject {
  /** The page's own id of the signed-in person. */
  userId?: string;
  email?: string;
}

/** What the session needs to know about the installation. */
export interface SessionOptions {
  endpoint: string;
  key: string;
  project?: string | undefined;
  release?: string | undefined;
}

/** Bounds that the server named at the start, by its own names. */
export interface Limits {
  /** Largest upload, bytes as sent. */
  segment_bytes: number;
  /** Largest upload, bytes after decoding. */
  decoded_bytes: number;
  /** Most events of one upload. */
  events: number;
  /** A segment is closed at least this often. */
  interval_ms: number;
  /** Longest session. */
  session_ms: number;
}

/** A started session and this page load's place in it. */
export interface Session {
  id: string;
  token: string;
  resume: string;
  tab: number;
  limits: Limits;
  /** Own clock, epoch ms. */
  startedAt: number;
  expiresAt: number;
  activeAt: number;
}

/** A session without a sign of the visitor for this long is over. */
export const IDLE_MS = 30 * 60_000;
/** The built-in policy that this agent follows. */
const POLICY_VERSION = 1;

const positive = (value: unknown, otherwise: number): number => (isNumber(value) && value > 0 ? value : otherwise);

function limitsOf(value: unknown): Limits {
  const named: Json = isJson(value) ? value : {};
  return {
    segment_bytes: positive(named["segment_bytes"], 1 << 20),
    decoded_bytes: positive(named["decoded_bytes"], 8 << 20),
    events: positive(named["events"], 10_000),
    interval_ms: Math.min(positive(named["interval_ms"], 5000), 5000),
    session_ms: positive(named["session_ms"], 4 * 3_600_000),
  };
}

/** Own-clock time at which a token dies, from the server's own idea of "now". */
function expiryOf(answer: Answer, now: number): number {
  const at = isText(answer.body["expires_at"]) ? Date.parse(answer.body["expires_at"]) : NaN;
  return Number.isNaN(at) ? now + 600_000 : now + at - (answer.serverTime ?? now);
}

const bearer = (token: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  "content-type": "application/json",
});
const subjectBody = (subject: Subject): Json => ({
  ...(subject.userId === undefined ? {} : { user_id: subject.userId }),
  ...(subject.email === undefined ? {} : { email: subject.email }),
});

/** Talks about sessions; `live` turns false when nothing is to be sent any more. */
export class SessionClient {
  live = true;
  constructor(
    private readonly environment: Environment,
    private readonly options: SessionOptions,
  ) {}

  private url = (path: string): string => `${this.options.endpoint}/v1/agent/${path}`;
  private slot = (): string => `sealtape:${this.options.key}`;

  private send(path: string, token: string, body: Json): Promise<Answer> {
    return post(this.environment, { url: this.url(path), headers: bearer(token), body: JSON.stringify(body) });
  }

  /** Repeats while the trouble may pass. */
  private async insist(work: () => Promise<Answer>): Promise<Answer> {
    for (let attempt = 0; ; attempt++) {
      const answer = await work();
      if (!this.live || !isPassing(answer.status)) return answer;
      await new Promise<void>((done) =>
        this.environment.later(
          done,
          backoff(attempt, answer.retryAfter, () => this.environment.random()),
        ),
      );
    }
  }

  /** Keeps what the next page load of this browser tab needs. */
  keep(session: Session): void {
    guard(() => this.environment.storage?.setItem(this.slot(), JSON.stringify(session)));
  }
  forget(): void {
    guard(() => this.environment.storage?.removeItem(this.slot()));
  }

  private stored(): Session | undefined {
    const kept: unknown = guard((): unknown => JSON.parse(this.environment.storage?.getItem(this.slot()) ?? "null"));
    if (
      !isJson(kept) ||
      !isText(kept["id"]) ||
      !isText(kept["token"]) ||
      !isText(kept["resume"]) ||
      !isJson(kept["limits"])
    )
      return undefined;
    const at = (name: string): number => positive(kept[name], 0);
    return {
      id: kept["id"],
      token: kept["token"],
      resume: kept["resume"],
      tab: 0,
      limits: limitsOf(kept["limits"]),
      startedAt: at("startedAt"),
      expiresAt: at("expiresAt"),
      activeAt: at("activeAt"),
    };
  }

  /** Joins the session of this browser tab or starts one; undefined: this visit is not recorded. */
  async open(subject: Subject | undefined): Promise<Session | undefined> {
    const kept = this.stored();
    const now = this.environment.now();
    if (
      kept &&
      now - kept.activeAt < IDLE_MS &&
      now - kept.startedAt < kept.limits.session_ms &&
      (await this.joinTab(kept))
    )
      return kept;
    return this.live ? this.start(subject, kept?.id) : undefined;
  }

  private async joinTab(session: Session): Promise<boolean> {
    const ask = () => this.insist(() => this.send(`sessions/${session.id}/tabs`, session.token, {}));
    let answer = await ask();
    if (answer.status === 401 && (await this.renew(session))) answer = await ask();
    const tab = answer.body["tab"];
    if (answer.status >= 300 || !isNumber(tab)) return false;
    session.tab = tab;
    session.activeAt = this.environment.now();
    this.keep(session);
    return true;
  }

  /** Starts a session; `previous` links it to the one before. */
  async start(subject: Subject | undefined, previous: string | undefined): Promise<Session | undefined> {
    const { key, release, project } = this.options;
    const answer = await this.insist(() =>
      this.send("sessions", key, {
        page: { url: cleanUrl(location.href), title: detect(document.title).slice(0, 300) },
        policy_version: POLICY_VERSION,
        agent: { name: "@sealtape/agent", version: __VERSION__ },
        ...(subject ? { subject: subjectBody(subject) } : {}),
        ...(release === undefined ? {} : { release }),
        ...(project === undefined ? {} : { project }),
        ...(previous === undefined ? {} : { previous_session: previous }),
      }),
    );
    const { session_id: id, token, resume, tab, limits } = answer.body;
    if (answer.status >= 300 || !isText(id) || !isText(token)) return undefined;
    const now = this.environment.now();
    const session: Session = {
      id,
      token,
      resume: isText(resume) ? resume : "",
      tab: positive(tab, 0),
      limits: limitsOf(limits),
      startedAt: now,
      expiresAt: expiryOf(answer, now),
      activeAt: now,
    };
    this.keep(session);
    return session;
  }

  /** A new token by `resume`; false when the server says no. */
  async renew(session: Session): Promise<boolean> {
    const answer = await this.insist(() =>
      this.send(`sessions/${session.id}/token`, this.options.key, { resume: session.resume }),
    );
    const token = answer.body["token"];
    if (answer.status >= 300 || !isText(token)) return false;
    session.token = token;
    session.expiresAt = expiryOf(answer, this.environment.now());
    this.keep(session);
    return true;
  }

  /** Tells who the visitor is; false when the session belongs to somebody else (409). */
  async identify(session: Session, subject: Subject): Promise<boolean> {
    const answer = await this.insist(() =>
      this.send(`sessions/${session.id}/identify`, session.token, subjectBody(subject)),
    );
    return answer.status !== 409;
  }

  /** A hint that this tab has ended after `segments` segments. */
  async finish(session: Session, segments: number): Promise<void> {
    await this.send(`sessions/${session.id}/finish`, session.token, { tab: session.tab, segments, gaps: [] });
  }

  /** Sends one segment body under its head. */
  upload(head: Json, bytes: Uint8Array, keepalive: boolean): Promise<Answer> {
    const line = new TextEncoder().encode(`${JSON.stringify(head)}\n`);
    const body = new Uint8Array(line.length + bytes.length);
    body.set(line);
    body.set(bytes, line.length);
    return post(this.environment, {
      url: this.url("upload"),
      headers: { "content-type": "text/plain" },
      body,
      keepalive,
    });
  }
}
