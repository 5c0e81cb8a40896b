import { expect, it } from "vitest";
import { isSlug, slugOf } from "./slug";

it.each([
  ["Acme GmbH", "acme-gmbh"],
  ["  Kiln & Clay ", "kiln-clay"],
  ["Müller, Söhne & Großmann", "mueller-soehne-grossmann"],
  ["Éclair", "eclair"],
  ["x".repeat(39) + " y", "x".repeat(39)],
])("makes a short name of %s", (name, slug) => {
  expect(slugOf(name)).toBe(slug);
  expect(isSlug(slug)).toBe(true);
});

it.each(["", "a", "Acme", "a--b", "-a", "a-", "ä-b", "x".repeat(41)])("refuses %j", (slug) => {
  expect(isSlug(slug)).toBe(false);
});
