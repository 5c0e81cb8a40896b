import type { AuditEvent, AuditHealth } from "@sealtape/api-client";
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { api } from "../../api/api";
import { Log } from "../../test/ledger";
import { openConsole } from "../../test/render";
import { member, ORIGIN, problem, server } from "../../test/server";
import { ACTS, objectPath } from "./acts";

const everything = [...member.actions];
const EVENT = "0190f3a1-0000-7000-8000-0000000000a3";
const SUBJECT = "0190f3a1-0000-7000-8000-0000000000b1";

const event = (fields: Partial<AuditEvent>): AuditEvent => ({
  id: EVENT,
  index: 3,
  at: "2026-01-01T10:00:00.123456Z",
  actor: { kind: "user", id: "grace", via: "login" },
  act: "session.view",
  object: { kind: "session", id: "s-1" },
  outcome: "allow",
  rule: "access@3/engineer/session.view",
  request: "0190f3a1-0000-7000-8000-0000000000c1",
  has_detail: false,
  ...fields,
});

/** The entry of an event, as RFC 8785 writes it. */
const entryOf = ({ id, at, actor, act, object, outcome, rule, request }: AuditEvent): string =>
  JSON.stringify({
    act,
    actor: { id: actor.id, k: actor.kind, via: actor.via },
    id,
    obj: { id: object.id, k: object.kind },
    out: outcome,
    req: request,
    rule,
    t: Date.parse(at) * 1000 + 456,
    tenant: "t",
    v: 1,
  });

/** A log in which the event stands at place 3. */
const entries = (count: number, third = entryOf(event({}))): string[] =>
  Array.from({ length: count }, (_, index) => (index === 3 ? third : `{"v":1,"n":${index}}`));

interface Answers {
  shown?: Partial<AuditEvent>;
  key?: string;
  checkpoint?: string;
  inclusion?: Partial<ReturnType<Log["inclusion"]>>;
}

/** The server, with a log; `answers` says what of it is not the log's. */
function serve(log: Log, { shown = {}, key = log.verifier, checkpoint, inclusion }: Answers = {}): void {
  const plain = { headers: { "content-type": "text/plain" } };
  server.use(
    http.get(`${ORIGIN}/v1/audit/key`, () => new HttpResponse(key, plain)),
    http.get(`${ORIGIN}/v1/audit/checkpoint`, () => new HttpResponse(checkpoint ?? log.checkpoint(), plain)),
    http.get(`${ORIGIN}/v1/audit/checkpoints`, () => {
      const of = (size: number) => ({
        origin: log.origin,
        size,
        root: log.root(size),
        signed_at: "2026-01-01T10:00:00Z",
      });
      return HttpResponse.json({ items: [of(log.entries.length), of(2)], next_cursor: null });
    }),
    http.get(`${ORIGIN}/v1/audit/proof/inclusion`, () => HttpResponse.json({ ...log.inclusion(3), ...inclusion })),
    http.get(`${ORIGIN}/v1/audit/proof/consistency`, ({ request }) => {
      const { searchParams: query } = new URL(request.url);
      const [from, to] = [Number(query.get("from")), Number(query.get("to") ?? log.entries.length)];
      return from > to || to > log.entries.length ? problem(404, "not-found") : HttpResponse.json(log.growth(from, to));
    }),
    http.get(`${ORIGIN}/v1/audit/events/${EVENT}`, () => HttpResponse.json(event(shown))),
    http.get(`${ORIGIN}/v1/audit/health`, () => HttpResponse.json(HEALTHY)),
  );
}

const HEALTHY: AuditHealth = {
  state: "ok",
  waiting: 0,
  unproved_since: null,
  size: 9,
  checkpoint: null,
  alarm: null,
  witnessed: null,
  anchored: null,
};

const members = http.get(`${ORIGIN}/v1/members`, () =>
  HttpResponse.json({
    items: [{ id: "grace", name: "Grace", email: "grace@example.com", active: true, roles: [], own_roles: [] }],
    next_cursor: null,
  }),
);

/** Steps by name, as the page shows them. */
async function steps(): Promise<Record<string, string>> {
  const [list] = await screen.findAllByRole("list", { name: "Steps of the proof" });
  const items = within(list ?? document.body).getAllByRole("listitem");
  const own = items.filter((item) => item.dataset.step !== undefined);
  return Object.fromEntries(own.map((item) => [item.dataset.step ?? "", item.dataset.state ?? ""]));
}

