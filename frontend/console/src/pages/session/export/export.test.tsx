import type { Export } from "@sealtape/api-client";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "../../../api/api";
import { grant, session } from "../../../test/data";
import { openConsole } from "../../../test/render";
import { EXPORT, keyText } from "../../../test/sealer";
import { member, ORIGIN, problem, server } from "../../../test/server";

const actions = [...member.actions];
const ID = EXPORT.session;
const KEY = keyText(EXPORT.id, EXPORT.secret);

function taken(fields: Partial<Export> = {}): Export {
  return {
    id: EXPORT.id,
    session_id: ID,
    purpose: "debugging",
    taken_by: { id: "m", name: "Ada" },
    created_at: "2026-01-02T09:00:00Z",
    expires_at: "2099-01-03T09:00:00Z",
    downloads: 0,
    last_download_at: null,
    ...fields,
  };
}

const detail = (state: "closed" | "live") =>
  http.get(`${ORIGIN}/v1/sessions/${ID}`, () =>
    HttpResponse.json({
      ...session({ id: ID, state }),
      closed_at: null,
      close_reason: null,
      policy_hash: "0".repeat(64),
      agent: { name: "agent", version: "1" },
      manifest: null,
      tab_list: [],
      gap_list: [],
      pages: [],
      start_ms: 0,
      previous_session: null,
      labels: [],
    }),
  );

const exporting = (answer: (body: unknown, key: string | null) => Response) =>
  http.post(`${ORIGIN}/v1/sessions/${ID}/export`, async ({ request }) =>
    answer(await request.json(), request.headers.get("idempotency-key")),
  );
const made = () => exporting(() => HttpResponse.json({ ...taken(), key: KEY }, { status: 201 }));
const bundle = (answer: () => Response) => http.get(`${ORIGIN}/v1/exports/${EXPORT.id}/bundle`, answer);

/** A grant of the reader that names the session. */
const granted = (verb: "view" | "export") => {
  const held = grant({ verb, state: "active", named: [], expires_at: "2099-01-01T12:00:00Z" });
  const summary = http.get(`${ORIGIN}/v1/grants`, ({ request }) =>
    HttpResponse.json({
      items: new URL(request.url).searchParams.get("state") === "active" ? [held] : [],
      next_cursor: null,
    }),
  );
  const one = http.get(`${ORIGIN}/v1/access-requests/${held.id}`, () =>
    HttpResponse.json({ ...held, named: [{ id: ID }] }),
  );
  return [summary, one];
};

/** Where the fallback puts the file; jsdom neither makes addresses of blobs nor follows links. */
function watchSaving() {
  const saved: Blob[] = [];
  const clicked = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
  Object.assign(URL, {
    createObjectURL: (blob: Blob) => {
      saved.push(blob);
      return "blob:test";
    },
    revokeObjectURL: () => undefined,
  });
  return { saved, clicked };
}

async function openDialog(): Promise<HTMLElement> {
  openConsole(`/sessions/${ID}`);
  await userEvent.click(await screen.findByRole("button", { name: "Export" }));
  return screen.findByRole("dialog");
}

async function choosePurpose(dialog: HTMLElement): Promise<void> {
  await userEvent.click(within(dialog).getByRole("combobox", { name: "What for" }));
  await userEvent.click(await screen.findByRole("option", { name: "Debugging" }));
  await userEvent.click(within(dialog).getByRole("button", { name: "Export" }));
}

beforeEach(() => {
  member.signedIn = true;
  member.actions = [...actions, "grant.request"];
  server.use(
    ...granted("export"),
    detail("closed"),
    http.get(`${ORIGIN}/v1/sessions/${ID}/events`, () => HttpResponse.text('{"head":{"tabs":[],"start_ms":0}}\n')),
    http.get(`${ORIGIN}/v1/access-rules`, () => HttpResponse.json({ approvals: 1, reviewers: [], rules: [] })),
  );
});
afterEach(async () => {
  member.actions = actions;
  await api.logout();
});

