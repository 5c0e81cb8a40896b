/**
 * Purpose: the typed client of the public API.
 * Design: openapi-fetch over one `fetch` that carries the access token and, on the first 401, renews it and asks again.
 * What the server does only for somebody who proved themselves lately (403 `step-up-required`) is asked for again once
 * `onStepUp` has brought the proof, so that no caller needs to know which acts those are. Every failure leaves as an `ApiError`.
 * How to add one more call: none is added here; the paths come from `openapi.json`.
 */
import createClient, { type Client } from "openapi-fetch";
import { apiError, networkError, type StepUpNeeded } from "./errors";
import type { components, paths } from "./schema";
import { type TokenAnswer, tokenKeeper } from "./tokens";

/** How to build an `Api`. */
export interface ApiOptions {
  /** Absolute origin of the API, e.g. `https://console.example`. */
  readonly baseUrl: string;
  /** Called once a renewal was refused: the sign-in is over. */
  readonly onSignedOut?: () => void;
  /** Asks the person for a fresh proof and sends it to `/v1/auth/step-up`; true once it was taken. */
  readonly onStepUp?: (needed: StepUpNeeded) => Promise<boolean>;
  /** Instead of the platform's `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** What signing in needs. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** The tenant's short name; needed only by who belongs to several. */
  readonly tenant?: string;
}

/** The API with the caller's sign-in. */
export interface Api {
  readonly client: Client<paths>;
  /** Whether an access token is held. */
  readonly signedIn: () => boolean;
  /** Takes up a sign-in left in the refresh cookie; false when there is none. */
  readonly resume: () => Promise<boolean>;
  /** Rejects with `MfaRequired` when the member has a second factor. */
  readonly login: (credentials: Credentials) => Promise<void>;
  /** Answers the challenge of `MfaRequired`. */
  readonly completeLogin: (answer: MfaAnswer) => Promise<void>;
  readonly logout: () => Promise<void>;
  /** Goes over to another tenant, with the answer to its challenge where it has one; rejects like `login`. */
  readonly switchTenant: (tenant: string, answer?: MfaAnswer) => Promise<void>;
  /** A GET whose body is read while it arrives. Rejects with `ApiError` on any answer but 2xx. */
  readonly stream: (path: string, options: StreamOptions) => Promise<ReadableStream<Uint8Array>>;
  /** The same, with how much there is to come. */
  readonly download: (path: string, options: StreamOptions) => Promise<Download>;
}

/** A body that is on its way. */
export interface Download {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Its bytes, where the server says so. */
  readonly length: number | undefined;
}

/** Options of `Api.stream` and `Api.download`. */
export interface StreamOptions {
  readonly accept: string;
  readonly signal: AbortSignal;
}

/** A challenge and what proves the second factor. */
export type MfaAnswer = components["schemas"]["Mfa"];

/** The password was right, and the member has a second factor: the challenge that `/v1/auth/mfa` completes. */
export class MfaRequired extends Error {
  constructor(readonly challenge: components["schemas"]["MfaRequired"]) {
    super("a second factor is required");
    this.name = "MfaRequired";
  }
}

/** What every openapi-fetch call resolves to. */
interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The data of a call, or its problem as `ApiError`. */
export async function take<T>(call: Promise<Answer<T>>): Promise<T> {
  const answer = await call;
  if (!answer.response.ok) throw apiError(answer.response, answer.error);
  if (answer.data === undefined) throw apiError(answer.response, undefined);
  return answer.data;
}

/** Like `take` for calls that answer without a body. */
export async function done(call: Promise<Answer<unknown>>): Promise<void> {
  const answer = await call;
  if (!answer.response.ok) throw apiError(answer.response, answer.error);
}

/** A proof that is asked for must not ask for itself. */
const STEP_UP_PATH = "/v1/auth/step-up";

async function stepUpOf(request: Request, response: Response): Promise<StepUpNeeded | undefined> {
  if (response.status !== 403 || new URL(request.url).pathname.startsWith(STEP_UP_PATH)) return undefined;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return apiError(response, body).stepUp;
}

async function problemOf(response: Response): Promise<never> {
  const body: unknown = await response.json().catch(() => undefined);
  throw apiError(response, body);
}

/** How long a body is. Of one that was packed for the way, the header says another length. */
function lengthOf({ headers }: Response): number | undefined {
  const length = headers.get("content-length");
  return length !== null && /^\d+$/.test(length) && !headers.has("content-encoding") ? Number(length) : undefined;
}

/** Builds the client. */
export function createApi(options: ApiOptions): Api {
  const send = async (request: Request): Promise<Response> => {
    try {
      return await (options.fetch ?? globalThis.fetch)(request);
    } catch (cause) {
      if (request.signal.aborted) throw cause;
      throw networkError(cause);
    }
  };
  const plain = createClient<paths>({ baseUrl: options.baseUrl, fetch: send });

  const refresh = async (): Promise<TokenAnswer | undefined> => {
    const answer = await plain.POST("/v1/auth/refresh");
    if (answer.response.status === 401 || answer.response.status === 403) return undefined;
    return take(Promise.resolve(answer));
  };
  const keeper = tokenKeeper(refresh);

  const signed = async (request: Request): Promise<Response> => {
    const attempt = (token: string | undefined): Promise<Response> => {
      const copy = request.clone();
      if (token !== undefined) copy.headers.set("authorization", `Bearer ${token}`);
      return send(copy);
    };
    const used = keeper.current();
    const first = await attempt(used);
    if (first.status !== 401) return first;
    // Another call may have renewed while this one was under way.
    const held = keeper.current();
    const renewed = held !== undefined && held !== used ? held : await keeper.renew();
    if (renewed === undefined) {
      options.onSignedOut?.();
      return first;
    }
    return attempt(renewed);
  };

  const authorized = async (request: Request): Promise<Response> => {
    const answer = await signed(request);
    const needed = await stepUpOf(request, answer);
    if (needed === undefined || (await options.onStepUp?.(needed)) !== true) return answer;
    return signed(request);
  };

  const client = createClient<paths>({ baseUrl: options.baseUrl, fetch: authorized });

  const download = async (path: string, { accept, signal }: StreamOptions): Promise<Download> => {
    const request = new Request(new URL(path, options.baseUrl), { headers: { accept }, signal });
    const response = await authorized(request);
    if (!response.ok || response.body === null) return problemOf(response);
    return { body: response.body, length: lengthOf(response) };
  };

  return {
    client,
    signedIn: () => keeper.current() !== undefined,
    resume: async () => (await keeper.renew()) !== undefined,
    login: async (credentials) => {
      const answer = await take(plain.POST("/v1/auth/login", { body: { ...credentials } }));
      if ("mfa_required" in answer) throw new MfaRequired(answer);
      keeper.hold(answer);
    },
    completeLogin: async (answer) => {
      keeper.hold(await take(plain.POST("/v1/auth/mfa", { body: answer })));
    },
    logout: async () => {
      await done(client.POST("/v1/auth/logout"));
      keeper.drop();
    },
    switchTenant: async (tenant, proof) => {
      const answer = await take(client.POST("/v1/auth/switch", { body: { tenant, ...proof } }));
      if ("mfa_required" in answer) throw new MfaRequired(answer);
      keeper.hold(answer);
    },
    stream: async (path, streamOptions) => (await download(path, streamOptions)).body,
    download,
  };
}