const opened = () => openConsole(`/audit/events/${EVENT}`);
/** Comes back to a page, as on another day. */
function revisit(path: string): void {
  cleanup();
  openConsole(path);
}

const HOLDS = { entry: "sealed", path: "sealed", root: "sealed", signature: "sealed" };

beforeEach(() => {
  member.signedIn = true;
  member.actions = ["audit.read"];
  localStorage.clear();
});
afterEach(async () => {
  member.actions = everything;
  localStorage.clear();
  await api.logout();
});

describe("the log", () => {
  it("is filtered in the URL, names people to those who may know them, and keeps its time while paging", async () => {
    member.actions = ["audit.read", "member.list"];
    const asked: URLSearchParams[] = [];
    server.use(
      members,
      http.get(`${ORIGIN}/v1/audit/events`, ({ request }) => {
        asked.push(new URL(request.url).searchParams);
        const items = [event({}), event({ id: "2", act: "unheard.of", outcome: "deny", index: null })];
        return HttpResponse.json({ items, next_cursor: "older" });
      }),
    );
    const router = openConsole("/audit/events?object=s-1&act=session.view&outcome=allow&range=24h&mangled=1");
    const table = await screen.findByRole("table", { name: "Events" });
    const [, first, second] = within(table).getAllByRole("row");
    expect(await within(first ?? table).findByText("Grace")).toBeInTheDocument();
    expect(first).toHaveTextContent("Watch a sessionsession.view");
    expect(first).toHaveTextContent("Allowed");
    expect(within(first ?? table).getByRole("link", { name: /^Session/u })).toHaveAttribute("href", "/sessions/s-1");
    expect(second).toHaveTextContent("unheard.of");
    expect(second).toHaveTextContent("Refused");
    const since = asked[0]?.get("from") ?? "";
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      object: "s-1",
      act: "session.view",
      outcome: "allow",
      from: since,
      limit: "50",
    });
    await userEvent.click(screen.getByRole("button", { name: "Older" }));
    await waitFor(() => expect(router.state.location.search).toMatchObject({ cursor: "older", act: "session.view" }));
    await waitFor(() => expect(asked.at(-1)?.get("cursor")).toBe("older"));
    expect(asked.at(-1)?.get("from")).toBe(since);
    // A pasted link narrows by the id in it, from the first page on.
    const field = screen.getByRole("textbox", { name: /^Id of a session/u });
    await userEvent.clear(field);
    await userEvent.type(field, `https://console.example/sessions/${EVENT}?t=4{Enter}`);
    await waitFor(() => expect(router.state.location.search).toMatchObject({ object: EVENT }));
    expect(router.state.location.search).not.toHaveProperty("cursor", "older");
  });

  it("says whether nothing fits, or nothing in what was searched so far", async () => {
    let next: string | null = "on";
    server.use(http.get(`${ORIGIN}/v1/audit/events`, () => HttpResponse.json({ items: [], next_cursor: next })));
    openConsole("/audit/events?act=role.delete");
    expect(await screen.findByRole("heading", { name: "Nothing on this page" })).toBeInTheDocument();
    next = null;
    await userEvent.click(screen.getByRole("button", { name: "Look again" }));
    expect(await screen.findByRole("heading", { name: "No event fits" })).toBeInTheDocument();
  });

  it("is for those who may read it", async () => {
    member.actions = ["session.list"];
    openConsole("/audit/events");
    expect(await screen.findByText("audit.read")).toBeInTheDocument();
    expect(screen.queryByRole("link", { name: "Events" })).not.toBeInTheDocument();
  });
});

