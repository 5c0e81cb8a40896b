import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { api } from "../../api/api";
import { session } from "../../test/data";
import { openConsole } from "../../test/render";
import { member, ORIGIN, problem, server } from "../../test/server";

const actions = [...member.actions];
const detail = (id: string, previous: string | null) =>
  http.get(`${ORIGIN}/v1/sessions/${id}`, () =>
    HttpResponse.json({
      ...session({ id, entry_title: `Page of ${id}` }),
      closed_at: "2026-01-01T10:06:00Z",
      close_reason: "finished",
      policy_hash: "0".repeat(64),
      agent: { name: "agent", version: "1" },
      manifest: { rev: 2, hash: "f".repeat(64) },
      tab_list: [],
      gap_list: [],
      pages: [],
      start_ms: 0,
      previous_session: previous,
      labels: [],
    }),
  );

beforeEach(() => {
  member.signedIn = true;
  member.actions = [...actions, "session.manifest"];
  server.use(
    http.get(`${ORIGIN}/v1/sessions/:id/events`, () => HttpResponse.text('{"head":{"tabs":[],"start_ms":0}}\n')),
  );
});
afterEach(async () => {
  member.actions = actions;
  await api.logout();
});

describe("watching", () => {
  it("says that text is masked, and draws who watches over the picture", async () => {
    const head = {
      tabs: [],
      start_ms: 0,
      masked: true,
      watermark: { viewer: "Vera <Viewer>", at: "2026-01-01T10:00:00Z" },
    };
    server.use(
      detail("second", null),
      http.get(`${ORIGIN}/v1/sessions/:id/events`, () => HttpResponse.text(`${JSON.stringify({ head })}\n`)),
    );
    openConsole("/sessions/second");
    expect(await screen.findByText(/^Text is masked for your roles/u)).toBeVisible();
    expect(screen.getByTestId("watermark")).toHaveTextContent(/Vera <Viewer> · Jan 1, 2026/u);
  });

  it("says nothing of masks to who may read", async () => {
    server.use(detail("second", null));
    openConsole("/sessions/second");
    await screen.findByRole("heading", { level: 1, name: /Page of second/u });
    expect(screen.queryByText(/masked for your roles/u)).not.toBeInTheDocument();
  });
});

describe("a session's details", () => {
  it("say that what is stored does not match the seal, and ask nobody for a permission", async () => {
    server.use(
      detail("second", null),
      http.get(`${ORIGIN}/v1/sessions/second/manifest`, () => problem(409, "integrity-fail")),
    );
    openConsole("/sessions/second?pane=details");
    expect(await screen.findByText("Manifest 2 does not match what is stored")).toBeVisible();
    expect(screen.getByText(/the failure is on record/u)).toBeVisible();
    expect(screen.queryByText(/Somebody was faster|permission/u)).not.toBeInTheDocument();
    expect(screen.queryByRole("link", { name: "Follows an earlier session" })).not.toBeInTheDocument();
  });

  it("lead to the session before", async () => {
    server.use(
      detail("second", "first"),
      detail("first", null),
      http.get(`${ORIGIN}/v1/sessions/:id/manifest`, () => problem(404, "not-found")),
    );
    const router = openConsole("/sessions/second?pane=details");
    await userEvent.click(await screen.findByRole("link", { name: "Follows an earlier session" }));
    await screen.findByRole("heading", { level: 1, name: /Page of first/u });
    expect(router.state.location.pathname).toBe("/sessions/first");
  });
});
