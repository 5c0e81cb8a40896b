import type { AuditEvent } from "@sealtape/api-client";
import { type Column, DataTable, RelativeTime } from "@sealtape/ui";
import { Link } from "@tanstack/react-router";
import rows from "../../components/rows.module.css";
import { useSpeech } from "../../i18n/context";
import { actWord } from "./acts";
import { useNames } from "./names";
import { ActedOn, Actor, OutcomeBadge } from "./parts";

function useColumns(events: readonly AuditEvent[]): readonly Column<AuditEvent>[] {
  const { t, language } = useSpeech();
  const nameOf = useNames(events);
  const numbers = new Intl.NumberFormat(language);
  return [
    {
      id: "act",
      header: t("logged.act"),
      grow: true,
      cell: ({ id, act }) => (
        // Looking at an event asks for its proof: it is opened, not preloaded.
        <Link
          to="/audit/events/$eventId"
          params={{ eventId: id }}
          className={rows.rowLink}
          data-row-link
          preload={false}
        >
          <span className={rows.rowTitle}>{actWord(act, t)}</span>
          <span className={`${rows.rowMore ?? ""} st-mono`}>{act}</span>
        </Link>
      ),
    },
    { id: "actor", header: t("logged.actor"), cell: ({ actor }) => <Actor actor={actor} nameOf={nameOf} /> },
    { id: "object", header: t("logged.object"), cell: ({ object }) => <ActedOn object={object} nameOf={nameOf} /> },
    { id: "outcome", header: t("logged.outcome"), cell: ({ outcome }) => <OutcomeBadge outcome={outcome} /> },
    {
      id: "index",
      header: t("logged.index"),
      numeric: true,
      wideOnly: true,
      cell: ({ index }) => (index === null ? t("logged.index.none") : numbers.format(index)),
    },
    { id: "at", header: t("logged.at"), cell: ({ at }) => <RelativeTime at={at} /> },
  ];
}

interface EventTableProps {
  readonly label: string;
  readonly events: readonly AuditEvent[];
}

/** Events of the audit log, to compare and open. */
export function EventTable({ label, events }: EventTableProps) {
  return <DataTable label={label} columns={useColumns(events)} rows={events} rowId={({ id }) => id} />;
}