describe("an event", () => {
  it("is proved, step by step, and the key and checkpoint are remembered", async () => {
    serve(new Log(entries(5)));
    opened();
    expect(await screen.findByText("Proved: this event is in the signed log")).toBeInTheDocument();
    expect(await steps()).toEqual({ ...HOLDS, key: "open", seen: "open" });
    expect(screen.getByText(/place 3 of 5/u)).toBeInTheDocument();
    // Who may not list members sees an id.
    expect(screen.queryByText("Grace")).not.toBeInTheDocument();
  });

  it("is held against what this browser saw before", async () => {
    serve(new Log(entries(5)));
    opened();
    await steps();
    await waitFor(() => expect(localStorage.getItem("sealtape-ledger-seen/t")).toContain("/e1\\n5\\n"));
    serve(new Log(entries(9)));
    revisit(`/audit/events/${EVENT}`);
    expect(await screen.findByText(/The log continues what this browser saw on .* 5 entries/u)).toBeInTheDocument();
    await waitFor(() => expect(localStorage.getItem("sealtape-ledger-seen/t")).toContain("/e1\\n9\\n"));
  });

  it.each<[string, Answers, string]>([
    ["another event than its entry", { shown: { outcome: "deny" } }, "entry"],
    ["an entry in another form", { inclusion: { entry: btoa(`${entryOf(event({}))} `) } }, "entry"],
    ["too few hashes", { inclusion: { hashes: new Log(entries(5)).inclusion(3).hashes.slice(1) } }, "path"],
    ["another place", { inclusion: { index: 2 } }, "root"],
    [
      "a checkpoint of another log",
      { inclusion: { checkpoint: new Log(entries(5), "sealtape/other").checkpoint() } },
      "signature",
    ],
    [
      "a signature by another key",
      { inclusion: { checkpoint: new Log(entries(5), undefined, 8).checkpoint() } },
      "signature",
    ],
    ["a signed text that is no checkpoint", { inclusion: { checkpoint: new Log([]).note("hello\n") } }, "path"],
  ])("that comes with %s is not proved, and the step is named", async (_, answers, step) => {
    serve(new Log(entries(5)), answers);
    opened();
    const all = await steps();
    expect(Object.entries(all).find(([, state]) => state === "broken")?.[0]).toBe(step);
    const number = Object.keys(all).indexOf(step) + 1;
    expect(screen.getByText(`Not proved: step ${number} does not hold`)).toBeInTheDocument();
    expect(screen.getByRole("alert")).toHaveTextContent("Do not rely on this event");
  });

  it("whose past was rewritten and signed again is not believed by who saw it before", async () => {
    serve(new Log(entries(5)));
    opened();
    await steps();
    await waitFor(() => expect(localStorage.getItem("sealtape-ledger-seen/t")).not.toBeNull());
    const forged = entries(7);
    forged[1] = "{}";
    serve(new Log(forged));
    revisit(`/audit/events/${EVENT}`);
    expect(await screen.findByText(/The log does not continue what this browser saw/u)).toBeInTheDocument();
    // What was seen stays until a person says otherwise.
    expect(localStorage.getItem("sealtape-ledger-seen/t")).toContain("/e1\\n5\\n");
  });

  it("waits for its signature", async () => {
    const log = new Log(entries(5));
    serve(log);
    let signed = false;
    server.use(
      http.get(`${ORIGIN}/v1/audit/proof/inclusion`, () =>
        signed ? HttpResponse.json(log.inclusion(3)) : problem(409, "not-yet-signed"),
      ),
    );
    opened();
    expect(await screen.findByText(/Not signed yet/u)).toBeInTheDocument();
    signed = true;
    expect(await screen.findByText("Proved: this event is in the signed log")).toBeInTheDocument();
  });

  it("has its sealed details opened by hand only", async () => {
    serve(new Log(entries(5)), { shown: { has_detail: true } });
    let asked = 0;
    const erased = { of: "subject", state: "erased", network: null, browser: null, reason: null, changes: [] };
    const actor = { ...erased, of: "actor", state: "open", network: "203.0.113.0/24", reason: "Ticket 17" };
    server.use(
      http.get(`${ORIGIN}/v1/audit/events/${EVENT}/detail`, () => {
        asked += 1;
        return HttpResponse.json({ parts: [actor, erased] });
      }),
    );
    opened();
    const button = await screen.findByRole("button", { name: "Open the details" });
    await steps();
    expect(asked).toBe(0);
    await userEvent.click(button);
    expect(await screen.findByText("203.0.113.0/24")).toBeInTheDocument();
    expect(screen.getByText("Ticket 17")).toBeInTheDocument();
    expect(screen.getByText("Erased: the key of this person is destroyed.")).toBeInTheDocument();
    expect(asked).toBe(1);
  });

  it("tells of each person what is theirs", async () => {
    serve(new Log(entries(5)), { shown: { has_detail: true } });
    const nothing = { state: "open", network: null, browser: null, reason: null, changes: [] };
    const actor = { ...nothing, of: "actor", state: "erased" };
    const changes = [
      { what: "role", before: null, after: "engineer" },
      { what: "state", before: "active", after: "disabled" },
      { what: "mood", before: "1", after: "2" },
    ];
    const subject = { ...nothing, of: "subject", reason: "asked by letter", changes };
    server.use(
      http.get(`${ORIGIN}/v1/audit/events/${EVENT}/detail`, () => HttpResponse.json({ parts: [actor, subject] })),
    );
    opened();
    await userEvent.click(await screen.findByRole("button", { name: "Open the details" }));
    expect(await screen.findByRole("heading", { name: "About who acted" })).toBeInTheDocument();
    expect(screen.getByText("Erased: the key of this person is destroyed.")).toBeInTheDocument();
    expect(screen.getByRole("heading", { name: "About the person concerned" })).toBeInTheDocument();
    expect(screen.getByText("asked by letter")).toBeInTheDocument();
    expect(screen.getByText("none → Engineer")).toBeInTheDocument();
    expect(screen.getByText("active → disabled")).toBeInTheDocument();
    expect(screen.getByText("1 → 2")).toBeInTheDocument();
  });
});

