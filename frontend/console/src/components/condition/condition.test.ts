import { expect, it } from "vitest";
import { conditionProblem, NO_LIMIT, readCondition } from "./condition";

it("sends what is set and leaves out the rest", () => {
  expect(readCondition(NO_LIMIT)).toEqual({});
  expect(
    readCondition({ ...NO_LIMIT, environments: ["staging"], none: ["payment"], own: true, hours: 24, panes: ["dom"] }),
  ).toEqual({
    environments: ["staging"],
    labels: { none: ["payment"] },
    own: true,
    started: { last_hours: 24 },
    panes: ["dom"],
  });
  expect(readCondition({ ...NO_LIMIT, from: "2026-01-01T00:00", before: "no time" }).started).toEqual({
    from: new Date("2026-01-01T00:00").toISOString(),
  });
});

it("asks for one limit at least, and for one that some session can meet", () => {
  expect(conditionProblem(NO_LIMIT)).toBe("condition.missing");
  expect(conditionProblem({ ...NO_LIMIT, any: ["eu"], none: ["eu"] })).toBe("condition.contradiction");
  expect(conditionProblem({ ...NO_LIMIT, from: "2026-01-02T00:00", before: "2026-01-01T00:00" })).toBe(
    "condition.times",
  );
  expect(conditionProblem({ ...NO_LIMIT, any: ["eu"] })).toBeUndefined();
});
