import { useEffect, useState, useSyncExternalStore } from "react";
import { createFeed, type Feed, type FeedState, type Source } from "./feed";
import type { Span } from "./marks";
import { createPlayer, type Player, type PlayerState } from "./player";

/** A recording on the screen: its feed, its player, and what both know. */
export interface Watching {
  readonly from: Source["from"];
  readonly feed: FeedState;
  readonly shown: PlayerState;
  readonly player: Player;
  readonly reload: () => void;
}

/** Where a recording starts and how long it is, as far as that is known without having read it. */
interface Told {
  readonly startMs: number;
  readonly durationMs: number;
}

/** The stretch that a timeline shows. It grows with a live session. */
export function spanOf(told: Told, { feed, shown }: Pick<Watching, "feed" | "shown">): Span {
  const start = shown.startMs || feed.startMs || told.startMs;
  const end = Math.max(start + told.durationMs, start + shown.durationMs, feed.lastMs, start + 1000);
  return { start, end };
}

/** Goes to a time of the recording, within its bounds. */
export function seekIn({ player }: Pick<Watching, "player">, { start, end }: Span, ms: number): void {
  player.send({ type: "seek", ms: Math.min(Math.max(ms, start), end) });
}

interface Joined {
  readonly feed: Feed;
  readonly player: Player;
}

/** How long reading waits for the first picture, ms: a player that shows nothing must not keep the list of events empty. */
const PICTURE_MS = 3000;

/** Settles when the player shows its first picture, or after {@link PICTURE_MS}. */
function firstPicture({ store }: Player): Promise<void> {
  return new Promise((done) => {
    const look = (): void => {
      if (store.get().firstFrame) finish();
    };
    const finish = (): void => {
      clearTimeout(timer);
      leave();
      done();
    };
    const timer = setTimeout(finish, PICTURE_MS);
    const leave = store.subscribe(look);
    look();
  });
}

function join(source: Source): Joined {
  const player = createPlayer();
  const feed = createFeed(source, {
    events: (tab, events) => player.send({ type: "events", tab, events: [...events] }),
    gaps: (gaps) =>
      player.send({
        type: "gaps",
        gaps: gaps.map((gap) => ({ tab: gap.tab, from_ms: gap.fromMs, to_ms: gap.toMs, reason: gap.reason })),
      }),
    end: (live) => player.send({ type: "end", live }),
    shown: () => firstPicture(player),
  });
  return { feed, player };
}

/**
 * Watches a recording. `version` changes when the server stored more of it: then a live session is read on. Give the
 * component a key of the recording's id: the first source counts, and the player keeps what it was fed.
 */
export function useWatching(source: Source, version: string): Watching {
  const [{ feed, player }] = useState(() => join(source));
  const feedState = useSyncExternalStore(feed.store.subscribe, feed.store.get);
  const shown = useSyncExternalStore(player.store.subscribe, player.store.get);
  const following = feedState.phase === "following" || feedState.phase === "loading";

  useEffect(() => {
    if (following) void feed.read();
    // `version` is the trigger: the same stream has more to give.
  }, [feed, following, version]);
  useEffect(
    () => () => {
      feed.close();
      player.close();
    },
    [feed, player],
  );
  return { from: source.from, feed: feedState, shown, player, reload: () => void feed.read() };
}
