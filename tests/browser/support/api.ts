/** The public API as the tests use it: signing in, reading, and uploading as an agent would. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { deployment, type DemoRole } from "./deployment";

/** A raw rrweb event. */
export interface RecordedEvent {
  type: number;
  timestamp: number;
  data: unknown;
}

/** A line of the events stream, as far as tests look at it. */
export interface EventLine {
  tab?: number;
  event?: RecordedEvent;
  head?: { session_id: string; start_ms: number; state: string; tabs: number[] };
  gap?: { tab: number; from_ms: number; to_ms: number; reason: string };
  end?: { complete: boolean; events: number };
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
}

/** An API client signed in as one demo account. */
export class Api {
  private constructor(private readonly token: string) {}

  static async signIn(role: DemoRole): Promise<Api> {
    const { consoleOrigin, demo } = deployment();
    const response = await checked(
      await fetch(`${consoleOrigin}/v1/auth/login`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Origin: consoleOrigin },
        body: JSON.stringify({ email: demo[role].email, password: demo[role].password }),
      }),
    );
    const { access_token } = (await response.json()) as { access_token: string };
    return new Api(access_token);
  }

  async text(path: string): Promise<string> {
    const { consoleOrigin } = deployment();
    const response = await fetch(consoleOrigin + path, { headers: { Authorization: `Bearer ${this.token}` } });
    return (await checked(response)).text();
  }

  async json<T>(path: string): Promise<T> {
    return JSON.parse(await this.text(path)) as T;
  }

  /** Sends `body` and gives the answer. */
  async send<T>(method: "POST" | "PATCH" | "PUT", path: string, body: unknown): Promise<T> {
    return (await (await this.act(method, path, body)).json()) as T;
  }

  /** Sends what is answered without a body, or with one that is of no interest. */
  async done(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<void> {
    await this.act(method, path, body);
  }

  private async act(method: string, path: string, body: unknown): Promise<Response> {
    const response = await fetch(deployment().consoleOrigin + path, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return checked(response);
  }

  /** All lines of a session's events stream. The last one must be the end. */
  async events(session: string): Promise<EventLine[]> {
    const lines = (await this.text(`/v1/sessions/${session}/events`))
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as EventLine);
    if (lines.at(-1)?.end?.complete !== true) throw new Error("the events stream was cut");
    return lines;
  }
}

/** A session as an agent sees it. */
export interface AgentSession {
  id: string;
  token: string;
}

function agentHeaders(bearer: string): Record<string, string> {
  // The demo key allows the shop's origin only.
  return { Authorization: `Bearer ${bearer}`, Origin: deployment().shopOrigin };
}

/** Starts a session, with the demo project's agent key unless another is given. */
export async function startSession(title: string, key = deployment().demo.agent_key): Promise<AgentSession> {
  const { consoleOrigin, shopOrigin } = deployment();
  const response = await checked(
    await fetch(`${consoleOrigin}/v1/agent/sessions`, {
      method: "POST",
      headers: { ...agentHeaders(key), "Content-Type": "application/json" },
      body: JSON.stringify({
        page: { url: `${shopOrigin}/`, title },
        policy_version: 1,
        agent: { name: "browser-tests", version: "1.0.0" },
      }),
    }),
  );
  const { session_id, token } = (await response.json()) as { session_id: string; token: string };
  return { id: session_id, token };
}

/** Uploads one segment of tab 0 and waits for the durable answer. */
export async function uploadSegment(session: AgentSession, n: number, events: readonly RecordedEvent[]): Promise<void> {
  const { consoleOrigin } = deployment();
  const body = gzipSync(JSON.stringify(events));
  await checked(
    await fetch(`${consoleOrigin}/v1/agent/sessions/${session.id}/segments/0/${n}`, {
      method: "PUT",
      headers: {
        ...agentHeaders(session.token),
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
        "Content-Digest": `sha-256=:${createHash("sha256").update(body).digest("base64")}:`,
      },
      body: new Uint8Array(body),
    }),
  );
}

/** Tells the server that tab 0 has no more segments. */
export async function finishSession(session: AgentSession, segments: number): Promise<void> {
  const { consoleOrigin } = deployment();
  await checked(
    await fetch(`${consoleOrigin}/v1/agent/sessions/${session.id}/finish`, {
      method: "POST",
      headers: { ...agentHeaders(session.token), "Content-Type": "application/json" },
      body: JSON.stringify({ tab: 0, segments, gaps: [] }),
    }),
  );
}

/** Events cut as an agent cuts them: by number and by size. */
export function segmentsOf(events: readonly RecordedEvent[], count = 400, bytes = 600_000): RecordedEvent[][] {
  const segments: RecordedEvent[][] = [];
  let size = 0;
  for (const event of events) {
    const length = JSON.stringify(event).length;
    const open = segments.at(-1);
    if (open === undefined || open.length >= count || size + length > bytes) {
      segments.push([event]);
      size = length;
    } else {
      open.push(event);
      size += length;
    }
  }
  return segments;
}

/** Uploads a whole recording and returns its session id. */
export async function uploadRecording(title: string, events: readonly RecordedEvent[], key?: string): Promise<string> {
  const session = await startSession(title, key);
  const segments = segmentsOf(events);
  for (const [n, segment] of segments.entries()) await uploadSegment(session, n, segment);
  await finishSession(session, segments.length);
  return session.id;
}

/** The same recording, moved in time so that it ends now. */
export function endingNow(events: readonly RecordedEvent[]): RecordedEvent[] {
  const shift = Date.now() - (events.at(-1)?.timestamp ?? 0);
  return events.map((event) => ({ ...event, timestamp: event.timestamp + shift }));
}
