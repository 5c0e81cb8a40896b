import { type EventFilter, readEventFilter } from "../../api/event-filters";
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

/** What the URL of the exports holds: a page of the list, and the dialog with the filter that it begins with. */
export interface ExportsSearch extends EventFilter {
  readonly page?: string | undefined;
  readonly new?: boolean | undefined;
}

/** Reads the URL of the exports. A refused field stays as `undefined`: the router lays this over the raw one. */
export function readExportsSearch(search: unknown): ExportsSearch {
  const from = isRecord(search) ? search : {};
  return { ...readEventFilter(search), page: text(from.page), new: from.new === true ? true : undefined };
}