describe("taking a session out", () => {
  it("says what follows, asks what for, and shows the key this once", async () => {
    const sent: unknown[] = [];
    server.use(
      exporting((body, key) => {
        sent.push(body, key);
        return HttpResponse.json({ ...taken(), key: KEY }, { status: 201 });
      }),
    );
    const dialog = await openDialog();
    expect(dialog).toHaveTextContent(/on record that you took it/u);
    expect(dialog).not.toHaveTextContent(/still live/u);
    await userEvent.click(within(dialog).getByRole("button", { name: "Export" }));
    expect(within(dialog).getByText("Say what it is for.")).toBeInTheDocument();
    expect(sent).toEqual([]);
    await choosePurpose(dialog);
    expect(await within(dialog).findByText(KEY)).toBeVisible();
    expect(sent).toEqual([{ purpose: "debugging" }, expect.stringMatching(/^[0-9a-f]{32}$/u)]);
    expect(within(dialog).getByRole("note")).toHaveFocus();
    expect(dialog).toHaveTextContent(`sealtape open-export sealtape-${ID}.sealed`);
    expect(within(dialog).getByRole("link", { name: "Open an export" })).toHaveAttribute("href", "/open-export");
  });

  it("is left only with the key kept", async () => {
    server.use(made());
    const dialog = await openDialog();
    await choosePurpose(dialog);
    await within(dialog).findByText(KEY);
    await userEvent.keyboard("{Escape}");
    await userEvent.click(within(dialog).getByRole("button", { name: "Done" }));
    expect(within(dialog).getByText(/Confirm that you have kept the key/u)).toBeVisible();
    expect(within(dialog).getByLabelText("I have kept the key.")).toHaveFocus();
    await userEvent.click(within(dialog).getByLabelText("I have kept the key."));
    await userEvent.click(within(dialog).getByRole("button", { name: "Done" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(screen.getByRole("button", { name: "Export" })).toHaveFocus();
  });

  it("says that a live session is there so far", async () => {
    server.use(detail("live"));
    expect(await openDialog()).toHaveTextContent(/still live/u);
  });

  it("says what was refused, and lets ask for it when it is access", async () => {
    server.use(exporting(() => problem(403, "access-required")));
    const dialog = await openDialog();
    await choosePurpose(dialog);
    expect(await within(dialog).findByText(/do not open this session for export/u)).toBeVisible();
    await userEvent.click(within(dialog).getByRole("button", { name: "Ask for access" }));
    const asking = await screen.findByRole("dialog", { name: "Ask for access to sessions" });
    expect(within(asking).getByRole("combobox", { name: "To do what" })).toHaveValue("Export");
  });

  it("says that too many were taken out, and stays", async () => {
    server.use(
      exporting(() => HttpResponse.json({ code: "rate-limited" }, { status: 429, headers: { "retry-after": "7200" } })),
    );
    const dialog = await openDialog();
    await choosePurpose(dialog);
    const alert = await within(dialog).findByRole("alert");
    expect(alert).toHaveTextContent("as many sessions as one may in a day.In 2 hr you can export again.");
    expect(within(dialog).getByRole("button", { name: "Export" })).toBeEnabled();
  });
});

describe("the way to it", () => {
  it("leads to asking for it where no grant allows it", async () => {
    server.use(...granted("view"));
    const dialog = await openDialog();
    expect(dialog).toHaveTextContent("Ask for access to sessions");
    expect(within(dialog).getByRole("combobox", { name: "To do what" })).toHaveValue("Export");
  });

  it("is there under a grant for it also where watching is not", async () => {
    server.use(http.get(`${ORIGIN}/v1/sessions/${ID}`, () => problem(403, "access-required")));
    expect(await openDialog()).toHaveTextContent(/on record that you took it/u);
  });

  it("is not there where neither is", async () => {
    server.use(
      http.get(`${ORIGIN}/v1/sessions/${ID}`, () => problem(403, "access-required")),
      ...granted("view"),
    );
    openConsole(`/sessions/${ID}`);
    await screen.findByRole("button", { name: "Ask for access" });
    expect(screen.queryByRole("button", { name: "Export" })).not.toBeInTheDocument();
  });

  it("is not there for who may neither do it nor ask", async () => {
    member.actions = actions;
    openConsole(`/sessions/${ID}`);
    await screen.findByRole("heading", { level: 1, name: "Cart" });
    expect(screen.queryByRole("button", { name: "Export" })).not.toBeInTheDocument();
  });
});

describe("the download", () => {
  async function download(): Promise<HTMLElement> {
    server.use(made());
    const dialog = await openDialog();
    await choosePurpose(dialog);
    await userEvent.click(await within(dialog).findByRole("button", { name: "Download the file" }));
    return dialog;
  }

  it("brings the file, under its name", async () => {
    const { saved, clicked } = watchSaving();
    server.use(bundle(() => HttpResponse.arrayBuffer(new Uint8Array([1, 2, 3]).buffer)));
    const dialog = await download();
    expect(await within(dialog).findByText("The file has arrived whole.")).toBeVisible();
    expect(saved.map(({ size }) => size)).toEqual([3]);
    expect(clicked.mock.contexts[0]).toHaveProperty("download", `sealtape-${ID}.sealed`);
    expect(within(dialog).getByRole("button", { name: "Download again" })).toBeVisible();
  });

  it("writes to the disk as it comes where the browser lets it", async () => {
    const written: number[] = [];
    const handle = {
      createWritable: () =>
        Promise.resolve({
          write: ({ length }: Uint8Array) => Promise.resolve(void written.push(length)),
          close: () => Promise.resolve(void written.push(-1)),
        }),
    };
    vi.stubGlobal("showSaveFilePicker", () => Promise.resolve(handle));
    server.use(bundle(() => HttpResponse.arrayBuffer(new Uint8Array(9).buffer)));
    const dialog = await download();
    await within(dialog).findByText("The file has arrived whole.");
    expect(written).toEqual([9, -1]);
    vi.unstubAllGlobals();
  });

  it("says that it broke off, and leaves no half file", async () => {
    const undone: string[] = [];
    const handle = {
      createWritable: () =>
        Promise.resolve({
          write: () => Promise.resolve(),
          close: () => Promise.resolve(void undone.push("closed")),
          abort: () => Promise.resolve(void undone.push("aborted")),
        }),
      remove: () => Promise.resolve(void undone.push("removed")),
    };
    vi.stubGlobal("showSaveFilePicker", () => Promise.resolve(handle));
    server.use(
      bundle(() => {
        const chunks = [new Uint8Array(5)];
        const body = new ReadableStream({
          pull: (controller) => {
            const chunk = chunks.shift();
            if (chunk === undefined) controller.error(new Error("gone"));
            else controller.enqueue(chunk);
          },
        });
        return new HttpResponse(body, { headers: { "content-length": "10" } });
      }),
    );
    const dialog = await download();
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("The download broke off.");
    expect(undone).toEqual(["aborted", "removed"]);
    vi.unstubAllGlobals();
  });

  it("says why it was refused", async () => {
    const { saved } = watchSaving();
    server.use(bundle(() => problem(410, "export-expired")));
    const dialog = await download();
    expect(await within(dialog).findByRole("alert")).toHaveTextContent(/can be downloaded no longer/u);
    expect(saved).toEqual([]);
  });

  it("shows how far it is, can be stopped, and asks before it is left", async () => {
    const { saved } = watchSaving();
    server.use(
      bundle(() => {
        const body = new ReadableStream({
          start: (controller) => controller.enqueue(new Uint8Array(2000)),
        });
        return new HttpResponse(body, { headers: { "content-length": "8000" } });
      }),
    );
    const dialog = await download();
    expect(await within(dialog).findByText("2 kB of 8 kB")).toBeVisible();
    expect(within(dialog).getByRole("progressbar", { name: "Download" })).toHaveAttribute("aria-valuenow", "25");
    await userEvent.click(within(dialog).getByLabelText("I have kept the key."));
    await userEvent.click(within(dialog).getByRole("button", { name: "Done" }));
    expect(within(dialog).getByText("The download is still running.")).toBeVisible();
    expect(within(dialog).getByRole("button", { name: "Go on downloading" })).toHaveFocus();
    await userEvent.click(within(dialog).getByRole("button", { name: "Stop" }));
    expect(await within(dialog).findByText("Stopped. Nothing of the file was kept.")).toBeVisible();
    await userEvent.click(within(dialog).getByRole("button", { name: "Download the file" }));
    await within(dialog).findByText("2 kB of 8 kB");
    expect(within(dialog).queryByText("The download is still running.")).not.toBeInTheDocument();
    await userEvent.click(within(dialog).getByRole("button", { name: "Done" }));
    await userEvent.click(within(dialog).getByRole("button", { name: "Go on downloading" }));
    await userEvent.click(within(dialog).getByRole("button", { name: "Done" }));
    await userEvent.click(within(dialog).getByRole("button", { name: "Stop it and close" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(saved).toEqual([]);
  });
});

describe("who took it out", () => {
  const list = (answer: (cursor: string | null) => Response) => [
    http.get(`${ORIGIN}/v1/sessions/${ID}/viewers`, () => HttpResponse.json({ items: [], next_cursor: null })),
    http.get(`${ORIGIN}/v1/sessions/${ID}/exports`, ({ request }) =>
      answer(new URL(request.url).searchParams.get("cursor")),
    ),
  ];
  const part = async (): Promise<HTMLElement> => {
    openConsole(`/sessions/${ID}?pane=viewers`);
    return screen.findByRole("region", { name: "Taken out" });
  };

  it("is listed with the purpose, the downloads and the time, and one's own can be had again", async () => {
    server.use(
      ...list(() =>
        HttpResponse.json({
          items: [
            taken({ downloads: 2, last_download_at: "2026-01-02T10:00:00Z" }),
            taken({ id: "x", taken_by: { id: "e", name: "Eve" }, purpose: "legal", downloads: 1 }),
            taken({ id: "y", expires_at: "2026-01-03T09:00:00Z" }),
          ],
          next_cursor: null,
        }),
      ),
    );
    const rows = await within(await part()).findAllByRole("listitem");
    expect(rows).toHaveLength(3);
    const [own, other, over] = rows;
    expect(own).toHaveTextContent(/Ada.*Debugging · 2 downloads, last .* · to download: .* left/u);
    expect(within(own ?? document.body).getByRole("button", { name: "Download the file" })).toBeVisible();
    expect(other).toHaveTextContent(/Eve.*Legal · 1 download · to download: .* left/u);
    expect(within(other ?? document.body).queryByRole("button")).not.toBeInTheDocument();
    expect(over).toHaveTextContent(/0 downloads · no further downloads/u);
    expect(within(over ?? document.body).queryByRole("button")).not.toBeInTheDocument();
  });

  it("goes on to older ones and back", async () => {
    server.use(
      ...list((cursor) =>
        HttpResponse.json({
          items: [taken({ taken_by: { id: "e", name: cursor === null ? "Newer" : "Older" } })],
          next_cursor: cursor === null ? "c" : null,
        }),
      ),
    );
    const region = await part();
    await within(region).findByText("Newer");
    await userEvent.click(within(region).getByRole("button", { name: "Older" }));
    await within(region).findByText("Older", { selector: "li span" });
    await userEvent.click(within(region).getByRole("button", { name: "Newest" }));
    expect(await within(region).findByText("Newer")).toBeVisible();
  });

  it("says that nobody did, and that asking failed", async () => {
    let fails = true;
    server.use(...list(() => (fails ? problem(500, "internal") : HttpResponse.json({ items: [], next_cursor: null }))));
    const region = await part();
    expect(await within(region).findByRole("alert")).toHaveTextContent("The server failed");
    fails = false;
    await userEvent.click(within(region).getByRole("button", { name: "Try again" }));
    expect(await within(region).findByText("Nobody has taken this session out.")).toBeVisible();
  });
});
