import { beforeEach, describe, expect, test } from "vitest";
import { isJson, type Json } from "../guard";
import { cleanEvent } from "./clean";
import { MASK } from "./detect";
import { isSecret, ruleOf, valueClass } from "./mask";

const nodes = new Map<number, Node>();
const mirror = { getNode: (id: number) => nodes.get(id) ?? null };

/** Gives `selector`'s node an id. */
function known(id: number, selector: string): Element {
  const node = document.querySelector(selector);
  if (!node) throw new Error(`no ${selector}`);
  nodes.set(id, node);
  return node;
}

function clean(type: number, data: Json): Json | undefined {
  const event = { type, data, timestamp: 1 };
  return cleanEvent(event, mirror) ? event.data : undefined;
}

/** The one attribute after an attribute mutation of node 1. */
function attribute(name: string, value: unknown): unknown {
  const attributes = { [name]: value };
  clean(3, { source: 0, adds: [], removes: [], texts: [], attributes: [{ id: 1, attributes }] });
  return attributes[name];
}

beforeEach(() => {
  nodes.clear();
  document.body.innerHTML = `
    <p id="kept">text</p>
    <div data-sealtape="mask"><span id="inner">CANARY</span><img id="picture"></div>
    <div data-sealtape="block"><b id="blocked"></b></div>
    <div data-sealtape="ignore"><input id="ignored"></div>
    <div data-sealtape="maks"><i id="mistyped"></i></div>
    <div contenteditable><u id="edited"></u></div>
    <input id="text"><input id="radio" type="radio"><input id="submit" type="submit" value="Go"><textarea id="area"></textarea>
    <select id="select"><option id="option"></option></select><a id="link"></a><div id="host"></div>`;
});

describe("rules", () => {
  test("the strictest on the way up wins, a mistyped wish masks, a node outside masks", () => {
    const rule = (id: string) => ruleOf(known(9, `#${id}`));
    expect(["kept", "inner", "blocked", "ignored", "mistyped", "edited"].map(rule)).toEqual([0, 1, 2, 3, 1, 1]);
    expect(ruleOf(document.createElement("p"))).toBe(1);
  });

  test("through shadow roots", () => {
    const host = known(9, "#host");
    host.attachShadow({ mode: "open" }).innerHTML = "<p></p>";
    const inside = host.shadowRoot?.firstChild ?? null;
    expect(ruleOf(inside)).toBe(0);
    host.setAttribute("data-sealtape", "mask");
    expect(ruleOf(inside)).toBe(1);
  });

  test("a password stays one after show-password", () => {
    const input = known(9, "#text");
    expect(isSecret(input)).toBe(false);
    input.setAttribute("type", "password");
    expect(isSecret(input)).toBe(true);
    input.setAttribute("type", "text");
    expect(isSecret(input)).toBe(true);
  });

  test.each([
    ["autocomplete", "section-a cc-number"],
    ["autocomplete", "one-time-code"],
    ["type", "tel"],
    ["type", "EMAIL"],
    ["name", "cardNumber"],
    ["id", "api-key"],
  ])("floor: %s=%s", (name, value) => {
    const input = document.createElement("input");
    input.setAttribute(name, value);
    expect(isSecret(input)).toBe(true);
  });

  test("value classes tell shapes only, and not how long a long value is", () => {
    expect(valueClass("Anna 42")).toBe("Aaaa 99");
    expect(valueClass("Ünal-7é!")).toBe("Aaaa-9a_");
    expect(valueClass("x".repeat(500))).toHaveLength(40);
  });
});

describe("attributes", () => {
  test.each([
    ["#inner", "title", "CANARY", MASK],
    ["#inner", "aria-label", "CANARY", MASK],
    ["#inner", "data-name", "CANARY", MASK],
    ["#inner", "class", "card", "card"],
    ["#picture", "src", "https://a.example/CANARY.png", ""],
    ["#picture", "srcset", "CANARY.png 1x", ""],
    ["#text", "value", "CANARY", MASK],
    ["#text", "data-value", "CANARY", MASK],
    ["#text", "aria-valuetext", "CANARY", MASK],
    ["#text", "placeholder", "Search for anna@example.org", `Search for ${MASK}`],
    ["#text", "data-testid", "search", "search"],
    ["#area", "value", "CANARY", MASK],
    ["#submit", "value", "Go", "Go"],
    ["#option", "selected", "", undefined],
    ["#link", "href", "https://a.example/x?q=CANARY#CANARY", "https://a.example/x?q="],
    ["#link", "onclick", "go('CANARY')", undefined],
    ["#kept", "data-csrf-token", "CANARY", MASK],
    ["#kept", "title", "4111 1111 1111 1111", MASK],
    ["#kept", "srcdoc", "CANARY", undefined],
    ["#kept", "nonce", "CANARY", undefined],
    ["#kept", "style", "background:url(a.png?t=CANARY)", "background:url(a.png?t=)"],
    ["#kept", "_cssText", "a{background:url(a.png?t=CANARY)}", "a{background:url(a.png?t=)}"],
  ])("%s %s=%j → %j", (selector, name, value, expected) => {
    known(1, selector);
    expect(attribute(name, value)).toBe(expected);
  });

  test("a field's title that repeats what is typed", () => {
    const input = known(1, "#text");
    if (input instanceof HTMLInputElement) input.value = "CANARY";
    expect(attribute("title", "CANARY")).toBe(MASK);
    expect(attribute("title", "Your name")).toBe("Your name");
  });

  test("style differences", () => {
    known(1, "#kept");
    expect(attribute("style", { background: ["url(a?t=CANARY)", "important"], color: false })).toEqual({
      background: ["url(a?t=)", "important"],
      color: false,
    });
  });

  test("of an unknown node everything that can tell something is masked", () => {
    expect(attribute("title", "CANARY")).toBe(MASK);
    expect(attribute("value", "CANARY")).toBe(MASK);
  });
});

