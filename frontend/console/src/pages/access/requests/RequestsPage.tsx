import { Button, SegmentedControl } from "@mantine/core";
import type { GrantSummary } from "@sealtape/api-client";
import { EmptyState, PageHeader } from "@sealtape/ui";
import { IconInbox, IconKey } from "@tabler/icons-react";
import { keepPreviousData, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { requestsQuery } from "../../../api/access";
import { SEES_GRANTS } from "../../../api/permissions";
import { meQuery } from "../../../api/queries";
import { Page } from "../../../app/Page";
import { Needs, useCan } from "../../../components/access";
import { AskForAccess } from "../../../components/ask/AskForAccess";
import { readIds } from "../../../components/ask/wanted";
import { GRANT_STATES, stateWord } from "../../../components/grant-words";
import { ListPanel } from "../../../components/ListPanel";
import { Pager } from "../../../components/Pager";
import { StateFilter } from "../../../components/StateFilter";
import { useSpeech } from "../../../i18n/context";
import type { PlainKey } from "../../../i18n/translate";
import classes from "../access.module.css";
import { GrantTable } from "../GrantTable";
import { REQUEST_VIEWS, type RequestView } from "../search";

const route = getRouteApi("/app/access/requests");

const WORDS: Readonly<Record<RequestView, PlainKey>> = {
  inbox: "requests.view.inbox",
  mine: "requests.view.mine",
  all: "requests.view.all",
};

/** The views this member has: what they decide, what they asked for, everybody's. */
function useViews(): readonly RequestView[] {
  const can = useCan();
  const allowed: Readonly<Record<RequestView, boolean>> = {
    inbox: can("grant.review"),
    mine: can("grant.request"),
    all: can("grant.list"),
  };
  return REQUEST_VIEWS.filter((view) => allowed[view]);
}

function Nothing({ view }: { readonly view: RequestView }) {
  const { t } = useSpeech();
  const navigate = route.useNavigate();
  if (view === "mine") {
    return (
      <EmptyState
        icon={IconKey}
        title={t("requests.none.mine.title")}
        action={
          <Button variant="default" onClick={() => void navigate({ search: (old) => ({ ...old, ask: "" }) })}>
            {t("ask.open")}
          </Button>
        }
      >
        {t("requests.none.mine.text")}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconInbox} title={view === "inbox" ? t("requests.none.inbox.title") : t("requests.none.title")}>
      {view === "inbox" ? t("requests.none.inbox.text") : t("requests.none.text")}
    </EmptyState>
  );
}

function Choice({ view, views }: { readonly view: RequestView; readonly views: readonly RequestView[] }) {
  const { t } = useSpeech();
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className={classes.views}>
      {views.length > 1 && (
        <SegmentedControl
          aria-label={t("requests.view")}
          value={view}
          data={views.map((each) => ({ value: each, label: t(WORDS[each]) }))}
          onChange={(value) =>
            void navigate({ search: { view: REQUEST_VIEWS.find((each) => each === value) }, replace: true })
          }
        />
      )}
      {view !== "inbox" && (
        <StateFilter
          states={GRANT_STATES}
          value={state}
          word={(each) => stateWord(each, t)}
          any={t("grant.state.any")}
          onChange={(next) =>
            void navigate({ search: (old) => ({ ...old, cursor: undefined, state: next }), replace: true })
          }
        />
      )}
    </div>
  );
}

/** The dialog, opened by the URL: a link can lead to it. */
function Asking() {
  const navigate = route.useNavigate();
  const { ask } = route.useSearch();
  if (ask === undefined) return null;
  const ids = readIds(ask);
  return (
    <AskForAccess
      subject={{ sessions: ids.length === 0 ? undefined : ids }}
      onClose={() => void navigate({ search: (old) => ({ ...old, ask: undefined }), replace: true })}
      onAsked={({ id }) => void navigate({ to: "/access/requests/$requestId", params: { requestId: id } })}
    />
  );
}

function Requests() {
  const { t } = useSpeech();
  const can = useCan();
  const { data: me } = useSuspenseQuery(meQuery());
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const views = useViews();
  const view = views.find((each) => each === search.view) ?? views[0] ?? "mine";
  const requests = useQuery({
    ...requestsQuery({
      state: view === "inbox" ? "pending" : search.state,
      member: view === "mine" ? me.id : undefined,
      cursor: search.cursor,
    }),
    placeholderData: keepPreviousData,
  });
  // Nobody decides on their own: those stand under "mine".
  const decidable = ({ requester }: GrantSummary): boolean => view !== "inbox" || requester.id !== me.id;
  return (
    <>
      <PageHeader
        title={t("menu.requests")}
        description={t("requests.text")}
        actions={
          can("grant.request") && (
            <Button
              leftSection={<IconKey size={16} aria-hidden />}
              onClick={() => void navigate({ search: (old) => ({ ...old, ask: "" }) })}
            >
              {t("ask.open")}
            </Button>
          )
        }
      />
      <Choice view={view} views={views} />
      <ListPanel
        query={requests}
        rows={requests.data?.items.filter(decidable)}
        expected={5}
        empty={<Nothing view={view} />}
      >
        {(items) => <GrantTable label={t("menu.requests")} grants={items} own={view === "mine"} />}
      </ListPanel>
      <Pager
        cursor={search.cursor}
        next={requests.data?.next_cursor ?? null}
        go={(cursor) => void navigate({ search: (old) => ({ ...old, cursor }) })}
      />
      {can("grant.request") && <Asking />}
    </>
  );
}

/** Requests: to decide, one's own, everybody's. */
export function RequestsPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.requests")}>
      <Needs action={SEES_GRANTS}>
        <Requests />
      </Needs>
    </Page>
  );
}
