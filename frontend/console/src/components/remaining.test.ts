import { expect, it } from "vitest";
import { span } from "./Remaining";

it("says how long something lasts, rounded up", () => {
  const minute = 60_000;
  expect([0, 400, 59_000, 59_999].map((ms) => span(ms, "en"))).toEqual(["0 sec", "1 sec", "59 sec", "60 sec"]);
  expect([minute, 2.1 * minute, 60 * minute].map((ms) => span(ms, "en"))).toEqual(["1 min", "3 min", "1 hr"]);
  expect(span(80 * minute, "de")).toBe("1 Std. 20 Min.");
  expect(span(-5, "en")).toBe("0 sec");
});
