import { Button } from "@mantine/core";
import type { Webhook, WebhookDelivery } from "@sealtape/api-client";
import { type Column, DataTable, EmptyState, exactTime, RelativeTime, relativeTime } from "@sealtape/ui";
import { IconSend } from "@tabler/icons-react";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { deliveriesQuery, redeliver, renewWebhooks } from "../../../api/webhooks";
import { useCan } from "../../../components/access";
import { FormError } from "../../../components/FormError";
import { ListPanel } from "../../../components/ListPanel";
import { Pager } from "../../../components/Pager";
import { useSecond } from "../../../components/Remaining";
import { Section } from "../../../components/Section";
import { StateFilter } from "../../../components/StateFilter";
import { useSpeech } from "../../../i18n/context";
import { DELIVERY_STATES } from "../search";
import { answerWords, DeliveryState, deliveryWord } from "./parts";
import classes from "./webhooks.module.css";

const route = getRouteApi("/app/operations/webhooks/$webhookId");

/** Which part of the log it is: places from the first to the last, both among them. */
function Batch({ delivery }: { readonly delivery: WebhookDelivery }) {
  const { t, tn } = useSpeech();
  const { kind, batch, entries } = delivery;
  if (kind === "test") return <strong>{t("delivery.test")}</strong>;
  return (
    <span className={classes.batch}>
      <strong>{t("delivery.batch.value", { from: batch.from, to: Math.max(batch.from, batch.to - 1) })}</strong>
      <span>{entries === 0 ? t("delivery.batch.none") : tn("delivery.entries", entries)}</span>
    </span>
  );
}

/** "in 3 min."; what is due is tried now. */
function NextTry({ at }: { readonly at: string }) {
  const { language } = useSpeech();
  const now = useSecond();
  const ms = Date.parse(at);
  return (
    <time dateTime={at} title={exactTime(ms, language)}>
      {relativeTime(Math.max(ms, now), now, language)}
    </time>
  );
}

function useColumns(again: (delivery: WebhookDelivery) => void): readonly Column<WebhookDelivery>[] {
  const { t, language } = useSpeech();
  const can = useCan();
  const numbers = new Intl.NumberFormat(language);
  return [
    { id: "batch", header: t("delivery.batch"), grow: true, cell: (delivery) => <Batch delivery={delivery} /> },
    { id: "state", header: t("column.state"), cell: ({ state }) => <DeliveryState state={state} /> },
    {
      id: "attempts",
      header: t("delivery.attempts"),
      numeric: true,
      cell: ({ attempts }) => numbers.format(attempts),
    },
    { id: "answer", header: t("delivery.answer"), cell: (delivery) => answerWords(delivery, t) },
    {
      id: "when",
      header: t("logged.at"),
      cell: ({ created_at: made, delivered_at: arrived }) => <RelativeTime at={arrived ?? made} />,
    },
    {
      id: "next",
      header: t("delivery.next"),
      cell: ({ state, next_at: next }) => (state === "waiting" && next !== null ? <NextTry at={next} /> : null),
    },
    {
      id: "acts",
      header: t("column.acts"),
      cell: (delivery) =>
        can("webhook.manage") ? (
          <Button variant="subtle" size="compact-sm" onClick={() => again(delivery)}>
            {delivery.state === "waiting" ? t("delivery.now") : t("delivery.again")}
          </Button>
        ) : null,
    },
  ];
}

/** What was sent to a receiver, and what waits. */
export function Deliveries({ webhook }: { readonly webhook: Webhook }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const { state, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useQuery({ ...deliveriesQuery(webhook.id, state, cursor), placeholderData: keepPreviousData });
  const again = useMutation({
    mutationFn: ({ id }: WebhookDelivery) => redeliver(webhook.id, id),
    onSuccess: () => renewWebhooks(cache),
  });
  const columns = useColumns(again.mutate);
  return (
    <Section
      id="deliveries"
      title={t("deliveries.title")}
      actions={
        <StateFilter
          states={DELIVERY_STATES}
          value={state}
          word={(each) => deliveryWord(each, t)}
          any={t("deliveries.any")}
          onChange={(next) => void navigate({ search: { state: next }, replace: true })}
        />
      }
    >
      <FormError error={again.error} />
      <ListPanel
        query={list}
        rows={list.data?.items}
        expected={4}
        empty={
          <EmptyState icon={IconSend} title={t("deliveries.none.title")}>
            {t("deliveries.none.text")}
          </EmptyState>
        }
      >
        {(items) => <DataTable label={t("deliveries.title")} columns={columns} rows={items} rowId={({ id }) => id} />}
      </ListPanel>
      <Pager
        cursor={cursor}
        next={list.data?.next_cursor ?? null}
        go={(next) => void navigate({ search: (old) => ({ ...old, cursor: next }) })}
      />
    </Section>
  );
}
