import type { GrantSummary } from "@sealtape/api-client";
import { type Column, DataTable, RelativeTime } from "@sealtape/ui";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isInForce } from "../../api/access";
import { asksFor, endWords, GrantStateBadge, personName } from "../../components/grant-words";
import { Remaining, span } from "../../components/Remaining";
import { useSpeech } from "../../i18n/context";
import rows from "../../components/rows.module.css";

const MINUTE_MS = 60_000;

/** The link to a request; it is also the row's keyboard target. */
function RequestLink({ grant }: { readonly grant: GrantSummary }) {
  const { t } = useSpeech();
  return (
    <Link
      to="/access/requests/$requestId"
      params={{ requestId: grant.id }}
      className={rows.rowLink}
      data-row-link
      preload={false}
    >
      <span className={rows.rowTitle}>{grant.reason === "" ? t("grant.reason.erased") : grant.reason}</span>
      {grant.ticket !== "" && <span className={rows.rowTicket}>{grant.ticket}</span>}
    </Link>
  );
}

/** What time means for it now: until when to decide, until when it holds, when it ended. */
function Time({ grant }: { readonly grant: GrantSummary }) {
  const { t } = useSpeech();
  if (grant.state === "pending") return <Remaining until={grant.decide_by} />;
  if (isInForce(grant) && grant.expires_at !== null) return <Remaining until={grant.expires_at} />;
  if (grant.ended_at === null) return null;
  return (
    <span title={endWords(grant, t)}>
      <RelativeTime at={grant.ended_at} />
    </span>
  );
}

interface GrantTableProps {
  readonly label: string;
  readonly grants: readonly GrantSummary[];
  /** Leaves out whose they are: one's own. */
  readonly own?: boolean;
  /** What can be done with one. */
  readonly acts?: (grant: GrantSummary) => ReactNode;
  /** What stands above that. */
  readonly actsHeader?: string;
}

/** Requests or grants, one per row. */
export function GrantTable({ label, grants, own = false, acts, actsHeader }: GrantTableProps) {
  const { t, tn, language } = useSpeech();
  const columns: readonly Column<GrantSummary>[] = [
    { id: "request", header: t("grant.reason"), grow: true, cell: (grant) => <RequestLink grant={grant} /> },
    ...(own
      ? []
      : [{ id: "who", header: t("grant.who"), cell: (grant: GrantSummary) => personName(grant.requester, t) }]),
    { id: "asks", header: t("grant.asks"), cell: (grant) => asksFor(grant, t, tn) },
    { id: "purpose", header: t("grant.purpose"), cell: (grant) => t(`purpose.${grant.purpose}`) },
    { id: "for", header: t("grant.for"), cell: (grant) => span(grant.minutes * MINUTE_MS, language) },
    { id: "state", header: t("column.state"), cell: (grant) => <GrantStateBadge state={grant.state} /> },
    { id: "time", header: t("grant.time"), cell: (grant) => <Time grant={grant} /> },
    ...(acts === undefined ? [] : [{ id: "acts", header: actsHeader ?? t("column.acts"), cell: acts }]),
  ];
  return <DataTable label={label} columns={columns} rows={grants} rowId={(grant) => grant.id} />;
}
