import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { api } from "../api/api";
import { session } from "../test/data";
import { openConsole } from "../test/render";
import { member, ORIGIN, problem, server } from "../test/server";

const everything = [...member.actions];
const sessions = (...items: readonly ReturnType<typeof session>[]) =>
  http.get(`${ORIGIN}/v1/sessions`, () => HttpResponse.json({ items, next_cursor: null }));

beforeEach(() => {
  member.signedIn = true;
  member.actions = everything;
});
afterEach(() => api.logout());

it("lets go whom it may show nothing", async () => {
  server.use(http.get(`${ORIGIN}/v1/me`, () => problem(403, "forbidden")));
  openConsole("/");
  await userEvent.click(await screen.findByRole("button", { name: "Sign out" }));
  expect(await screen.findByRole("heading", { name: "Sign in to Sealtape" })).toBeVisible();
});

describe("signing in", () => {
  beforeEach(() => {
    member.signedIn = false;
  });

  it("leads back to the page that was asked for", async () => {
    server.use(
      sessions(session({ entry_title: "Checkout" })),
      http.post(`${ORIGIN}/v1/auth/login`, async ({ request }) => {
        expect(await request.json()).toEqual({ email: "ada@example.com", password: "secret" });
        return HttpResponse.json({ access_token: "token", expires_in: 600 });
      }),
    );
    const router = openConsole("/sessions?errors=true");
    await screen.findByRole("heading", { name: "Sign in to Sealtape" });
    expect(router.state.location.search).toEqual({ next: "/sessions?errors=true" });
    await userEvent.type(screen.getByLabelText("E-mail"), "ada@example.com");
    await userEvent.type(screen.getByLabelText("Password"), "secret");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    await screen.findByRole("link", { name: /Checkout/ });
    expect(router.state.location.href).toBe("/sessions?errors=true");
  });

  it("says what is wrong, with the request id", async () => {
    server.use(http.post(`${ORIGIN}/v1/auth/login`, () => problem(401, "unauthorized")));
    openConsole("/login");
    await userEvent.type(await screen.findByLabelText("E-mail"), "ada@example.com");
    await userEvent.type(screen.getByLabelText("Password"), "wrong");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("E-mail or password is wrong.");
    expect(alert).toHaveTextContent("req-4711");
    expect(screen.queryByText("Demo accounts")).not.toBeInTheDocument();
  });

  it("takes one click for a demo account", async () => {
    server.use(
      sessions(session({})),
      http.get(`${ORIGIN}/v1/demo`, () =>
        HttpResponse.json({
          accounts: [{ role: "engineer", email: "eve@demo.test", password: "demo" }],
          shop_url: "http://127.0.0.1:8081",
        }),
      ),
      http.post(`${ORIGIN}/v1/auth/login`, () => HttpResponse.json({ access_token: "token", expires_in: 600 })),
    );
    const router = openConsole("/login");
    await userEvent.click(await screen.findByRole("button", { name: /Engineer.*eve@demo.test/ }));
    await screen.findByRole("heading", { name: "Hello, Ada" });
    expect(router.state.location.pathname).toBe("/");
  });

  it("never leads to another site", async () => {
    server.use(
      sessions(session({})),
      http.post(`${ORIGIN}/v1/auth/login`, () => HttpResponse.json({ access_token: "token", expires_in: 600 })),
    );
    const router = openConsole("/login?next=%2F%2Fevil.example");
    await userEvent.type(await screen.findByLabelText("E-mail"), "ada@example.com");
    await userEvent.type(screen.getByLabelText("Password"), "secret{Enter}");
    await screen.findByRole("heading", { name: "Hello, Ada" });
    expect(router.state.location.href).toBe("/");
  });
});

