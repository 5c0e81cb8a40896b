/** What the console asks about kill switches; as `queries.ts`. */
import { done, take } from "@sealtape/api-client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "./api";

const { client } = api;

/** How often every page looks whether capture is stopped. */
const RENEW_MS = 30_000;

/** Whether capture is stopped in every project. */
export const killSwitchQuery = () =>
  queryOptions({
    queryKey: ["capture", "everything"],
    queryFn: () => take(client.GET("/v1/kill-switch")),
    staleTime: RENEW_MS,
    refetchInterval: RENEW_MS,
  });

/** Stops capture for a reason, or lets it go on without one: in a project, or in all of them. */
export function switchCapture(project: string | undefined, reason: string | undefined): Promise<void> {
  const body = { on: reason !== undefined, ...(reason === undefined ? {} : { reason }) };
  return project === undefined
    ? done(client.POST("/v1/kill-switch", { body }))
    : done(client.POST("/v1/projects/{id}/kill-switch", { params: { path: { id: project } }, body }));
}
