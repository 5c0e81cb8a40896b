import { expect, it } from "vitest";
import documented from "../../../../docs/problems.md?raw";
import { problemWord } from "./problem-words";

/** Said in other words than a line: a page of its own, the proof's own dialog, or what the server found out exactly. */
const ELSEWHERE = [
  "access-required",
  "challenge-ended",
  "factor-wrong",
  "forbidden",
  "integrity-fail",
  "not-eligible",
  "step-up-required",
];

/** Only agents, auditors' programs, or reports of jobs, meet these. */
const NOT_HERE = [
  "capture-stopped",
  "mail-no-recipient",
  "mail-refused",
  "not-next",
  "not-recorded",
  "not-yet-signed",
  "origin-not-allowed",
  "origin-refused",
  "other-bytes",
  "policy-stale",
  "segment-limit",
  "session-closed",
  "session-full",
  "subject-changed",
];

it("every refusal that a person can meet is put in words of the reader's language", () => {
  const codes = [...documented.matchAll(/^\| (?:403|409|410) \| `([^`]+)`/gmu)].map(([, code = ""]) => code);
  expect(codes.length).toBeGreaterThan(50);
  const known = new Set([...ELSEWHERE, ...NOT_HERE]);
  expect(codes.filter((code) => problemWord(code) === undefined && !known.has(code))).toEqual([]);
  expect([...known].filter((code) => !codes.includes(code))).toEqual([]);
});
