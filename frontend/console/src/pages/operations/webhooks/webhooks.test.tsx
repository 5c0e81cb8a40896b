import type { Proposal, Webhook, WebhookDelivery } from "@sealtape/api-client";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { api } from "../../../api/api";
import { openConsole } from "../../../test/render";
import { member, ORIGIN, server } from "../../../test/server";
import { isAddress, takesTwo } from "./form";

const everything = [...member.actions];
const ID = "0190f3a1-0000-7000-8000-0000000000f1";
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const webhook = (fields: Partial<Webhook>): Webhook => ({
  id: ID,
  name: "SIEM",
  kind: "webhook",
  url: "https://siem.example.com/sealtape",
  acts: null,
  detail: false,
  state: "active",
  failing_since: null,
  delivered_size: 4100,
  waiting: 11,
  created_at: "2026-01-01T10:00:00Z",
  created_by: "m",
  last_delivery_at: null,
  ...fields,
});

const delivery = (fields: Partial<WebhookDelivery>): WebhookDelivery => ({
  id: "d-1",
  kind: "batch",
  batch: { from: 4100, to: 4200 },
  entries: 100,
  state: "failed",
  attempts: 3,
  next_at: null,
  last_status: 503,
  last_problem: "status",
  created_at: "2026-01-01T10:00:00Z",
  delivered_at: null,
  ...fields,
});

/** What was sent to the fake server: method, path, body. */
let sent: [string, string, unknown][] = [];
let shown: Webhook = webhook({});

beforeEach(() => {
  member.signedIn = true;
  member.actions = ["webhook.list", "webhook.manage"];
  sent = [];
  shown = webhook({});
  const record = async (request: Request): Promise<void> => {
    const text = await request.text();
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    sent.push([request.method, new URL(request.url).pathname.replace(`/v1/webhooks/${ID}`, ""), body]);
  };
  server.use(
    http.get(`${ORIGIN}/v1/webhooks`, () => HttpResponse.json({ items: [shown], next_cursor: null })),
    http.post(`${ORIGIN}/v1/webhooks`, async ({ request }) => {
      await record(request);
      return HttpResponse.json({ ...shown, secret: SECRET }, { status: 201 });
    }),
    http.get(`${ORIGIN}/v1/webhooks/${ID}`, () => HttpResponse.json(shown)),
    http.patch(`${ORIGIN}/v1/webhooks/${ID}`, async ({ request }) => {
      await record(request);
      shown = webhook({ state: "paused" });
      return HttpResponse.json(shown);
    }),
    http.delete(`${ORIGIN}/v1/webhooks/${ID}`, async ({ request }) => {
      await record(request);
      return new HttpResponse(null, { status: 204 });
    }),
    http.post(`${ORIGIN}/v1/webhooks/${ID}/secret`, async ({ request }) => {
      await record(request);
      return HttpResponse.json({ secret: SECRET, previous_until: "2026-01-02T10:00:00Z" });
    }),
    http.post(`${ORIGIN}/v1/webhooks/${ID}/test`, async ({ request }) => {
      await record(request);
      return HttpResponse.json(delivery({ kind: "test" }), { status: 202 });
    }),
    http.get(`${ORIGIN}/v1/webhooks/${ID}/deliveries`, ({ request }) => {
      const state = new URL(request.url).searchParams.get("state");
      const items =
        state === "delivered"
          ? []
          : [delivery({}), delivery({ id: "d-2", kind: "test", last_status: null, last_problem: "no-tls" })];
      return HttpResponse.json({ items, next_cursor: null });
    }),
    http.post(`${ORIGIN}/v1/webhooks/${ID}/deliveries/d-1/redeliver`, async ({ request }) => {
      await record(request);
      return HttpResponse.json(delivery({ state: "waiting" }), { status: 202 });
    }),
  );
});
afterEach(async () => {
  member.actions = everything;
  member.solo = false;
  await api.logout();
});

it.each([
  ["webhook", "https://siem.example.com/x", true],
  ["webhook", "http://siem.example.com", false],
  ["webhook", "https://me:secret@siem.example.com", false],
  ["webhook", "siem.example.com", false],
  ["syslog", "syslog+tls://logs.example.com:6514", true],
  ["syslog", "syslog://logs.example.com:514", false],
  ["syslog", "https://logs.example.com", false],
  ["syslog", "syslog+tls://logs.example.com/path", false],
] as const)("an address of a %s: %s", (kind, url, good) => {
  expect(isAddress(kind, url)).toBe(good);
});

