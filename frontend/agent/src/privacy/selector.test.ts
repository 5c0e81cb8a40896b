import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

interface Vectors {
  chains: string[][];
  selectors: { selector: string; canonical: string; meant: number[] }[];
}

// Which nodes the server means by a selector; `policy/src/privacy/gate/selector_tests.rs` writes it.
const file = join(import.meta.dirname, "../../../../policy/vectors/selectors.vectors.json");
const read: unknown = JSON.parse(readFileSync(file, "utf8"));
const isVectors = (value: unknown): value is Vectors =>
  typeof value === "object" && value !== null && "chains" in value && "selectors" in value;

/** The innermost of nodes within each other; each is written `tag|name=value|…`. */
function innermost(chain: string[]): Element {
  let parent: Element = document.createElement("body");
  for (const node of chain) {
    const [tag = "", ...attributes] = node.split("|");
    const element = document.createElement(tag);
    for (const attribute of attributes) {
      const equals = attribute.indexOf("=");
      element.setAttribute(attribute.slice(0, equals), attribute.slice(equals + 1));
    }
    parent.append(element);
    parent = element;
  }
  return parent;
}

describe("selectors that passed the rule gate", () => {
  const { chains, selectors } = isVectors(read) ? read : { chains: [], selectors: [] };
  const nodes = chains.map(innermost);

  test.each(selectors)("mean the same here: $selector", ({ selector, canonical, meant }) => {
    const found = (text: string): number[] => nodes.flatMap((node, i) => (node.matches(text) ? [i] : []));
    expect(found(selector)).toEqual(meant);
    expect(found(canonical)).toEqual(meant);
  });

  test("there are some, and they mean some nodes", () => {
    expect(nodes.length).toBeGreaterThan(10);
    expect(selectors.filter(({ meant }) => meant.length).length).toBeGreaterThan(20);
  });
});
