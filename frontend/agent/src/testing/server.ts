/**
 * A page's surroundings for tests: a clock that stands until it is moved, numbered chance, and a server that keeps what
 * it is sent and answers by the rules of the ingest interface unless a test says otherwise.
 */
import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Environment } from "../environment";
import { isJson, isNumber, isText, type Json } from "../guard";

/** One upload as the server saw it. */
export interface Upload {
  head: Json;
  text: string;
  keepalive: boolean;
  contentType: string;
}

/** What a test may answer instead of the server's own rules. */
export interface Reply {
  status: number;
  body?: Json;
  headers?: Record<string, string>;
}

export const parseJson = (text: string): Json => {
  const value: unknown = JSON.parse(text);
  if (!isJson(value)) throw new Error(`not an object: ${text}`);
  return value;
};

const wait = () => new Promise<void>((done) => setImmediate(done));

export class FakeServer {
  time = 1_700_000_000_000;
  /** Everything that arrived, in order, also what was refused. */
  calls: { path: string; body: Json; token: string }[] = [];
  attempts: Upload[] = [];
  /** Accepted uploads. */
  stored: Upload[] = [];
  next = new Map<number, number>();
  tabs = 0;
  tokens = new Set(["token-0"]);
  limits: Json = {
    segment_bytes: 1_000_000,
    decoded_bytes: 8_000_000,
    events: 5000,
    interval_ms: 5000,
    session_ms: 7_200_000,
  };
  sessions = 0;
  wantSnapshot = false;
  /** A test's own answer; undefined leaves it to the rules. "lose": the server works, its answer does not arrive. */
  intervene: (path: string, upload: Upload | undefined) => Reply | "lose" | undefined = () => undefined;
  private timers: { at: number; work: () => void }[] = [];
  private items = new Map<string, string>();
  randomness = 0.5;

  environment(): Environment {
    return {
      now: () => this.time,
      random: () => this.randomness,
      fetch: (url, init) => this.answer(String(url instanceof Request ? url.url : url), init ?? {}),
      later: (work, ms) => {
        const timer = { at: this.time + ms, work };
        this.timers.push(timer);
        return () => {
          this.timers = this.timers.filter((other) => other !== timer);
        };
      },
      gzip: (bytes) => Promise.resolve(new Uint8Array(gzipSync(bytes))),
      digest: (bytes) => Promise.resolve(new Uint8Array(createHash("sha256").update(bytes).digest())),
      storage: {
        getItem: (name) => this.items.get(name) ?? null,
        setItem: (name, value) => void this.items.set(name, value),
        removeItem: (name) => void this.items.delete(name),
      },
    };
  }

  /** Lets everything that is due run. */
  async settle(): Promise<void> {
    for (let round = 0; round < 30; round++) await wait();
  }

  /** Moves the clock and runs the timers on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await this.settle();
    for (;;) {
      const due = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((other) => other !== due);
      this.time = Math.max(this.time, due.at);
      due.work();
      await this.settle();
    }
    this.time = end;
  }

  /** All stored events of a tab in order. */
  events(tab = 0): Json[] {
    return this.stored.filter(({ head }) => head["tab"] === tab).flatMap(({ text }) => text.split("\n").map(parseJson));
  }

  /** Payloads of one stream. */
  payloads(name: string, tab = 0): Json[] {
    return this.events(tab).flatMap(({ data }) =>
      isJson(data) && data["plugin"] === `sealtape/${name}@1` && isJson(data["payload"]) ? [data["payload"]] : [],
    );
  }

  private async answer(url: string, init: RequestInit): Promise<Response> {
    const path = new URL(url).pathname;
    const upload = path.endsWith("/upload") ? readUpload(init) : undefined;
    if (upload) this.attempts.push(upload);
    else
      this.calls.push({
        path,
        body: parseJson(isText(init.body) ? init.body : "{}"),
        token: new Headers(init.headers).get("authorization") ?? "",
      });
    const own = this.intervene(path, upload);
    if (own && own !== "lose") return respond(own);
    const reply = upload ? this.accept(upload) : this.manage(path);
    await wait();
    if (own === "lose") throw new TypeError("network lost");
    return respond(reply);
  }

  private accept(upload: Upload): Reply {
    const { head } = upload;
    const tab = isNumber(head["tab"]) ? head["tab"] : -1;
    const next = this.next.get(tab) ?? 0;
    if (!this.tokens.has(String(head["token"]))) return { status: 401 };
    if (head["n"] !== next) {
      const same = this.stored.some(
        (other) => other.head["tab"] === tab && other.head["n"] === head["n"] && other.text === upload.text,
      );
      return same ? this.durable(next) : { status: 409, body: { code: "not-next", next } };
    }
    this.stored.push(upload);
    this.next.set(tab, next + 1);
    return this.durable(next + 1);
  }

  private durable(next: number): Reply {
    const snapshot = this.wantSnapshot;
    this.wantSnapshot = false;
    return { status: 200, body: { durable: true, policy_version: 1, next, snapshot } };
  }

  private manage(path: string): Reply {
    const expires_at = new Date(this.time + 3_600_000).toISOString();
    const headers = { "sealtape-time": String(this.time) };
    if (path.endsWith("/agent/sessions")) {
      this.next.clear();
      this.tabs = 1;
      const session_id = `s${this.sessions++}`;
      return {
        status: 201,
        headers,
        body: { session_id, token: "token-0", resume: "resume", tab: 0, expires_at, limits: this.limits },
      };
    }
    if (path.endsWith("/tabs")) return { status: 201, body: { tab: this.tabs++ } };
    if (path.endsWith("/token")) {
      this.tokens.add("token-1");
      return { status: 200, headers, body: { token: "token-1", expires_at } };
    }
    return { status: 204 };
  }
}

const respond = ({ status, body, headers }: Reply): Response =>
  new Response(status === 204 ? null : JSON.stringify(body ?? {}), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });

/** Reads head line and body, and checks the digest as the server does. */
function readUpload(init: RequestInit): Upload {
  if (!(init.body instanceof Uint8Array)) throw new Error("an upload is bytes");
  const bytes = Buffer.from(init.body);
  const line = bytes.indexOf(10);
  const head = parseJson(bytes.subarray(0, line).toString());
  const body = bytes.subarray(line + 1);
  if (createHash("sha256").update(body).digest("base64url") !== head["digest"]) throw new Error("wrong digest");
  const text = (head["encoding"] === "gzip" ? gunzipSync(body) : body).toString();
  return {
    head,
    text,
    keepalive: init.keepalive === true,
    contentType: new Headers(init.headers).get("content-type") ?? "",
  };
}
