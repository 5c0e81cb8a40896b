import type { AuditExportFilter } from "@sealtape/api-client";
import { exactTime } from "@sealtape/ui";
import { useSpeech } from "../../../i18n/context";
import type { PlainKey } from "../../../i18n/translate";
import { actWord, objectWord, shortId } from "../acts";

const OUTCOMES: Readonly<Record<string, PlainKey>> = {
  allow: "logged.outcome.allow",
  deny: "logged.outcome.deny",
  error: "logged.outcome.error",
};

/** What an export takes, in words. */
export function FilterWords({ filter }: { readonly filter: Partial<AuditExportFilter> | null }) {
  const { t, language } = useSpeech();
  const time = (at: string): string => exactTime(Date.parse(at), language);
  const outcome = (name: string): string => {
    const key = Object.hasOwn(OUTCOMES, name) ? OUTCOMES[name] : undefined;
    return key === undefined ? name : t(key);
  };
  const { act, actor, object, object_kind: kind, outcome: end, from, to } = filter ?? {};
  const said = (name: PlainKey, value: string | null | undefined, word: (value: string) => string): string[] =>
    value === null || value === undefined ? [] : [`${t(name)}: ${word(value)}`];
  const parts = [
    ...(act === null || act === undefined ? [] : [actWord(act, t)]),
    ...said("logged.actor", actor, shortId),
    ...said("logged.object", kind, (name) => objectWord(name, t)),
    ...said("logged.object", object, shortId),
    ...(end === null || end === undefined ? [] : [outcome(end)]),
    ...said("log.filter.from", from, time),
    ...said("log.filter.to", to, time),
  ];
  return parts.length === 0 ? t("log-export.all") : t("log-export.filter", { filter: parts.join(", ") });
}
