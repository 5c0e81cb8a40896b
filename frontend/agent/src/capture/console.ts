/** Purpose: what the page writes to its console, as `sealtape/console@1`, cleaned and bounded. */
import { guard, patch } from "../guard";
import { clip, describe } from "../privacy/describe";
import { cleanStack } from "./errors";
import type { Stream } from "./stream";

const LEVELS = ["debug", "log", "info", "warn", "error"] as const;
const MOST_ARGUMENTS = 10;

export function captureConsole(stream: Stream): void {
  let inside = false;
  for (const level of LEVELS) {
    const wrap =
      (original: (...args: unknown[]) => void) =>
      (...args: unknown[]): void => {
        // `inside`: describing a value must not write to the console in a circle.
        if (!inside) {
          inside = true;
          guard(() =>
            stream.emit("console", { level, args: args.slice(0, MOST_ARGUMENTS).map(asText), ...traceOf(level, args) }),
          );
          inside = false;
        }
        original.apply(console, args);
      };
    patch(console, level, wrap, stream.undo);
  }
}

function asText(value: unknown): string {
  const plain = describe(value);
  return typeof plain === "string" ? plain : clip(JSON.stringify(plain));
}

function traceOf(level: string, args: unknown[]): { trace?: string } {
  const error = args.find((arg) => arg instanceof Error);
  return level === "error" && error?.stack ? { trace: cleanStack(error.stack) } : {};
}
