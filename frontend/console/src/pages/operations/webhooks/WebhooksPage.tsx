import { Button } from "@mantine/core";
import type { Webhook } from "@sealtape/api-client";
import { type Column, DataTable, EmptyState, PageHeader, RelativeTime } from "@sealtape/ui";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { webhooksQuery } from "../../../api/webhooks";
import { Page } from "../../../app/Page";
import { Needs, useCan } from "../../../components/access";
import { ListPanel } from "../../../components/ListPanel";
import { Pager } from "../../../components/Pager";
import { Reason } from "../../../components/Reason";
import rows from "../../../components/rows.module.css";
import { useSpeech } from "../../../i18n/context";
import { WebhookState } from "./parts";
import { WebhookCreate } from "./WebhookCreate";

const route = getRouteApi("/app/operations/webhooks");

function useColumns(): readonly Column<Webhook>[] {
  const { t, tn, language } = useSpeech();
  const numbers = new Intl.NumberFormat(language);
  return [
    {
      id: "name",
      header: t("webhook.name"),
      grow: true,
      cell: ({ id, name, url }) => (
        <Link
          to="/operations/webhooks/$webhookId"
          params={{ webhookId: id }}
          className={rows.rowLink}
          data-row-link
          preload={false}
        >
          <span className={rows.rowTitle}>{name}</span>
          <span className={rows.rowMore}>{url}</span>
        </Link>
      ),
    },
    { id: "state", header: t("column.state"), cell: ({ state }) => <WebhookState state={state} /> },
    {
      id: "acts",
      header: t("webhook.acts"),
      cell: ({ acts }) =>
        acts === null ? (
          t("webhook.acts.all")
        ) : (
          <span title={acts.join("\n")}>{tn("webhook.acts.count", acts.length)}</span>
        ),
    },
    {
      id: "handed",
      header: t("webhook.handed"),
      numeric: true,
      cell: ({ delivered_size: handed }) => numbers.format(handed),
    },
    { id: "waiting", header: t("webhook.waiting"), numeric: true, cell: ({ waiting }) => numbers.format(waiting) },
    {
      id: "last",
      header: t("webhook.last"),
      cell: ({ last_delivery_at: at }) => (at === null ? t("webhook.last.never") : <RelativeTime at={at} />),
    },
  ];
}

function Webhooks() {
  const { t } = useSpeech();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useQuery(webhooksQuery(search.cursor));
  const columns = useColumns();
  return (
    <>
      <PageHeader
        title={t("menu.webhooks")}
        description={t("webhooks.text")}
        actions={
          can("webhook.manage") ? (
            <Button
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => void navigate({ search: { ...search, new: true } })}
            >
              {t("webhooks.new")}
            </Button>
          ) : (
            <Reason>{t("webhooks.denied")}</Reason>
          )
        }
      />
      <ListPanel
        query={list}
        rows={list.data?.items}
        expected={3}
        empty={
          <EmptyState icon={IconWebhook} title={t("webhooks.none.title")}>
            {t("webhooks.none.text")}
          </EmptyState>
        }
      >
        {(items) => <DataTable label={t("menu.webhooks")} columns={columns} rows={items} rowId={({ id }) => id} />}
      </ListPanel>
      <Pager
        cursor={search.cursor}
        next={list.data?.next_cursor ?? null}
        go={(next) => void navigate({ search: { cursor: next } })}
      />
      {search.new === true && can("webhook.manage") && (
        <WebhookCreate onClose={() => void navigate({ search: { ...search, new: undefined } })} />
      )}
    </>
  );
}

/** Where the audit log is handed on to. */
export function WebhooksPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.webhooks")}>
      <Needs action="webhook.list">
        <Webhooks />
      </Needs>
    </Page>
  );
}
