import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { isJson } from "./guard";
import { MASK } from "./privacy/detect";
import { EVENT_LIMIT, Recorder } from "./recorder";
import { FakeServer } from "./testing/server";

let server: FakeServer;
let recorder: Recorder;
const options = { endpoint: "https://tape.example", key: "st_agent_x", release: "1.0" };

const element = (selector: string): HTMLElement => {
  const found = document.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`no ${selector}`);
  return found;
};
const everything = () => server.stored.map(({ text }) => text).join("\n") + JSON.stringify(server.calls);
const sources = () =>
  server.events().map(({ type, data }) => (type === 3 && isJson(data) ? `3.${String(data["source"])}` : String(type)));
const type = (selector: string, value: string) => {
  const input = element(selector);
  Reflect.set(input, "value", value);
  input.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
};
const start = async () => {
  recorder = new Recorder(server.environment(), options, true);
  await server.settle();
};

beforeEach(() => {
  vi.stubGlobal("CSS", { escape: (text: string) => text });
  vi.spyOn(Date, "now").mockImplementation(() => server.time);
  server = new FakeServer();
  history.replaceState(null, "", "/shop?q=CANARY#CANARY");
  document.title = "Shop of anna@example.org";
  document.body.innerHTML = `
    <label for="q">Search</label><input id="q" name="q" value="CANARY"><input id="pw" type="password" value="CANARY">
    <input id="card" autocomplete="cc-number" value="CANARY"><textarea id="area">CANARY</textarea>
    <p data-sealtape="mask" title="CANARY">CANARY</p><div data-sealtape="block">CANARY</div>
    <div data-sealtape="ignore"><button id="ignored">CANARY</button></div>
    <div contenteditable id="edit">CANARY</div><a id="link" href="/x?q=CANARY#CANARY">link</a>
    <select id="select"><option value="a">A</option><option selected value="b">B</option></select>
    <button id="pay" data-testid="pay">Pay <b>now</b></button>`;
});
afterEach(async () => {
  await recorder.stop();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("a visit", () => {
  test("starts with meta and full snapshot, at once; the start says what is needed and no more", async () => {
    await start();
    expect(sources().slice(0, 2)).toEqual(["4", "2"]);
    expect(server.calls[0]).toEqual({
      path: "/v1/agent/sessions",
      token: "Bearer st_agent_x",
      body: {
        page: { url: "http://localhost:3000/shop?q=", title: `Shop of ${MASK}` },
        policy_version: 1,
        agent: { name: "@sealtape/agent", version: "0.0.0-test" },
        release: "1.0",
      },
    });
  });

  test("no canary leaves the page, whatever is done with it", async () => {
    await start();
    for (const id of ["q", "pw", "card", "area"]) type(`#${id}`, "CANARY2");
    element("#pw").setAttribute("type", "text");
    type("#pw", "CANARY3");
    element("#q").setAttribute("value", "CANARY4");
    element("#edit").append("CANARY5");
    element("[data-sealtape=mask]").append("CANARY6");
    element("[data-sealtape=mask]").setAttribute("aria-label", "CANARY7");
    const late = document.createElement("form");
    late.innerHTML = `<input type="hidden" value="CANARY"><input value="CANARY"><iframe srcdoc="CANARY"></iframe>`;
    document.body.append(late);
    const shadow = document.createElement("div");
    shadow.attachShadow({ mode: "open" }).innerHTML = `<input value="CANARY"><p data-sealtape="mask">CANARY</p>`;
    document.body.append(shadow);
    element("#ignored").click();
    for (const key of ["C", "A", "N"])
      element("#pw").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    console.warn("see /s?q=CANARY and anna@example.org", { password: "CANARY", nested: { token: "CANARY" } });
    history.pushState(null, "", "/done?order=CANARY#CANARY");
    window.dispatchEvent(
      new ErrorEvent("error", {
        message: "at /x?q=CANARY",
        filename: "https://a.example/x.js?v=CANARY",
        error: new Error("at /x?q=CANARY"),
      }),
    );
    recorder.custom("order", { secret: "CANARY", mail: "anna@example.org" });
    await server.advance(6000);
    window.dispatchEvent(new Event("pagehide"));
    await server.settle();
    expect(everything()).not.toMatch(/CANARY|anna@/);
    expect(sources()).toContain("3.5");
    const nav = server.payloads("nav").map(({ kind, url }) => `${String(kind)} ${String(url)}`);
    expect(nav).toEqual([
      "load http://localhost:3000/shop?q=",
      "push http://localhost:3000/done?order=",
      "hide http://localhost:3000/done?order=",
    ]);
    expect(server.stored.at(-1)).toMatchObject({ keepalive: true, head: { final: true, encoding: "identity" } });
  });

  test("a page that changes a lot is not left with more than its last upload can hold", async () => {
    await start();
    const uploads = server.stored.length;
    for (let round = 0; round < 10; round++) {
      recorder.custom(
        "big",
        [...Array(10).keys()].map((n) => `${n} ${"word ".repeat(180)}`),
      );
      await server.advance(200);
    }
    expect(server.stored.length).toBeGreaterThan(uploads);
    window.dispatchEvent(new Event("pagehide"));
    await server.settle();
    expect(server.payloads("gap")).toEqual([]);
  });

  test("an address is told with the title that the page sets after it", async () => {
    await start();
    history.pushState(null, "", "/cart");
    document.title = "Your cart";
    history.pushState(null, "", "/checkout");
    document.title = "Checkout";
    await server.advance(6000);
    expect(server.payloads("nav").slice(-2)).toMatchObject([{ title: "Your cart" }, { title: "Checkout" }]);
  });

  test("actions: selectors ranked, name, value class, key", async () => {
    await start();
    element("#pay b").click();
    type("#q", "Anna 4");
    type("#q", "Anna 42");
    type("#pw", "hunter2");
    element("#q").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    element("#q").dispatchEvent(new KeyboardEvent("keydown", { key: "x", bubbles: true }));
    await server.advance(6000);
    const actions = server.payloads("action");
    expect(actions).toMatchObject([
      {
        kind: "click",
        name: "Pay now",
        selectors: [
          { by: "test-id", value: "pay" },
          { by: "role", value: 'button[name="Pay now"]' },
          { by: "attr", value: "#pay" },
          { by: "css", value: "#pay" },
        ],
      },
      { kind: "input", name: "Search", value_class: "Aaaa 99" },
      { kind: "input", name: "" },
      { kind: "key", key: "Enter" },
    ]);
    expect(actions[2]).not.toHaveProperty("value_class");
    expect(new Set(actions.map(({ id }) => id)).size).toBe(4);
    expect(
      server
        .events()
        .every(({ timestamp }, at, all) => at === 0 || Number(timestamp) >= Number(all[at - 1]?.["timestamp"])),
    ).toBe(true);
  });

  test("equal errors have equal fingerprints, others do not", async () => {
    await start();
    for (const message of ["no item 12", "no item 77", "boom"]) {
      const error = new TypeError(message);
      error.stack = `TypeError: ${message}\n    at f (https://a.example/x.js:1:2)`;
      window.dispatchEvent(new ErrorEvent("error", { message, error }));
    }
    await server.advance(6000);
    const [one, two, three] = server.payloads("error").map((payload) => payload["fingerprint"]);
    expect(one).toBe(two);
    expect(one).not.toBe(three);
  });
});

describe("breakers", () => {
  test("an event above 1 MiB: node blocked, gap told, snapshot later, recording goes on", async () => {
    await start();
    const heavy = document.createElement("section");
    heavy.innerHTML = `<i>${"x".repeat(EVENT_LIMIT + 1)}</i>`;
    document.body.append(heavy);
    await server.settle();
    element("#pay").append("lost with the blind spot");
    await server.advance(8000);
    element("#pay").append("recorded");
    await server.advance(6000);
    expect(server.payloads("gap")).toMatchObject([{ reason: "event-too-large" }]);
    const gap = server.events().findIndex(({ data }) => isJson(data) && data["plugin"] === "sealtape/gap@1");
    expect(sources().slice(gap, sources().indexOf("4", gap))).not.toContain("3.0");
    expect(document.querySelectorAll("[data-sealtape-heavy]")).toHaveLength(1);
    expect(sources().filter((source) => source === "2")).toHaveLength(2);
    expect(everything()).toContain("recorded");
    expect(everything().length).toBeLessThan(EVENT_LIMIT);
  });

  test("a masking error costs a gap, never an unmasked event", async () => {
    await start();
    const spy = vi.spyOn(Element.prototype, "hasAttribute").mockImplementation(() => {
      throw new Error("masking broke");
    });
    element("#pay").setAttribute("title", "CANARY");
    await server.settle();
    spy.mockRestore();
    await server.advance(8000);
    expect(server.payloads("gap")).toMatchObject([{ reason: "shed", detail: "masking failed" }]);
  });

  test("a session that is too long ends; the visitor's next sign starts a linked one", async () => {
    server.limits["session_ms"] = 60_000;
    await start();
    await server.advance(61_000);
    element("#pay").append("late");
    await server.settle();
    expect(server.payloads("gap")).toMatchObject([{ reason: "session-limit" }]);
    expect(server.calls.at(-1)?.path).toBe("/v1/agent/sessions/s0/finish");
    window.dispatchEvent(new MouseEvent("mousedown"));
    await server.advance(6000);
    expect(server.calls.filter(({ path }) => path === "/v1/agent/sessions")[1]?.body).toMatchObject({
      previous_session: "s0",
    });
  });

  test("nobody there for 30 minutes: the session ends, then a new one", async () => {
    await start();
    await server.advance(31 * 60_000);
    window.dispatchEvent(new MouseEvent("mousedown"));
    await server.advance(6000);
    expect(server.sessions).toBe(2);
    expect(sources().filter((source) => source === "2").length).toBeGreaterThan(1);
  });
});

describe("the server", () => {
  test("asks for a snapshot and gets one", async () => {
    await start();
    await server.advance(3000);
    server.wantSnapshot = true;
    element("#pay").append("x");
    await server.advance(12_000);
    expect(sources().filter((source) => source === "2")).toHaveLength(2);
  });

  test("refuses a segment: gap with reason, snapshot, recording goes on", async () => {
    await start();
    let refused = false;
    server.intervene = (_, upload) => (upload && !refused ? ((refused = true), { status: 422 }) : undefined);
    element("#pay").append("refused");
    await server.advance(12_000);
    element("#pay").append("accepted");
    await server.advance(6000);
    expect(server.payloads("gap")).toMatchObject([{ reason: "upload-refused" }]);
    expect(everything()).toContain("accepted");
  });

  test("refuses the first segment: the stream begins again with a snapshot", async () => {
    let refused = false;
    server.intervene = (_, upload) => (upload && !refused ? ((refused = true), { status: 422 }) : undefined);
    await start();
    await server.advance(12_000);
    expect(sources().slice(0, 2)).toEqual(["4", "2"]);
    expect(server.payloads("gap")).toMatchObject([{ reason: "upload-refused" }]);
  });

  test("says 410: nothing more is sent, the page keeps working", async () => {
    await start();
    server.intervene = () => ({ status: 410 });
    element("#pay").click();
    await server.advance(6000);
    const { length } = server.attempts;
    element("#pay").click();
    await server.advance(60_000);
    expect(server.attempts).toHaveLength(length);
  });

  test.each([401, 403, 404])("says %i to the start: nothing is recorded", async (status) => {
    server.intervene = () => ({ status });
    await start();
    element("#pay").click();
    await server.advance(60_000);
    expect(server.calls).toHaveLength(1);
    expect(server.attempts).toHaveLength(0);
  });

  test("is away for long: what fits is kept, the rest is an offline-overflow gap", async () => {
    await start();
    let away = true;
    server.intervene = (_, upload) => (upload && away ? { status: 503 } : undefined);
    for (let round = 0; round < 40; round++) {
      const noise = Array.from({ length: 40_000 }, (_, at) =>
        Math.sin(round * 1e5 + at)
          .toString(36)
          .slice(3),
      ).join("");
      element("#edit").setAttribute("class", noise);
      await server.advance(6000);
      window.dispatchEvent(new MouseEvent("mousedown"));
    }
    away = false;
    await server.advance(120_000);
    expect(server.payloads("gap")).toMatchObject([{ reason: "offline-overflow" }]);
    expect(sources().filter((source) => source === "2").length).toBeGreaterThan(1);
  }, 30_000);
});

describe("identity and page loads", () => {
  test("a reload takes a further tab of the same session", async () => {
    await start();
    window.dispatchEvent(new Event("pagehide"));
    await server.settle();
    const second = new Recorder(server.environment(), options, true);
    await server.settle();
    expect(server.sessions).toBe(1);
    expect(server.calls.at(-1)).toMatchObject({ path: "/v1/agent/sessions/s0/tabs", token: "Bearer token-0" });
    expect(
      server
        .events(1)
        .slice(0, 2)
        .map(({ type: kind }) => kind),
    ).toEqual([4, 2]);
    await second.stop();
  });

  test("identify tells the server; somebody else starts a session without a link", async () => {
    await start();
    recorder.identify({ userId: "42", email: "anna@example.org" });
    await server.settle();
    expect(server.calls.at(-1)).toMatchObject({
      path: "/v1/agent/sessions/s0/identify",
      body: { user_id: "42", email: "anna@example.org" },
    });
    let told = false;
    server.intervene = (path) => (path.endsWith("/identify") && !told ? ((told = true), { status: 409 }) : undefined);
    recorder.identify({ userId: "43" });
    await server.settle();
    const [, second] = server.calls.filter(({ path }) => path === "/v1/agent/sessions");
    expect(second?.body).toMatchObject({ subject: { user_id: "43" } });
    expect(second?.body).not.toHaveProperty("previous_session");
  });

  test("stop delivers what is there, says finish and gives the page its functions back", async () => {
    const own = history.pushState;
    await start();
    expect(history.pushState).not.toBe(own);
    element("#pay").click();
    await recorder.stop();
    expect(server.payloads("action")).toHaveLength(1);
    expect(server.calls.at(-1)).toMatchObject({
      path: "/v1/agent/sessions/s0/finish",
      body: { tab: 0, segments: server.stored.length },
    });
    expect(history.pushState).toBe(own);
  });
});

test("nothing of ours is ever thrown into the page", async () => {
  await start();
  const broken = () => {
    throw new Error("ours");
  };
  vi.spyOn(JSON, "stringify").mockImplementation(broken);
  vi.spyOn(Element.prototype, "getAttribute").mockImplementation(broken);
  const thrown: unknown[] = [];
  const note = (event: ErrorEvent) => thrown.push(event.error);
  window.addEventListener("error", note);
  let clicks = 0;
  element("#pay").addEventListener("click", () => clicks++);
  element("#pay").dispatchEvent(new MouseEvent("click", { bubbles: true }));
  history.pushState(null, "", "/still-works");
  console.debug("still works");
  await Promise.resolve();
  vi.restoreAllMocks();
  window.removeEventListener("error", note);
  expect([clicks, location.pathname, thrown]).toEqual([1, "/still-works", []]);
});
