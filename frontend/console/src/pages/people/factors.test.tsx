import type { Member } from "@sealtape/api-client";
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { api } from "../../api/api";
import { openConsole } from "../../test/render";
import { member, ORIGIN, problem, server } from "../../test/server";

const everything = [...member.actions];
const EVE: Member = {
  id: "0190f3a1-0000-7000-8000-0000000000e1",
  name: "Eve",
  email: "eve@example.com",
  roles: ["engineer"],
  own_roles: [],
  active: true,
  created_at: "2026-01-01T10:00:00Z",
};

beforeEach(() => {
  member.signedIn = true;
  member.actions = ["member.list", "member.manage", "project.list"];
  server.use(
    http.get(`${ORIGIN}/v1/members/${EVE.id}`, () => HttpResponse.json(EVE)),
    http.get(`${ORIGIN}/v1/role-bindings`, () => HttpResponse.json({ items: [], next_cursor: null })),
  );
});
afterEach(async () => {
  member.actions = everything;
  await api.logout();
});

async function takeAway() {
  const section = await screen.findByRole("region", { name: "Second factors" });
  await userEvent.click(within(section).getByRole("button", { name: "Take away" }));
  const dialog = await screen.findByRole("dialog", { name: "Take the second factors of Eve away?" });
  await userEvent.type(within(dialog).getByRole("textbox"), "eve@example.com{Enter}");
}

describe("the second factors of somebody who lost them", () => {
  it("are taken away once their address is typed", async () => {
    let asked = 0;
    server.use(
      http.post(`${ORIGIN}/v1/members/${EVE.id}/reset-factors`, () => {
        asked += 1;
        return new HttpResponse(null, { status: 204 });
      }),
    );
    openConsole(`/access/members/${EVE.id}`);
    await takeAway();
    expect(await screen.findByText("Eve has no second factor any more, and was told.")).toBeInTheDocument();
    expect(asked).toBe(1);
  });

  it("are said to be none where there are none", async () => {
    server.use(http.post(`${ORIGIN}/v1/members/${EVE.id}/reset-factors`, () => problem(409, "no-factor")));
    openConsole(`/access/members/${EVE.id}`);
    await takeAway();
    expect(await screen.findByText("Eve has no second factor.")).toBeInTheDocument();
    expect(screen.queryByText("You have no second factor. Enrol one first.")).not.toBeInTheDocument();
  });
});
