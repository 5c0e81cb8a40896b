/**
 * Purpose: changes that take two people.
 * Design: as `access.ts`; their keys start with "access" too, because a decided proposal changes rules and rights.
 */
import { done, type Proposal, take } from "@sealtape/api-client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "./api";

const { client } = api;
const WAITING_MS = 5_000;

/** A page of proposals. */
export const proposalsQuery = (state: Proposal["state"] | undefined, cursor: string | undefined) =>
  queryOptions({
    queryKey: ["access", "proposals", state, cursor],
    queryFn: () =>
      take(
        client.GET("/v1/proposals", {
          params: {
            query: {
              ...(state === undefined ? {} : { state }),
              ...(cursor === undefined ? {} : { cursor }),
              limit: 50,
            },
          },
        }),
      ),
    refetchInterval: WAITING_MS,
  });

/** One proposal. */
export const proposalQuery = (id: string) =>
  queryOptions({
    queryKey: ["access", "proposal", id],
    queryFn: () => take(client.GET("/v1/proposals/{id}", { params: { path: { id } } })),
    refetchInterval: ({ state: { data } }) => (data === undefined || data.state === "open" ? WAITING_MS : false),
  });

/** Approves exactly the change of this hash. */
export const approveProposal = (id: string, hash: string) =>
  done(client.POST("/v1/proposals/{id}/approve", { params: { path: { id } }, body: { hash } }));

/** Says no. */
export const rejectProposal = (id: string) =>
  done(client.POST("/v1/proposals/{id}/reject", { params: { path: { id } } }));

/** Takes one's own back, or stops what waits in solo mode. */
export const cancelProposal = (id: string) =>
  done(client.POST("/v1/proposals/{id}/cancel", { params: { path: { id } } }));
