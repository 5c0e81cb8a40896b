import type { RoleCondition } from "@sealtape/api-client";
import { exactTime } from "@sealtape/ui";
import { useQuery } from "@tanstack/react-query";
import { projectsQuery } from "../../api/queries";
import { useSpeech } from "../../i18n/context";
import { useCan } from "../access";

/** For which sessions a role is held, in words; all of it must hold. */
export function useConditionWords(): (condition: RoleCondition | null) => string {
  const { t, tn, language } = useSpeech();
  const can = useCan();
  const projects = useQuery({ ...projectsQuery(), enabled: can("project.list") });
  const or = new Intl.ListFormat(language, { type: "disjunction" });
  const and = new Intl.ListFormat(language, { type: "conjunction" });
  const named = (id: string): string => projects.data?.items.find((project) => project.id === id)?.name ?? id;
  const time = (at: string): string => exactTime(Date.parse(at), language);
  return (condition) => {
    if (condition === null) return t("condition.all");
    const { projects: ids, environments, labels, sensitivity, own, started, panes } = condition;
    const parts = [
      ids?.length ? t("condition.projects", { projects: or.format(ids.map(named)) }) : undefined,
      environments?.length ? t("condition.environments", { environments: or.format(environments) }) : undefined,
      labels?.any?.length ? t("condition.labels", { labels: or.format(labels.any) }) : undefined,
      labels?.none?.length ? t("condition.labels.none", { labels: or.format(labels.none) }) : undefined,
      sensitivity === null || sensitivity === undefined ? undefined : t(`rule.for.${sensitivity}`),
      own === true ? t("condition.own") : undefined,
      started?.from ? t("condition.from", { time: time(started.from) }) : undefined,
      started?.before ? t("condition.before", { time: time(started.before) }) : undefined,
      started?.last_hours ? tn("condition.hours", started.last_hours) : undefined,
      panes?.length
        ? t("condition.panes", { panes: and.format(panes.map((pane) => t(`condition.pane.${pane}`))) })
        : undefined,
    ].filter((part) => part !== undefined);
    return parts.length === 0 ? t("condition.all") : parts.join(" · ");
  };
}
