/**
 * Purpose: plain sentences for items.
 * Design: rule-based; the same item gives the same sentence. A name that was masked is not guessed at.
 * How to add one more: a case here, its messages in every catalogue.
 */
import type { PlainKey, Translate } from "../i18n/translate";
import { length, path } from "./format";
import type { TapeItem } from "./items";

type Action = Extract<TapeItem, { readonly kind: "action" }>;
type Network = Extract<TapeItem, { readonly kind: "network" }>;

/** Words of a gap's reason. */
export function gapReason(reason: string, t: Translate): string {
  const known: Readonly<Record<string, PlainKey>> = {
    "event-too-large": "gap.event-too-large",
    "session-limit": "gap.session-limit",
    "upload-refused": "gap.upload-refused",
    "offline-overflow": "gap.offline-overflow",
    shed: "gap.shed",
    paused: "gap.paused",
    corrupt: "gap.corrupt",
    missing: "gap.missing",
  };
  const key = Object.hasOwn(known, reason) ? known[reason] : undefined;
  return key === undefined ? reason : t(key);
}

function action(item: Action, t: Translate): string {
  const name = item.name === undefined ? t("event.masked-name") : t("event.named", { name: item.name });
  switch (item.action) {
    case "click":
      return t("event.click", { name });
    case "input":
      return t("event.input", { name });
    case "select":
      return t("event.select", { name });
    case "key":
      return item.key === undefined ? t("event.key-in", { name }) : t("event.key", { key: item.key });
    case "submit":
      return t("event.submit", { name });
    case "scroll":
      return t("event.scroll");
    case "drag":
      return t("event.drag", { name });
    case "drop":
      return t("event.drop", { name });
    case "file":
      return t("event.file", { name });
    default:
      return t("event.other-action", { kind: item.action, name });
  }
}

function network(item: Network, t: Translate, locale: string): string {
  const request = `${item.method} ${path(item.url)}`;
  const took = item.durationMs === undefined ? "" : length(item.durationMs, locale);
  if (item.failure !== undefined || item.status === undefined) return t("event.request-failed", { request });
  return took === ""
    ? t("event.request", { request, status: String(item.status) })
    : t("event.request-took", { request, status: String(item.status), took });
}

function navigation(how: string, url: string, title: string | undefined, t: Translate): string {
  const page = title === undefined || title.includes("▇") ? path(url) : `${title} (${path(url)})`;
  switch (how) {
    case "hide":
      return t("event.hide");
    case "show":
      return t("event.show");
    case "load":
      return t("event.load", { page });
    case "pop":
      return t("event.back", { page });
    default:
      return t("event.navigate", { page });
  }
}

/** The sentence of an item. */
export function sentence(item: TapeItem, t: Translate, locale: string): string {
  switch (item.kind) {
    case "action":
      return action(item, t);
    case "navigation":
      return navigation(item.how, item.url, item.title, t);
    case "network":
      return network(item, t, locale);
    case "console":
      return t("event.console", { level: item.level, message: item.message });
    case "error":
      return item.how === "resource"
        ? t("event.resource", { message: item.message })
        : t("event.error", { name: item.name, message: item.message });
    case "gap":
      return t("event.gap", {
        took: length(item.gap.toMs - item.gap.fromMs, locale),
        reason: gapReason(item.gap.reason, t),
      });
    case "custom":
      return t("event.custom", { name: item.name });
  }
}
