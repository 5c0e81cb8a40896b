import { useEffect, useState, useSyncExternalStore } from "react";
import { openEvents } from "../api/queries";
import { createFeed, type Feed, type FeedState } from "./feed";
import { createPlayer, type Player, type PlayerState } from "./player";

/** A session on the screen: its feed, its player, and what both know. */
export interface Watching {
  readonly feed: FeedState;
  readonly shown: PlayerState;
  readonly player: Player;
  readonly reload: () => void;
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

function join(sessionId: string): Joined {
  const player = createPlayer();
  const feed = createFeed((after, signal) => openEvents(sessionId, after, signal), {
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
 * Watches a session. `version` changes when the server stored more of it: then a live session is read on. Give the
 * component a key of the session's id: the player keeps what it was fed.
 */
export function useWatching(sessionId: string, version: string): Watching {
  const [{ feed, player }] = useState(() => join(sessionId));
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
  return { feed: feedState, shown, player, reload: () => void feed.read() };
}
