import type { RoleMatrix, RoleReason } from "@sealtape/api-client";
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { api } from "../../api/api";
import { openConsole } from "../../test/render";
import { member, ORIGIN, server } from "../../test/server";

const everything = [...member.actions];
const EVE = "0190f3a1-0000-7000-8000-0000000000e1";
const PROJECT = "0190f3a1-0000-7000-8000-0000000000b1";

const role = (fields: Partial<RoleMatrix["roles"][number]>): RoleMatrix["roles"][number] => ({
  role: "engineer",
  name: "engineer",
  built_in: true,
  allows: ["session.list", "session.view"],
  denies: [],
  masked: false,
  sound: true,
  held: [],
  ...fields,
});

const reason = (fields: Partial<RoleReason>): RoleReason => ({
  role: "engineer",
  name: "engineer",
  binding_id: "b",
  condition: null,
  masked: false,
  counts: true,
  ...fields,
});

beforeEach(() => {
  member.signedIn = true;
  server.use(
    http.get(`${ORIGIN}/v1/projects`, () =>
      HttpResponse.json({ items: [{ id: PROJECT, name: "Shop" }], next_cursor: null }),
    ),
  );
});
afterEach(async () => {
  member.actions = everything;
  await api.logout();
});

describe("the table of roles", () => {
  it("tells what a role allows and takes away, who has it and for which sessions", async () => {
    member.actions = ["role.list", "project.list"];
    const matrix: RoleMatrix = {
      actions: [
        { action: "session.list", about: "session" },
        { action: "session.view", about: "session" },
      ],
      roles: [
        role({ role: "owner", name: "owner", held: [{ condition: null, members: 1 }] }),
        role({
          role: EVE,
          name: "support-eu",
          built_in: false,
          allows: ["session.list"],
          denies: ["session.view"],
          masked: true,
          sound: false,
          held: [{ condition: { projects: [PROJECT], labels: { none: ["payment"] } }, members: 2 }],
        }),
      ],
    };
    server.use(
      http.get(`${ORIGIN}/v1/roles/matrix`, () => HttpResponse.json(matrix)),
      http.get(`${ORIGIN}/v1/roles`, () => HttpResponse.json({ items: [], next_cursor: null })),
    );
    openConsole("/access/roles");
    const row = await screen.findByRole("row", { name: /^session\.view/u });
    expect(
      within(row)
        .getAllByRole("img")
        .map((cell) => cell.getAttribute("aria-label")),
    ).toEqual(["yes", "takes it away"]);
    expect(screen.getByRole("columnheader", { name: /^Owner.*yours/u })).toBeInTheDocument();
    expect(await screen.findByText("2 members · in the project Shop · not labelled payment")).toBeInTheDocument();
    expect(screen.getByText("1 member · for all sessions")).toBeInTheDocument();
    expect(screen.getByText(/it gives nothing/u)).toBeInTheDocument();
  });
});

describe("what may this person do, and why", () => {
  const permissions = [
    {
      action: "session.view",
      allowed: true,
      given_by: [reason({ condition: { own: true }, masked: true })],
      taken_by: [],
    },
    {
      action: "tenant.manage",
      allowed: false,
      given_by: [reason({ binding_id: "c", name: "admin", condition: { own: true }, counts: false })],
      taken_by: [reason({ binding_id: "d", name: "support-eu" })],
    },
    { action: "mail.list", allowed: false, given_by: [], taken_by: [] },
  ];

  it("is told of oneself to everybody", async () => {
    member.actions = [];
    server.use(http.get(`${ORIGIN}/v1/me/permissions`, () => HttpResponse.json({ actions: [], why: permissions })));
    const router = openConsole("/access/permissions");
    const table = await screen.findByRole("table");
    expect(within(table).getAllByRole("row")).toHaveLength(2);
    expect(table).toHaveTextContent("Engineer · of their own visits · text is masked");
    expect(screen.queryByRole("combobox")).not.toBeInTheDocument();
    await userEvent.click(screen.getByText("All"));
    expect(await screen.findByText(/does not count here/u)).toBeInTheDocument();
    expect(screen.getByText("no role allows it")).toBeInTheDocument();
    expect(table).toHaveTextContent("support-eu takes it away");
    expect(router.state.location.search).toMatchObject({ show: "all" });
  });

  it("is told of others to who may see members, by a link", async () => {
    member.actions = ["member.list"];
    server.use(
      http.get(`${ORIGIN}/v1/members`, () =>
        HttpResponse.json({
          items: [{ id: EVE, name: "Eve", email: null, roles: [], active: false, created_at: "2026-01-01T10:00:00Z" }],
          next_cursor: null,
        }),
      ),
      http.get(`${ORIGIN}/v1/members/${EVE}/permissions`, () =>
        HttpResponse.json({ member_id: EVE, active: false, permissions }),
      ),
    );
    openConsole(`/access/permissions?member=${EVE}`);
    expect(await screen.findByText(/may not sign in/u)).toBeInTheDocument();
    expect(await screen.findByDisplayValue("Eve")).toBeInTheDocument();
  });
});
