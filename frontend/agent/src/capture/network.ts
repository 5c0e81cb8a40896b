/**
 * Purpose: metadata of requests as `sealtape/network@1`: fetch, XMLHttpRequest, sendBeacon. Never bodies, never headers;
 * of the headers only the length and the trace id are looked at.
 * Design: the page gets its own call's result. A request is told when it ends, with its start, so that its place in the
 * stream is the moment the page could see the answer; what is still under way at pagehide is told as `pending`.
 */
import { guard, isJson, isNumber, type Json, listen, patch } from "../guard";
import { cleanUrl } from "../privacy/url";
import type { Stream } from "./stream";

type OpenArguments = [
  method: string,
  url: string | URL,
  async?: boolean,
  user?: string | null,
  password?: string | null,
];
type Initiator = "fetch" | "xhr" | "beacon";

/** Bytes of a body whose size is known without reading it. */
function sizeOf(body: unknown): number | undefined {
  if (body === null || body === undefined) return 0;
  if (typeof body === "string") return new TextEncoder().encode(body).length;
  if (body instanceof Blob) return body.size;
  if (body instanceof URLSearchParams) return body.toString().length;
  return isJson(body) && isNumber(body["byteLength"]) ? body["byteLength"] : undefined;
}

const bytes = (name: string, size: number | undefined): Json => (size === undefined ? {} : { [name]: size });
const lengthOf = (value: string | null): number | undefined => (value ? Number(value) || 0 : undefined);

export function captureNetwork(stream: Stream): void {
  const { environment, undo } = stream;
  const pending = new Set<(status: number, more: Json) => void>();

  /** Notes a start; the answer tells the end, once. */
  const begin = (initiator: Initiator, method: string, url: string, size: number | undefined, trace?: string) => {
    const href = new URL(url, document.baseURI).href;
    if (href.startsWith(`${stream.endpoint}/v1/agent/`)) return undefined;
    const id = stream.newId();
    const action = stream.action.claim(id);
    const head: Json = {
      id,
      initiator,
      method: method.toUpperCase(),
      url: cleanUrl(href),
      start_ms: environment.now(),
    };
    const end = (status: number, more: Json): void => {
      if (!pending.delete(end)) return;
      const tail: Json = {
        ...bytes("request_bytes", size),
        ...more,
        ...(trace ? { trace_id: trace } : {}),
        ...(action ? { action } : {}),
      };
      stream.emit("network", { ...head, status, end_ms: environment.now(), ...tail });
    };
    pending.add(end);
    return (status: number, more: Json) => guard(() => end(status, more));
  };

  patch(
    window,
    "fetch",
    (original) => async (input: RequestInfo | URL, init?: RequestInit) => {
      const end = guard(() => {
        const request = input instanceof Request ? input : undefined;
        const headers = new Headers(init?.headers ?? request?.headers);
        const trace = /^[\da-f]{2}-([\da-f]{32})-/.exec(headers.get("traceparent") ?? "")?.[1];
        const size = request && init?.body === undefined ? (request.body ? undefined : 0) : sizeOf(init?.body);
        return begin(
          "fetch",
          init?.method ?? request?.method ?? "GET",
          input instanceof Request ? input.url : input instanceof URL ? input.href : input,
          size,
          trace,
        );
      });
      try {
        const response = await original.call(window, input, init);
        end?.(response.status, bytes("response_bytes", lengthOf(response.headers.get("content-length"))));
        return response;
      } catch (error) {
        end?.(0, { error: error instanceof Error ? error.name : "Error" });
        throw error;
      }
    },
    undo,
  );

  const calls = new WeakMap<XMLHttpRequest, { method: string; url: string }>();
  patch(
    XMLHttpRequest.prototype,
    "open",
    (original) =>
      function (this: XMLHttpRequest, ...args: OpenArguments) {
        guard(() => calls.set(this, { method: args[0], url: String(args[1]) }));
        // With exactly the arguments given: an explicit undefined as third would make the request synchronous.
        Reflect.apply(original, this, args);
      },
    undo,
  );
  patch(
    XMLHttpRequest.prototype,
    "send",
    (original) =>
      function (this: XMLHttpRequest, body) {
        guard(() => {
          const call = calls.get(this);
          const end = call && begin("xhr", call.method, call.url, sizeOf(body));
          if (!end) return;
          let failure: string | undefined;
          const note = (event: Event) => (failure = event.type);
          for (const type of ["error", "abort", "timeout"]) this.addEventListener(type, note, { once: true });
          const done = (event: ProgressEvent) =>
            end(this.status, failure ? { error: failure } : { response_bytes: event.loaded });
          this.addEventListener("loadend", done, { once: true });
        });
        original.call(this, body);
      },
    undo,
  );

  patch(
    navigator,
    "sendBeacon",
    (original) => (url: string | URL, body?: BodyInit | null) => {
      const sent = original.call(navigator, url, body);
      guard(() => begin("beacon", "POST", String(url), sizeOf(body))?.(0, sent ? {} : { error: "refused" }));
      return sent;
    },
    undo,
  );

  listen(window, "pagehide", () => [...pending].forEach((end) => end(0, { error: "pending" })), undo);
}
