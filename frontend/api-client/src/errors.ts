/** One field the server refused (RFC 9457 `errors` member). */
export interface FieldError {
  /** JSON pointer into the request. */
  readonly pointer: string;
  readonly detail: string;
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
}

/** A problem the API answered with, or that kept it from answering. */
export class ApiError extends Error implements ApiErrorParts {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly requestId: string | undefined;
  readonly errors: readonly FieldError[];

  constructor(parts: ApiErrorParts) {
    super(parts.detail ?? parts.title);
    this.name = "ApiError";
    this.status = parts.status;
    this.code = parts.code;
    this.title = parts.title;
    this.detail = parts.detail;
    this.requestId = parts.requestId;
    this.errors = parts.errors;
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
