import type { Span } from "../../recording/marks";
import type { TapeGap } from "../../recording/stream";
import type { Watching } from "../../recording/watching";
import { Controls } from "./Controls";
import { Stage } from "./Stage";
import { Timeline } from "./Timeline";
import { useControls } from "./useControls";

interface TheatreProps {
  readonly watching: Watching;
  readonly span: Span;
  readonly gaps: readonly TapeGap[];
  /** More may come. */
  readonly live: boolean;
  readonly replayOrigin: string;
  /** The address that opens the recording at a time, where it has one. */
  readonly linkAt?: (seconds: number) => string;
}

/** The picture with its controls and its timeline. */
export function Theatre({ watching, span, gaps, live, replayOrigin, linkAt }: TheatreProps) {
  const controls = useControls(watching, span);
  const { feed, shown } = watching;
  return (
    <>
      <Stage live={live} watching={watching} replayOrigin={replayOrigin} />
      <Controls watching={watching} controls={controls} {...span} linkAt={linkAt} />
      <Timeline
        items={feed.items}
        gaps={gaps}
        {...span}
        at={shown.ms || span.start}
        loadedUntil={feed.phase === "loading" ? feed.lastMs : span.end}
        seek={controls.seek}
      />
    </>
  );
}
