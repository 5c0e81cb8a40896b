import type { AuditExport } from "@sealtape/api-client";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { api } from "../../../api/api";
import { openConsole } from "../../../test/render";
import { member, ORIGIN, server } from "../../../test/server";

const everything = [...member.actions];
const ID = "0190f3a1-0000-7000-8000-0000000000e1";

const exported = (fields: Partial<AuditExport>): AuditExport => ({
  id: ID,
  format: "log",
  filter: null,
  state: "ready",
  done: 4211,
  total: 4211,
  entries: 4211,
  bytes: 1_843_200,
  size: 4211,
  created_at: "2026-01-01T10:00:00Z",
  created_by: "m",
  expires_at: "2099-01-08T10:00:00Z",
  problem: null,
  ...fields,
});

let items: AuditExport[] = [];

beforeEach(() => {
  member.signedIn = true;
  member.actions = ["audit.read", "audit.export"];
  items = [exported({})];
  server.use(
    http.get(`${ORIGIN}/v1/audit/exports`, () => HttpResponse.json({ items, next_cursor: null })),
    http.get(`${ORIGIN}/v1/audit/events`, () => HttpResponse.json({ items: [], next_cursor: null })),
  );
});
afterEach(async () => {
  member.actions = everything;
  vi.unstubAllGlobals();
  await api.logout();
});

it("begins with what the events were filtered by, and renews itself until it is ready", async () => {
  const sent: unknown[] = [];
  server.use(
    http.post(`${ORIGIN}/v1/audit/exports`, async ({ request }) => {
      sent.push([request.headers.get("idempotency-key") !== null, await request.json()]);
      items = [
        exported({ id: "2", format: "ocsf", state: "running", done: 100, total: 4211, entries: null, bytes: null }),
      ];
      return HttpResponse.json(items[0], { status: 202 });
    }),
  );
  openConsole("/audit/events?act=session.view&outcome=deny");
  await userEvent.click(await screen.findByRole("link", { name: "Export these" }));
  const dialog = await screen.findByRole("dialog", { name: "Export the log" });
  expect(dialog).toHaveTextContent("Filtered: Watch a session, Refused");
  await userEvent.click(within(dialog).getByRole("radio", { name: "OCSF events" }));
  await userEvent.click(within(dialog).getByRole("button", { name: "Begin" }));
  expect(await screen.findByRole("progressbar")).toHaveAttribute("aria-valuetext", "100 of 4,211 entries");
  const filter = { act: "session.view", outcome: "deny" };
  expect(sent).toMatchObject([[true, { format: "ocsf", filter }]]);
  items = [exported({ id: "2", format: "ocsf" })];
  expect(await screen.findByText("Ready")).toBeInTheDocument();
});

it("is taken of the whole log when the filter is dropped", async () => {
  const sent: unknown[] = [];
  server.use(
    http.post(`${ORIGIN}/v1/audit/exports`, async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(exported({}), { status: 202 });
    }),
  );
  openConsole("/audit/exports?new=true&act=session.view");
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("button", { name: "Take the whole log instead" }));
  expect(await within(dialog).findByText("The whole log")).toBeInTheDocument();
  await userEvent.click(within(dialog).getByRole("button", { name: "Begin" }));
  await waitFor(() => expect(sent).toEqual([{ format: "log" }]));
});

it("is downloaded under a name that says what it is, and removed after a word of warning", async () => {
  const written: Uint8Array[] = [];
  let name = "";
  const file = {
    createWritable: () =>
      Promise.resolve({
        write: (chunk: Uint8Array) => {
          written.push(chunk);
          return Promise.resolve();
        },
        close: () => Promise.resolve(),
        abort: () => Promise.resolve(),
      }),
  };
  vi.stubGlobal("showSaveFilePicker", (options: { suggestedName: string }) => {
    name = options.suggestedName;
    return Promise.resolve(file);
  });
  const removed: string[] = [];
  server.use(
    http.get(`${ORIGIN}/v1/audit/exports/${ID}/file`, () => new HttpResponse("line\n")),
    http.delete(`${ORIGIN}/v1/audit/exports/${ID}`, ({ params }) => {
      removed.push(String(params.id ?? ID));
      items = [];
      return new HttpResponse(null, { status: 204 });
    }),
  );
  openConsole("/audit/exports");
  await userEvent.click(await screen.findByRole("button", { name: "Download the file" }));
  await waitFor(() => expect(new TextDecoder().decode(written[0])).toBe("line\n"));
  expect(name).toBe(`sealtape-audit-${ID}.ndjson`);
  await userEvent.click(screen.getByRole("button", { name: "Remove" }));
  const dialog = await screen.findByRole("dialog", { name: "Remove this export?" });
  expect(removed).toEqual([]);
  await userEvent.click(within(dialog).getByRole("button", { name: "Remove" }));
  expect(await screen.findByRole("heading", { name: "No export yet" })).toBeInTheDocument();
  expect(removed).toHaveLength(1);
});

it("says why it failed", async () => {
  items = [exported({ state: "failed", problem: "integrity-fail", entries: null, bytes: null })];
  openConsole("/audit/exports");
  expect(await screen.findByText("integrity-fail")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Download the file" })).not.toBeInTheDocument();
});
