/** What the form asks for, before it is one request: pasted links and filters become what the API takes. */
import type { WantedSessions } from "@sealtape/api-client";
import type { SessionFilters } from "../../api/filters";

/** Most sessions of one request. */
export const MOST_SESSIONS = 50;

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/giu;

/** The session ids of a text: bare, or in links, each once. */
export function readIds(text: string): readonly string[] {
  return [...new Set((text.match(ID) ?? []).map((id) => id.toLowerCase()))];
}

/** A filter as its fields hold it; empty text means "not narrowed". */
export interface WantedForm {
  readonly project: string;
  readonly from: string;
  readonly to: string;
  readonly errors: boolean;
  readonly release: string;
  readonly browser: string;
  readonly os: string;
}

/** A filter that narrows nothing. */
export const NOTHING_WANTED: WantedForm = {
  project: "",
  from: "",
  to: "",
  errors: false,
  release: "",
  browser: "",
  os: "",
};

/** What of the session list's filters a request can be made by. */
export function wantedOf(filters: SessionFilters): WantedForm {
  return {
    project: filters.project ?? "",
    from: filters.from ?? "",
    to: filters.to ?? "",
    errors: filters.errors === true,
    release: filters.release ?? "",
    browser: filters.browser ?? "",
    os: filters.os ?? "",
  };
}

/** Whether anything narrows it: a request for everything is none that somebody could approve. */
export const isWanted = (form: WantedForm): boolean =>
  Object.values(form).some((value) => value !== "" && value !== false);

/** The filter as the API takes it. */
export function wantedFilter(form: WantedForm): WantedSessions {
  const time = (local: string): string | null => (local === "" ? null : new Date(local).toISOString());
  const word = (value: string): string | null => (value.trim() === "" ? null : value.trim());
  return {
    project: word(form.project),
    from: time(form.from),
    to: time(form.to),
    has_error: form.errors ? true : null,
    release: word(form.release),
    browser: word(form.browser),
    os: word(form.os),
  };
}
