import { expect, it } from "vitest";
import { readNetworks } from "./networks";

it("reads networks by line, space or comma and names what is none", () => {
  expect(readNetworks(" 203.0.113.0/24,\n2001:db8::/32  10.0.0.1/32")).toEqual({
    networks: ["203.0.113.0/24", "2001:db8::/32", "10.0.0.1/32"],
    wrong: [],
  });
  expect(readNetworks("203.0.113.0 256.0.0.0/8 10.0.0.0/33 ::/129 a/8 1.2.3.0/24/1").wrong).toEqual([
    "203.0.113.0",
    "256.0.0.0/8",
    "10.0.0.0/33",
    "::/129",
    "a/8",
    "1.2.3.0/24/1",
  ]);
  expect(readNetworks("")).toEqual({ networks: [], wrong: [] });
});
