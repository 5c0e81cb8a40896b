import { Title } from "@mantine/core";
import { EmptyState, PageHeader, RowsSkeleton } from "@sealtape/ui";
import { IconMovie } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { SessionFilters } from "../../api/filters";
import { meQuery, sessionsQuery } from "../../api/queries";
import { Page } from "../../app/Page";
import { Needs, useCan } from "../../components/access";
import { FirstSteps } from "../../components/FirstSteps";
import { Problem } from "../../components/Problem";
import { SessionTable } from "../../components/SessionTable";
import { useSpeech } from "../../i18n/context";
import classes from "./home.module.css";
import { LedgerHealth } from "./LedgerHealth";

const SHOWN = 8;
const LIVE: SessionFilters = { state: "live" };
const FAILED: SessionFilters = { errors: true, range: "24h" };
const ALL: SessionFilters = {};

interface PanelProps {
  readonly id: string;
  readonly title: string;
  readonly nothing: string;
  readonly filters: SessionFilters;
}

function SessionsPanel({ id, title, nothing, filters }: PanelProps) {
  const { t } = useSpeech();
  const sessions = useQuery(sessionsQuery(filters));
  return (
    <section aria-labelledby={id} className={classes.section}>
      <div className={classes.sectionHead}>
        <Title order={2} id={id}>
          {title}
        </Title>
        <Link to="/sessions" search={filters}>
          {t("home.all")} <span className="st-visually-hidden">{title}</span>
        </Link>
      </div>
      <div className="st-panel">
        {sessions.isPending && <RowsSkeleton rows={3} />}
        {sessions.isError && <Problem error={sessions.error} onRetry={() => void sessions.refetch()} />}
        {sessions.isSuccess &&
          (sessions.data.items.length === 0 ? (
            <p className={classes.nothing}>{nothing}</p>
          ) : (
            <SessionTable brief label={title} sessions={sessions.data.items.slice(0, SHOWN)} />
          ))}
      </div>
    </section>
  );
}

function Now() {
  const { t } = useSpeech();
  const all = useQuery(sessionsQuery(ALL));
  if (all.data?.items.length === 0) {
    return (
      <div className="st-panel">
        <EmptyState icon={IconMovie} title={t("sessions.first.title")}>
          <FirstSteps />
        </EmptyState>
      </div>
    );
  }
  return (
    <>
      <SessionsPanel id="live" title={t("home.live")} nothing={t("home.live.none")} filters={LIVE} />
      <SessionsPanel id="failed" title={t("home.failed")} nothing={t("home.failed.none")} filters={FAILED} />
    </>
  );
}

/** What happens now. */
export function HomePage() {
  const { t } = useSpeech();
  const { data: me } = useSuspenseQuery(meQuery());
  const can = useCan();
  return (
    <Page title={t("menu.home")}>
      <PageHeader title={t("home.hello", { name: me.name })} />
      {can("audit.read") && <LedgerHealth />}
      <Needs action="session.list" order={2}>
        <Now />
      </Needs>
    </Page>
  );
}
