import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import type { Proposal } from "@sealtape/api-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { api } from "../../api/api";
import { grant } from "../../test/data";
import { openConsole } from "../../test/render";
import { member, ORIGIN, problem, server } from "../../test/server";

const everything = [...member.actions];
const ID = "0190f3a1-0000-7000-8000-000000000001";
const HASH = "a".repeat(64);
const RULES = { strict: false, approvals: 1, reviewers: [], rules: [] };

function proposal(fields: Partial<Proposal>): Proposal {
  return {
    id: ID,
    proposer: { id: "other", name: "Eve" },
    change: { kind: "access-rules", base: 3, rules: RULES },
    addresses: null,
    hash: HASH,
    state: "open",
    solo: false,
    created_at: "2026-01-01T10:00:00Z",
    execute_after: null,
    expires_at: "2099-01-02T10:00:00Z",
    decided_at: null,
    decided_by: null,
    ...fields,
  };
}

const shown = (fields: Partial<Proposal>): void =>
  server.use(
    http.get(`${ORIGIN}/v1/proposals`, () => HttpResponse.json({ items: [proposal(fields)], next_cursor: null })),
    http.get(`${ORIGIN}/v1/proposals/${ID}`, () => HttpResponse.json(proposal(fields))),
    http.get(`${ORIGIN}/v1/access-rules`, () =>
      HttpResponse.json({ ...RULES, approvals: 2, revision: 3, changed_at: null }),
    ),
  );

beforeEach(() => {
  member.signedIn = true;
});
afterEach(async () => {
  member.actions = everything;
  member.solo = false;
  await api.logout();
});

describe("a proposal", () => {
  it("is approved by the hash of the change that was shown, beside what is in force", async () => {
    member.actions = ["grant.list", "proposal.list", "proposal.vote"];
    const sent: unknown[] = [];
    shown({});
    server.use(
      http.post(`${ORIGIN}/v1/proposals/${ID}/approve`, async ({ request }) => {
        sent.push(await request.json());
        return problem(403, "not-eligible", "approving takes a second factor of your own");
      }),
    );
    openConsole(`/access/proposals/${ID}`);
    expect(await screen.findByText("2 approvals by anybody who may review")).toBeInTheDocument();
    expect(screen.getByText("1 approval by anybody who may review")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Approve and carry out" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("approving takes a second factor of your own");
    expect(sent).toEqual([{ hash: HASH }]);
  });

  it("is not for its proposer to decide, nor for who gains by it", async () => {
    member.actions = ["proposal.list", "proposal.vote"];
    shown({ proposer: { id: "m", name: "Ada" } });
    openConsole(`/access/proposals/${ID}`);
    expect(await screen.findByText(/You proposed it/u)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Take it back" })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /Approve|Reject/u })).not.toBeInTheDocument();
  });

  it("may be rejected, not approved, by who gains by it", async () => {
    member.actions = ["proposal.list", "proposal.vote"];
    shown({ change: { kind: "role-grant", member: "m", role: "owner" } });
    openConsole(`/access/proposals/${ID}`);
    expect(await screen.findByText(/You gain by it/u)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Reject" })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /Approve/u })).not.toBeInTheDocument();
  });

  it("that is not what was proposed can be stopped only", async () => {
    member.actions = ["proposal.list", "proposal.vote"];
    shown({ change: null });
    openConsole(`/access/proposals/${ID}`);
    expect(await screen.findByRole("alert")).toHaveTextContent("It is never carried out");
    expect(screen.queryByRole("button", { name: /Approve/u })).not.toBeInTheDocument();
  });
});

describe("solo mode", () => {
  it("is said on every page, with what waits; every member may stop it", async () => {
    member.solo = true;
    member.actions = ["proposal.list"];
    shown({ solo: true, execute_after: "2099-01-02T10:00:00Z" });
    const stopped: string[] = [];
    server.use(
      http.post(`${ORIGIN}/v1/proposals/${ID}/cancel`, ({ request }) => {
        stopped.push(new URL(request.url).pathname);
        return HttpResponse.json(proposal({ state: "cancelled" }));
      }),
    );
    openConsole("/");
    const banner = await screen.findByRole("complementary", { name: "Solo mode." });
    await userEvent.click(await within(banner).findByRole("link", { name: "Loosen the access rules" }));
    await userEvent.click(await screen.findByRole("button", { name: "Stop it" }));
    await waitFor(() => expect(stopped).toHaveLength(1));
  });

  it("is not said where a second person is there", async () => {
    member.actions = ["proposal.list"];
    openConsole("/");
    await screen.findByRole("heading", { level: 1 });
    expect(screen.queryByRole("complementary", { name: "Solo mode." })).not.toBeInTheDocument();
  });
});

describe("a proposal about a receiver of the log", () => {
  const base = { webhook: ID, base: 2, name: "SIEM" } as const;

  beforeEach(() => {
    member.actions = ["proposal.list", "webhook.list"];
  });

  it("says which is to go, and where it is", async () => {
    shown({ change: { kind: "webhook-delete", ...base } });
    openConsole(`/access/proposals/${ID}`);
    expect(await screen.findByRole("heading", { level: 1, name: "Remove the receiver SIEM" })).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "SIEM" })).toHaveAttribute("href", `/operations/webhooks/${ID}`);
    expect(screen.getByText(/also not what waits for it/u)).toBeInTheDocument();
  });

  it("shows what is beside what is to be, addresses to those who may see them", async () => {
    const then = { address: "c2VhbGVk", acts: { now: null, then: ["session.view"] }, paused: true, detail: false };
    const addresses = { now: "https://siem.example.com/a", then: "https://siem.example.com/b" };
    shown({ change: { kind: "webhook-update", ...base, then }, addresses });
    openConsole(`/access/proposals/${ID}`);
    expect(await screen.findByRole("heading", { level: 1, name: "Change the receiver SIEM" })).toBeInTheDocument();
    const differences = screen.getByText("Which acts").closest("dl");
    expect(differences).toHaveTextContent(
      /Address.*Now.*\.com\/a.*Then.*\.com\/b.*Which acts.*All.*Then.*Watch a session/u,
    );
    expect(differences).toHaveTextContent(
      /State.*Now.*Entries are sent.*Then.*Paused.*Told of persons.*Yes.*Then.*No/u,
    );
  });

  it("keeps an address from who may not see receivers, and names the one thing that changes", async () => {
    member.actions = ["proposal.list"];
    shown({ change: { kind: "webhook-update", ...base, then: { address: "c2VhbGVk" } } });
    openConsole(`/access/proposals/${ID}`);
    await screen.findByRole("heading", { level: 1, name: "Send to another address: receiver SIEM" });
    expect(screen.getAllByText(/seeing it needs the permission webhook\.list/u)).toHaveLength(2);
    expect(screen.queryByRole("link", { name: "SIEM" })).not.toBeInTheDocument();
  });
});