describe("events", () => {
  test("input: text of every field is masked with one length, ignored ones are dropped", () => {
    for (const [selector, text, expected] of [
      ["#text", "CANARY", MASK],
      ["#text", "", ""],
      ["#radio", "CANARY", MASK],
      ["#select", "CANARY", MASK],
    ] as const) {
      known(1, selector);
      expect(clean(3, { source: 5, id: 1, text, isChecked: false })?.["text"]).toBe(expected);
    }
    known(1, "#ignored");
    expect(clean(3, { source: 5, id: 1, text: "CANARY" })).toBeUndefined();
    expect(clean(3, { source: 5, id: 77, text: "CANARY" })?.["text"]).toBe(MASK);
  });

  test("text mutations: masked, detected, unknown", () => {
    const texts = [1, 2, 3].map((id) => ({ id, value: "mail anna@example.org" }));
    known(1, "#inner");
    known(2, "#kept");
    clean(3, { source: 0, adds: [], removes: [], attributes: [], texts });
    expect(texts.map(({ value }) => value)).toEqual([MASK, `mail ${MASK}`, MASK]);
  });

  test("snapshots and additions, however deep; children of a textarea are its value", () => {
    known(2, "#inner");
    known(3, "#area");
    const text = document.createTextNode("x");
    nodes.set(4, text);
    const node = () => ({
      type: 0,
      id: 1,
      childNodes: [
        {
          type: 2,
          id: 2,
          tagName: "span",
          attributes: { title: "CANARY" },
          childNodes: [{ type: 3, id: 4, textContent: "CANARY" }],
        },
        {
          type: 2,
          id: 3,
          tagName: "textarea",
          attributes: { value: "CANARY" },
          childNodes: [{ type: 3, id: 4, textContent: "CANARY" }],
        },
        { type: 5, id: 5, textContent: "CANARY" },
      ],
    });
    known(2, "[data-sealtape=mask]");
    expect(JSON.stringify(clean(2, { node: node(), initialOffset: {} }))).not.toContain("CANARY");
    const added = clean(3, {
      source: 0,
      adds: [{ parentId: 2, nextId: null, node: node() }],
      removes: [],
      texts: [],
      attributes: [],
    });
    expect(JSON.stringify(added)).not.toContain("CANARY");
  });

  test("style sheets: rules, declarations, adopted sheets", () => {
    const rule = "a{background:url(x?t=CANARY)}";
    for (const data of [
      { source: 8, adds: [{ rule }], replace: rule },
      { source: 13, set: { property: "background", value: "url(x?t=CANARY)" } },
      { source: 15, styles: [{ styleId: 1, rules: [{ rule }] }] },
    ]) {
      expect(JSON.stringify(clean(3, data))).not.toContain("CANARY");
    }
  });

  test("meta without query; canvas, fonts, logs and unknown kinds do not pass", () => {
    expect(clean(4, { href: "https://a.example/?q=CANARY#CANARY", width: 1, height: 1 })?.["href"]).toBe(
      "https://a.example/?q=",
    );
    for (const source of [9, 10, 11, 99]) expect(clean(3, { source })).toBeUndefined();
    expect(clean(5, {})).toBeUndefined();
    expect(cleanEvent({ type: 3, data: null, timestamp: 1 }, mirror)).toBe(false);
  });

  test("selections inside masked text are not told", () => {
    known(1, "#inner");
    known(2, "#kept");
    const ranges = [
      { start: 1, startOffset: 0, end: 1, endOffset: 6 },
      { start: 2, startOffset: 0, end: 2, endOffset: 4 },
    ];
    const data = clean(3, { source: 14, ranges });
    expect(isJson(data) && data["ranges"]).toHaveLength(1);
  });
});
