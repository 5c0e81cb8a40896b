import {
  Checkbox,
  Fieldset,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Select,
  TagsInput,
  TextInput,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { projectsQuery } from "../../api/queries";
import { useSpeech } from "../../i18n/context";
import { useCan } from "../access";
import { type ConditionForm, NO_LIMIT, PANES } from "./condition";
import classes from "./condition.module.css";

/** More hours than ten years have would be no limit. */
const MOST_HOURS = 87_600;

interface LimitsProps {
  readonly value: ConditionForm;
  readonly onChange: (value: ConditionForm) => void;
}

function Which({ value, onChange }: LimitsProps) {
  const { t } = useSpeech();
  const can = useCan();
  const projects = useQuery({ ...projectsQuery(), enabled: can("project.list") });
  const change = (part: Partial<ConditionForm>): void => onChange({ ...value, ...part });
  const any = (chosen: readonly unknown[]): string => (chosen.length === 0 ? t("filter.any") : "");
  return (
    <div className={classes.fields}>
      {can("project.list") && (
        <MultiSelect
          label={t("condition.field.projects")}
          size="sm"
          placeholder={any(value.projects)}
          data={(projects.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={[...value.projects]}
          onChange={(next) => change({ projects: next })}
        />
      )}
      <TagsInput
        label={t("condition.field.environments")}
        size="sm"
        placeholder={any(value.environments)}
        value={[...value.environments]}
        onChange={(environments) => change({ environments })}
      />
      <TagsInput
        label={t("condition.field.any")}
        size="sm"
        placeholder={any(value.any)}
        value={[...value.any]}
        onChange={(next) => change({ any: next })}
      />
      <TagsInput
        label={t("condition.field.none")}
        size="sm"
        placeholder={any(value.none)}
        value={[...value.none]}
        onChange={(none) => change({ none })}
      />
      <Select
        label={t("rule.sensitivity")}
        size="sm"
        placeholder={t("filter.any")}
        clearable
        clearButtonProps={{ "aria-label": t("filter.clear-field", { field: t("rule.sensitivity") }) }}
        data={[
          { value: "restricted", label: t("sensitivity.restricted") },
          { value: "normal", label: t("sensitivity.normal") },
        ]}
        value={value.sensitivity}
        onChange={(next) => change({ sensitivity: next === "restricted" || next === "normal" ? next : null })}
      />
      <NumberInput
        label={t("condition.field.hours")}
        size="sm"
        min={1}
        max={MOST_HOURS}
        allowDecimal={false}
        clampBehavior="strict"
        hideControls
        placeholder={t("filter.any")}
        value={value.hours ?? ""}
        onChange={(next) => change({ hours: typeof next === "number" ? next : null })}
      />
      <TextInput
        label={t("condition.field.from")}
        size="sm"
        type="datetime-local"
        value={value.from}
        onChange={(event) => change({ from: event.currentTarget.value })}
      />
      <TextInput
        label={t("condition.field.before")}
        size="sm"
        type="datetime-local"
        value={value.before}
        onChange={(event) => change({ before: event.currentTarget.value })}
      />
    </div>
  );
}

function Parts({ value, onChange }: LimitsProps) {
  const { t } = useSpeech();
  return (
    <>
      <Checkbox.Group
        label={t("condition.field.panes")}
        size="sm"
        value={[...value.panes]}
        onChange={(panes) => onChange({ ...value, panes: PANES.filter((pane) => panes.includes(pane)) })}
      >
        <div className={classes.panes}>
          {PANES.map((pane) => (
            <Checkbox key={pane} size="sm" value={pane} label={t(`condition.pane.${pane}`)} />
          ))}
        </div>
      </Checkbox.Group>
      <Checkbox
        size="sm"
        label={t("condition.field.own")}
        checked={value.own}
        onChange={(event) => onChange({ ...value, own: event.currentTarget.checked })}
      />
    </>
  );
}

interface ConditionFieldsProps {
  /** Nothing: for all sessions. */
  readonly value: ConditionForm | undefined;
  readonly error: string | undefined;
  readonly onChange: (value: ConditionForm | undefined) => void;
}

/** For which sessions a role is to be held: for all, or for those that meet every limit. */
export function ConditionFields({ value, error, onChange }: ConditionFieldsProps) {
  const { t } = useSpeech();
  return (
    <Fieldset legend={t("condition.which")} className={classes.condition}>
      <SegmentedControl
        aria-label={t("condition.which")}
        value={value === undefined ? "all" : "some"}
        data={[
          { value: "all", label: t("condition.every") },
          { value: "some", label: t("condition.some") },
        ]}
        onChange={(next) => onChange(next === "some" ? NO_LIMIT : undefined)}
      />
      {value !== undefined && (
        <>
          <p className={classes.hint}>{t("condition.hint")}</p>
          <Which value={value} onChange={onChange} />
          <Parts value={value} onChange={onChange} />
          {error !== undefined && (
            <p role="alert" className={classes.error}>
              {error}
            </p>
          )}
        </>
      )}
    </Fieldset>
  );
}
