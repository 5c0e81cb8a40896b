import { type Api, createApi, type StepUpNeeded } from "@sealtape/api-client";

/** Called when the sign-in ended; the router sets it. */
let signedOut: () => void = () => undefined;

/** Asks the person for a fresh proof; the frame around the pages sets it. */
let prove: ((needed: StepUpNeeded) => Promise<boolean>) | undefined;
let proving: Promise<boolean> | undefined;

/** Acts that are refused at the same time share one question. */
function stepUp(needed: StepUpNeeded): Promise<boolean> {
  if (prove === undefined) return Promise.resolve(false);
  proving ??= prove(needed).finally(() => {
    proving = undefined;
  });
  return proving;
}

/** The API of the origin this console came from. */
export const api: Api = createApi({
  baseUrl: globalThis.location.origin,
  // Looked up at each call, so that a test can stand in front of the network.
  fetch: (request) => globalThis.fetch(request),
  onSignedOut: () => {
    signedOut();
  },
  onStepUp: stepUp,
});

/** Says what happens when a renewal of the sign-in is refused. */
export function onSignedOut(handler: () => void): void {
  signedOut = handler;
}

/** Says how to ask for a fresh proof, until the returned function is called. */
export function onStepUp(handler: (needed: StepUpNeeded) => Promise<boolean>): () => void {
  prove = handler;
  return () => {
    if (prove === handler) prove = undefined;
  };
}
