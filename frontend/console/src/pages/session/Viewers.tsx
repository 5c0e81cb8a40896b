import type { View } from "@sealtape/api-client";
import { EmptyState, RelativeTime, RowsSkeleton } from "@sealtape/ui";
import { IconEye } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { viewersQuery } from "../../api/queries";
import { NoPermission, useCan } from "../../components/access";
import { Problem } from "../../components/Problem";
import { paneWords } from "../../components/session-words";
import { useSpeech } from "../../i18n/context";
import type { Translate } from "../../i18n/translate";
import { clock } from "../../recording/format";
import classes from "./details.module.css";
import { TakenOut } from "./export/TakenOut";

function range(view: View, start: number, t: Translate): string {
  const { from_ms: from, to_ms: to } = view;
  if (from === null || to === null) return t("view.all");
  return t("view.range", { from: clock(from - start), to: clock(to - start) });
}

interface ViewersProps {
  readonly sessionId: string;
  readonly allowed: boolean;
  readonly start: number;
}

function Watched({ sessionId, start }: Omit<ViewersProps, "allowed">) {
  const { t } = useSpeech();
  const views = useQuery(viewersQuery(sessionId));
  if (views.isPending) return <RowsSkeleton rows={4} />;
  if (views.isError) return <Problem error={views.error} onRetry={() => void views.refetch()} />;
  if (views.data.items.length === 0) {
    return (
      <EmptyState icon={IconEye} title={t("viewers.none.title")}>
        {t("viewers.none.text")}
      </EmptyState>
    );
  }
  return (
    <ol className={classes.views} aria-label={t("pane.viewers")}>
      {views.data.items.map((view) => (
        <li key={`${view.at}-${view.viewer.id}`}>
          <span className={classes.viewer}>{view.viewer.name}</span>
          <RelativeTime at={view.at} />
          <span className={classes.viewed}>
            {range(view, start, t)}
            {view.panes.length > 0 && `: ${paneWords(view.panes, t)}`}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Who watched this session and who took it out. Opening the page is watching it, so the reader finds themselves here. */
export function Viewers({ sessionId, allowed, start }: ViewersProps) {
  const { t } = useSpeech();
  const can = useCan();
  if (!allowed) return <NoPermission action="session.viewers" />;
  return (
    // Long lists scroll, and nothing inside them needs to take the focus that scrolling by keyboard needs.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.details} role="group" tabIndex={0} aria-label={t("pane.viewers")}>
      <Watched sessionId={sessionId} start={start} />
      <TakenOut sessionId={sessionId} />
      {can("audit.read") && (
        <p>
          <Link to="/audit/events" search={{ object: sessionId }}>
            {t("session.log")}
          </Link>
        </p>
      )}
    </div>
  );
}
