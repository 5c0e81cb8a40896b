import type { SessionSummary } from "@sealtape/api-client";
import type { Translate } from "../i18n/translate";
import { path } from "../recording/format";

const MASK = "▇";

/** What a session is called: its first page's title, else that page's path. A masked title says nothing. */
export function sessionTitle(session: SessionSummary, t: Translate): string {
  const title = session.entry_title ?? "";
  if (title !== "" && !title.includes(MASK)) return title;
  const url = session.entry_url ?? "";
  return url === "" ? t("session.untitled") : path(url);
}
