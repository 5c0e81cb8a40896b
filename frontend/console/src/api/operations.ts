/** What the console asks about the running of the service. */
import { type Job, take } from "@sealtape/api-client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "./api";

/** How often the list of jobs is asked for again: jobs begin and end by themselves. */
const RENEW_MS = 5_000;

/** A page of the tenant's jobs. */
export const jobsQuery = (state: Job["state"] | undefined, cursor: string | undefined) =>
  queryOptions({
    queryKey: ["operations", "jobs", state, cursor],
    queryFn: () =>
      take(
        api.client.GET("/v1/ops/jobs", {
          params: {
            query: {
              ...(state === undefined ? {} : { state }),
              ...(cursor === undefined ? {} : { cursor }),
              limit: 50,
            },
          },
        }),
      ),
    refetchInterval: RENEW_MS,
  });