describe("the key of the log", () => {
  const another = new Log(entries(5), undefined, 8);

  it("that changed is not believed before somebody who got it elsewhere says so", async () => {
    serve(new Log(entries(5)));
    openConsole("/audit/checkpoints");
    expect(await screen.findByText("Signature and continuity hold")).toBeInTheDocument();
    const field = screen.getByRole("textbox", { name: "Compare with a key you noted down" });
    await userEvent.type(field, `${new Log([]).verifier.slice(0, -4)}AAAA`);
    await userEvent.click(screen.getByRole("button", { name: "Compare" }));
    expect(await screen.findByText("This is no verifier key, or it is mistyped.")).toBeInTheDocument();
    await userEvent.clear(field);
    await userEvent.type(field, new Log([]).verifier);
    await userEvent.click(screen.getByRole("button", { name: "Compare" }));
    expect(await screen.findAllByText(/^It is the key that you compared yourself/u)).not.toHaveLength(0);

    serve(another);
    revisit("/audit/checkpoints");
    expect(await screen.findAllByText(/The server now names another key/u)).not.toHaveLength(0);
    expect(await screen.findByText("This checkpoint cannot be relied on")).toBeInTheDocument();
    const replacing = await screen.findByRole("textbox", { name: "Believe this key from now on" });
    await userEvent.type(replacing, another.verifier);
    await userEvent.click(screen.getAllByRole("button", { name: "Compare" }).at(-1) ?? replacing);
    await waitFor(() => expect(localStorage.getItem("sealtape-ledger-key/t")).toContain(another.verifier));
    // The entries are the same: it is the key alone that is new.
    expect(await screen.findByText("Signature and continuity hold")).toBeInTheDocument();
  });
});

describe("checkpoints", () => {
  const kept = new Log(entries(4)).checkpoint();
  const check = async (note: string): Promise<void> => {
    const field = await screen.findByRole("textbox", { name: "An earlier checkpoint" });
    await userEvent.clear(field);
    await userEvent.click(field);
    await userEvent.paste(note);
    await userEvent.click(within(field.closest("form") ?? document.body).getByRole("button", { name: "Check" }));
  };

  it("that somebody kept are continued by the log, or the step that fails is named", async () => {
    serve(new Log(entries(9)));
    openConsole("/audit/checkpoints");
    await screen.findByText("Signature and continuity hold");
    await check(kept.replaceAll("\n", "\r\n"));
    expect(await screen.findByText(/^The log continues this checkpoint/u)).toBeInTheDocument();
    expect(screen.getByText("The earlier checkpoint of 4 entries is signed by key", { exact: false })).toBeVisible();
    await check("nothing of that kind");
    expect(await screen.findByText(/^Paste a whole checkpoint/u)).toBeInTheDocument();
    const other = entries(4);
    other[0] = "{}";
    await check(new Log(other).checkpoint());
    expect(await screen.findByText("The log does not continue this checkpoint: step 4 does not hold")).toBeVisible();
    await check(new Log(other.slice(0, 3)).checkpoint());
    expect(await screen.findByText("The log does not continue this checkpoint: step 3 does not hold")).toBeVisible();
    await check(new Log(other, undefined, 8).checkpoint());
    expect(await screen.findByText("The log does not continue this checkpoint: step 1 does not hold")).toBeVisible();
    await check(new Log(entries(12)).checkpoint());
    expect(await screen.findAllByText(/^The log is shorter than it was/u)).toHaveLength(2);
  });

  it("that the list names are compared, without a signature to believe", async () => {
    serve(new Log(entries(9)));
    openConsole("/audit/checkpoints");
    await screen.findByText("Signature and continuity hold");
    await userEvent.click(
      await screen.findByRole("button", { name: "Check the log against the checkpoint of 2 entries" }),
    );
    expect(await screen.findByText(/^As far as it could be checked/u)).toBeInTheDocument();
    expect(screen.getByText(/nobody checked its signature/u)).toBeInTheDocument();
  });

  it("that do not continue what this browser saw raise an alarm, until it is told to forget", async () => {
    serve(new Log(entries(9)));
    openConsole("/audit/checkpoints");
    await screen.findByText("Signature and continuity hold");
    await waitFor(() => expect(localStorage.getItem("sealtape-ledger-seen/t")).not.toBeNull());
    serve(new Log(entries(6)));
    revisit("/audit/checkpoints");
    expect(await screen.findByText("The log is not the one this browser knows")).toBeInTheDocument();
    expect(localStorage.getItem("sealtape-ledger-seen/t")).toContain("/e1\\n9\\n");
    await userEvent.click(screen.getByRole("button", { name: "Forget what this browser saw" }));
    const dialog = await screen.findByRole("dialog");
    await userEvent.type(within(dialog).getByRole("textbox"), "forget");
    await userEvent.click(within(dialog).getByRole("button", { name: "Forget what this browser saw" }));
    await waitFor(() => expect(localStorage.getItem("sealtape-ledger-seen/t")).toContain("/e1\\n6\\n"));
  });

  it("that nobody signed are neither believed nor kept", async () => {
    serve(new Log(entries(9)), { checkpoint: new Log(entries(9), undefined, 8).checkpoint() });
    openConsole("/audit/checkpoints");
    expect(await screen.findByText("This checkpoint cannot be relied on")).toBeInTheDocument();
    expect(localStorage.getItem("sealtape-ledger-seen/t")).toBeNull();
  });
});

