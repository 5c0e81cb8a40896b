/** One field the server refused (RFC 9457 `errors` member). */
export interface FieldError {
  /** JSON pointer into the request. */
  readonly pointer: string;
  readonly detail: string;
}

/** What to prove again before the server does what was asked. */
export interface StepUpNeeded {
  /** `enrolment` is a second factor, which must be enrolled first. */
  readonly needs: "password" | "factor" | "enrolment";
  /** How recent the proof must be, in seconds. */
  readonly withinSeconds: number;
}

/** What an `ApiError` is made of. */
export interface ApiErrorParts {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** The problem's stable code, e.g. `not-found`; `network` when no answer came. */
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  /** To quote to whoever runs the server. */
  readonly requestId: string | undefined;
  readonly errors: readonly FieldError[];
  /** Set for `step-up-required`. */
  readonly stepUp?: StepUpNeeded | undefined;
  /** Seconds after which another try is worth it, where the server said so. */
  readonly retryAfter?: number | undefined;
}

/** A problem the API answered with, or that kept it from answering. */
export class ApiError extends Error implements ApiErrorParts {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly requestId: string | undefined;
  readonly errors: readonly FieldError[];
  readonly stepUp: StepUpNeeded | undefined;
  readonly retryAfter: number | undefined;

  constructor(parts: ApiErrorParts) {
    super(parts.detail ?? parts.title);
    this.name = "ApiError";
    this.status = parts.status;
    this.code = parts.code;
    this.title = parts.title;
    this.detail = parts.detail;
    this.requestId = parts.requestId;
    this.errors = parts.errors;
    this.stepUp = parts.stepUp;
    this.retryAfter = parts.retryAfter;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function fieldErrors(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    if (!isRecord(entry)) return [];
    const pointer = text(entry.pointer);
    const detail = text(entry.detail);
    return pointer !== undefined && detail !== undefined ? [{ pointer, detail }] : [];
  });
}

function stepUp(value: unknown): StepUpNeeded | undefined {
  if (!isRecord(value)) return undefined;
  const { needs, within_seconds: withinSeconds } = value;
  const known = needs === "password" || needs === "factor" || needs === "enrolment";
  return known && typeof withinSeconds === "number" ? { needs, withinSeconds } : undefined;
}

function seconds(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header) ? Number(header) : undefined;
}

/** The error of an answer; a body that is no problem document still gives one. */
export function apiError(response: Response, body: unknown): ApiError {
  const problem = isRecord(body) ? body : {};
  return new ApiError({
    status: response.status,
    code: text(problem.code) ?? `http-${String(response.status)}`,
    title: text(problem.title) ?? (response.statusText || `HTTP ${String(response.status)}`),
    detail: text(problem.detail),
    requestId: text(problem.request_id) ?? response.headers.get("x-request-id") ?? undefined,
    errors: fieldErrors(problem.errors),
    stepUp: stepUp(problem.step_up),
    retryAfter: seconds(response.headers.get("retry-after")),
  });
}

/** The error when no answer came at all. */
export function networkError(cause: unknown): ApiError {
  const error = new ApiError({
    status: 0,
    code: "network",
    title: "No answer from the server",
    detail: undefined,
    requestId: undefined,
    errors: [],
  });
  error.cause = cause;
  return error;
}
