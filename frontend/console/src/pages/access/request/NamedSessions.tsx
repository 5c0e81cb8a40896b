import { Button, Title } from "@mantine/core";
import type { Grant, WantedSessions } from "@sealtape/api-client";
import { type Column, CopyId, DataTable, exactTime, RelativeTime, StateBadge } from "@sealtape/ui";
import { IconAlertTriangle, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { isInForce } from "../../../api/access";
import { meQuery, projectsQuery } from "../../../api/queries";
import { useCan } from "../../../components/access";
import { SessionState } from "../../../components/badges";
import { Facts } from "../../../components/Facts";
import { useSpeech } from "../../../i18n/context";
import { clock } from "../../../recording/format";
import classes from "../access.module.css";
import { WhoWatched } from "./WhoWatched";

type Named = Grant["named"][number];

/** The filter in words. */
function FilterWords({ filter }: { readonly filter: WantedSessions }) {
  const { t, language } = useSpeech();
  const can = useCan();
  const projects = useQuery({ ...projectsQuery(), enabled: can("project.list") });
  const time = (at: string | null | undefined): string | undefined =>
    at === null || at === undefined ? undefined : exactTime(Date.parse(at), language);
  const project = projects.data?.items.find(({ id }) => id === filter.project)?.name ?? filter.project;
  const parts: readonly (readonly [string, string | null | undefined])[] = [
    [t("filter.project"), project],
    [t("filter.from"), time(filter.from)],
    [t("filter.to"), time(filter.to)],
    [t("filter.errors"), filter.has_error === true ? t("yes") : filter.has_error === false ? t("no") : undefined],
    [t("filter.release"), filter.release],
    [t("filter.browser"), filter.browser],
    [t("filter.os"), filter.os],
  ];
  return <Facts facts={parts.filter(([, value]) => value !== null && value !== undefined)} />;
}

function useColumns(own: boolean): readonly Column<Named>[] {
  const { t } = useSpeech();
  return [
    {
      id: "session",
      header: t("column.session"),
      cell: (session) => <CopyId value={session.id} label={t("session.id")} short />,
    },
    { id: "project", header: t("column.project"), cell: (session) => session.project_name },
    { id: "state", header: t("column.state"), cell: (session) => <SessionState state={session.state} /> },
    { id: "started", header: t("column.started"), cell: (session) => <RelativeTime at={session.started_at} /> },
    { id: "duration", header: t("column.duration"), numeric: true, cell: (session) => clock(session.duration_ms) },
    {
      id: "errors",
      header: t("column.errors"),
      cell: (session) =>
        session.has_error ? (
          <StateBadge tone="danger" icon={IconAlertTriangle}>
            {t("yes")}
          </StateBadge>
        ) : (
          t("no")
        ),
    },
    {
      id: "system",
      header: t("column.system"),
      cell: (session) => [session.browser, session.os].filter((part) => part !== null && part !== "").join(" · "),
    },
    { id: "release", header: t("column.release"), cell: (session) => session.release ?? "" },
    ...(own
      ? [
          {
            id: "watch",
            header: t("column.acts"),
            cell: (session: Named) =>
              session.state === "erased" ? null : (
                <Button
                  size="compact-sm"
                  variant="light"
                  leftSection={<IconPlayerPlay size={14} aria-hidden />}
                  renderRoot={(props: object) => (
                    <Link to="/sessions/$sessionId" params={{ sessionId: session.id }} {...props} />
                  )}
                >
                  {t("request.watch")}
                  <span className="st-visually-hidden"> {session.id}</span>
                </Button>
              ),
          },
        ]
      : []),
  ];
}

/** The sessions a request opens: metadata, and nothing that was recorded. */
export function NamedSessions({ grant }: { readonly grant: Grant }) {
  const { t, tn } = useSpeech();
  const can = useCan();
  const { data: me } = useSuspenseQuery(meQuery());
  const own = grant.requester.id === me.id;
  const columns = useColumns(own && isInForce(grant));
  const { named, filter } = grant;
  const hidden = own && named.length === 0 && grant.approved_at === null;
  return (
    <>
      <section className={`st-panel ${classes.sectionTable ?? ""}`} aria-labelledby="sessions">
        <Title order={2} id="sessions">
          {named.length > 0 ? tn("request.sessions", named.length) : t("column.sessions")}
        </Title>
        <div className={classes.under}>
          <p className={classes.dimmed}>{hidden ? t("request.sessions.hidden") : t("request.sessions.metadata")}</p>
          {filter !== null && grant.approved_at === null && !hidden && (
            <p className={classes.dimmed}>{named.length === 0 ? t("request.filter.none") : t("request.filter.now")}</p>
          )}
          {filter !== null && <FilterWords filter={filter} />}
        </div>
        {named.length > 0 && (
          <DataTable label={t("column.sessions")} columns={columns} rows={named} rowId={({ id }) => id} />
        )}
      </section>
      {grant.activated_at !== null && can("session.viewers") && <WhoWatched grant={grant} since={grant.activated_at} />}
    </>
  );
}
