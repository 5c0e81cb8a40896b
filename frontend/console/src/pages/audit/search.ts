import { readIds } from "../../components/ask/wanted";
import { isRecord, text } from "../../recording/guards";

/** What the URL of "who saw a person" holds: the person's id, which says nothing about them. */
export interface SeenSearch {
  readonly subject?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Reads the URL of "who saw a person". A refused field stays as `undefined`: the router lays this over the raw one. */
export function readSeenSearch(search: unknown): SeenSearch {
  const from = isRecord(search) ? search : {};
  const [subject] = readIds(text(from.subject) ?? "");
  return { subject, cursor: text(from.cursor) };
}
