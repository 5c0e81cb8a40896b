import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { event, identify, init, stop } from "./index";

const options = { endpoint: "https://tape.example/", key: "st_agent_x" };
const requested = vi.fn<typeof fetch>();

beforeEach(() => {
  requested.mockReset();
  requested.mockResolvedValue(new Response("{}", { status: 403 }));
  vi.stubGlobal("fetch", requested);
  vi.stubGlobal("isSecureContext", true);
});
afterEach(async () => {
  await stop();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, "globalPrivacyControl");
});

test("init starts one session, however often it is called", () => {
  init(options);
  init(options);
  expect(requested.mock.calls.map(([url]) => url)).toEqual(["https://tape.example/v1/agent/sessions"]);
});

test("a visitor who sends Global Privacy Control is not recorded", () => {
  Object.defineProperty(navigator, "globalPrivacyControl", { value: true, configurable: true });
  init(options);
  expect(requested).not.toHaveBeenCalled();
});

test("without a secure context nothing is recorded", () => {
  vi.stubGlobal("isSecureContext", false);
  init(options);
  expect(requested).not.toHaveBeenCalled();
});

test("no call throws: before init, with wrong arguments, after stop", async () => {
  event("early");
  init({ endpoint: "::", key: "" });
  Reflect.apply(init, undefined, []);
  Reflect.apply(identify, undefined, [null]);
  init(options);
  event("circle", Object.assign([], { self: [] }));
  await stop();
  event("late");
  await stop();
});
