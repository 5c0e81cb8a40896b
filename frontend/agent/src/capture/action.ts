/**
 * Purpose: what the visitor did, as `sealtape/action@1`: enough to name it in a sentence and to do it again.
 * Design: taken in the capture phase, before the page changes what was acted on. Requests count to an action while it is
 * the newest and younger than `WINDOW_MS`. Typing into one field is one action per segment, with the class of the value
 * (`Aaaa 99`) as it stands; fields under the floor tell not even that. `before` and `after` need an observed state and
 * are left out. An item chosen on mousedown gets no click: the press counts when the item is gone at mouseup.
 */
import { listen, type Json, patch } from "../guard";
import { clip } from "../privacy/describe";
import { cleanText } from "../privacy/url";
import { isElement, isField, isSecret, RULE, ruleOf, valueClass } from "../privacy/mask";
import { nameOf, selectorsOf } from "./selectors";
import type { ActionContext, OpenEvent, Stream } from "./stream";

const WINDOW_MS = 100;
const SCROLL_MS = 1000;
const ACTIONABLE = "a,button,input,select,textarea,label,summary,option,[role],[onclick],[tabindex],[contenteditable]";

interface Current {
  payload: Json;
  event: OpenEvent;
  at: number;
  requests: string[];
}

const targetOf = (event: Event): Element | null => {
  const node = event.composedPath()[0] ?? event.target;
  if (!(node instanceof Node)) return null;
  return isElement(node) ? node : node.parentElement;
};

/** Ties requests to actions; `note` makes one the current. */
class Actions implements ActionContext {
  current: Current | undefined;
  constructor(private readonly now: () => number) {}

  claim(request: string): string | undefined {
    const current = this.current;
    if (!current || this.now() - current.at > WINDOW_MS) return undefined;
    if (current.event.isOpen()) {
      current.requests.push(request);
      current.payload["requests"] = current.requests;
    }
    return String(current.payload["id"]);
  }
}

/** The context to put into the other streams. */
export const createActions = (now: () => number): Actions => new Actions(now);

/** Watches the visitor. */
export function captureActions(stream: Stream, actions: Actions): void {
  const { environment, undo } = stream;
  let typing: { element: Element; current: Current } | undefined;
  let pressed: { element: Element; payload: Json } | undefined;
  let scrolled = 0;

  const describeAction = (kind: string, element: Element | null, more: Json): Json | undefined => {
    const rule = element ? ruleOf(element) : RULE.keep;
    if (rule === RULE.ignore) return undefined;
    const place: Json = {};
    if (element) {
      const name = nameOf(element);
      Object.assign(place, {
        node: stream.idOf(element),
        selectors: rule === RULE.block ? [] : selectorsOf(element, name),
        name,
      });
    }
    return { id: stream.newId(), kind, ...place, ...more };
  };
  const record = (payload: Json | undefined): Current | undefined => {
    if (!payload) return undefined;
    const current = { payload, event: stream.emit("action", payload, true), at: environment.now(), requests: [] };
    actions.current = current;
    typing = undefined;
    return current;
  };
  const act = (kind: string, element: Element | null, more: Json = {}) => record(describeAction(kind, element, more));
  const actionable = (event: Event): Element | null => {
    const element = targetOf(event);
    return element?.closest(ACTIONABLE) ?? element;
  };
  const point = (event: Event): Json =>
    event instanceof MouseEvent ? { x: Math.round(event.clientX), y: Math.round(event.clientY) } : {};
  const on = (types: string, handler: (event: Event) => void) =>
    listen(
      window,
      types,
      (event) => {
        if (event.isTrusted || stream.trustAll === true) handler(event);
      },
      undo,
    );

  on("mousedown keydown touchstart scroll", () => stream.active());
  on("mousedown", (event) => {
    const element = actionable(event);
    const payload = element ? describeAction("click", element, point(event)) : undefined;
    pressed = element && payload ? { element, payload } : undefined;
  });
  on("mouseup", () => {
    if (pressed && !pressed.element.isConnected) record(pressed.payload);
    pressed = undefined;
  });
  on("click", (event) => void act("click", actionable(event), point(event)));
  on("keydown", (event) => {
    const element = targetOf(event);
    if (!(event instanceof KeyboardEvent)) return;
    const key = keyOf(event, element !== null && isSecret(element));
    if (key) act("key", element, { key });
  });
  on("input", (event) => {
    const element = targetOf(event);
    if (!element) return;
    if (typing?.element !== element || !typing.current.event.isOpen()) {
      if (/^(checkbox|radio|file)$/.test(element.getAttribute("type") ?? "") || element.localName === "select") return;
      const current = act("input", element);
      if (current) typing = { element, current };
    }
    if (typing) classify(element, typing.current.payload);
    if (typing) typing.current.at = environment.now();
  });
  on("change", (event) => {
    const element = targetOf(event);
    if (element instanceof HTMLSelectElement) act("select", element, { value_class: `#${element.selectedIndex}` });
    else if (element instanceof HTMLInputElement && element.files) {
      act("file", element, {
        value_class: Array.from(element.files, (file) => `${file.type || "?"} ${file.size}`).join(", "),
      });
    }
  });
  on("dragstart", (event) => void act("drag", targetOf(event), point(event)));
  on("drop", (event) => void act("drop", targetOf(event), point(event)));
  on("scroll", (event) => {
    const now = environment.now();
    const element = targetOf(event) ?? document.documentElement;
    if (now - scrolled < SCROLL_MS || isField(element)) return;
    scrolled = now;
    // Scrolling comes along with other actions; it must not take their requests.
    const payload = describeAction("scroll", element, {});
    if (payload) stream.emit("action", payload);
  });
  captureDialogs(stream, (outcome, text) => void act("dialog", null, { name: text, key: outcome }));
}

/** Keys that do something. A key that writes a character is not told, so that nobody can read what was typed. */
function keyOf(event: KeyboardEvent, secret: boolean): string | undefined {
  const { key } = event;
  if (secret) return /^(Enter|Tab|Escape)$/.test(key) ? key : undefined;
  if (/^(Shift|Control|Alt|Meta|AltGraph|Dead|Process|Unidentified|CapsLock)$/.test(key)) return undefined;
  if (key.length > 1) return key;
  // Alt and AltGr write characters on many keyboards.
  return (event.ctrlKey || event.metaKey) && !event.altKey
    ? `${event.metaKey ? "Meta" : "Control"}+${key.toLowerCase()}`
    : undefined;
}

function classify(element: Element, payload: Json): void {
  if (isField(element) && !isSecret(element) && "value" in element && typeof element.value === "string") {
    payload["value_class"] = valueClass(element.value);
  }
}

/** `alert`, `confirm` and `prompt` block the page, so rrweb cannot see them. */
function captureDialogs(stream: Stream, say: (outcome: string, text: string) => void): void {
  const wrap =
    <A extends unknown[], R>(original: (...args: A) => R) =>
    (...args: A): R => {
      const text = cleanText(clip(typeof args[0] === "string" ? args[0] : "", 300));
      say("opened", text);
      const result = original.apply(window, args);
      say(result === false || result === null ? "dismissed" : "accepted", text);
      return result;
    };
  patch(window, "alert", wrap, stream.undo);
  patch(window, "confirm", wrap, stream.undo);
  patch(window, "prompt", wrap, stream.undo);
}
