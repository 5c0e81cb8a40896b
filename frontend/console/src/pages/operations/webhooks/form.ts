/** What a receiver is made of, as a form holds it. */
import type { Webhook } from "@sealtape/api-client";
import type { Translate } from "../../../i18n/translate";

/** Fields of a receiver. */
export interface WebhookFields {
  name: string;
  kind: Webhook["kind"];
  url: string;
  acts: string[];
  /** Whether it also gets what lies beside entries. */
  detail: boolean;
}

/** A receiver as it is to be. */
export type Next = Partial<Pick<Webhook, "url" | "acts" | "detail">> & { readonly paused?: boolean };

/** Whether whoever gets `these` acts gets all of `those`. */
function covers(these: Webhook["acts"], those: Webhook["acts"]): boolean {
  return these === null || (those !== null && those.every((act) => these.includes(act)));
}

/** Whether somebody hears by this receiver: something arrived some time, or nothing has failed yet. */
export const isHeard = ({ last_delivery_at: last, state }: Webhook): boolean => last !== null || state === "active";

/**
 * Whether a change takes a second person: somebody would hear less, or more about persons. It decides what a button says;
 * the server decides what happens.
 */
export function takesTwo(webhook: Webhook, next: Next): boolean {
  const { url = webhook.url, acts = webhook.acts, detail = webhook.detail } = next;
  const moves = url.trim() !== webhook.url;
  const silenced = next.paused === true && webhook.state !== "paused";
  const less = isHeard(webhook) && (moves || silenced || !covers(acts, webhook.acts));
  return less || (detail && (moves || !webhook.detail || !covers(webhook.acts, acts)));
}

/** Whether an address is one that a receiver of this kind can have. What the server refuses beyond that it says itself. */
export function isAddress(kind: Webhook["kind"], url: string): boolean {
  const text = url.trim();
  if (kind === "syslog") return /^syslog\+tls:\/\/[^\s/@?#]+(?::\d{1,5})?$/u.test(text);
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  return parsed?.protocol === "https:" && parsed.username === "" && parsed.password === "";
}

/** What is wrong with the fields. */
export const validation = (t: Translate) => ({
  name: (value: string) => (value.trim() === "" ? t("webhook.name.missing") : null),
  url: (value: string, { kind }: WebhookFields) => (isAddress(kind, value) ? null : t(`webhook.url.${kind}.wrong`)),
});

/** The acts as the API takes them: none chosen means all. */
export const actsOf = ({ acts }: Pick<WebhookFields, "acts">): string[] | null => (acts.length === 0 ? null : acts);