describe("who saw a person", () => {
  it("is found by an address that stays out of the URL, and listed", async () => {
    member.actions = ["audit.read", "subject.search"];
    const sent: unknown[] = [];
    let found: string | null = null;
    server.use(
      http.post(`${ORIGIN}/v1/audit/subjects/find`, async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json({ subject: found });
      }),
      http.get(`${ORIGIN}/v1/audit/subjects/${SUBJECT}`, () =>
        HttpResponse.json({ items: [event({})], next_cursor: null }),
      ),
    );
    const router = openConsole("/audit/seen");
    await userEvent.click(await screen.findByRole("button", { name: "Find" }));
    expect(await screen.findByText("Say whom you look for.")).toBeInTheDocument();
    await userEvent.type(screen.getByRole("textbox", { name: "Value" }), "ida@example.com");
    await userEvent.click(screen.getByRole("combobox", { name: "What for" }));
    await userEvent.click(await screen.findByRole("option", { name: "Data request" }));
    await userEvent.click(screen.getByRole("button", { name: "Find" }));
    expect(await screen.findByRole("heading", { name: "Nobody recorded fits" })).toBeInTheDocument();
    found = SUBJECT;
    await userEvent.click(screen.getByRole("button", { name: "Find" }));
    const table = await screen.findByRole("table", { name: "What is on record about this person" });
    expect(within(table).getByRole("link", { name: /Watch a session/u })).toBeInTheDocument();
    expect(sent.at(-1)).toEqual({ kind: "email", value: "ida@example.com", purpose: "data-request" });
    expect(router.state.location.search).toEqual({ subject: SUBJECT });
    expect(router.state.location.href).not.toContain("ida");
  });

  it("is found by the person's id alone without the permission to search", async () => {
    server.use(
      http.get(`${ORIGIN}/v1/audit/subjects/${SUBJECT}`, () => HttpResponse.json({ items: [], next_cursor: null })),
    );
    openConsole("/audit/seen");
    const field = await screen.findByRole("textbox", { name: "Value" });
    await userEvent.type(field, `${SUBJECT}{Enter}`);
    expect(await screen.findByRole("heading", { name: /^Nobody was shown a session/u })).toBeInTheDocument();
  });

  it("says when the hour's searches are used up", async () => {
    member.actions = ["audit.read", "subject.search"];
    server.use(http.post(`${ORIGIN}/v1/audit/subjects/find`, () => problem(429, "rate-limited")));
    openConsole("/audit/seen");
    await userEvent.type(await screen.findByRole("textbox", { name: "Value" }), "ida@example.com");
    await userEvent.click(screen.getByRole("combobox", { name: "What for" }));
    await userEvent.click(await screen.findByRole("option", { name: "Legal" }));
    await userEvent.click(screen.getByRole("button", { name: "Find" }));
    expect(await screen.findByText(/30 an hour are allowed/u)).toBeInTheDocument();
  });
});

