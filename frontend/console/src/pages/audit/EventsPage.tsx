import { Button } from "@mantine/core";
import { EmptyState, PageHeader } from "@sealtape/ui";
import { IconFileExport, IconFilterOff, IconListSearch, IconRefresh } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { eventsQuery } from "../../api/audit";
import { eventFilterCount, readEventFilter } from "../../api/event-filters";
import { Page } from "../../app/Page";
import { Needs, useCan } from "../../components/access";
import { ListPanel } from "../../components/ListPanel";
import { Pager } from "../../components/Pager";
import { useSpeech } from "../../i18n/context";
import classes from "./audit.module.css";
import { EventFilters } from "./EventFilters";
import { EventTable } from "./EventTable";

const route = getRouteApi("/app/audit/events");

interface EmptyProps {
  /** Whether older events were not searched yet. */
  readonly more: boolean;
  readonly clear: () => void;
}

function Empty({ more, clear }: EmptyProps) {
  const { t } = useSpeech();
  if (more) {
    return (
      <EmptyState icon={IconListSearch} title={t("events-log.more.title")}>
        {t("events-log.more.text")}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconFilterOff}
      title={t("events-log.none.title")}
      action={
        <Button variant="default" onClick={clear}>
          {t("sessions.none.clear")}
        </Button>
      }
    >
      {t("events-log.none.text")}
    </EmptyState>
  );
}

function Events() {
  const { t, tn } = useSpeech();
  const can = useCan();
  const search = route.useSearch();
  const filter = readEventFilter(search);
  const navigate = route.useNavigate();
  const events = useQuery({ ...eventsQuery(search), placeholderData: keepPreviousData });
  const next = events.data?.next_cursor ?? null;
  return (
    <>
      <PageHeader
        title={t("menu.events")}
        description={t("events-log.text")}
        actions={
          <>
            {can("audit.export") && (
              <Button
                variant="default"
                leftSection={<IconFileExport size={16} aria-hidden />}
                renderRoot={(props: object) => (
                  <Link to="/audit/exports" search={{ ...filter, new: true }} {...props} />
                )}
              >
                {eventFilterCount(search) === 0 ? t("log-exports.new") : t("log-exports.these")}
              </Button>
            )}
            <Button
              variant="default"
              leftSection={<IconRefresh size={16} aria-hidden />}
              loading={events.isFetching}
              onClick={() => {
                // From the first page on: what is new stands there.
                if (search.cursor === undefined) void events.refetch();
                else void navigate({ search: (old) => ({ ...old, cursor: undefined, at: undefined }) });
              }}
            >
              {t("events-log.again")}
            </Button>
          </>
        }
      />
      <EventFilters
        filter={search}
        change={(partial) =>
          void navigate({ search: (old) => ({ ...old, cursor: undefined, at: undefined, ...partial }), replace: true })
        }
      />
      <ListPanel
        query={events}
        rows={events.data?.items}
        expected={12}
        empty={<Empty more={next !== null} clear={() => void navigate({ search: {} })} />}
      >
        {(items) => <EventTable label={t("menu.events")} events={items} />}
      </ListPanel>
      <div className={classes.under}>
        <span>
          {events.isSuccess && events.data.items.length > 0 && tn("events-log.shown", events.data.items.length)}
        </span>
        <Pager
          cursor={search.cursor}
          next={next}
          go={(cursor) =>
            void navigate({
              search: (old) => ({ ...old, cursor, at: cursor === undefined ? undefined : events.data?.at }),
            })
          }
        />
      </div>
    </>
  );
}

/** The audit log: who did what, on what, when, and how it ended. */
export function EventsPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.events")}>
      <Needs action="audit.read">
        <Events />
      </Needs>
    </Page>
  );
}
