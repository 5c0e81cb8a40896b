import type { AccessRule, AccessRules } from "@sealtape/api-client";
import { useQuery } from "@tanstack/react-query";
import { projectsQuery } from "../../../api/queries";
import { useCan } from "../../../components/access";
import { needWords } from "../../../components/grant-words";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";

/** Which requests a rule is for, in words. */
export function useRuleWords(): (rule: AccessRule) => string {
  const { t, language } = useSpeech();
  const can = useCan();
  const projects = useQuery({ ...projectsQuery(), enabled: can("project.list") });
  const list = new Intl.ListFormat(language, { type: "disjunction" });
  return (rule) => {
    const parts = [
      rule.project === null || rule.project === undefined
        ? undefined
        : t("rule.for.project", {
            project: projects.data?.items.find(({ id }) => id === rule.project)?.name ?? rule.project,
          }),
      rule.sensitivity === null || rule.sensitivity === undefined ? undefined : t(`rule.for.${rule.sensitivity}`),
      rule.labels === undefined || rule.labels.length === 0
        ? undefined
        : t("rule.for.labels", { labels: list.format(rule.labels) }),
      rule.verbs === undefined || rule.verbs.length === 0
        ? undefined
        : t("rule.for.verbs", { verbs: list.format(rule.verbs.map((verb) => t(`verb.${verb}`))) }),
    ].filter((part) => part !== undefined);
    return parts.length === 0 ? t("rule.for.any") : parts.join(" · ");
  };
}

/** The rules to read. */
export function RulesText({ rules }: { readonly rules: Omit<AccessRules, "revision" | "changed_at"> }) {
  const { t, tn, language } = useSpeech();
  const words = useRuleWords();
  return (
    <div className={`st-panel ${classes.section ?? ""}`}>
      <ul className={classes.list}>
        <li>
          <div className={classes.name}>{t("rule.base")}</div>
          {needWords(rules, t, tn, language)}
        </li>
        {rules.rules.map((rule) => (
          <li key={JSON.stringify(rule)}>
            <div className={classes.name}>{words(rule)}</div>
            {needWords({ approvals: rule.approvals, reviewers: rule.reviewers ?? [] }, t, tn, language)}
          </li>
        ))}
        <li>
          <div className={classes.name}>{t("rule.alone")}</div>
          {rules.strict ? t("rule.strict.on") : t("rule.strict.off")}
        </li>
      </ul>
    </div>
  );
}
