/** What the URLs of the pages about people and keys hold. */
import { isRecord, text } from "../../recording/guards";

/** A page of a list, and the dialog that is open over it. */
export interface ListSearch {
  readonly cursor?: string | undefined;
  /** Opens the dialog that makes a new one. */
  readonly new?: boolean | undefined;
}

/** Reads the URL of a list. A refused field stays as `undefined`: the router lays this record over the raw one. */
export function readListSearch(search: unknown): ListSearch {
  return isRecord(search)
    ? { cursor: text(search.cursor), new: search.new === true ? true : undefined }
    : { cursor: undefined, new: undefined };
}