describe("the session list", () => {
  it("asks for what the URL says and writes filters into the URL", async () => {
    const asked: URLSearchParams[] = [];
    server.use(
      http.get(`${ORIGIN}/v1/sessions`, ({ request }) => {
        asked.push(new URL(request.url).searchParams);
        return HttpResponse.json({ items: [session({})], next_cursor: "next" });
      }),
    );
    const router = openConsole("/sessions?release=1.2&cursor=old");
    await screen.findByRole("table", { name: "Sessions" });
    expect(asked.at(-1)?.get("release")).toBe("1.2");
    expect(asked.at(-1)?.get("cursor")).toBe("old");

    await userEvent.click(screen.getByRole("checkbox", { name: "With errors" }));
    await waitFor(() => expect(asked.at(-1)?.get("has_error")).toBe("true"));
    expect(asked.at(-1)?.has("cursor")).toBe(false);

    await userEvent.type(screen.getByRole("textbox", { name: "Page" }), "/pay{Enter}");
    await waitFor(() => expect(asked.at(-1)?.get("url")).toBe("/pay"));
    expect(router.state.location.search).toMatchObject({ release: "1.2", errors: true, url: "/pay" });

    await userEvent.click(screen.getByRole("button", { name: "Older" }));
    await waitFor(() => expect(asked.at(-1)?.get("cursor")).toBe("next"));
    await userEvent.click(screen.getByRole("button", { name: "Clear 3 filters" }));
    await waitFor(() => expect(router.state.location.search).toEqual({}));
  });

  it("sorts the page by a column, kept in the URL", async () => {
    server.use(
      sessions(
        session({ id: "1", entry_title: "Short", duration_ms: 1 }),
        session({ id: "2", entry_title: "Long", duration_ms: 9 }),
      ),
    );
    const router = openConsole("/sessions");
    const rows = async (): Promise<string[]> =>
      (await screen.findAllByRole("link", { name: /Short|Long/ })).map((link) => link.textContent.slice(0, 4));
    expect(await rows()).toEqual(["Shor", "Long"]);
    await userEvent.click(screen.getByRole("button", { name: "Duration" }));
    await waitFor(async () => expect(await rows()).toEqual(["Long", "Shor"]));
    expect(router.state.location.search).toEqual({ sort: "duration", desc: true });
    expect(screen.getByRole("columnheader", { name: "Duration" })).toHaveAttribute("aria-sort", "descending");
  });

  it("moves through rows with j and k and searches with /", async () => {
    server.use(sessions(session({ id: "1", entry_title: "First" }), session({ id: "2", entry_title: "Second" })));
    openConsole("/sessions");
    await screen.findByRole("link", { name: /First/ });
    await userEvent.keyboard("jj");
    expect(screen.getByRole("link", { name: /Second/ })).toHaveFocus();
    await userEvent.keyboard("k");
    expect(screen.getByRole("link", { name: /First/ })).toHaveFocus();
    await userEvent.keyboard("/");
    expect(screen.getByRole("textbox", { name: "Page" })).toHaveFocus();
  });

  it("says what to do when loading fails, with the request id", async () => {
    server.use(http.get(`${ORIGIN}/v1/sessions`, () => problem(500, "internal")));
    openConsole("/sessions");
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("The server failed");
    expect(within(alert).getByRole("button", { name: /req-4711/ })).toBeInTheDocument();
    server.use(sessions(session({ entry_title: "Back again" })));
    await userEvent.click(within(alert).getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("link", { name: /Back again/ })).toBeInTheDocument();
  });

  it("says the next step while nothing is recorded", async () => {
    server.use(sessions());
    openConsole("/sessions");
    expect(await screen.findByRole("heading", { name: "No session yet" })).toBeInTheDocument();
    expect(await screen.findByRole("link", { name: "Create a project" })).toHaveAttribute("href", "/projects");
  });
});

describe("permissions", () => {
  it("shape the menu, and a deep link says how to ask", async () => {
    member.actions = ["project.list"];
    openConsole("/sessions");
    expect(await screen.findByRole("heading", { name: "You may not open this yet" })).toBeInTheDocument();
    expect(screen.getByText("session.list")).toBeInTheDocument();
    const menu = screen.getByRole("navigation", { name: "Areas" });
    expect(
      within(menu)
        .getAllByRole("link")
        .map((link) => link.textContent),
    ).toEqual(["Home", "Projects", "Permissions"]);
  });

  it("name the reason where a button is missing", async () => {
    member.actions = ["project.list"];
    openConsole("/projects", "de");
    expect(await screen.findByText(/braucht die Berechtigung project.create/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Projekt anlegen" })).not.toBeInTheDocument();
  });
});
