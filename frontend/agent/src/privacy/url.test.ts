import { expect, test } from "vitest";
import { MASK } from "./detect";
import { cleanCss, cleanSrcset, cleanText, cleanUrl } from "./url";

test.each([
  ["https://shop.example/s?q=secret&page=2#top", "https://shop.example/s?q=&page="],
  ["/s?secret", "/s"],
  ["/s?c2VjcmV0==", "/s"],
  ["https://max:pw@shop.example/a", "https://shop.example/a"],
  ["/users/anna%40example.org/edit", `/users/${MASK}/edit`],
  ["mailto:anna@example.org", `mailto:${MASK}`],
  ["javascript:go('secret')", "javascript:"],
  ["data:text/html,secret", "data:"],
  ["data:image/png;base64,AAAA", "data:image/png;base64,AAAA"],
  ["page.html#secret", "page.html"],
])("cleanUrl %j", (url, clean) => expect(cleanUrl(url)).toBe(clean));

test("every URL of a srcset", () => {
  expect(cleanSrcset("/a.png?t=1 1x, /b.png?t=2#x 2x")).toBe("/a.png?t= 1x, /b.png?t= 2x");
});

test("style text loses query values and keeps everything else", () => {
  const css = `@import "x.css?k=1"; a{background:url("b.png?token=s"),url(#grad);content:"anna@example.org"}`;
  expect(cleanCss(css)).toBe(
    `@import "x.css?k="; a{background:url("b.png?token="),url(#grad);content:"anna@example.org"}`,
  );
});

test("text of programs keeps line numbers, not values", () => {
  expect(
    cleanText("at f (https://a.example/x.js?v=secret:10:5) for /s?q=secret&p=1 and https://a.example/y#secret"),
  ).toBe("at f (https://a.example/x.js?v=:10:5) for /s?q=&p= and https://a.example/y");
});
