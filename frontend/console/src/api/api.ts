import { type Api, createApi } from "@sealtape/api-client";

/** Called when the sign-in ended; the router sets it. */
let signedOut: () => void = () => undefined;

/** The API of the origin this console came from. */
export const api: Api = createApi({
  baseUrl: globalThis.location.origin,
  // Looked up at each call, so that a test can stand in front of the network.
  fetch: (request) => globalThis.fetch(request),
  onSignedOut: () => {
    signedOut();
  },
});

/** Says what happens when a renewal of the sign-in is refused. */
export function onSignedOut(handler: () => void): void {
  signedOut = handler;
}
