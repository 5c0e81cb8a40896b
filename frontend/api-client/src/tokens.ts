/**
 * Purpose: the access token's life in one page: held in memory, renewed once for any number of callers.
 * Design: the refresh token is an HttpOnly cookie this code never sees; renewing rotates it, so two renewals at the same
 * time would look like theft. Within a page they share one promise, between pages they queue on a Web Lock.
 */

/** What signing in and refreshing answer. */
export interface TokenAnswer {
  readonly access_token: string;
  /** Seconds. */
  readonly expires_in: number;
}

/** Holds the access token and renews it. */
export interface TokenKeeper {
  /** The token, if one is held. */
  readonly current: () => string | undefined;
  readonly hold: (answer: TokenAnswer) => void;
  readonly drop: () => void;
  /** A new token, or undefined when the sign-in is over. Concurrent calls share one request. */
  readonly renew: () => Promise<string | undefined>;
}

type Refresh = () => Promise<TokenAnswer | undefined>;

const queued = async (refresh: Refresh): Promise<TokenAnswer | undefined> =>
  typeof navigator !== "undefined" && "locks" in navigator
    ? await navigator.locks.request("sealtape-refresh", refresh)
    : refresh();

/** A keeper that renews through `refresh`, which answers undefined when the server says the sign-in is over. */
export function tokenKeeper(refresh: Refresh): TokenKeeper {
  let token: string | undefined;
  let renewing: Promise<string | undefined> | undefined;
  const renew = async (): Promise<string | undefined> => {
    const answer = await queued(refresh);
    token = answer?.access_token;
    return token;
  };
  return {
    current: () => token,
    hold: (answer) => {
      token = answer.access_token;
    },
    drop: () => {
      token = undefined;
    },
    renew: () => {
      renewing ??= renew().finally(() => {
        renewing = undefined;
      });
      return renewing;
    },
  };
}
