import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";

/** The origin jsdom pretends to be at. */
export const ORIGIN = "http://localhost:8080";

/** A problem as the server writes it. */
export function problem(status: number, code: string, detail?: string) {
  return HttpResponse.json(
    { type: `/problems/${code}`, title: code, status, code, detail, request_id: "req-4711" },
    { status },
  );
}

/** Sign-in state of the fake server; tests start signed out. */
export const member = {
  signedIn: false,
  solo: false,
  actions: ["session.list", "session.view", "session.viewers", "project.list", "project.create", "agent-key.list"],
};

/** Answers that every test may need. */
export const server = setupServer(
  http.get(`${ORIGIN}/v1/deployment`, () =>
    HttpResponse.json({ version: "0.1.0", replay_origin: "http://127.0.0.1:8080", demo: false, setup_needed: false }),
  ),
  http.get(`${ORIGIN}/v1/demo`, () => problem(404, "not-found")),
  http.post(`${ORIGIN}/v1/auth/refresh`, () =>
    member.signedIn ? HttpResponse.json({ access_token: "token", expires_in: 600 }) : problem(401, "unauthorized"),
  ),
  http.post(`${ORIGIN}/v1/auth/logout`, () => new HttpResponse(null, { status: 204 })),
  http.get(`${ORIGIN}/v1/me`, ({ request }) =>
    request.headers.get("authorization") === "Bearer token"
      ? HttpResponse.json({
          id: "m",
          name: "Ada",
          email: "ada@example.com",
          roles: ["owner"],
          own_roles: [],
          tenant: { id: "t", slug: "demo", name: "Demo company", solo_mode: member.solo },
        })
      : problem(401, "unauthorized"),
  ),
  http.get(`${ORIGIN}/v1/me/permissions`, () => HttpResponse.json({ actions: member.actions })),
  http.get(`${ORIGIN}/v1/me/tenants`, () => HttpResponse.json({ items: [], next_cursor: null })),
  http.get(`${ORIGIN}/v1/auth/sessions`, () => HttpResponse.json({ items: [], next_cursor: null })),
  http.get(`${ORIGIN}/v1/me/notices`, () => HttpResponse.json({ items: [], next_cursor: null, unread: 0 })),
  http.get(`${ORIGIN}/v1/kill-switch`, () => HttpResponse.json({ stopped: null })),
  http.get(`${ORIGIN}/v1/projects`, () => HttpResponse.json({ items: [], next_cursor: null })),
  http.get(
    `${ORIGIN}/v1/sessions/live`,
    () => new HttpResponse(": keep-alive\n\n", { headers: { "content-type": "text/event-stream" } }),
  ),
);