describe("breaking glass", () => {
  it("says what follows, wants a yes to it, and opens under one key", async () => {
    member.actions = ["break-glass.use", "grant.request"];
    const sent: unknown[] = [];
    const use = grant({ kind: "break-glass", state: "active", requester: { id: "m", name: "Ada" } });
    server.use(
      http.get(`${ORIGIN}/v1/access-requests/${use.id}`, () => HttpResponse.json(use)),
      http.post(`${ORIGIN}/v1/break-glass`, async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json(use, { status: 201 });
      }),
    );
    const router = openConsole(`/access/break-glass?open=${ID}`);
    const dialog = await screen.findByRole("dialog");
    expect(dialog).toHaveTextContent("Everybody who reviews is told at once");
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Why" }), "Payments fail everywhere");
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Ticket" }), "INC-204");
    const now = within(dialog).getByRole("button", { name: "Break the glass now" });
    await userEvent.click(now);
    expect(within(dialog).getByText("Confirm that you know what follows.")).toBeInTheDocument();
    expect(sent).toEqual([]);
    await userEvent.click(within(dialog).getByRole("checkbox"));
    await userEvent.click(now);
    await waitFor(() => expect(router.state.location.pathname).toBe(`/access/requests/${use.id}`));
    expect(sent).toEqual([
      {
        sessions: [ID],
        purpose: "security-incident",
        reason: "Payments fail everywhere",
        ticket: "INC-204",
        minutes: 60,
      },
    ]);
  });

  it("is reviewed by somebody else, once it is over, with words", async () => {
    member.actions = ["break-glass.review", "grant.list"];
    const review = {
      due_at: "2099-01-01T10:00:00Z",
      reviewed_at: null,
      reviewed_by: null,
      outcome: null,
      comment: null,
    };
    const use = grant({ kind: "break-glass", state: "expired", ended_reason: "time-over", review });
    const sent: unknown[] = [];
    server.use(
      http.get(`${ORIGIN}/v1/access-requests/${use.id}`, () => HttpResponse.json(use)),
      http.post(`${ORIGIN}/v1/break-glass/${use.id}/review`, async ({ request }) => {
        sent.push(await request.json());
        return problem(409, "review-of-own-open", "a use of your own waits for its review");
      }),
    );
    openConsole(`/access/requests/${use.id}`);
    await userEvent.click(await screen.findByRole("button", { name: "Put the review on record" }));
    expect(screen.getByText("Say what you found.")).toBeInTheDocument();
    await userEvent.type(screen.getByRole("textbox", { name: "What you found" }), "The incident was real.");
    await userEvent.click(screen.getByRole("button", { name: "Put the review on record" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("A use of your own waits");
    expect(sent).toEqual([{ outcome: "justified", comment: "The incident was real." }]);
  });
});
