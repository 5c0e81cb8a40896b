import type { SessionSummary } from "@sealtape/api-client";
import type { PlainKey, Translate } from "../i18n/translate";
import { path } from "../recording/format";

const MASK = "▇";

/** What a session is called: its first page's title, else that page's path. A masked title says nothing. */
export function sessionTitle(session: SessionSummary, t: Translate): string {
  const title = session.entry_title ?? "";
  if (title !== "" && !title.includes(MASK)) return title;
  const url = session.entry_url ?? "";
  return url === "" ? t("session.untitled") : path(url);
}

const STATES: Readonly<Record<string, PlainKey>> = {
  live: "state.live",
  closed: "state.closed",
  erased: "state.erased",
};

/** The word of a session's state. */
export function stateWord(state: string, t: Translate): string {
  const key = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  return key === undefined ? state : t(key);
}

const PANES: Readonly<Record<string, PlainKey>> = {
  dom: "view.pane.dom",
  console: "view.pane.console",
  network: "view.pane.network",
  actions: "view.pane.actions",
  state: "view.pane.state",
};

/** "page, console": streams of a session by their words. */
export function paneWords(panes: readonly string[], t: Translate): string {
  const words = panes.map((pane) => {
    const key = Object.hasOwn(PANES, pane) ? PANES[pane] : undefined;
    return key === undefined ? pane : t(key);
  });
  return words.join(", ");
}
