import type { Notice, Preferences } from "@sealtape/api-client";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { api } from "../../api/api";
import { openConsole } from "../../test/render";
import { noticePath } from "./kinds";
import { member, ORIGIN, problem, server } from "../../test/server";

const notice = (fields: Partial<Notice>): Notice => ({
  id: "n",
  kind: "access-requested",
  about: null,
  created_at: "2026-01-01T10:00:00Z",
  read_at: null,
  ...fields,
});

let items: Notice[] = [];
let asked: URLSearchParams[] = [];

/** The inbox of the fake server: marking changes it. */
const inbox = [
  http.get(`${ORIGIN}/v1/me/notices`, ({ request }) => {
    const query = new URL(request.url).searchParams;
    asked.push(query);
    const shown = query.get("unread") === "true" ? items.filter((each) => each.read_at === null) : items;
    const unread = items.filter((each) => each.read_at === null).length;
    return HttpResponse.json({ items: shown, next_cursor: query.has("cursor") ? null : "older", unread });
  }),
  http.post(`${ORIGIN}/v1/me/notices/read`, async ({ request }) => {
    const body = await request.text();
    items = items.map((each) =>
      body.includes(`"${each.id}"`) || body.includes("all") ? { ...each, read_at: "2026-01-02T10:00:00Z" } : each,
    );
    return HttpResponse.json({ unread: items.filter((each) => each.read_at === null).length });
  }),
];

beforeEach(() => {
  member.signedIn = true;
  asked = [];
  items = [
    notice({ id: "1", kind: "factor-added" }),
    notice({ id: "2", kind: "access-decided", about: { kind: "session", id: "s/1" } }),
    notice({ id: "3", kind: "comes-with-a-newer-server", read_at: "2026-01-01T11:00:00Z" }),
  ];
  server.use(...inbox);
});
afterEach(() => api.logout());

it.each([
  ["access-requested", { kind: "grant", id: "g" }, "/access/requests/g"],
  ["grant-expired", null, "/access/requests"],
  ["break-glass-used", { kind: "grant", id: "g" }, "/access/break-glass"],
  ["proposal-opened", { kind: "proposal", id: "p/1" }, "/access/proposals/p%2F1"],
  ["factor-removed", null, "/security"],
  ["comes-with-a-newer-server", null, undefined],
])("leads from %s to its page", (kind, about, path) => {
  expect(noticePath({ kind, about })).toBe(path);
});

describe("the inbox", () => {
  it("lists what happened, leads to it and marks it as read", async () => {
    const router = openConsole("/notices");
    const list = await screen.findByRole("list", { name: "Notices" });
    expect(within(list).getAllByRole("listitem")).toHaveLength(3);
    expect(within(list).getByText("Something happened: comes-with-a-newer-server")).toBeInTheDocument();
    expect(within(list).getByRole("link", { name: "Your access request was decided" })).toHaveAttribute(
      "href",
      "/sessions/s%2F1",
    );
    expect(await screen.findByRole("button", { name: "Notices: 2 unread" })).toBeInTheDocument();
    await userEvent.click(within(list).getByRole("link", { name: "A second factor was added to your account" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/security"));
    expect(await screen.findByRole("button", { name: "Notices: 1 unread" })).toBeInTheDocument();
  });

  it("holds the filter and the page in the URL, and leads back from an empty one", async () => {
    const router = openConsole("/notices?unread=true");
    await screen.findByRole("link", { name: "Your access request was decided" });
    await userEvent.click(screen.getByRole("link", { name: "Older" }));
    await waitFor(() => expect(router.state.location.search).toEqual({ unread: true, cursor: "older" }));
    expect(Object.fromEntries(asked.at(-1) ?? [])).toEqual({ unread: "true", limit: "50", cursor: "older" });
    await userEvent.click(await screen.findByRole("button", { name: "Mark all as read" }));
    expect(await screen.findByRole("heading", { name: "Everything is read" })).toBeInTheDocument();
    await userEvent.click(screen.getByRole("link", { name: "Show all notices" }));
    expect(await screen.findAllByRole("listitem")).toHaveLength(3);
    expect(screen.queryByRole("button", { name: /Mark/ })).not.toBeInTheDocument();
  });

  it("is a menu under the bell as well", async () => {
    openConsole("/projects");
    await userEvent.click(await screen.findByRole("button", { name: "Notices: 2 unread" }));
    expect(await screen.findByRole("menuitem", { name: /A second factor was added/ })).toBeInTheDocument();
    await userEvent.click(screen.getByRole("menuitem", { name: "All notices" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Notices" })).toBeInTheDocument();
  });

  it("says what will be here, and what to do when it cannot be loaded", async () => {
    items = [];
    openConsole("/notices", "de");
    expect(await screen.findByRole("heading", { name: "Noch keine Mitteilung" })).toBeInTheDocument();
    server.use(http.get(`${ORIGIN}/v1/me/notices`, () => problem(503, "busy")));
    await userEvent.click(screen.getByRole("checkbox", { name: "Nur ungelesene" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Der Server ist beschäftigt");
  });
});

describe("preferences", () => {
  const preferences: Preferences = {
    language: "en",
    notices: [
      { kind: "access-requested", inbox: true, mail: "now", mandatory: false, default: { inbox: true, mail: "now" } },
      { kind: "break-glass-used", inbox: true, mail: "now", mandatory: true, default: { inbox: true, mail: "now" } },
    ],
  };

  it("say what cannot be switched off and keep each change at once", async () => {
    const changes: unknown[] = [];
    server.use(
      http.get(`${ORIGIN}/v1/me/preferences`, () => HttpResponse.json(preferences)),
      http.patch(
        `${ORIGIN}/v1/me/preferences`,
        async ({ request }) => {
          changes.push(await request.json());
          return HttpResponse.json({ ...preferences, notices: [{ ...preferences.notices[0], inbox: false }] });
        },
        { once: true },
      ),
    );
    openConsole("/notices/preferences");
    expect(await screen.findByText(/Always in the inbox/)).toBeInTheDocument();
    expect(screen.getAllByRole("switch")).toHaveLength(1);
    await userEvent.click(screen.getByRole("switch", { name: /^Inbox: Somebody asks for access/ }));
    await waitFor(() => expect(screen.getByText("Kept.")).toBeInTheDocument());
    expect(changes).toEqual([{ notices: [{ kind: "access-requested", inbox: false, mail: "now" }] }]);
    expect(screen.getByRole("switch")).not.toBeChecked();
  });

  it("take a change back that the server refuses", async () => {
    server.use(
      http.get(`${ORIGIN}/v1/me/preferences`, () => HttpResponse.json(preferences)),
      http.patch(`${ORIGIN}/v1/me/preferences`, () => problem(500, "internal")),
    );
    openConsole("/notices/preferences");
    const mail = await screen.findByRole("radiogroup", { name: /^Mail: Somebody asks for access/ });
    await userEvent.click(within(mail).getByRole("radio", { name: "No mail" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The server failed");
    expect(within(mail).getByRole("radio", { name: "Mail now" })).toBeChecked();
  });
});
