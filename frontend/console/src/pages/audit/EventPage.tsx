import { Skeleton, Title } from "@mantine/core";
import type { AuditEvent } from "@sealtape/api-client";
import { CopyId, exactTime, PageHeader, RelativeTime } from "@sealtape/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { auditEventQuery, inclusionQuery } from "../../api/audit";
import { Page } from "../../app/Page";
import { Needs } from "../../components/access";
import { BackLink } from "../../components/BackLink";
import { type Fact, Facts } from "../../components/Facts";
import { Problem } from "../../components/Problem";
import { CodeBlock } from "../../components/Snippet";
import { useSpeech } from "../../i18n/context";
import { fromBase64 } from "../../ledger/bytes";
import { entryText } from "../../ledger/entry";
import { actWord, objectWord } from "./acts";
import classes from "./audit.module.css";
import { Detail } from "./Detail";
import { type NameOf, useNames } from "./names";
import { ActedOn, Actor, actorWord, OutcomeBadge, viaWord } from "./parts";
import { Proof } from "./Proof";

const route = getRouteApi("/app/audit/events/$eventId");

function WhatIsKnown({ event, nameOf }: { readonly event: AuditEvent; readonly nameOf: NameOf }) {
  const { t, language } = useSpeech();
  const { actor, object } = event;
  const facts: readonly Fact[] = [
    [t("logged.act"), <span className="st-mono">{event.act}</span>],
    [t("logged.outcome"), <OutcomeBadge outcome={event.outcome} />],
    [t("logged.at"), exactTime(Date.parse(event.at), language)],
    [
      t("logged.actor"),
      <span className={classes.line}>
        <Actor actor={actor} nameOf={nameOf} bare />
        <CopyId value={actor.id} label={actorWord(actor.kind, t)} short />
      </span>,
    ],
    [t("logged.via"), viaWord(actor.via, t)],
    [
      t("logged.object"),
      <span className={classes.line}>
        <ActedOn object={object} nameOf={nameOf} bare />
        <CopyId value={object.id} label={objectWord(object.kind, t)} short />
      </span>,
    ],
    [t("logged.rule"), <span className="st-mono">{event.rule}</span>],
    [t("logged.request"), <CopyId value={event.request} label={t("logged.request")} />],
    [t("logged.id"), <CopyId value={event.id} label={t("logged.id")} />],
    [
      t("logged.index"),
      event.index === null ? t("logged.index.none") : new Intl.NumberFormat(language).format(event.index),
    ],
  ];
  return (
    <section className={`st-panel ${classes.card ?? ""}`} aria-labelledby="facts">
      <Title order={2} id="facts">
        {t("log-event.facts")}
      </Title>
      <Facts facts={facts} />
      <div className={classes.links}>
        <Link to="/audit/events" search={{ object: object.id }}>
          {t("log-event.same-object")}
        </Link>
        <Link to="/audit/events" search={{ actor: actor.id }}>
          {t("log-event.same-actor")}
        </Link>
      </div>
    </section>
  );
}

/** The bytes that are hashed, once they are signed. */
function Raw({ event }: { readonly event: AuditEvent }) {
  const { t } = useSpeech();
  const proof = useQuery(inclusionQuery(event.id));
  const bytes = proof.data === undefined ? undefined : fromBase64(proof.data.entry);
  const text = bytes === undefined ? undefined : entryText(bytes);
  if (text === undefined) return null;
  return (
    <section className={`st-panel ${classes.card ?? ""}`} aria-labelledby="raw">
      <Title order={2} id="raw">
        {t("log-event.raw")}
      </Title>
      <p className={classes.text}>{t("log-event.raw.text")}</p>
      <CodeBlock code={text} label={t("log-event.raw")} />
    </section>
  );
}

function Body({ event }: { readonly event: AuditEvent }) {
  const { t } = useSpeech();
  const nameOf = useNames([event]);
  return (
    <>
      <PageHeader
        title={actWord(event.act, t)}
        back={<BackLink to="/audit/events">{t("menu.events")}</BackLink>}
        description={
          <span className={classes.line}>
            <OutcomeBadge outcome={event.outcome} />
            <Actor actor={event.actor} nameOf={nameOf} />
            <RelativeTime at={event.at} />
            <CopyId value={event.id} label={t("logged.id")} short />
          </span>
        }
      />
      <div className={classes.columns}>
        <div className={classes.stack}>
          <WhatIsKnown event={event} nameOf={nameOf} />
          <Detail key={event.id} event={event} />
        </div>
        <div className={classes.stack}>
          <Proof event={event} />
          <Raw event={event} />
        </div>
      </div>
    </>
  );
}

function Loaded() {
  const { eventId } = route.useParams();
  const event = useQuery(auditEventQuery(eventId));
  if (event.data !== undefined) return <Body event={event.data} />;
  if (event.isError) return <Problem order={1} error={event.error} onRetry={() => void event.refetch()} />;
  return <Skeleton height={320} />;
}

/** One event of the audit log, with the proof that it is in the signed log. */
export function EventPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("log-event.title")}>
      <Needs action="audit.read">
        <Loaded />
      </Needs>
    </Page>
  );
}
