import type { Webhook, WebhookDelivery } from "@sealtape/api-client";
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconHourglass, IconPlayerPause } from "@tabler/icons-react";
import { Badge, type Look } from "../../../components/badges";
import type { PlainKey, Translate } from "../../../i18n/translate";

const STATES: Readonly<Record<Webhook["state"], Look>> = {
  active: { tone: "success", icon: IconCircleCheck, word: "webhook.state.active" },
  failing: { tone: "danger", icon: IconAlertTriangle, word: "webhook.state.failing" },
  paused: { tone: "warning", icon: IconPlayerPause, word: "webhook.state.paused" },
};

const DELIVERIES: Readonly<Record<WebhookDelivery["state"], Look>> = {
  waiting: { tone: "neutral", icon: IconHourglass, word: "delivery.state.waiting" },
  delivered: { tone: "success", icon: IconCircleCheck, word: "delivery.state.delivered" },
  failed: { tone: "danger", icon: IconCircleX, word: "delivery.state.failed" },
};

/** How a receiver does. */
export const WebhookState = ({ state }: { readonly state: Webhook["state"] }) => <Badge look={STATES[state]} />;

/** Where a delivery stands. */
export const DeliveryState = ({ state }: { readonly state: WebhookDelivery["state"] }) => (
  <Badge look={DELIVERIES[state]} />
);

/** The word of a delivery's state, for a filter. */
export const deliveryWord = (state: WebhookDelivery["state"], t: Translate): string => t(DELIVERIES[state].word);

const PROBLEMS: Readonly<Record<string, PlainKey>> = {
  "address-refused": "delivery.problem.address-refused",
  "no-connection": "delivery.problem.no-connection",
  "no-tls": "delivery.problem.no-tls",
  timeout: "delivery.problem.timeout",
  "no-answer": "delivery.problem.no-answer",
  status: "delivery.problem.status",
  gone: "delivery.problem.gone",
};

/** Why the last try did not arrive, and the status that came back. */
export function answerWords(delivery: Pick<WebhookDelivery, "last_status" | "last_problem">, t: Translate): string {
  const { last_status: status, last_problem: problem } = delivery;
  const key = problem !== null && Object.hasOwn(PROBLEMS, problem) ? PROBLEMS[problem] : undefined;
  const why = key === undefined ? problem : t(key);
  return [...(status === null ? [] : [String(status)]), ...(why === null ? [] : [why])].join(": ");
}
