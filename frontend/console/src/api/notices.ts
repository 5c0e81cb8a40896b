/** What the console asks about notices; as `queries.ts`. */
import { type NoticePreference, type Preferences, take } from "@sealtape/api-client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "./api";

const { client } = api;

/** How often the bell looks, in milliseconds: notices are no stream. */
const LOOK_MS = 60_000;

/** How many the bell shows. */
export const LATEST = 5;

/** The newest unread notices, and how many there are. */
export const latestNoticesQuery = () =>
  queryOptions({
    queryKey: ["notices", "latest"],
    queryFn: () => take(client.GET("/v1/me/notices", { params: { query: { unread: true, limit: LATEST } } })),
    refetchInterval: LOOK_MS,
  });

/** What a page of the inbox shows. */
export interface NoticeSearch {
  readonly unread?: boolean | undefined;
  readonly cursor?: string | undefined;
}

/** One page of the inbox. */
export const noticesQuery = ({ unread, cursor }: NoticeSearch) =>
  queryOptions({
    queryKey: ["notices", "list", { unread, cursor }],
    queryFn: () =>
      take(
        client.GET("/v1/me/notices", {
          params: {
            query: {
              limit: 50,
              ...(unread === true ? { unread } : {}),
              ...(cursor === undefined ? {} : { cursor }),
            },
          },
        }),
      ),
  });

/** Marks these notices as read, or all that are there now. */
export const readNotices = (which: readonly string[] | "all") =>
  take(client.POST("/v1/me/notices/read", { body: which === "all" ? { all: {} } : { ids: [...which] } }));

/** What the reader is told of, and how. */
export const preferencesQuery = () =>
  queryOptions({ queryKey: ["preferences"], queryFn: () => take(client.GET("/v1/me/preferences")) });

/** Changes one kind of notice, or the language of letters. */
export const changePreferences = (change: {
  readonly language?: Preferences["language"];
  readonly notice?: Pick<NoticePreference, "kind" | "inbox" | "mail">;
}) =>
  take(
    client.PATCH("/v1/me/preferences", {
      body: {
        ...(change.language === undefined ? {} : { language: change.language }),
        ...(change.notice === undefined ? {} : { notices: [change.notice] }),
      },
    }),
  );
