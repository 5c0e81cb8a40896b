import { describe, expect, it, vi } from "vitest";
import { CONNECT, acceptConsole, connectPlayer, isFromPlayer, isToPlayer } from "./protocol";

const event = { type: 3, timestamp: 5, data: {} };

describe("messages to the player", () => {
  it.each([
    { type: "events", tab: 0, events: [event] },
    { type: "gaps", gaps: [{ tab: 1, from_ms: 1, to_ms: 2, reason: "shed" }] },
    { type: "end", live: true },
    { type: "play" },
    { type: "seek", ms: 0 },
    { type: "speed", value: 0.5 },
    { type: "step" },
    { type: "step", back: true },
    { type: "locale", locale: "de" },
    { type: "dump-dom" },
  ])("accepts $type", (message) => {
    expect(isToPlayer(message)).toBe(true);
  });

  it.each([
    null,
    "play",
    { type: "constructor" },
    { type: "__proto__" },
    { type: "events", tab: 0, events: [{ type: 3, timestamp: -1, data: {} }] },
    { type: "events", tab: 0, events: [{ type: "3", timestamp: 1, data: {} }] },
    { type: "events", tab: -1, events: [] },
    { type: "events", tab: 65_536, events: [] },
    { type: "gaps", gaps: [{ tab: 0, from_ms: 2, to_ms: 1, reason: "shed" }] },
    { type: "seek", ms: Number.NaN },
    { type: "seek", ms: Infinity },
    { type: "speed", value: 3 },
    { type: "end" },
    { type: "locale", locale: "fr" },
    { type: "ready" },
  ])("refuses %j", (message) => {
    expect(isToPlayer(message)).toBe(false);
  });
});

describe("messages from the player", () => {
  it("accepts and refuses by shape", () => {
    expect(isFromPlayer({ type: "meta", start_ms: 1, duration_ms: 2, tabs: [0] })).toBe(true);
    expect(isFromPlayer({ type: "time", ms: 1, playing: true, tab: 0, waiting: false, following: false })).toBe(true);
    expect(isFromPlayer({ type: "time", ms: "1", playing: true })).toBe(false);
    expect(isFromPlayer({ type: "play" })).toBe(false);
  });
});

describe("hand-shake", () => {
  const ORIGIN = "http://localhost:8080";

  function offer(origin: string, source: Window | null, data: unknown, ports: MessagePort[]): boolean {
    const accepted = vi.fn();
    const stop = acceptConsole(window, ORIGIN, accepted);
    window.dispatchEvent(new MessageEvent("message", { origin, source, data, ports }));
    stop();
    return accepted.mock.calls.length > 0;
  }
  const port = (): MessagePort => new MessageChannel().port2;

  it("takes a port only from the console's origin, in the embedding window, with the right word", () => {
    expect(offer(ORIGIN, window.parent, { type: CONNECT }, [port()])).toBe(true);
    expect(offer("http://evil.example", window.parent, { type: CONNECT }, [port()])).toBe(false);
    expect(offer("null", window.parent, { type: CONNECT }, [port()])).toBe(false);
    expect(offer(ORIGIN, null, { type: CONNECT }, [port()])).toBe(false);
    expect(offer(ORIGIN, window.parent, { type: "hello" }, [port()])).toBe(false);
    expect(offer(ORIGIN, window.parent, { type: CONNECT }, [])).toBe(false);
  });

  it("lets nobody in when the server named no console origin", () => {
    const accepted = vi.fn();
    const stop = acceptConsole(window, "", accepted);
    for (const origin of ["null", "http://localhost:8080", "__CONSOLE_ORIGIN__"]) {
      window.dispatchEvent(
        new MessageEvent("message", { origin, source: window, data: { type: CONNECT }, ports: [port()] }),
      );
    }
    stop();
    expect(accepted).not.toHaveBeenCalled();
  });

  it("takes the first port only", () => {
    const accepted = vi.fn();
    acceptConsole(window, ORIGIN, accepted);
    for (let times = 0; times < 2; times += 1) {
      window.dispatchEvent(
        new MessageEvent("message", { origin: ORIGIN, source: window, data: { type: CONNECT }, ports: [port()] }),
      );
    }
    expect(accepted).toHaveBeenCalledTimes(1);
  });

  it("offers the port to the replay origin alone and drops malformed answers", async () => {
    const postMessage = vi.fn<(message: unknown, target: string, transfer: Transferable[]) => void>();
    const received = vi.fn();
    connectPlayer({ postMessage }, "http://127.0.0.1:8080", received);
    const [message, target, transfer] = postMessage.mock.calls[0] ?? [];
    expect(message).toEqual({ type: CONNECT });
    expect(target).toBe("http://127.0.0.1:8080");
    const [theirs] = transfer ?? [];
    expect(theirs).toBeInstanceOf(MessagePort);
    if (!(theirs instanceof MessagePort)) return;
    theirs.postMessage({ type: "time", ms: "now" });
    theirs.postMessage({ type: "ready" });
    await vi.waitFor(() => expect(received).toHaveBeenCalledTimes(1));
    expect(received).toHaveBeenCalledWith({ type: "ready" });
    theirs.close();
  });
});
