/**
 * Purpose: errors of the page as `sealtape/error@1`, with a fingerprint that is equal for equal causes.
 * Design: the fingerprint hashes name, message without numbers and quoted parts, and the first frame of the stack.
 */
import { type Json, listen } from "../guard";
import { clip, describe } from "../privacy/describe";
import { cleanText, cleanUrl } from "../privacy/url";
import type { Stream } from "./stream";

/** A stack trace without query values, e-mail addresses and the like, at most 4 000 characters. */
export const cleanStack = (stack: string): string => cleanText(clip(stack, 4000));

/** FNV-1a over UTF-16 units, two lanes, 16 hexadecimal digits: no secret, only short. */
export function fingerprint(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x9dc5811c;
  for (let at = 0; at < text.length; at++) {
    low = Math.imul(low ^ text.charCodeAt(at), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(at), 0x01000197);
  }
  return [low, high].map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
}

function payloadOf(kind: string, error: unknown, message: string): Json {
  const known = error instanceof Error ? error : undefined;
  const name = known ? known.name : "Error";
  const text = cleanText(clip(known?.message ?? message));
  const stack = known?.stack ? cleanStack(known.stack) : undefined;
  const frame =
    stack
      ?.split("\n")
      .find((line) => /:\d+:\d+/.test(line))
      ?.replace(/:\d+:\d+\)?$/, "") ?? "";
  const shape = text.replace(/(["'`]).*?\1/g, "").replace(/\d+/g, "0");
  return {
    kind,
    name,
    message: text,
    ...(stack ? { stack } : {}),
    fingerprint: fingerprint(`${name}|${shape}|${frame.trim()}`),
  };
}

export function captureErrors(stream: Stream): void {
  listen(
    window,
    "error",
    (event) => {
      if (event instanceof ErrorEvent) {
        const place = event.filename ? { source: cleanUrl(event.filename), line: event.lineno, col: event.colno } : {};
        stream.emit("error", { ...payloadOf("error", event.error, event.message), ...place });
      } else if (event.target instanceof Element) {
        const { target } = event;
        const source = cleanUrl(target.getAttribute("src") ?? target.getAttribute("href") ?? "");
        stream.emit("error", {
          ...payloadOf("resource", undefined, `${target.localName} failed to load: ${source}`),
          name: "ResourceError",
          source,
        });
      }
    },
    stream.undo,
  );
  listen(
    window,
    "unhandledrejection",
    (event) => {
      const reason: unknown = "reason" in event ? event.reason : undefined;
      const told = reason instanceof Error ? "" : describe(reason);
      stream.emit("error", payloadOf("rejection", reason, typeof told === "string" ? told : JSON.stringify(told)));
    },
    stream.undo,
  );
}
