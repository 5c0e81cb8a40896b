/** What the console asks about members, roles, invitations and API keys; as `queries.ts`. */
import { type ApiKeyCreate, done, type FirstRun, type RoleCondition, take } from "@sealtape/api-client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "./api";

const { client } = api;

/** Rows of a page. */
const LIMIT = 100;

const page = (cursor: string | undefined) => ({ limit: LIMIT, ...(cursor === undefined ? {} : { cursor }) });

/** One page of the members. */
export const membersQuery = (cursor?: string) =>
  queryOptions({
    queryKey: ["members", "list", { cursor }],
    queryFn: () => take(client.GET("/v1/members", { params: { query: page(cursor) } })),
  });

/** One member. */
export const memberQuery = (id: string) =>
  queryOptions({
    queryKey: ["members", "one", id],
    queryFn: () => take(client.GET("/v1/members/{id}", { params: { path: { id } } })),
  });

/** The roles of one member, each with what takes it away. */
export const bindingsQuery = (member: string) =>
  queryOptions({
    queryKey: ["members", "bindings", member],
    queryFn: () => take(client.GET("/v1/role-bindings", { params: { query: { member, limit: LIMIT } } })),
  });

/** Gives a member a role: for the sessions that meet the condition, or without one for all. */
export const giveRole = (member: string, role: string, condition: RoleCondition | undefined) =>
  take(
    client.POST("/v1/role-bindings", {
      body: { member_id: member, role, ...(condition === undefined ? {} : { condition }) },
    }),
  );

/** Takes a role from a member. */
export const takeRole = (binding: string) =>
  done(client.DELETE("/v1/role-bindings/{id}", { params: { path: { id: binding } } }));

/** Takes a member's second factors and recovery codes away. */
export const resetFactors = (id: string) =>
  done(client.POST("/v1/members/{id}/reset-factors", { params: { path: { id } } }));

/** Ends a member's access. */
export const disableMember = (id: string) =>
  done(client.POST("/v1/members/{id}/disable", { params: { path: { id } } }));

/** Gives it back. */
export const enableMember = (id: string) => done(client.POST("/v1/members/{id}/enable", { params: { path: { id } } }));

/** One page of the invitations that wait. */
export const invitationsQuery = (cursor?: string) =>
  queryOptions({
    queryKey: ["invitations", { cursor }],
    queryFn: () => take(client.GET("/v1/invitations", { params: { query: page(cursor) } })),
  });

/** Invites somebody; the answer holds the link, this once. */
export const invite = (email: string, roles: readonly string[]) =>
  take(client.POST("/v1/invitations", { body: { email, roles: [...roles] } }));

/** Makes a new link; the one before ends. */
export const inviteAgain = (id: string) =>
  take(client.POST("/v1/invitations/{id}/resend", { params: { path: { id } } }));

/** Withdraws an invitation. */
export const withdrawInvitation = (id: string) =>
  done(client.DELETE("/v1/invitations/{id}", { params: { path: { id } } }));

/** What an invitation's link is for. */
export const invitedQuery = (token: string) =>
  queryOptions({
    queryKey: ["invited", token],
    queryFn: () => take(client.POST("/v1/invitations/look", { body: { token } })),
    retry: false,
    gcTime: 0,
  });

/** Becomes a member. */
export const acceptInvitation = (token: string, name: string, password: string) =>
  done(client.POST("/v1/invitations/accept", { body: { token, name, password } }));

/** Asks for a link to set a new password; the answer is the same for every address. */
export const forgotPassword = (email: string) => done(client.POST("/v1/auth/password/forgot", { body: { email } }));

/** Sets a new password with such a link. */
export const resetPassword = (token: string, password: string) =>
  done(client.POST("/v1/auth/password/reset", { body: { token, new_password: password } }));

/** Makes the first tenant. */
export const setUp = (run: FirstRun) => take(client.POST("/v1/setup", { body: run }));

/** One page of the API keys. */
export const apiKeysQuery = (cursor?: string) =>
  queryOptions({
    queryKey: ["api-keys", { cursor }],
    queryFn: () => take(client.GET("/v1/api-keys", { params: { query: page(cursor) } })),
  });

/** Makes an API key; the answer holds its secret, this once. */
export const createApiKey = (key: ApiKeyCreate) => take(client.POST("/v1/api-keys", { body: key }));

/** Revokes an API key. */
export const revokeApiKey = (id: string) => done(client.DELETE("/v1/api-keys/{id}", { params: { path: { id } } }));
