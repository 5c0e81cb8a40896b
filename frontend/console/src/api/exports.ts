/** Exports: taking a session out as a sealed file, downloading it, and who did. */
import { type Download, type Export, type ExportCreated, type GrantPurpose, take } from "@sealtape/api-client";
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "./api";

const { client } = api;

/** Rows of a page. */
const PAGE_SIZE = 20;

/** Takes a session out; sent again under the same key it takes nothing out again. */
export const takeOut = (session: string, purpose: GrantPurpose, key: string): Promise<ExportCreated> =>
  take(
    client.POST("/v1/sessions/{id}/export", {
      params: { path: { id: session }, header: { "Idempotency-Key": key } },
      body: { purpose },
    }),
  );

/** Who took a session out, a page. */
export const exportsQuery = (session: string, cursor: string | undefined) =>
  queryOptions({
    queryKey: ["sessions", "exports", session, cursor],
    queryFn: () =>
      take(
        client.GET("/v1/sessions/{id}/exports", {
          params: { path: { id: session }, query: { limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) } },
        }),
      ),
  });

/** The list of a session's exports is asked for again. */
export const renewExports = (cache: QueryClient, session: string): Promise<void> =>
  cache.invalidateQueries({ queryKey: ["sessions", "exports", session] });

/** The sealed file of an export. */
export const openBundleStream = ({ id }: Pick<Export, "id">, signal: AbortSignal): Promise<Download> =>
  api.download(`/v1/exports/${encodeURIComponent(id)}/bundle`, { accept: "application/octet-stream", signal });

/** What the file is called. */
export const bundleName = ({ session_id: session }: Pick<Export, "session_id">): string => `sealtape-${session}.sealed`;
