import type { Proposal } from "@sealtape/api-client";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { renewAccess } from "../../../api/access";

/** Goes to what was proposed instead of done. */
export function useProposed(): (proposal: Proposal) => Promise<void> {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return async ({ id }) => {
    await renewAccess(cache);
    await navigate({ to: "/access/proposals/$proposalId", params: { proposalId: id } });
  };
}