it("a change that lets somebody hear less, or more about persons, takes a second person", () => {
  const heard = webhook({ last_delivery_at: "2026-01-01T10:00:00Z", acts: ["session.view", "login.create"] });
  const { url, acts } = heard;
  expect(takesTwo(heard, { url: `${url} `, acts, detail: false })).toBe(false);
  expect(takesTwo(heard, { acts: null })).toBe(false);
  expect(takesTwo(heard, { acts: ["session.view"] })).toBe(true);
  expect(takesTwo(heard, { url: "https://other.example.com/" })).toBe(true);
  expect(takesTwo(heard, { paused: true })).toBe(true);
  expect(takesTwo({ ...heard, state: "paused" }, { paused: false })).toBe(false);
  expect(takesTwo(heard, { detail: true })).toBe(true);
  expect(takesTwo({ ...heard, detail: true }, { acts: null })).toBe(true);
  expect(takesTwo({ ...heard, detail: true }, { acts: null, detail: false })).toBe(false);
  const deaf = webhook({ state: "failing" });
  expect(takesTwo(deaf, { url: "https://other.example.com/", acts: ["session.view"], paused: true })).toBe(false);
  expect(takesTwo({ ...deaf, detail: true }, { url: "https://other.example.com/" })).toBe(true);
});

const PROPOSAL: Proposal = {
  id: "0190f3a1-0000-7000-8000-0000000000f2",
  proposer: { id: "m", name: "Ada" },
  change: { kind: "webhook-delete", webhook: ID, base: 1, name: "SIEM" },
  addresses: null,
  hash: "a".repeat(64),
  state: "open",
  solo: false,
  created_at: "2026-01-01T10:00:00Z",
  execute_after: null,
  expires_at: "2099-01-02T10:00:00Z",
  decided_at: null,
  decided_by: null,
};

