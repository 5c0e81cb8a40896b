/**
 * Purpose: what the console asks about the reader's own account: second factors and fresh proofs.
 * Design: as `queries.ts`; acts that need a fresh proof get it from the client, nothing here knows which they are.
 */
import { type Challenge, done, type StepUp, take } from "@sealtape/api-client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "./api";
import { registerKey } from "./webauthn";

const { client } = api;

/** My second factors. */
export const factorsQuery = () =>
  queryOptions({ queryKey: ["account", "factors"], queryFn: () => take(client.GET("/v1/me/mfa")) });

/** A secret for an authenticator app; counts once one of its codes came back. */
export const beginTotp = () => take(client.POST("/v1/me/mfa/totp"));

/** Puts the authenticator app in force. */
export const confirmTotp = (code: string) => done(client.PUT("/v1/me/mfa/totp", { body: { code } }));

/** Removes the authenticator app. */
export const removeTotp = () => done(client.DELETE("/v1/me/mfa/totp"));

/** Makes ten recovery codes; those before are good no more. */
export const makeRecoveryCodes = () => take(client.POST("/v1/me/mfa/recovery-codes"));

/** Lets a security key make a credential and registers it under a name. */
export async function addSecurityKey(name: string) {
  const { challenge, webauthn } = await take(client.POST("/v1/me/mfa/webauthn/challenge"));
  const credential = await registerKey(webauthn);
  return take(client.POST("/v1/me/mfa/webauthn", { body: { challenge, name, credential } }));
}

/** Renames a security key. */
export const renameSecurityKey = (id: string, name: string) =>
  take(client.PATCH("/v1/me/mfa/webauthn/{id}", { params: { path: { id } }, body: { name } }));

/** Removes a security key. */
export const removeSecurityKey = (id: string) =>
  done(client.DELETE("/v1/me/mfa/webauthn/{id}", { params: { path: { id } } }));

/** What would prove the reader again. */
export const askStepUp = (): Promise<Challenge> => take(client.POST("/v1/auth/step-up/challenge"));

/** Proves the reader again. */
export const stepUp = (proof: StepUp) => take(client.POST("/v1/auth/step-up", { body: proof }));

/** My sign-ins. */
export const signInsQuery = () =>
  queryOptions({ queryKey: ["account", "sign-ins"], queryFn: () => take(client.GET("/v1/auth/sessions")) });

/** Ends one of my sign-ins. */
export const endSignIn = (id: string) => done(client.DELETE("/v1/auth/sessions/{id}", { params: { path: { id } } }));

/** Changes my password; all my other sign-ins end. */
export const changePassword = (passwords: { readonly old_password: string; readonly new_password: string }) =>
  done(client.POST("/v1/auth/password/change", { body: passwords }));

/** The other tenants that this sign-in can go over to. A while after signing in there can be more: each is looked at. */
export const myTenantsQuery = () =>
  queryOptions({
    queryKey: ["account", "tenants"],
    queryFn: () => take(client.GET("/v1/me/tenants")),
    staleTime: 0,
  });