describe("the log's health", () => {
  const health = (fields: Partial<AuditHealth>): void =>
    server.use(
      http.get(`${ORIGIN}/v1/audit/health`, () =>
        HttpResponse.json({
          ...HEALTHY,
          checkpoint: { origin: "o", size: 9, root: "", signed_at: new Date(Date.now() - 3000).toISOString() },
          ...fields,
        }),
      ),
    );

  it("says what witnesses saw and what lies outside", async () => {
    const at = new Date(Date.now() - 40_000).toISOString();
    health({ witnessed: { at, size: 1234 }, anchored: { at: null, size: 0 } });
    openConsole("/");
    const card = await screen.findByRole("region", { name: "Audit log" });
    expect(card).toHaveTextContent(/Last witnessed \d\d sec\. ago \(1,234 entries\).*Not anchored yet/u);
    cleanup();
    health({ anchored: { at, size: 1 } });
    openConsole("/");
    const other = await screen.findByRole("region", { name: "Audit log" });
    expect(other).toHaveTextContent(/Last anchored \d\d sec\. ago \(1 entry\)/u);
    expect(other).not.toHaveTextContent(/witnessed/u);
  });

  it("stands beside the newest checkpoint, in German too", async () => {
    serve(new Log(entries(5)));
    const at = new Date(Date.now() - 40_000).toISOString();
    health({ witnessed: { at, size: 5 }, anchored: { at, size: 4 } });
    openConsole("/audit/checkpoints", "de");
    const newest = await screen.findByRole("region", { name: "Neuester Prüfpunkt" });
    await waitFor(() =>
      expect(newest).toHaveTextContent(/Zuletzt bezeugt .*\(5 Einträge\).*Zuletzt verankert .*\(4 Einträge\)/u),
    );
  });

  it("says that storage outside holds another log", async () => {
    health({ state: "refused", alarm: { since: "2026-01-01T10:00:00Z", reason: "anchor", index: null } });
    openConsole("/");
    const card = await screen.findByRole("region", { name: "Audit log" });
    expect(within(card).getByRole("alert")).toHaveTextContent(/taken back or rebuilt/u);
  });

  it("is shown at home, in order or with what to do", async () => {
    health({});
    openConsole("/");
    const card = await screen.findByRole("region", { name: "Audit log" });
    expect(card).toHaveTextContent(/In order.*Last checkpoint \d sec\. ago.*9 entries.*Everything is signed/u);
    expect(within(card).queryByRole("alert")).not.toBeInTheDocument();
  });

  it("raises its alarms in words", async () => {
    const alarm = { since: "2026-01-01T10:00:00Z", reason: "changed", index: 41 };
    health({ state: "refused", alarm, waiting: 2 });
    openConsole("/");
    const card = await screen.findByRole("region", { name: "Audit log" });
    expect(within(card).getByRole("alert")).toHaveTextContent(/not what its hash says.*place 41.*Since/u);
    expect(card).toHaveTextContent(/2 events wait to be signed/u);
  });

  it("names receivers that take nothing, to those who may see them", async () => {
    health({ sinks_failing: { count: 2, since: "2026-01-01T10:00:00Z" } });
    openConsole("/");
    const card = await screen.findByRole("region", { name: "Audit log" });
    const link = within(card).getByRole("link", { name: "2 receivers take nothing" });
    expect(link).toHaveAttribute("href", "/operations/webhooks");
    expect(within(card).getByRole("status")).toHaveTextContent(/The first failure was .* ago\. The log goes on/u);
  });

  it.each([undefined, { count: 0, since: null }])(
    "says nothing of receivers when there is nothing to say",
    async (none) => {
      health(none === undefined ? {} : { sinks_failing: none });
      openConsole("/");
      const card = await screen.findByRole("region", { name: "Audit log" });
      expect(within(card).queryByRole("status")).not.toBeInTheDocument();
    },
  );

  it("is not for those who may not read the log", async () => {
    member.actions = [];
    openConsole("/");
    await screen.findByRole("heading", { name: "Hello, Ada" });
    expect(screen.queryByRole("region", { name: "Audit log" })).not.toBeInTheDocument();
  });
});

it("acts have names as the server writes them, and objects lead to their pages", () => {
  expect(ACTS.filter((act) => !/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/u.test(act))).toEqual([]);
  expect(objectPath({ kind: "grant", id: "a/b" })).toBe("/access/requests/a%2Fb");
  expect(objectPath({ kind: "login", id: "x" })).toBeUndefined();
});
