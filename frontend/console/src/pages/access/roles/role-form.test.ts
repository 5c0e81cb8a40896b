import type { CustomRole, RoleReason } from "@sealtape/api-client";
import { expect, it } from "vitest";
import { everywhere, isRoleName, NEW_ROLE, readRole, say, seesText, writeRole } from "./role-form";

const stored: CustomRole = {
  id: "r",
  name: "support-eu",
  actions: ["session.view", "session.list"],
  denies: ["session.export"],
  unmasked: true,
  sound: true,
  revision: 3,
  created_at: "2026-01-01T10:00:00Z",
  changed_at: "2026-01-01T10:00:00Z",
};

const reason = (fields: Partial<RoleReason>): RoleReason => ({
  role: "admin",
  name: "admin",
  binding_id: "b",
  condition: null,
  masked: false,
  counts: true,
  ...fields,
});

it("keeps what a role says, and changes one word at a time", () => {
  const form = readRole(stored);
  expect(writeRole(form)).toEqual({
    name: "support-eu",
    unmasked: true,
    actions: ["session.list", "session.view"],
    denies: ["session.export"],
  });
  expect(writeRole(say(say(form, "session.view", "leave"), "session.list", "deny"))).toMatchObject({
    actions: [],
    denies: ["session.export", "session.list"],
  });
  expect(writeRole({ ...NEW_ROLE, name: " eu " })).toEqual({
    name: "eu",
    unmasked: false,
    actions: ["me.manage", "me.read"],
    denies: [],
  });
});

it("takes the names that the server takes", () => {
  expect(["eu", "support-eu", "a1"].every(isRoleName)).toBe(true);
  expect(["e", "Eu", "a--b", "-a", "a-", "ä1", "a".repeat(41)].some(isRoleName)).toBe(false);
});

it("knows what somebody may do and see everywhere", () => {
  const permissions = [
    { action: "session.view", allowed: true, given_by: [reason({ masked: true })], taken_by: [] },
    { action: "session.list", allowed: true, given_by: [reason({ condition: { own: true } })], taken_by: [] },
    { action: "session.export", allowed: false, given_by: [reason({})], taken_by: [reason({})] },
  ];
  expect([...everywhere(permissions)]).toEqual(["session.view"]);
  expect(seesText(permissions)).toBe(false);
  expect(seesText([{ action: "session.view", allowed: true, given_by: [reason({})], taken_by: [] }])).toBe(true);
});
