import { Skeleton, Title } from "@mantine/core";
import type { Grant } from "@sealtape/api-client";
import { CopyId, PageHeader, RelativeTime } from "@sealtape/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { requestQuery } from "../../../api/access";
import { SEES_GRANTS } from "../../../api/permissions";
import { Page } from "../../../app/Page";
import { Needs } from "../../../components/access";
import { BackLink } from "../../../components/BackLink";
import { type Fact, Facts } from "../../../components/Facts";
import { asksFor, endWords, GrantStateBadge, personName } from "../../../components/grant-words";
import { Problem } from "../../../components/Problem";
import { Remaining, span } from "../../../components/Remaining";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";
import { Review } from "../break-glass/Review";
import { Approvals } from "./Approvals";
import { Decision } from "./Decision";
import { NamedSessions } from "./NamedSessions";

const route = getRouteApi("/app/access/requests/$requestId");
const MINUTE_MS = 60_000;

/** The end that counts now, in words. */
function Until({ grant }: { readonly grant: Grant }) {
  const { t } = useSpeech();
  if (grant.state === "pending") {
    return (
      <span>
        {t("request.decide-within")} <Remaining until={grant.decide_by} />
      </span>
    );
  }
  const ended = endWords(grant, t);
  if (ended !== undefined && grant.ended_at !== null) {
    return (
      <span>
        {ended} · <RelativeTime at={grant.ended_at} />
      </span>
    );
  }
  return grant.expires_at === null ? null : <Remaining until={grant.expires_at} />;
}

function GrantFacts({ grant }: { readonly grant: Grant }) {
  const { t, tn, language } = useSpeech();
  const facts: readonly Fact[] = [
    [t("grant.who"), personName(grant.requester, t)],
    [t("grant.asks"), asksFor(grant, t, tn)],
    [t("grant.purpose"), t(`purpose.${grant.purpose}`)],
    [t("grant.ticket"), grant.ticket],
    [
      t("grant.for"),
      t(grant.kind === "break-glass" ? "glass.for.value" : "grant.for.value", {
        time: span(grant.minutes * MINUTE_MS, language),
      }),
    ],
    [t("request.asked"), <RelativeTime key="asked" at={grant.created_at} />],
    ...(grant.approved_at === null
      ? []
      : [[t("request.approved"), <RelativeTime key="approved" at={grant.approved_at} />] as const]),
    ...(grant.activated_at === null
      ? []
      : [[t("request.used"), <RelativeTime key="used" at={grant.activated_at} />] as const]),
    [t("request.id"), <CopyId key="id" value={grant.id} label={t("request.id")} short />],
  ];
  return <Facts facts={facts} />;
}

function Loaded() {
  const { t } = useSpeech();
  const { requestId } = route.useParams();
  const request = useQuery(requestQuery(requestId));
  if (request.isError) return <Problem order={1} error={request.error} onRetry={() => void request.refetch()} />;
  if (request.isPending) return <Skeleton height={320} role="status" aria-busy />;
  const grant = request.data;
  const broken = grant.kind === "break-glass";
  return (
    <>
      <PageHeader
        title={t(broken ? "glass.page" : "request.title", { name: personName(grant.requester, t) })}
        back={<BackLink to="/access/requests">{t("menu.requests")}</BackLink>}
        description={
          <span className={classes.line}>
            <GrantStateBadge state={grant.state} />
            <Until grant={grant} />
          </span>
        }
      />
      <div className={classes.columns}>
        <div className={classes.stack}>
          <section className={`st-panel ${classes.section ?? ""}`} aria-labelledby="why">
            <Title order={2} id="why">
              {t("grant.reason")}
            </Title>
            <p className={classes.reason}>{grant.reason === "" ? t("grant.reason.erased") : grant.reason}</p>
            <GrantFacts grant={grant} />
          </section>
          <NamedSessions grant={grant} />
        </div>
        <div className={classes.stack}>
          <Decision grant={grant} />
          {broken ? <Review grant={grant} /> : <Approvals grant={grant} />}
        </div>
      </div>
    </>
  );
}

/** One request and the grant that came of it. */
export function RequestPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("request.page")}>
      <Needs action={SEES_GRANTS}>
        <Loaded />
      </Needs>
    </Page>
  );
}
