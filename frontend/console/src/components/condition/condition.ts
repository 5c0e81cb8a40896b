/** For which sessions a role is held, as a form holds it: every field is there, and empty where it does not matter. */
import type { RoleCondition } from "@sealtape/api-client";

/** A part of what a player shows. */
export type Pane = NonNullable<RoleCondition["panes"]>[number];

/** All of them, in the order in which they are shown. */
export const PANES = ["dom", "console", "network", "state"] as const satisfies readonly Pane[];

/** A condition in a form. */
export interface ConditionForm {
  readonly projects: readonly string[];
  readonly environments: readonly string[];
  /** One of these labels at least. */
  readonly any: readonly string[];
  /** None of these. */
  readonly none: readonly string[];
  readonly sensitivity: "normal" | "restricted" | null;
  readonly own: boolean;
  readonly hours: number | null;
  /** As `datetime-local` has it, in the reader's own time. */
  readonly from: string;
  readonly before: string;
  readonly panes: readonly Pane[];
}

/** No limit at all. */
export const NO_LIMIT: ConditionForm = {
  projects: [],
  environments: [],
  any: [],
  none: [],
  sensitivity: null,
  own: false,
  hours: null,
  from: "",
  before: "",
  panes: [],
};

function instant(local: string): string | undefined {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** What is set, as the API takes it: empty fields are left out. */
export function readCondition(form: ConditionForm): RoleCondition {
  const { projects, environments, any, none, sensitivity, own, hours, panes } = form;
  const from = instant(form.from);
  const before = instant(form.before);
  return {
    ...(projects.length === 0 ? {} : { projects: [...projects] }),
    ...(environments.length === 0 ? {} : { environments: [...environments] }),
    ...(any.length + none.length === 0
      ? {}
      : {
          labels: {
            ...(any.length === 0 ? {} : { any: [...any] }),
            ...(none.length === 0 ? {} : { none: [...none] }),
          },
        }),
    ...(sensitivity === null ? {} : { sensitivity }),
    ...(own ? { own } : {}),
    ...(from === undefined && before === undefined && hours === null
      ? {}
      : {
          started: {
            ...(from === undefined ? {} : { from }),
            ...(before === undefined ? {} : { before }),
            ...(hours === null ? {} : { last_hours: hours }),
          },
        }),
    ...(panes.length === 0 ? {} : { panes: [...panes] }),
  };
}

/** What is wrong with it; nothing when it can be asked for. The server checks again. */
export function conditionProblem(
  form: ConditionForm,
): "condition.missing" | "condition.contradiction" | "condition.times" | undefined {
  const condition = readCondition(form);
  if (Object.keys(condition).length === 0) return "condition.missing";
  if (form.any.some((label) => form.none.includes(label))) return "condition.contradiction";
  const { from, before } = condition.started ?? {};
  return from && before && from >= before ? "condition.times" : undefined;
}
