import { SegmentedControl } from "@mantine/core";
import type { Grant, SessionDetail } from "@sealtape/api-client";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect } from "react";
import { openEvents, viewersQuery } from "../../api/queries";
import { useCan } from "../../components/access";
import { useSpeech } from "../../i18n/context";
import type { Source } from "../../recording/feed";
import type { Span } from "../../recording/marks";
import { readGap, type TapeGap } from "../../recording/stream";
import { seekIn, spanOf, useWatching, type Watching } from "../../recording/watching";
import { Details } from "./Details";
import { EventList } from "./EventList";
import { GrantLine } from "./GrantLine";
import { PANES } from "./search";
import classes from "./session.module.css";
import { Theatre } from "./Theatre";
import { Viewers } from "./Viewers";

const route = getRouteApi("/app/sessions/$sessionId");

/** What the server holds of a session, and what comes to it. */
const stored = (sessionId: string): Source => ({
  from: "server",
  open: (after, signal) => openEvents(sessionId, after, signal),
});

/** The address of this session at a time. */
function linkAt(seconds: number): string {
  const link = new URL(globalThis.location.href);
  link.searchParams.set("t", String(seconds));
  return link.href;
}

/** Gaps the stream told, and those of the details that lie outside what was read yet. */
function allGaps(session: SessionDetail, feed: readonly TapeGap[]): readonly TapeGap[] {
  const known = new Set(feed.map((gap) => `${gap.tab}:${gap.fromMs}`));
  const listed = session.gap_list.flatMap((gap) => readGap(gap) ?? []);
  return [...feed, ...listed.filter((gap) => !known.has(`${gap.tab}:${gap.fromMs}`))];
}

function Pane({
  session,
  watching,
  span,
}: {
  readonly session: SessionDetail;
  readonly watching: Watching;
  readonly span: Span;
}) {
  const { t } = useSpeech();
  const can = useCan();
  const navigate = route.useNavigate();
  const { pane = "events", show } = route.useSearch();
  return (
    <aside className={`st-panel ${classes.aside ?? ""}`} aria-label={t("pane.label")}>
      <div className={classes.paneChoice}>
        <SegmentedControl
          fullWidth
          size="xs"
          value={pane}
          aria-label={t("pane.label")}
          data={PANES.map((each) => ({ value: each, label: t(`pane.${each}`) }))}
          onChange={(value) => {
            const next = PANES.find((each) => each === value);
            void navigate({ search: (previous) => ({ ...previous, pane: next }), replace: true });
          }}
        />
      </div>
      {pane === "events" && (
        <EventList
          feed={watching.feed}
          start={span.start}
          at={watching.shown.ms}
          show={show}
          onShow={(next) => void navigate({ search: (previous) => ({ ...previous, show: next }), replace: true })}
          seek={(ms) => seekIn(watching, span, ms)}
          among
        />
      )}
      {pane === "details" && <Details session={session} />}
      {pane === "viewers" && <Viewers sessionId={session.id} allowed={can("session.viewers")} start={span.start} />}
    </aside>
  );
}

interface WatchProps {
  readonly session: SessionDetail;
  /** What opens it to this viewer, when that is a grant. */
  readonly grant: Grant | undefined;
  readonly replayOrigin: string;
}

/** The player with everything around it. */
export function Watch({ session, grant, replayOrigin }: WatchProps) {
  const version = `${session.state} ${session.segments} ${session.last_event_at ?? ""}`;
  const watching = useWatching(stored(session.id), version);
  const { t: openAt } = route.useSearch();
  const span = spanOf({ startMs: session.start_ms, durationMs: session.duration_ms }, watching);
  const { player } = watching;
  const startKnown = watching.feed.startMs;

  const queries = useQueryClient();

  // The stream's first line comes after this view was written down. The list of viewers may have been asked for before:
  // an answer still under way must not count.
  useEffect(() => {
    if (startKnown === undefined) return;
    const { queryKey } = viewersQuery(session.id);
    void queries.cancelQueries({ queryKey }).then(() => queries.invalidateQueries({ queryKey }));
  }, [queries, session.id, startKnown]);

  // A link can name the time to open at; the player reaches it when its events are there.
  useEffect(() => {
    if (openAt !== undefined && startKnown !== undefined) player.send({ type: "seek", ms: startKnown + openAt * 1000 });
    // Only the time the page was opened with counts: the reader's own seeking must not be undone.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [player, startKnown]);

  return (
    <div className={classes.layout}>
      <div className={classes.theatre}>
        {grant !== undefined && <GrantLine grant={grant} />}
        <Theatre
          watching={watching}
          span={span}
          gaps={allGaps(session, watching.feed.gaps)}
          live={session.state === "live"}
          replayOrigin={replayOrigin}
          linkAt={linkAt}
        />
      </div>
      <Pane session={session} watching={watching} span={span} />
    </div>
  );
}
