/**
 * Purpose: what every capture stream is given.
 * Design: a stream listens or wraps, cleans what it saw and hands over one payload. It never sees queue or network.
 * How to add one more: a function `(stream: Stream) => void` in `capture/`, its name in `STREAMS` of `recorder.ts`, its
 * payload in the table of event types.
 */
import type { Environment } from "../environment";
import type { Json, Undo } from "../guard";

/** An event whose payload may still change until its segment is cut. */
export interface OpenEvent {
  isOpen(): boolean;
}

/** The way of one stream into the recording. */
export interface Stream {
  environment: Environment;
  /** Server address whose requests are ours and not the page's. */
  endpoint: string;
  /** Takes everything back when recording stops. */
  undo: Undo[];
  /** Records `sealtape/<name>@1`; `open` lets the payload be changed until the segment is cut. */
  emit(name: string, payload: Json, open?: boolean): OpenEvent;
  /** The rrweb id of a node; -1 when rrweb does not know it. */
  idOf(node: Node): number;
  /** A short id, unique in this session. */
  newId(): string;
  /** Also takes events that scripts made; for tests, which cannot make others. */
  trustAll?: boolean;
  /** A trusted sign of the visitor. */
  active(): void;
  /** The action under way, for requests that it starts. */
  action: ActionContext;
}

/** Ties requests to the action that started them. */
export interface ActionContext {
  /** Notes that request `id` starts now; answers the id of the action it belongs to. */
  claim(request: string): string | undefined;
}
