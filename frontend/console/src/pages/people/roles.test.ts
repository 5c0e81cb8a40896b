import { expect, it } from "vitest";
import { decidesAbout, givable, INVITABLE } from "./roles";

it("lets only owners decide about owners, and only owners and privacy officers about privacy officers", () => {
  expect(decidesAbout(["admin"], "owner")).toBe(false);
  expect(decidesAbout(["admin", "privacy-officer"], "privacy-officer")).toBe(true);
  expect(givable(["admin"])).toEqual(["admin", "security", "engineer", "support", "auditor", "viewer"]);
  expect(givable(["owner"])).toHaveLength(8);
});

it("invites nobody to a role that takes two people", () => {
  expect(INVITABLE).toEqual(["admin", "security", "engineer", "support", "auditor", "viewer"]);
});
