import { Button } from "@mantine/core";
import { EmptyState, PageHeader, RowsSkeleton, type SortState } from "@sealtape/ui";
import { IconArrowLeft, IconArrowRight, IconFilterOff, IconMovie } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { filterCount, type SessionFilters, SORTS } from "../../api/filters";
import { sessionsQuery } from "../../api/queries";
import { Page } from "../../app/Page";
import { Needs, useCan } from "../../components/access";
import { AskForAccess } from "../../components/ask/AskForAccess";
import { isWanted, wantedOf } from "../../components/ask/wanted";
import { FirstSteps } from "../../components/FirstSteps";
import { Problem } from "../../components/Problem";
import { SessionTable } from "../../components/SessionTable";
import { useSpeech } from "../../i18n/context";
import { type ChangeFilters, Filters } from "./Filters";
import classes from "./sessions.module.css";
import { sortSessions } from "./sort";

const route = getRouteApi("/app/sessions");

/** First click: most first; second: least first; third: newest first again. */
function nextSort(filters: SessionFilters, column: string): Partial<SessionFilters> {
  const sort = SORTS.find((each) => each === column);
  if (sort !== filters.sort) return { sort, desc: true };
  return filters.desc === true ? { sort, desc: undefined } : { sort: undefined, desc: undefined };
}

function Empty({ filters, clear }: { readonly filters: SessionFilters; readonly clear: () => void }) {
  const { t } = useSpeech();
  if (filterCount(filters) > 0 || filters.cursor !== undefined) {
    return (
      <EmptyState
        icon={IconFilterOff}
        title={t("sessions.none.title")}
        action={
          <Button variant="default" onClick={clear}>
            {t("sessions.none.clear")}
          </Button>
        }
      >
        {t("sessions.none.text")}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconMovie} title={t("sessions.first.title")}>
      <FirstSteps />
    </EmptyState>
  );
}

function SessionList() {
  const { t, tn } = useSpeech();
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const sessions = useQuery({ ...sessionsQuery(filters), placeholderData: keepPreviousData });
  const change: ChangeFilters = (partial) =>
    void navigate({
      search: (previous) => ({ ...previous, cursor: undefined, at: undefined, ...partial }),
      replace: true,
    });
  const clear = (): void => void navigate({ search: {} });
  const sort: SortState | undefined =
    filters.sort === undefined ? undefined : { column: filters.sort, descending: filters.desc === true };
  const next = sessions.data?.next_cursor;
  return (
    <>
      <PageHeader title={t("menu.sessions")} />
      <Filters filters={filters} change={change} />
      <div className="st-panel">
        {sessions.isPending && <RowsSkeleton rows={10} />}
        {sessions.isError && <Problem error={sessions.error} onRetry={() => void sessions.refetch()} />}
        {sessions.isSuccess && sessions.data.items.length === 0 && <Empty filters={filters} clear={clear} />}
        {sessions.isSuccess && sessions.data.items.length > 0 && (
          <SessionTable
            label={t("menu.sessions")}
            sessions={sortSessions(sessions.data.items, filters.sort, filters.desc === true)}
            sort={sort}
            onSort={(column) => {
              void navigate({ search: (previous) => ({ ...previous, ...nextSort(filters, column) }), replace: true });
            }}
          />
        )}
      </div>
      {sessions.isSuccess && sessions.data.items.length > 0 && (
        <nav className={classes.pages} aria-label={t("pages.label")}>
          <span>{tn("sessions.shown", sessions.data.items.length)}</span>
          {filters.cursor !== undefined && (
            <Button
              variant="default"
              leftSection={<IconArrowLeft size={16} aria-hidden />}
              onClick={() =>
                void navigate({ search: (previous) => ({ ...previous, cursor: undefined, at: undefined }) })
              }
            >
              {t("pages.newest")}
            </Button>
          )}
          {next !== null && (
            <Button
              variant="default"
              rightSection={<IconArrowRight size={16} aria-hidden />}
              onClick={() =>
                void navigate({ search: (previous) => ({ ...previous, cursor: next, at: sessions.data.at }) })
              }
            >
              {t("pages.older")}
            </Button>
          )}
        </nav>
      )}
      <LeftOut filters={filters} />
    </>
  );
}

/** Says what the list leaves out, to who may ask for it; the dialog starts with the list's own filters. */
function LeftOut({ filters }: { readonly filters: SessionFilters }) {
  const { t } = useSpeech();
  const can = useCan();
  const navigate = route.useNavigate();
  const [asking, setAsking] = useState(false);
  if (can("session.view-restricted") || !can("grant.request")) return null;
  const wanted = wantedOf(filters);
  return (
    <p className={classes.leftOut}>
      {t("restricted.hint")}{" "}
      <Button variant="subtle" size="compact-sm" onClick={() => setAsking(true)}>
        {t("ask.open")}
      </Button>
      {asking && (
        <AskForAccess
          subject={isWanted(wanted) ? { wanted } : {}}
          onClose={() => setAsking(false)}
          onAsked={({ id }) => void navigate({ to: "/access/requests/$requestId", params: { requestId: id } })}
        />
      )}
    </p>
  );
}

/** All sessions, to search and open. */
export function SessionsPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.sessions")}>
      <Needs action="session.list">
        <SessionList />
      </Needs>
    </Page>
  );
}
