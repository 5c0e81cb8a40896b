import type { AuditEvent } from "@sealtape/api-client";
import { queryOptions, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { checkpointQuery, inclusionQuery, ledgerKeyQuery, waitsForSigning } from "../../api/audit";
import { meQuery } from "../../api/queries";
import { type Checkpoint, checkpointFault, readCheckpoint } from "../../ledger/checkpoint";
import { trust, type Trust } from "../../ledger/pins";
import { type StepState, verifyGrowth, verifyInclusion } from "../../ledger/verify";
import { keyStep, seenStep, type ShownStep, verdict } from "./continuity";

/** Whether this page may use the browser's cryptography. */
export const canVerify = (): boolean => "subtle" in crypto;

const now = (): string => new Date().toISOString();

/** What the key that the server names is to this browser; the first one is believed from then on. */
export const trustQuery = (tenant: string, served: string | undefined) =>
  queryOptions({
    queryKey: ["audit", "trust", tenant, served],
    queryFn: async (): Promise<Trust | null> => (await trust(localStorage, tenant, served ?? "", now())) ?? null,
    enabled: served !== undefined && canVerify(),
    structuralSharing: false,
    gcTime: 0,
  });

/** The key of the log, as far as this browser believes it. */
export function useTrust() {
  const { data: me } = useSuspenseQuery(meQuery());
  const served = useQuery(ledgerKeyQuery());
  const trusted = useQuery(trustQuery(me.tenant.id, served.data));
  return { tenant: me.tenant.id, trust: trusted.data, error: served.error ?? trusted.error, refetch: served.refetch };
}

/** Where the check of something stands. */
export type Checked =
  | { readonly at: "checking" | "waiting" | "no-crypto" | "no-key" }
  | { readonly at: "failed"; readonly error: unknown; readonly retry: () => void }
  | { readonly at: "done"; readonly steps: readonly ShownStep[]; readonly verdict: StepState };

/** The end of every proof: the key, and what this browser saw before. */
async function remembered(tenant: string, known: Trust, checkpoint: Checkpoint | undefined): Promise<ShownStep[]> {
  const { key } = known.pin;
  const steps: ShownStep[] = [keyStep(known)];
  // What nobody signed is neither compared nor kept.
  if (checkpoint !== undefined && (await checkpointFault(checkpoint, key)) === undefined) {
    steps.push(await seenStep(localStorage, tenant, checkpoint, key));
  }
  return steps;
}

/** Proves an event: asks for the proof, and checks it here. */
export function useEventProof(event: AuditEvent): { readonly checked: Checked; readonly answer: object | undefined } {
  const { tenant, trust: known, error: keyError, refetch } = useTrust();
  const proof = useQuery(inclusionQuery(event.id));
  const answer = proof.data;
  const steps = useQuery({
    queryKey: ["audit", "proof", event, answer, known?.pin.key.text, known?.state, known?.pin.compared],
    queryFn: async (): Promise<readonly ShownStep[]> => {
      if (answer === undefined || known === undefined || known === null) return [];
      const shown = { ...event, tenant };
      const proved = await verifyInclusion(answer, shown, known.pin.key);
      return [...proved, ...(await remembered(tenant, known, readCheckpoint(answer.checkpoint)))];
    },
    enabled: answer !== undefined && known !== undefined && known !== null,
    structuralSharing: false,
    refetchOnWindowFocus: false,
    gcTime: 0,
    retry: false,
  });
  return { checked: stand(), answer };
  function stand(): Checked {
    if (!canVerify()) return { at: "no-crypto" };
    if (waitsForSigning(proof.error)) return { at: "waiting" };
    const error = proof.error ?? keyError ?? steps.error;
    const retry = (): void => void Promise.all([proof.refetch(), refetch()]);
    if (error !== null) return { at: "failed", error, retry };
    if (known === null) return { at: "no-key" };
    if (steps.data === undefined) return { at: "checking" };
    return { at: "done", steps: steps.data, verdict: verdict(steps.data) };
  }
}

/** Checks the newest checkpoint: signature, key, and that it continues what this browser saw. */
export function useNewestCheckpoint() {
  const { tenant, trust: known, error: keyError, refetch } = useTrust();
  const note = useQuery(checkpointQuery());
  const checkpoint = note.data === undefined ? undefined : readCheckpoint(note.data);
  const steps = useQuery({
    queryKey: ["audit", "newest", note.data, known?.pin.key.text, known?.state, known?.pin.compared],
    queryFn: async (): Promise<readonly ShownStep[]> => {
      if (known === undefined || known === null) return [];
      // A checkpoint continues itself: what is left of that proof is its signature.
      const signed = checkpoint === undefined ? [] : await verifyGrowth(checkpoint, checkpoint, [], known.pin.key);
      return [...signed.filter(({ id }) => id === "signature"), ...(await remembered(tenant, known, checkpoint))];
    },
    enabled: note.data !== undefined && known !== undefined && known !== null,
    structuralSharing: false,
    refetchOnWindowFocus: false,
    gcTime: 0,
    retry: false,
  });
  const checked = ((): Checked => {
    if (!canVerify()) return { at: "no-crypto" };
    const error = keyError ?? steps.error;
    if (error !== null) return { at: "failed", error, retry: () => void refetch() };
    if (known === null) return { at: "no-key" };
    if (steps.data === undefined) return { at: "checking" };
    return { at: "done", steps: steps.data, verdict: verdict(steps.data) };
  })();
  return { note, checkpoint, checked, trust: known, tenant, recheck: steps.refetch };
}
