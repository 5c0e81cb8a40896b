import type { Project } from "@sealtape/api-client";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, it } from "vitest";
import { api } from "../../api/api";
import { openConsole } from "../../test/render";
import { member, ORIGIN, server } from "../../test/server";

const everything = [...member.actions];
const ID = "0190f3a1-0000-7000-8000-0000000000e1";
const ELSEWHERE = { at: "2026-01-01T10:00:00Z", by: "m", everywhere: true };
const HERE = { ...ELSEWHERE, everywhere: false };

let sent: [string, unknown][] = [];
let stopped: Project["stopped"] = null;

const project = (): Project => ({
  id: ID,
  name: "Shop",
  created_at: "2026-01-01T10:00:00Z",
  sensitivity: "normal",
  environment: null,
  sessions_live: 0,
  sessions_total: 1,
  stopped,
});

beforeEach(() => {
  member.signedIn = true;
  member.actions = ["project.list", "project.manage", "tenant.manage"];
  sent = [];
  stopped = null;
  const take = async ({ request }: { request: Request }): Promise<HttpResponse<null>> => {
    const text = await request.text();
    sent.push([new URL(request.url).pathname, JSON.parse(text)]);
    stopped = text.includes('"on":true') ? HERE : null;
    return new HttpResponse(null, { status: 204 });
  };
  server.use(
    http.get(`${ORIGIN}/v1/projects`, () => HttpResponse.json({ items: [project()], next_cursor: null })),
    http.get(`${ORIGIN}/v1/projects/${ID}`, () => HttpResponse.json(project())),
    http.get(`${ORIGIN}/v1/kill-switch`, () =>
      HttpResponse.json({ stopped: stopped?.everywhere === true ? stopped : null }),
    ),
    http.post(`${ORIGIN}/v1/kill-switch`, take),
    http.post(`${ORIGIN}/v1/projects/${ID}/kill-switch`, take),
  );
});
afterEach(async () => {
  member.actions = everything;
  await api.logout();
});

it("asks why before it stops, and says that it is stopped", async () => {
  const user = userEvent.setup();
  openConsole(`/projects/${ID}`);
  await user.click(await screen.findByRole("button", { name: "Stop capture" }));
  const dialog = await screen.findByRole("dialog", { name: "Stop capture in Shop?" });
  await user.click(within(dialog).getByRole("button", { name: "Stop capture" }));
  expect(within(dialog).getByText("Say why, for those who find capture stopped.")).toBeInTheDocument();
  expect(sent).toEqual([]);
  await user.type(within(dialog).getByRole("textbox"), " names in the form ");
  await user.click(within(dialog).getByRole("button", { name: "Stop capture" }));
  expect(await screen.findByText("Capture is stopped here")).toBeInTheDocument();
  expect(sent).toEqual([[`/v1/projects/${ID}/kill-switch`, { on: true, reason: "names in the form" }]]);
  expect(screen.queryByRole("button", { name: "Stop capture" })).toBeNull();
});

it("lets the tenant's stop go on, where that is what stops the project", async () => {
  const user = userEvent.setup();
  stopped = ELSEWHERE;
  openConsole(`/projects/${ID}`);
  expect(await screen.findByRole("complementary", { name: "Capture is stopped in every project" })).toBeInTheDocument();
  await user.click(await screen.findByRole("button", { name: "Let capture go on" }));
  const dialog = await screen.findByRole("dialog", { name: "Let capture go on" });
  await user.click(within(dialog).getByRole("button", { name: "Let capture go on" }));
  await waitFor(() => expect(sent).toEqual([["/v1/kill-switch", { on: false }]]));
});

it("shows who may not switch that it is stopped, and no button", async () => {
  member.actions = ["project.list"];
  stopped = HERE;
  openConsole("/projects");
  expect(await screen.findByText("Capture stopped")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Stop all capture" })).toBeNull();
  expect(screen.queryByRole("complementary")).toBeNull();
});
