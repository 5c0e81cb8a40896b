import type { View } from "@sealtape/api-client";
import { EmptyState, RelativeTime, RowsSkeleton } from "@sealtape/ui";
import { IconEye } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { viewersQuery } from "../../api/queries";
import { NoPermission } from "../../components/access";
import { Problem } from "../../components/Problem";
import { useSpeech } from "../../i18n/context";
import type { PlainKey, Translate } from "../../i18n/translate";
import { clock } from "../../recording/format";
import classes from "./details.module.css";

const PANES: Readonly<Record<string, PlainKey>> = {
  dom: "view.pane.dom",
  console: "view.pane.console",
  network: "view.pane.network",
  actions: "view.pane.actions",
};

function panes(view: View, t: Translate): string {
  const words = view.panes.map((pane) => {
    const key = Object.hasOwn(PANES, pane) ? PANES[pane] : undefined;
    return key === undefined ? pane : t(key);
  });
  return words.join(", ");
}

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

/** Who watched this session. Opening the page writes an entry, so the reader finds themselves here. */
export function Viewers({ sessionId, allowed, start }: ViewersProps) {
  const { t } = useSpeech();
  const views = useQuery({ ...viewersQuery(sessionId), enabled: allowed });
  if (!allowed) return <NoPermission action="session.viewers" />;
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
    // A long list scrolls, and nothing inside it takes the focus that scrolling by keyboard needs.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <ol className={classes.views} tabIndex={0} aria-label={t("pane.viewers")}>
      {views.data.items.map((view) => (
        <li key={`${view.at}-${view.viewer.id}`}>
          <span className={classes.viewer}>{view.viewer.name}</span>
          <RelativeTime at={view.at} />
          <span className={classes.viewed}>
            {range(view, start, t)}
            {view.panes.length > 0 && `: ${panes(view, t)}`}
          </span>
        </li>
      ))}
    </ol>
  );
}
