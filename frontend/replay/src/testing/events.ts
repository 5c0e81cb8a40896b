/** Small rrweb events for unit tests; only what the player looks at is real. */
import type { RecordedEvent } from "../protocol";

export const meta = (timestamp: number): RecordedEvent => ({
  type: 4,
  timestamp,
  data: { href: "", width: 800, height: 600 },
});
export const snapshot = (timestamp: number): RecordedEvent => ({
  type: 2,
  timestamp,
  data: { node: { type: 0, id: 1, childNodes: [] }, initialOffset: { left: 0, top: 0 } },
});
export const click = (timestamp: number): RecordedEvent => ({
  type: 3,
  timestamp,
  data: { source: 2, type: 2, id: 1 },
});
export const change = (timestamp: number): RecordedEvent => ({
  type: 3,
  timestamp,
  data: { source: 0, adds: [], removes: [], texts: [], attributes: [] },
});
