import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { api } from "../../api/api";
import { grant } from "../../test/data";
import { openConsole } from "../../test/render";
import { member, ORIGIN, problem, server } from "../../test/server";

const everything = [...member.actions];
const ID = "0190f3a1-0000-7000-8000-000000000001";
const REQUEST = grant({}).id;
const page = (...items: readonly ReturnType<typeof grant>[]) => HttpResponse.json({ items, next_cursor: null });
const rules = { revision: 3, changed_at: null, strict: true, approvals: 1, reviewers: [], rules: [] };

beforeEach(() => {
  member.signedIn = true;
  member.actions = [...everything, "grant.request"];
  server.use(
    http.get(`${ORIGIN}/v1/access-requests`, () => page()),
    http.get(`${ORIGIN}/v1/grants`, () => page()),
    http.get(`${ORIGIN}/v1/access-rules`, () => HttpResponse.json(rules)),
  );
});
afterEach(async () => {
  member.actions = everything;
  await api.logout();
});

describe("asking for access", () => {
  it("starts where a session was refused, says what is missing, and sends one request once", async () => {
    const sent: { body: unknown; key: string | null }[] = [];
    server.use(
      http.get(`${ORIGIN}/v1/sessions/${ID}`, () => problem(403, "access-required")),
      http.get(`${ORIGIN}/v1/access-requests/${REQUEST}`, () => HttpResponse.json(grant({}))),
      http.post(`${ORIGIN}/v1/access-requests`, async ({ request }) => {
        sent.push({ body: await request.json(), key: request.headers.get("idempotency-key") });
        return sent.length === 1 ? problem(503, "unavailable") : HttpResponse.json(grant({}), { status: 201 });
      }),
    );
    const router = openConsole(`/sessions/${ID}`);
    await screen.findByRole("heading", { name: "You may not open this session yet" });
    await userEvent.click(screen.getByRole("button", { name: "Ask for access" }));
    const dialog = await screen.findByRole("dialog");
    const ask = within(dialog).getByRole("button", { name: "Ask for access" });
    await userEvent.click(ask);
    for (const fault of [
      "Say what it is for.",
      "Say why in at least 10 characters.",
      "Name the ticket it belongs to.",
    ]) {
      expect(within(dialog).getByText(fault)).toBeInTheDocument();
    }
    expect(sent).toEqual([]);
    await userEvent.click(within(dialog).getByRole("combobox", { name: "What for" }));
    await userEvent.click(await screen.findByRole("option", { name: "Support" }));
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Why" }), "A customer cannot pay");
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Ticket" }), "SHOP-17");
    await userEvent.click(ask);
    await within(dialog).findByRole("alert");
    await userEvent.click(ask);
    await waitFor(() => expect(router.state.location.pathname).toBe(`/access/requests/${REQUEST}`));
    expect(sent[0]?.body).toEqual({
      verb: "view",
      purpose: "support",
      minutes: 60,
      reason: "A customer cannot pay",
      ticket: "SHOP-17",
      sessions: [ID],
    });
    expect(sent[1]).toEqual(sent[0]);
    expect(sent[0]?.key).toMatch(/^[0-9a-f]{32}$/u);
  });
});

