import { expect, it } from "vitest";
import { byResource, places } from "./permissions";

it("the menu holds what the member may open", () => {
  const menu = (...permissions: string[]): string[] => places(new Set(permissions)).map((place) => place.id);
  expect(menu()).toEqual(["home", "permissions"]);
  expect(menu("session.list")).toEqual(["home", "sessions", "permissions"]);
  expect(menu("session.list", "project.list")).toEqual(["home", "sessions", "projects", "permissions"]);
  expect(menu("grant.request")).toEqual(["home", "requests", "grants", "rules", "permissions"]);
  expect(menu("break-glass.use", "proposal.list")).toEqual(["home", "break-glass", "proposals", "permissions"]);
  expect(menu("audit.read")).toEqual(["home", "permissions", "events", "checkpoints", "seen"]);
  expect(menu("audit.export", "webhook.list")).toEqual(["home", "permissions", "audit-exports", "webhooks"]);
  expect(menu("grant.list")).toEqual(menu("grant.request"));
});

it("groups actions by what they act on", () => {
  expect(byResource(["me.read", "session.list", "me.manage"])).toEqual([
    ["me", ["me.read", "me.manage"]],
    ["session", ["session.list"]],
  ]);
});
