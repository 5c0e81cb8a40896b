/** What a receiver is made of, as a form holds it. */
import type { Webhook } from "@sealtape/api-client";
import type { Translate } from "../../../i18n/translate";

/** Fields of a receiver. */
export interface WebhookFields {
  name: string;
  kind: Webhook["kind"];
  url: string;
  acts: string[];
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