describe("a second person", () => {
  /** The server proposes what it is asked for. */
  const proposes = (): void => {
    const record = async (request: Request): Promise<Response> => {
      const text = await request.text();
      sent.push([request.method, "", text === "" ? undefined : JSON.parse(text)]);
      return HttpResponse.json(PROPOSAL, { status: 202 });
    };
    server.use(
      http.patch(`${ORIGIN}/v1/webhooks/${ID}`, ({ request }) => record(request)),
      http.delete(`${ORIGIN}/v1/webhooks/${ID}`, ({ request }) => record(request)),
      http.get(`${ORIGIN}/v1/proposals`, () => HttpResponse.json({ items: [PROPOSAL], next_cursor: null })),
      http.get(`${ORIGIN}/v1/proposals/${PROPOSAL.id}`, () => HttpResponse.json(PROPOSAL)),
    );
  };

  beforeEach(() => {
    member.actions = ["webhook.list", "webhook.manage", "proposal.list"];
    proposes();
  });

  it.each([
    ["Remove", "Propose to remove it", "DELETE", undefined],
    ["Pause", "Propose to pause it", "PATCH", { state: "paused" }],
  ])("must approve: %s leads to the proposal", async (button, propose, method, body) => {
    const router = openConsole(`/operations/webhooks/${ID}`);
    await userEvent.click(await screen.findByRole("button", { name: button }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByText("A second person must approve this")).toBeInTheDocument();
    const word = within(dialog).queryByRole("textbox");
    if (word !== null) await userEvent.type(word, "SIEM");
    await userEvent.click(within(dialog).getByRole("button", { name: propose }));
    expect(await screen.findByRole("heading", { level: 1, name: "Remove the receiver SIEM" })).toBeInTheDocument();
    expect(router.state.location.pathname).toBe(`/access/proposals/${PROPOSAL.id}`);
    expect(sent).toEqual([[method, "", body]]);
  });

  it("must approve detail, which the form says as soon as it is chosen", async () => {
    openConsole(`/operations/webhooks/${ID}`);
    await userEvent.click(await screen.findByRole("button", { name: "Change" }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).queryByText("A second person must approve this")).not.toBeInTheDocument();
    expect(within(dialog).getByRole("button", { name: "Save" })).toBeInTheDocument();
    await userEvent.click(within(dialog).getByRole("checkbox", { name: "Also send what is told of persons" }));
    expect(within(dialog).getByText("A second person must approve this")).toBeInTheDocument();
    await userEvent.click(within(dialog).getByRole("button", { name: "Propose it" }));
    await screen.findByRole("heading", { level: 1, name: "Remove the receiver SIEM" });
    const body = { name: "SIEM", url: "https://siem.example.com/sealtape", acts: null, detail: true };
    expect(sent).toEqual([["PATCH", "", body]]);
  });

  it("is not there in solo mode: it waits a day", async () => {
    member.solo = true;
    openConsole(`/operations/webhooks/${ID}`);
    await userEvent.click(await screen.findByRole("button", { name: "Pause" }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByText("This waits 24 hours")).toBeInTheDocument();
    expect(within(dialog).queryByText("A second person must approve this")).not.toBeInTheDocument();
  });

  it("finds what waits on the receiver's own page", async () => {
    openConsole(`/operations/webhooks/${ID}`);
    const waits = await screen.findByRole("alert");
    expect(waits).toHaveTextContent("Proposed, and not done yet");
    const link = within(waits).getByRole("link", { name: "Remove the receiver SIEM" });
    expect(link).toHaveAttribute("href", `/access/proposals/${PROPOSAL.id}`);
  });
});

describe("receivers of the log", () => {
  it("are added for chosen acts, and the secret is shown once", async () => {
    const router = openConsole("/operations/webhooks");
    expect(await screen.findByRole("link", { name: /^SIEM/u })).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Add a receiver" }));
    const dialog = await screen.findByRole("dialog");
    await userEvent.click(within(dialog).getByRole("button", { name: "Add" }));
    expect(await within(dialog).findByText("Give it a name.")).toBeInTheDocument();
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Name" }), "SIEM");
    await userEvent.click(within(dialog).getByRole("textbox", { name: "Address" }));
    await userEvent.paste("http://siem.example.com");
    await userEvent.click(within(dialog).getByRole("button", { name: "Add" }));
    expect(await within(dialog).findByText(/^An https:\/\/ address/u)).toBeInTheDocument();
    await userEvent.clear(within(dialog).getByRole("textbox", { name: "Address" }));
    await userEvent.click(within(dialog).getByRole("textbox", { name: "Address" }));
    await userEvent.paste("https://siem.example.com/in");
    await userEvent.type(within(dialog).getByRole("combobox", { name: "Which acts" }), "session.export");
    await userEvent.click(await screen.findByRole("option", { name: "Take a session out · session.export" }));
    await userEvent.click(within(dialog).getByRole("button", { name: "Add" }));
    expect(await screen.findByText(SECRET)).toBeInTheDocument();
    expect(sent).toEqual([
      [
        "POST",
        "/v1/webhooks",
        { name: "SIEM", kind: "webhook", url: "https://siem.example.com/in", acts: ["session.export"] },
      ],
    ]);
    await userEvent.click(screen.getByRole("button", { name: "I have kept it" }));
    await waitFor(() => expect(screen.queryByText(SECRET)).not.toBeInTheDocument());
    expect(router.state.location.search).not.toHaveProperty("new", true);
  });

  it("are tested, paused, given another secret and removed by their name", async () => {
    // Nothing ever arrived there: it is one person's.
    shown = webhook({ state: "failing" });
    const router = openConsole(`/operations/webhooks/${ID}`);
    await userEvent.click(await screen.findByRole("button", { name: "Send a test" }));
    expect(await screen.findByText(/^A test is on its way/u)).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Make a new secret" }));
    const rotate = await screen.findByRole("dialog");
    await userEvent.click(within(rotate).getByRole("button", { name: "Make a new secret" }));
    expect(await screen.findByText(SECRET)).toBeInTheDocument();
    expect(screen.getByText(/^The secret before signs as well until/u)).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "I have kept it" }));
    await userEvent.click(screen.getByRole("button", { name: "Pause" }));
    const pause = await screen.findByRole("dialog");
    await userEvent.click(within(pause).getByRole("button", { name: "Pause" }));
    expect(await screen.findByRole("button", { name: "Let it go on" })).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Remove" }));
    const remove = await screen.findByRole("dialog");
    await userEvent.click(within(remove).getByRole("button", { name: "Remove" }));
    expect(sent.map(([method, path]) => `${method} ${path}`)).not.toContain("DELETE ");
    await userEvent.type(within(remove).getByRole("textbox"), "SIEM");
    await userEvent.click(within(remove).getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/operations/webhooks"));
    expect(sent).toEqual([
      ["POST", "/test", undefined],
      ["POST", "/secret", undefined],
      ["PATCH", "", { state: "paused" }],
      ["DELETE", "", undefined],
    ]);
  });

  it("say what arrived, why not, and send it again", async () => {
    const router = openConsole(`/operations/webhooks/${ID}`);
    const table = await screen.findByRole("table", { name: "Deliveries" });
    const [, batch, test] = within(table).getAllByRole("row");
    expect(batch).toHaveTextContent(/Places 4,100 to 4,199.*100 entries.*Given up.*503: it refused/u);
    expect(test).toHaveTextContent(/Test.*its certificate is not good/u);
    await userEvent.click(within(batch ?? table).getByRole("button", { name: "Send again" }));
    await waitFor(() => expect(sent).toEqual([["POST", "/deliveries/d-1/redeliver", undefined]]));
    await userEvent.click(screen.getByRole("combobox", { name: "State" }));
    await userEvent.click(await screen.findByRole("option", { name: "Delivered" }));
    expect(await screen.findByRole("heading", { name: "Nothing was sent yet" })).toBeInTheDocument();
    expect(router.state.location.search).toMatchObject({ state: "delivered" });
  });

  it("are only looked at by who may not manage them", async () => {
    member.actions = ["webhook.list"];
    openConsole(`/operations/webhooks/${ID}`);
    await screen.findByRole("table", { name: "Deliveries" });
    for (const name of ["Send a test", "Pause", "Remove", "Send again"]) {
      expect(screen.queryByRole("button", { name })).not.toBeInTheDocument();
    }
  });
});
