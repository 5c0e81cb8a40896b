import { Button, MultiSelect, NumberInput, Select, TagsInput, Title } from "@mantine/core";
import type { AccessRule } from "@sealtape/api-client";
import { useQuery } from "@tanstack/react-query";
import { projectsQuery } from "../../../api/queries";
import { rolesWith } from "../../../api/role-table";
import { roleWord } from "../../../app/roles";
import { useCan } from "../../../components/access";
import { VERBS } from "../../../components/grant-words";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";

/** More would lock everybody out. */
const MOST_APPROVALS = 5;

interface ApproversProps {
  readonly approvals: number;
  readonly reviewers: readonly string[];
  readonly onChange: (part: { approvals?: number; reviewers?: string[] }) => void;
}

/** How many people, and in which roles. */
export function Approvers({ approvals, reviewers, onChange }: ApproversProps) {
  const { t } = useSpeech();
  return (
    <div className={classes.ruleFields}>
      <NumberInput
        label={t("rule.approvals")}
        size="sm"
        min={1}
        max={MOST_APPROVALS}
        allowDecimal={false}
        clampBehavior="strict"
        value={approvals}
        onChange={(value) => {
          if (typeof value === "number") onChange({ approvals: value });
        }}
        hideControls
      />
      <MultiSelect
        label={t("rule.reviewers")}
        size="sm"
        placeholder={reviewers.length === 0 ? t("rule.reviewers.any") : ""}
        data={rolesWith("grant.review").map((role) => ({ value: role, label: roleWord(role, t) }))}
        value={[...reviewers]}
        onChange={(next) => onChange({ reviewers: next })}
      />
    </div>
  );
}

interface RuleFieldsProps {
  readonly number: number;
  readonly rule: AccessRule;
  readonly onChange: (rule: AccessRule) => void;
  readonly onRemove: () => void;
}

/** One rule: for which requests, and what they take. */
export function RuleFields({ number, rule, onChange, onRemove }: RuleFieldsProps) {
  const { t } = useSpeech();
  const can = useCan();
  const projects = useQuery({ ...projectsQuery(), enabled: can("project.list") });
  const id = `rule-${String(number)}`;
  const change = (part: Partial<AccessRule>): void => onChange({ ...rule, ...part });
  return (
    <section className={`st-panel ${classes.rule ?? ""}`} aria-labelledby={id}>
      <div className={classes.ruleHead}>
        <Title order={2} id={id}>
          {t("rule.number", { number })}
        </Title>
        <Button variant="subtle" color="danger" size="compact-sm" onClick={onRemove}>
          {t("rule.remove")}
          <span className="st-visually-hidden"> {number}</span>
        </Button>
      </div>
      <div className={classes.ruleFields}>
        <Select
          label={t("filter.project")}
          placeholder={t("filter.any")}
          clearable
          clearButtonProps={{ "aria-label": t("filter.clear-field", { field: t("filter.project") }) }}
          data={(projects.data?.items ?? []).map((project) => ({ value: project.id, label: project.name }))}
          value={rule.project ?? null}
          onChange={(project) => change({ project })}
        />
        <Select
          label={t("rule.sensitivity")}
          placeholder={t("filter.any")}
          clearable
          clearButtonProps={{ "aria-label": t("filter.clear-field", { field: t("rule.sensitivity") }) }}
          data={[
            { value: "restricted", label: t("sensitivity.restricted") },
            { value: "normal", label: t("sensitivity.normal") },
          ]}
          value={rule.sensitivity ?? null}
          onChange={(value) => change({ sensitivity: value === "restricted" || value === "normal" ? value : null })}
        />
        <TagsInput
          label={t("rule.labels")}
          size="sm"
          placeholder={rule.labels?.length ? "" : t("filter.any")}
          value={rule.labels ?? []}
          onChange={(labels) => change({ labels })}
        />
        <MultiSelect
          label={t("rule.verbs")}
          size="sm"
          placeholder={rule.verbs?.length ? "" : t("filter.any")}
          data={VERBS.map((verb) => ({ value: verb, label: t(`verb.${verb}`) }))}
          value={rule.verbs ?? []}
          onChange={(verbs) => change({ verbs: VERBS.filter((verb) => verbs.includes(verb)) })}
        />
      </div>
      <Approvers approvals={rule.approvals} reviewers={rule.reviewers ?? []} onChange={change} />
    </section>
  );
}
