import { expect, it } from "vitest";
import { ROLES, rolesWith } from "./role-table";

it("the role table is the server's own", () => {
  expect(rolesWith("me.read")).toEqual([...ROLES]);
  expect(rolesWith("grant.review")).toEqual(["owner", "admin", "privacy-officer", "security"]);
  expect(rolesWith("session.view")).not.toContain("auditor");
  expect(rolesWith("no.such")).toEqual([]);
});
