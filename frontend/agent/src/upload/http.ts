/**
 * Purpose: one request to the ingest interface and its answer in a form that decisions can be made on.
 * Design: never throws: no network is status 0. Credentials and referrer stay at home.
 */
import type { Environment } from "../environment";
import { isJson, type Json } from "../guard";

/** What came back. */
export interface Answer {
  /** HTTP status; 0 when there was no answer. */
  status: number;
  /** The JSON body; empty when there was none. */
  body: Json;
  /** `Retry-After` in milliseconds; 0 when absent. */
  retryAfter: number;
  /** `Sealtape-Time`: the server's clock in epoch milliseconds, when it said so. */
  serverTime: number | undefined;
}

/** What is sent. */
export interface Call {
  url: string;
  body: BodyInit;
  headers: Record<string, string>;
  keepalive?: boolean;
}

function retryAfterOf(value: string | null, now: number): number {
  if (!value) return 0;
  const seconds = Number(value);
  const wait = Number.isNaN(seconds) ? Date.parse(value) - now : seconds * 1000;
  return wait > 0 ? Math.min(wait, 600_000) : 0;
}

/** Sends `call` with POST. */
export async function post(environment: Environment, call: Call): Promise<Answer> {
  try {
    const { url, ...rest } = call;
    const response = await environment.fetch(url, {
      method: "POST",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      ...rest,
    });
    let body: unknown;
    try {
      body = await response.json();
    } catch {
      // 204 and answers of proxies have no JSON; the status says enough.
    }
    const time = Number(response.headers.get("sealtape-time"));
    return {
      status: response.status,
      body: isJson(body) ? body : {},
      retryAfter: retryAfterOf(response.headers.get("retry-after"), environment.now()),
      serverTime: time > 0 ? time : undefined,
    };
  } catch {
    return { status: 0, body: {}, retryAfter: 0, serverTime: undefined };
  }
}

/** No answer, too many requests, or trouble on the other side: the same request may succeed later. */
export const isPassing = (status: number): boolean =>
  status === 0 || status === 408 || status === 425 || status === 429 || status >= 500;

/** Full jitter over an exponential step of at most 30 s, behind what the server asked for. */
export const backoff = (attempt: number, retryAfter: number, random: () => number): number =>
  retryAfter + random() * Math.min(30_000, 1000 * 2 ** Math.min(attempt, 8));
