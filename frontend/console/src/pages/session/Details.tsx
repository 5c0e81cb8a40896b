import { Title } from "@mantine/core";
import type { SessionDetail } from "@sealtape/api-client";
import { CopyId, RelativeTime } from "@sealtape/ui";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { SessionState, SessionValidation } from "../../components/badges";
import { useSpeech } from "../../i18n/context";
import type { PlainKey, Translate } from "../../i18n/translate";
import { bytes, clock, length, place } from "../../recording/format";
import { gapReason } from "../../recording/sentences";
import { Evidence } from "./Evidence";
import classes from "./details.module.css";

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const REASONS: Readonly<Record<string, PlainKey>> = {
  finished: "closed.finished",
  idle: "closed.idle",
  length: "closed.length",
  late: "closed.late",
};

function closeReason(reason: string, t: Translate): string {
  const key = Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined;
  return key === undefined ? reason : t(key);
}

function Facts({ session }: { readonly session: SessionDetail }) {
  const { t, language } = useSpeech();
  const numbers = new Intl.NumberFormat(language);
  const { closed_at: closedAt, close_reason: reason } = session;
  return (
    <dl className={classes.facts}>
      <Fact name={t("details.id")}>
        <CopyId value={session.id} label={t("session.id")} />
      </Fact>
      <Fact name={t("column.state")}>
        <SessionState state={session.state} />
      </Fact>
      <Fact name={t("column.validation")}>
        <SessionValidation validation={session.validation} />
      </Fact>
      <Fact name={t("column.started")}>
        <RelativeTime at={session.started_at} />
      </Fact>
      {closedAt !== null && (
        <Fact name={t("details.closed")}>
          <RelativeTime at={closedAt} />
          {reason !== null && `, ${closeReason(reason, t)}`}
        </Fact>
      )}
      <Fact name={t("column.duration")}>{clock(session.duration_ms)}</Fact>
      <Fact name={t("details.counts")}>
        {t("details.counts.value", {
          events: numbers.format(session.events),
          segments: numbers.format(session.segments),
          size: bytes(session.bytes_stored, language),
        })}
      </Fact>
      <Fact name={t("details.policy")}>
        {t("details.policy.version", { version: String(session.policy_version) })}{" "}
        <CopyId value={session.policy_hash} label={t("details.policy.hash")} short />
      </Fact>
      <Fact name={t("details.agent")}>
        {session.agent.name} {session.agent.version}
      </Fact>
      <Fact name={t("column.system")}>
        {[session.browser, session.os].filter((part) => part !== null).join(" · ") || t("none")}
      </Fact>
      <Fact name={t("column.release")}>{session.release ?? t("none")}</Fact>
      {session.previous_session !== null && (
        <Fact name={t("details.visit")}>
          <Link to="/sessions/$sessionId" params={{ sessionId: session.previous_session }}>
            {t("details.previous")}
          </Link>
        </Fact>
      )}
    </dl>
  );
}

/** Everything known of a session besides its content. */
export function Details({ session }: { readonly session: SessionDetail }) {
  const { t, tn, language } = useSpeech();
  return (
    <div className={classes.details}>
      <Facts session={session} />
      <section>
        <Title order={2} size="h3">
          {t("details.seal")}
        </Title>
        <Evidence session={session} />
      </section>
      <section>
        <Title order={2} size="h3">
          {t("details.gaps")}
        </Title>
        {session.gap_list.length === 0 ? (
          <p className={classes.nothing}>{t("details.gaps.none")}</p>
        ) : (
          <ul className={classes.list}>
            {session.gap_list.map((gap) => (
              <li key={`${gap.tab}-${gap.from_ms}`}>
                <span className={classes.when}>{clock(gap.from_ms - session.start_ms)}</span>
                {t("event.gap", { took: length(gap.to_ms - gap.from_ms, language), reason: gapReason(gap.reason, t) })}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <Title order={2} size="h3">
          {t("details.pages")}
        </Title>
        <ul className={classes.list}>
          {session.pages.map((page) => (
            <li key={`${page.at_ms}-${page.url}`}>
              <span className={classes.when}>{clock(page.at_ms - session.start_ms)}</span>
              {place(page.url)}
            </li>
          ))}
        </ul>
      </section>
      <section>
        <Title order={2} size="h3">
          {t("details.tabs")}
        </Title>
        <ul className={classes.list}>
          {session.tab_list.map((tab) => (
            <li key={tab.tab}>
              {t("events.tab", { tab: String(tab.tab + 1) })} {tn("details.segments", tab.segments)}
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
