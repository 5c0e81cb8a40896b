/**
 * Purpose: roles, what they allow, and why somebody may do something.
 * Design: as `access.ts`; the keys start with "access", because who may what changes with every decision there.
 */
import { done, type Permission, type RoleCreate, type RoleUpdate, take } from "@sealtape/api-client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "./api";

const { client } = api;
const MANY = 200;

/** Roles × actions, with the conditions that the roles are held under. */
export const roleMatrixQuery = () =>
  queryOptions({ queryKey: ["access", "role-matrix"], queryFn: () => take(client.GET("/v1/roles/matrix")) });

/** The tenant's own roles: all of them. */
export const rolesQuery = () =>
  queryOptions({
    queryKey: ["access", "roles"],
    queryFn: async () => (await take(client.GET("/v1/roles"))).items,
  });

/** One of them. */
export const roleQuery = (id: string) =>
  queryOptions({
    queryKey: ["access", "role", id],
    queryFn: () => take(client.GET("/v1/roles/{id}", { params: { path: { id } } })),
  });

/** Makes a role; sent again under the same key it makes nothing again. */
export const createRole = (body: RoleCreate, key: string) =>
  take(client.POST("/v1/roles", { body, params: { header: { "Idempotency-Key": key } } }));

/** Replaces the revision that it names. */
export const updateRole = (id: string, body: RoleUpdate) =>
  take(client.PUT("/v1/roles/{id}", { params: { path: { id } }, body }));

/** Removes a role that nobody has. */
export const deleteRole = (id: string) => done(client.DELETE("/v1/roles/{id}", { params: { path: { id } } }));

/** Members to choose from. */
export const memberChoicesQuery = () =>
  queryOptions({
    queryKey: ["access", "member-choices"],
    queryFn: async () => (await take(client.GET("/v1/members", { params: { query: { limit: MANY } } }))).items,
  });

/** What somebody may do, and why; oneself without an id. */
export const reasonsQuery = (member: string | undefined) =>
  queryOptions({
    queryKey: ["access", "reasons", member],
    queryFn: async (): Promise<{ readonly active: boolean; readonly permissions: readonly Permission[] }> => {
      if (member === undefined) {
        return { active: true, permissions: (await take(client.GET("/v1/me/permissions"))).why };
      }
      return take(client.GET("/v1/members/{id}/permissions", { params: { path: { id: member } } }));
    },
  });
