import { SegmentedControl } from "@mantine/core";
import type { Grant, SessionDetail } from "@sealtape/api-client";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect } from "react";
import { viewersQuery } from "../../api/queries";
import { useCan } from "../../components/access";
import { useSpeech } from "../../i18n/context";
import { readGap, type TapeGap } from "../../recording/stream";
import { useWatching, type Watching } from "../../recording/watching";
import { Controls } from "./Controls";
import { Details } from "./Details";
import { EventList } from "./EventList";
import { GrantLine } from "./GrantLine";
import { useControls } from "./useControls";
import { PANES } from "./search";
import classes from "./session.module.css";
import { Stage } from "./Stage";
import { Timeline } from "./Timeline";
import { Viewers } from "./Viewers";

const route = getRouteApi("/app/sessions/$sessionId");

/** The stretch the timeline shows, in epoch ms. It grows with a live session. */
function bounds(session: SessionDetail, { feed, shown }: Watching): { readonly start: number; readonly end: number } {
  const start = shown.startMs || feed.startMs || session.start_ms;
  const end = Math.max(start + session.duration_ms, start + shown.durationMs, feed.lastMs, start + 1000);
  return { start, end };
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
  start,
  seek,
}: {
  readonly session: SessionDetail;
  readonly watching: Watching;
  readonly start: number;
  readonly seek: (ms: number) => void;
}) {
  const { t } = useSpeech();
  const can = useCan();
  const navigate = route.useNavigate();
  const { pane = "events" } = route.useSearch();
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
      {pane === "events" && <EventList feed={watching.feed} start={start} at={watching.shown.ms} seek={seek} />}
      {pane === "details" && <Details session={session} />}
      {pane === "viewers" && <Viewers sessionId={session.id} allowed={can("session.viewers")} start={start} />}
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
  const watching = useWatching(session.id, version);
  const { t: openAt } = route.useSearch();
  const { start, end } = bounds(session, watching);
  const controls = useControls(watching, start, end);
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
        <Stage session={session} watching={watching} replayOrigin={replayOrigin} />
        <Controls watching={watching} controls={controls} start={start} end={end} />
        <Timeline
          items={watching.feed.items}
          gaps={allGaps(session, watching.feed.gaps)}
          start={start}
          end={end}
          at={watching.shown.ms || start}
          loadedUntil={watching.feed.phase === "loading" ? watching.feed.lastMs : end}
          seek={controls.seek}
        />
      </div>
      <Pane session={session} watching={watching} start={start} seek={controls.seek} />
    </div>
  );
}
