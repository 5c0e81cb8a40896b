/**
 * Purpose: what a person reads of a recording: one item per action, page, request, message, error and gap.
 * Design: only the streams with meaning become items; mouse moves and mutations are for the player. Payloads are read
 * field by field, because a recording holds whatever a recorder sent.
 * How to add one more kind: a shape in `TapeItem`, a reader in `readers`, a sentence in `sentences.ts`.
 */
import { isRecord, number, text } from "./guards";
import type { RawEvent, StreamLine, TapeGap } from "./stream";

interface Base {
  /** Epoch ms. */
  readonly at: number;
  readonly tab: number;
}

/** One line of the event list. */
export type TapeItem = Base &
  (
    | {
        readonly kind: "action";
        readonly action: string;
        readonly name: string | undefined;
        readonly key: string | undefined;
        readonly masked: boolean;
      }
    | { readonly kind: "navigation"; readonly how: string; readonly url: string; readonly title: string | undefined }
    | { readonly kind: "console"; readonly level: string; readonly message: string }
    | {
        readonly kind: "network";
        readonly method: string;
        readonly url: string;
        readonly status: number | undefined;
        readonly durationMs: number | undefined;
        readonly failure: string | undefined;
      }
    | {
        readonly kind: "error";
        readonly how: string;
        readonly name: string;
        readonly message: string;
        readonly fingerprint: string | undefined;
      }
    | { readonly kind: "gap"; readonly gap: TapeGap }
    | { readonly kind: "custom"; readonly name: string }
  );

/** The kind of a `TapeItem`. */
export type ItemKind = TapeItem["kind"];

const META = 4;
const CUSTOM = 5;
const PLUGIN = 6;

type Payload = Record<string, unknown>;
type Reader = (base: Base, payload: Payload) => TapeItem | undefined;

const MASK = "▇";

function action(base: Base, payload: Payload): TapeItem | undefined {
  const kind = text(payload.kind);
  if (kind === undefined) return undefined;
  const name = text(payload.name);
  return {
    ...base,
    kind: "action",
    action: kind,
    name: name?.includes(MASK) === true ? undefined : name,
    key: text(payload.key),
    masked: text(payload.value_class) !== undefined,
  };
}

function navigation(base: Base, payload: Payload): TapeItem | undefined {
  const url = text(payload.url);
  if (url === undefined) return undefined;
  return { ...base, kind: "navigation", how: text(payload.kind) ?? "load", url, title: text(payload.title) };
}

function network(base: Base, payload: Payload): TapeItem | undefined {
  const url = text(payload.url);
  if (url === undefined) return undefined;
  const start = number(payload.start_ms);
  const end = number(payload.end_ms);
  const status = number(payload.status);
  return {
    ...base,
    kind: "network",
    method: (text(payload.method) ?? "GET").toUpperCase(),
    url,
    status: status === 0 ? undefined : status,
    durationMs: start !== undefined && end !== undefined ? Math.max(0, end - start) : undefined,
    failure: text(payload.error),
  };
}

function words(parts: unknown): string {
  if (!Array.isArray(parts)) return "";
  return parts.map((part: unknown) => (typeof part === "string" ? part : JSON.stringify(part))).join(" ");
}

function consoleCall(base: Base, payload: Payload): TapeItem {
  return { ...base, kind: "console", level: text(payload.level) ?? "log", message: words(payload.args) };
}

/** What rrweb's console plugin wrote for an argument: JSON, where a text is in quotes. */
function unquoted(part: unknown): unknown {
  if (typeof part !== "string") return part;
  try {
    return JSON.parse(part);
  } catch {
    return part;
  }
}

function rrwebConsoleCall(base: Base, payload: Payload): TapeItem {
  const parts = Array.isArray(payload.payload) ? payload.payload.map(unquoted) : [];
  return { ...base, kind: "console", level: text(payload.level) ?? "log", message: words(parts) };
}

function error(base: Base, payload: Payload): TapeItem {
  return {
    ...base,
    kind: "error",
    how: text(payload.kind) ?? "error",
    name: text(payload.name) ?? "Error",
    message: text(payload.message) ?? "",
    fingerprint: text(payload.fingerprint),
  };
}

const readers: Readonly<Record<string, Reader>> = {
  "sealtape/action@1": action,
  "sealtape/nav@1": navigation,
  "sealtape/network@1": network,
  "sealtape/console@1": consoleCall,
  "rrweb/console@1": rrwebConsoleCall,
  "sealtape/error@1": error,
};

function pluginItem(base: Base, data: unknown): TapeItem | undefined {
  if (!isRecord(data) || !isRecord(data.payload)) return undefined;
  const plugin = text(data.plugin) ?? "";
  return Object.hasOwn(readers, plugin) ? readers[plugin]?.(base, data.payload) : undefined;
}

function customItem(base: Base, data: unknown): TapeItem | undefined {
  if (!isRecord(data) || data.tag !== "sealtape/event@1" || !isRecord(data.payload)) return undefined;
  const name = text(data.payload.name);
  return name === undefined ? undefined : { ...base, kind: "custom", name };
}

function metaItem(base: Base, data: unknown): TapeItem | undefined {
  const url = isRecord(data) ? text(data.href) : undefined;
  return url === undefined ? undefined : { ...base, kind: "navigation", how: "load", url, title: undefined };
}

function eventItem(tab: number, event: RawEvent): TapeItem | undefined {
  const base: Base = { at: event.timestamp, tab };
  switch (event.type) {
    case META:
      return metaItem(base, event.data);
    case CUSTOM:
      return customItem(base, event.data);
    case PLUGIN:
      return pluginItem(base, event.data);
    default:
      return undefined;
  }
}

/** The item a line of the stream stands for, if a reader should see it. */
export function itemOf(line: StreamLine): TapeItem | undefined {
  switch (line.kind) {
    case "event":
      return eventItem(line.tab, line.event);
    case "gap":
      return { kind: "gap", at: line.gap.fromMs, tab: line.gap.tab, gap: line.gap };
    case "head":
    case "end":
      return undefined;
  }
}

/** How far apart two reports of one page load may be: rrweb's meta event and our navigation event. */
const SAME_LOAD_MS = 2000;

/** Adds items; a page load told twice (rrweb repeats its meta event at each checkout) stays one. */
export function appendItems(items: readonly TapeItem[], added: readonly TapeItem[]): readonly TapeItem[] {
  const result = [...items];
  for (const item of added) {
    if (item.kind !== "navigation") {
      result.push(item);
      continue;
    }
    const previous = result.findLast((each) => each.kind === "navigation" && each.tab === item.tab);
    if (previous?.kind === "navigation" && previous.url === item.url) {
      if (item.title === undefined && item.how === "load") continue;
      if (previous.title === undefined && item.at - previous.at < SAME_LOAD_MS) {
        result[result.indexOf(previous)] = { ...item, at: previous.at };
        continue;
      }
    }
    result.push(item);
  }
  // A gap is told when its tab goes on, an action when its request has ended: put what came late where it happened.
  const ordered = result.every((item, index) => index === 0 || (result[index - 1]?.at ?? 0) <= item.at);
  return ordered ? result : result.toSorted((a, b) => a.at - b.at);
}

/** Whether an item tells of something that went wrong. */
export function isFailure(item: TapeItem): boolean {
  switch (item.kind) {
    case "error":
      return true;
    case "network":
      return item.failure !== undefined || (item.status ?? 0) >= 400;
    case "console":
      return item.level === "error";
    case "action":
    case "navigation":
    case "gap":
    case "custom":
      return false;
  }
}
