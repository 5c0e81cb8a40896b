import { Skeleton } from "@mantine/core";
import type { Webhook } from "@sealtape/api-client";
import { CopyId, PageHeader, RelativeTime } from "@sealtape/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { webhookQuery } from "../../../api/webhooks";
import { Page } from "../../../app/Page";
import { Needs, useCan } from "../../../components/access";
import { BackLink } from "../../../components/BackLink";
import { type Fact, Facts } from "../../../components/Facts";
import { Problem } from "../../../components/Problem";
import { Section } from "../../../components/Section";
import { useSpeech } from "../../../i18n/context";
import { actWord } from "../../audit/acts";
import { useNames } from "../../audit/names";
import { Deliveries } from "./Deliveries";
import { WebhookState } from "./parts";
import { Waiting } from "./Waiting";
import { WebhookActs } from "./WebhookActs";
import classes from "./webhooks.module.css";

const route = getRouteApi("/app/operations/webhooks/$webhookId");

function HowItDoes({ webhook }: { readonly webhook: Webhook }) {
  const { t, tn, language } = useSpeech();
  const { created_by: by, acts, failing_since: failing, last_delivery_at: last } = webhook;
  const nameOf = useNames([{ actor: { kind: "user", id: by, via: "login" }, object: { kind: "webhook", id: "" } }]);
  const numbers = new Intl.NumberFormat(language);
  const facts: readonly Fact[] = [
    [t("webhook.url"), <span className="st-mono">{webhook.url}</span>],
    [
      t("webhook.acts"),
      acts === null
        ? t("webhook.acts.all")
        : new Intl.ListFormat(language, { type: "unit" }).format(acts.map((act) => actWord(act, t))),
    ],
    [t("webhook.detail"), t(webhook.detail ? "webhook.detail.on" : "webhook.detail.off")],
    ...(failing === null ? [] : [[t("webhook.since"), <RelativeTime at={failing} />] as const]),
    [t("webhook.handed"), tn("health.entries", webhook.delivered_size)],
    [t("webhook.waiting"), numbers.format(webhook.waiting)],
    [t("webhook.last"), last === null ? t("webhook.last.never") : <RelativeTime at={last} />],
    [
      t("webhook.created"),
      <>
        <RelativeTime at={webhook.created_at} />, {nameOf("user", by) ?? t("actor.user")}
      </>,
    ],
  ];
  return (
    <Section id="facts" title={t("webhook.facts")}>
      <div className={`st-panel ${classes.card ?? ""}`}>
        <Facts facts={facts} />
      </div>
    </Section>
  );
}

function Body({ webhook }: { readonly webhook: Webhook }) {
  const { t } = useSpeech();
  const can = useCan();
  return (
    <>
      <PageHeader
        title={webhook.name}
        back={<BackLink to="/operations/webhooks">{t("menu.webhooks")}</BackLink>}
        description={
          <span className={classes.line}>
            <WebhookState state={webhook.state} />
            <span>{t(`webhook.kind.${webhook.kind}`)}</span>
            <CopyId value={webhook.id} label={t("object.webhook")} short />
          </span>
        }
      />
      {can("webhook.manage") && (
        <div className={classes.section}>
          <WebhookActs webhook={webhook} />
        </div>
      )}
      <Waiting webhook={webhook.id} />
      <HowItDoes webhook={webhook} />
      <Deliveries webhook={webhook} />
    </>
  );
}

function Loaded() {
  const { webhookId } = route.useParams();
  const webhook = useQuery(webhookQuery(webhookId));
  if (webhook.data !== undefined) return <Body webhook={webhook.data} />;
  if (webhook.isError) return <Problem order={1} error={webhook.error} onRetry={() => void webhook.refetch()} />;
  return <Skeleton height={320} />;
}

/** One receiver of the audit log: how it does, and what was sent to it. */
export function WebhookPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.webhooks")}>
      <Needs action="webhook.list">
        <Loaded />
      </Needs>
    </Page>
  );
}
