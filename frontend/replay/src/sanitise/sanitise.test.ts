import { describe, expect, it } from "vitest";
import { cleanAttribute, inertTag } from "./attributes";
import { BLANK_URL, cleanCss } from "./css";
import { EventSanitiser } from "./events";

const BLANK = `url("${BLANK_URL}")`;

describe("css", () => {
  it.each([
    ["a{background:url(https://evil.example/p.png)}", `a{background:${BLANK}}`],
    ["a{background:URL( '//evil.example/p.png' )}", `a{background:${BLANK}}`],
    ['a{background:url("x)y.png") red}', `a{background:${BLANK} red}`],
    ["a{background:u\\72l(https://evil.example/)}", `a{background:${BLANK}}`],
    ["a{background:\\000075\\72 \\6c(/local.png)}", `a{background:${BLANK}}`],
    ["a{background:\\url(/local.png)}", `a{background:\\u${BLANK.slice(1)}}`.replace("\\u", "u")],
    ['@import "https://evil.example/a.css";', '@sealtape-no-import "https://evil.example/a.css";'],
    ["@\\69mport url(x.css);", `@sealtape-no-import ${BLANK};`],
    [
      'a{background:image-set("https://evil.example/a" 1x)}',
      'a{background:sealtape-none("https://evil.example/a" 1x)}',
    ],
    ["a{width:expression(alert(1))}", "a{width:sealtape-none(alert(1))}"],
    ["a{background:url(https://evil.example", `a{background:${BLANK}`],
    ['a{background:url("https://evil.example', `a{background:${BLANK}`],
    ["a{background:url(data:text/html,x)}", `a{background:${BLANK}}`],
    ["a{background:url(blob:http://x/y)}", `a{background:${BLANK}}`],
  ])("%s", (input, output) => {
    expect(cleanCss(input)).toBe(output);
    expect(cleanCss(output)).toBe(output);
  });

  it.each([
    "a{background:url(data:image/png;base64,AAAA)}",
    "a{background:url(\"data:image/svg+xml;utf8,<svg fill='red'/>\")}",
    "@font-face{src:url(data:font/woff2;base64,AAAA)}",
    "a{filter:url(#blur)}",
    ".md\\:flex:hover{color:red}",
    ".\\31 0{content:'\\201C'}",
    "a{mask-image:linear-gradient(red,blue)}",
    ".image(x)".replace("(x)", "{color:red}"),
  ])("leaves %s", (css) => {
    expect(cleanCss(css)).toBe(css);
  });

  it("takes time in proportion to the text", () => {
    const started = performance.now();
    cleanCss('url("'.repeat(400_000));
    cleanCss("\\".repeat(400_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("attributes", () => {
  it.each([
    ["img", "onerror", "fire()"],
    ["svg", "onLoad", "fire()"],
    ["div", "on-anything", "fire()"],
    ["iframe", "srcdoc", "<script>fire()</script>"],
    ["iframe", "src", "data:text/html,<script>fire()</script>"],
    ["iframe", "src", "javascript:fire()"],
    ["embed", "src", "data:image/svg+xml,<svg/>"],
    ["a", "href", "javascript:fire()"],
    ["a", "href", " \u0001java\nscript\t:fire()"],
    ["a", "href", "JaVaScRiPt:fire()"],
    ["a", "xlink:href", "data:text/html,x"],
    ["a", "ping", "https://evil.example"],
    ["base", "href", "https://evil.example/"],
    ["link", "href", "https://evil.example/a.css"],
    ["use", "href", "https://evil.example/a.svg#x"],
    ["image", "xlink:href", "https://evil.example/a.png"],
    ["meta", "http-equiv", "refresh"],
    ["meta", "name", "referrer"],
    ["form", "action", "https://evil.example"],
    ["button", "formaction", "javascript:fire()"],
    ["object", "data", "x.swf"],
    ["animate", "attributeName", "href"],
    ["set", "to", "javascript:fire()"],
    [undefined, "values", "javascript:fire()"],
    [undefined, "src", "https://evil.example/x"],
    [undefined, "href", "https://evil.example/x"],
    ["img", "srcset", "https://evil.example/x 2x"],
    ["body", "background", "https://evil.example/x"],
    ["input", "autofocus", ""],
  ])("drops <%s %s=%j>", (tag, name, value) => {
    expect(cleanAttribute(tag, name, value)).toBeUndefined();
  });

  it.each([
    ["a", "href", "https://shop.example/cart?x=1"],
    ["a", "href", "/cart"],
    ["a", "href", "#top"],
    ["a", "href", "mailto:a@b.example"],
    ["img", "src", "data:image/png;base64,AAAA"],
    ["img", "alt", "a (b): url"],
    ["use", "href", "#icon"],
    ["input", "value", "javascript: the good parts"],
    ["div", "class", "only one"],
    ["circle", "fill", "url(#gradient)"],
  ])("keeps <%s %s=%j>", (tag, name, value) => {
    expect(cleanAttribute(tag, name, value)).toBe(value);
  });

  it("blanks sources that would be fetched, so that the alternative text shows", () => {
    expect(cleanAttribute("img", "src", "https://evil.example/p.png")).toBe(BLANK_URL);
    expect(cleanAttribute("video", "poster", "/p.png")).toBe(BLANK_URL);
    expect(cleanAttribute("circle", "fill", "url(https://evil.example/#x)")).toBe(BLANK);
  });

  it("cleans styles given as text and as rrweb's object", () => {
    expect(cleanAttribute("div", "style", "background:url(//evil.example)")).toBe(`background:${BLANK}`);
    expect(
      cleanAttribute("div", "style", {
        background: "url(//evil.example)",
        color: ["url(/x)", "important"],
        top: false,
      }),
    ).toEqual({ background: BLANK, color: [BLANK, "important"], top: false });
  });

  it("shows everybody the page of a visitor without dark preference", () => {
    const css = (text: string): string => cleanCss(text);
    expect(css("@media (prefers-color-scheme: dark){a{top:0}}")).toBe("@media (max-width: 0px){a{top:0}}");
    expect(css("@media screen and ( PREFERS-color-scheme:light ){}")).toBe("@media screen and (min-width: 0px){}");
    expect(css("@media not (prefers-color-scheme:dark){}")).toBe("@media not (max-width: 0px){}");
    expect(css(":root{color-scheme:light dark;--color-scheme:light dark}")).toBe(
      ":root{color-scheme:light;--color-scheme:light dark}",
    );
    expect(css(":root{color-scheme: only dark !important}")).toBe(":root{color-scheme: only dark !important}");
    expect(cleanAttribute("style", "media", "(prefers-color-scheme: dark)")).toBe("(max-width: 0px)");
    expect(cleanAttribute("meta", "content", "dark light")).toBe("light");
    expect(cleanAttribute("meta", "content", "width=device-width")).toBe("width=device-width");
    expect(cleanAttribute("html", "style", { "color-scheme": ["light dark", "important"] })).toEqual({
      "color-scheme": ["light", "important"],
    });
  });

  it("builds inert elements", () => {
    expect(inertTag("SCRIPT")).toBe("noscript");
    expect(inertTag("object")).toBe("div");
    expect(inertTag("base")).toBe("noscript");
    expect(inertTag("x><img src=x")).toBe("div");
    expect(inertTag("my-element")).toBe("my-element");
  });
});

describe("events", () => {
  const text = (id: number, textContent: string): object => ({ type: 3, id, textContent });
  const element = (id: number, tagName: string, attributes: object, childNodes: object[] = []): object => ({
    type: 2,
    id,
    tagName,
    attributes,
    childNodes,
  });
  const snapshot = (...childNodes: object[]): { type: number; timestamp: number; data: unknown } => ({
    type: 2,
    timestamp: 1,
    data: { node: { type: 0, id: 1, childNodes }, initialOffset: { left: 0, top: 0 } },
  });
  const mutation = (data: object): { type: number; timestamp: number; data: unknown } => ({
    type: 3,
    timestamp: 2,
    data: { source: 0, adds: [], removes: [], texts: [], attributes: [], ...data },
  });
  const found = /evil|fire|srcdoc|http-equiv|onerror/u;

  it("cleans a snapshot at any depth", () => {
    let deep: object = element(9, "img", { onerror: "fire()", src: "https://evil.example" });
    for (let id = 10; id < 5_000; id += 1) deep = element(id, "div", {}, [deep]);
    const event = new EventSanitiser().clean(
      snapshot(
        element(2, "style", { _cssText: "a{background:url(//evil.example)}" }, [
          text(3, "@import 'x'; b{background:url(//evil.example)}"),
        ]),
        element(4, "iframe", { srcdoc: "<script>fire()</script>" }),
        element(5, "meta", { "http-equiv": "refresh", content: "0;url=x" }),
        deep,
      ),
    );
    const stack: unknown[] = [event?.data];
    while (stack.length > 0) {
      const next: unknown = stack.pop();
      if (typeof next === "string") expect(next).not.toMatch(found);
      else if (typeof next === "object" && next !== null) {
        const values: unknown[] = Object.values(next);
        stack.push(...Object.keys(next), ...values);
      }
    }
  });

  it("knows the element of an attribute mutation, and is strict where it does not", () => {
    const sanitiser = new EventSanitiser();
    sanitiser.clean(snapshot(element(2, "a", {}), element(3, "link", {}), element(4, "object", {})));
    const event = sanitiser.clean(
      mutation({
        adds: [{ parentId: 2, nextId: null, node: element(5, "a", {}) }],
        attributes: [
          { id: 2, attributes: { href: "https://shop.example/" } },
          { id: 3, attributes: { href: "https://evil.example/" } },
          { id: 4, attributes: { data: "https://evil.example/", onload: "fire()" } },
          { id: 5, attributes: { href: "/ok", onclick: null } },
          { id: 99, attributes: { href: "https://evil.example/" } },
        ],
      }),
    );
    expect(event?.data).toMatchObject({
      attributes: [
        { id: 2, attributes: { href: "https://shop.example/" } },
        { id: 3, attributes: {} },
        { id: 4, attributes: {} },
        { id: 5, attributes: { href: "/ok", onclick: null } },
        { id: 99, attributes: {} },
      ],
    });
  });

  it("cleans style text that comes later", () => {
    const sanitiser = new EventSanitiser();
    sanitiser.clean(snapshot(element(2, "style", {}, [text(3, "")]), element(4, "p", {}, [text(5, "")])));
    const added = sanitiser.clean(
      mutation({
        adds: [{ parentId: 2, nextId: null, node: text(6, "a{background:url(//evil.example)}") }],
        texts: [
          { id: 3, value: "a{background:url(//evil.example)}" },
          { id: 5, value: "url(//shop.example)" },
        ],
      }),
    );
    expect(JSON.stringify(added)).not.toMatch(found);
    expect(added?.data).toMatchObject({ texts: [{ id: 3 }, { id: 5, value: "url(//shop.example)" }] });
  });

  it("cleans rules, declarations and adopted sheets", () => {
    const sanitiser = new EventSanitiser();
    for (const data of [
      {
        source: 8,
        id: 1,
        adds: [{ rule: "a{background:url(//evil.example)}" }],
        replace: "@import url(//evil.example)",
      },
      { source: 13, id: 1, index: [0], set: { property: "background", value: "url(//evil.example)" } },
      { source: 15, id: 1, styleIds: [1], styles: [{ styleId: 1, rules: [{ rule: "a{src:url(//evil.example)}" }] }] },
    ]) {
      expect(JSON.stringify(sanitiser.clean({ type: 3, timestamp: 1, data }))).not.toMatch(found);
    }
  });

  it("drops what draws nothing, what is unknown, and fonts to be fetched", () => {
    const sanitiser = new EventSanitiser();
    const drop = (type: number, data: unknown): void => {
      expect(sanitiser.clean({ type, timestamp: 1, data })).toBeUndefined();
    };
    drop(3, { source: 9, type: 0, commands: [] });
    drop(3, { source: 10, family: "x", fontSource: "url(//evil.example)", buffer: false });
    drop(3, { source: 99 });
    drop(5, { tag: "x", payload: {} });
    drop(6, { plugin: "x", payload: {} });
    drop(2, { node: { type: 2, tagName: "script" } });
    drop(2, null);
    drop(42, {});
  });

  it("shows fields of numbers and dates as text, because a mask is neither", () => {
    const sanitiser = new EventSanitiser();
    const event = sanitiser.clean(
      snapshot(element(2, "input", { type: "date", value: "▇▇▇▇" }), element(3, "input", { type: "email" })),
    );
    expect(JSON.stringify(event)).toContain('"type":"text","value":"▇▇▇▇","data-sealtape-type":"date"');
    expect(JSON.stringify(event)).toContain('"type":"email"');
  });

  it("does not let the page's address through", () => {
    expect(
      new EventSanitiser().clean({ type: 4, timestamp: 1, data: { href: "https://a.example", width: 1, height: 2 } })
        ?.data,
    ).toEqual({ href: "", width: 1, height: 2 });
  });
});