describe("deciding", () => {
  const open = (shown: Partial<ReturnType<typeof grant>>): void => {
    server.use(http.get(`${ORIGIN}/v1/access-requests/${REQUEST}`, () => HttpResponse.json(grant(shown))));
    openConsole(`/access/requests/${REQUEST}`);
  };

  it("approves exactly what was shown", async () => {
    member.actions = ["grant.list", "grant.review"];
    const sent: unknown[] = [];
    server.use(
      http.post(`${ORIGIN}/v1/access-requests/${REQUEST}/approve`, async ({ request }) => {
        sent.push(await request.json());
        return problem(409, "request-changed");
      }),
    );
    open({});
    await userEvent.click(await screen.findByRole("button", { name: "Approve" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The request is not what you were shown.");
    expect(sent).toEqual([{ seen: "5".repeat(64), comment: null }]);
  });

  it("denies with words only", async () => {
    member.actions = ["grant.list", "grant.review"];
    const sent: unknown[] = [];
    server.use(
      http.post(`${ORIGIN}/v1/access-requests/${REQUEST}/deny`, async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json(grant({ state: "denied" }));
      }),
    );
    open({});
    await userEvent.click(await screen.findByRole("button", { name: "Deny" }));
    expect(screen.getByText("Say why you deny it.")).toBeInTheDocument();
    expect(sent).toEqual([]);
    await userEvent.type(screen.getByRole("textbox", { name: "What you want to say" }), "Too wide");
    await userEvent.click(screen.getByRole("button", { name: "Deny" }));
    await waitFor(() => expect(sent).toEqual([{ comment: "Too wide" }]));
  });

  it("is told to who cannot: their own, no permission, a role that is not enough", async () => {
    member.actions = ["grant.request", "grant.list", "grant.review"];
    open({ requester: { id: "m", name: "Ada" }, needs: [] });
    expect(await screen.findByText(/somebody else decides/u)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Approve" })).not.toBeInTheDocument();
  });

  it("names the roles that a rule asks for beside the reader's own", async () => {
    member.actions = ["grant.list", "grant.review"];
    open({ needs: [{ approvals: 2, reviewers: ["privacy-officer", "security"] }] });
    expect(await screen.findByText("2 approvals in the role Privacy officer or Security")).toBeInTheDocument();
    expect(
      screen.getByText(/Your approval alone is not enough: it also takes Privacy officer or Security/u),
    ).toBeVisible();
  });

  it("is refused to who may only look", async () => {
    member.actions = ["grant.list"];
    open({});
    expect(await screen.findByText(/needs the permission grant.review/u)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Approve" })).not.toBeInTheDocument();
  });
});

describe("the lists of access", () => {
  it("keep one's own requests out of what one decides", async () => {
    member.actions = ["grant.request", "grant.list", "grant.review"];
    server.use(
      http.get(`${ORIGIN}/v1/access-requests`, ({ request }) => {
        expect(new URL(request.url).searchParams.get("state")).toBe("pending");
        return page(grant({}), grant({ id: ID, reason: "My own", requester: { id: "m", name: "Ada" } }));
      }),
    );
    openConsole("/access/requests");
    expect(await screen.findByRole("link", { name: /The checkout fails/u })).toBeInTheDocument();
    expect(screen.queryByRole("link", { name: /My own/u })).not.toBeInTheDocument();
    expect(screen.getByText("1 waits for you")).toBeInTheDocument();
  });

  it("offer revoking to who may, and not for their own", async () => {
    member.actions = ["grant.request", "grant.list", "grant.revoke"];
    const own = grant({ id: ID, state: "active", requester: { id: "m", name: "Ada" } });
    server.use(
      http.get(`${ORIGIN}/v1/grants`, ({ request }) =>
        new URL(request.url).searchParams.get("state") === "active" ? page(grant({ state: "active" }), own) : page(),
      ),
    );
    openConsole("/access/grants");
    expect(await screen.findAllByRole("row")).toHaveLength(3);
    await userEvent.click(screen.getByRole("button", { name: /^Revoke/u }));
    expect(await screen.findByRole("dialog")).toHaveTextContent("This ends access to 1 session.");
  });
});

describe("the access rules", () => {
  it("are read by who may not change them", async () => {
    openConsole("/access/rules");
    expect(await screen.findByText("1 approval by anybody who may review")).toBeInTheDocument();
    expect(screen.getByText(/needs the permission tenant.manage/u)).toBeInTheDocument();
  });

  it("are changed as a whole, naming the revision; looser ones become a proposal", async () => {
    member.actions = ["grant.list", "tenant.manage"];
    const sent: unknown[] = [];
    server.use(
      http.put(`${ORIGIN}/v1/access-rules`, async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json({ id: ID, hash: "a".repeat(64) }, { status: 202 });
      }),
      http.get(`${ORIGIN}/v1/proposals/${ID}`, () => problem(404, "not-found")),
    );
    const router = openConsole("/access/rules");
    await userEvent.click(await screen.findByRole("button", { name: "Add a rule" }));
    await userEvent.click(screen.getByRole("button", { name: "Put in force" }));
    await waitFor(() => expect(router.state.location.pathname).toBe(`/access/proposals/${ID}`));
    const rule = { approvals: 2, labels: [], project: null, reviewers: [], sensitivity: null, verbs: [] };
    expect(sent).toEqual([{ revision: 3, strict: true, approvals: 1, reviewers: [], rules: [rule] }]);
  });
});

describe("a page without its permission", () => {
  it("says what is missing, which roles bring it and who gives them, and nothing else", async () => {
    member.actions = ["session.list"];
    openConsole("/operations/jobs");
    await screen.findByRole("heading", { name: "You may not open this yet" });
    expect(screen.getByText("job.list")).toBeInTheDocument();
    expect(screen.getByText("Owner, Admin, Privacy officer, Security, or Auditor")).toBeInTheDocument();
    expect(screen.getByText(/^Owner or Admin of Demo company/u)).toBeInTheDocument();
  });
});
