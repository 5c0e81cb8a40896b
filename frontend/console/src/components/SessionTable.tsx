import type { SessionSummary } from "@sealtape/api-client";
import { type Column, DataTable, RelativeTime, type SortState, StateBadge } from "@sealtape/ui";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { SessionState, SessionValidation } from "./badges";
import classes from "./components.module.css";
import rows from "./rows.module.css";
import { sessionTitle } from "./session-words";
import { useSpeech } from "../i18n/context";
import { clock, path } from "../recording/format";

/** The link that opens a session; it is also the row's keyboard target. */
function SessionLink({ session }: { readonly session: SessionSummary }) {
  const { t } = useSpeech();
  const title = sessionTitle(session, t);
  const where = path(session.entry_url ?? "");
  return (
    <Link
      to="/sessions/$sessionId"
      params={{ sessionId: session.id }}
      className={rows.rowLink}
      data-row-link
      preload={false}
    >
      <span className={rows.rowTitle}>{title}</span>
      {where !== title && <span className={rows.rowMore}>{where}</span>}
    </Link>
  );
}

function Errors({ count }: { readonly count: number }) {
  const { language } = useSpeech();
  if (count === 0) return <span className={classes.none}>0</span>;
  return (
    <StateBadge tone="danger" icon={IconAlertTriangle}>
      {new Intl.NumberFormat(language).format(count)}
    </StateBadge>
  );
}

function systemOf(session: SessionSummary): string {
  return [session.browser, session.os].filter((part) => part !== null && part !== "").join(" · ");
}

/** Columns of the session list. */
function useColumns(brief: boolean): readonly Column<SessionSummary>[] {
  const { t, language } = useSpeech();
  const numbers = new Intl.NumberFormat(language);
  const always: readonly Column<SessionSummary>[] = [
    { id: "session", header: t("column.session"), grow: true, cell: (session) => <SessionLink session={session} /> },
    { id: "state", header: t("column.state"), cell: (session) => <SessionState state={session.state} /> },
    {
      id: "started",
      header: t("column.started"),
      sortable: true,
      cell: (session) => <RelativeTime at={session.started_at} />,
    },
    {
      id: "duration",
      header: t("column.duration"),
      numeric: true,
      sortable: true,
      cell: (session) => clock(session.duration_ms),
    },
    {
      id: "errors",
      header: t("column.errors"),
      numeric: true,
      sortable: true,
      cell: (session) => <Errors count={session.errors} />,
    },
  ];
  if (brief) return always;
  return [
    ...always,
    {
      id: "events",
      header: t("column.events"),
      numeric: true,
      sortable: true,
      wideOnly: true,
      cell: (session) => numbers.format(session.events),
    },
    {
      id: "validation",
      header: t("column.validation"),
      cell: (session) => <SessionValidation validation={session.validation} />,
    },
    { id: "project", header: t("column.project"), cell: (session) => session.project.name },
    { id: "system", header: t("column.system"), cell: systemOf },
    { id: "release", header: t("column.release"), cell: (session) => session.release ?? "" },
  ];
}

/** Props of `SessionTable`. */
export interface SessionTableProps {
  readonly label: string;
  readonly sessions: readonly SessionSummary[];
  /** Only the columns that matter at a glance. */
  readonly brief?: boolean;
  readonly sort?: SortState | undefined;
  readonly onSort?: (column: string) => void;
}

/** Sessions, one per row. */
export function SessionTable({ label, sessions, brief = false, sort, onSort }: SessionTableProps) {
  const { t } = useSpeech();
  return (
    <DataTable
      label={label}
      columns={useColumns(brief)}
      rows={sessions}
      rowId={(session) => session.id}
      sort={sort}
      onSort={onSort}
      sortHint={t("sessions.sort-hint")}
    />
  );
}
