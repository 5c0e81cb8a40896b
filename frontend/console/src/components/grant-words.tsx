import type { Grant, GrantNeed, GrantPurpose, GrantSummary, GrantVerb } from "@sealtape/api-client";
import { StateBadge, type Tone } from "@sealtape/ui";
import {
  type Icon,
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconClockOff,
  IconEye,
  IconHourglass,
  IconMoodEmpty,
} from "@tabler/icons-react";
import { roleWord } from "../app/roles";
import { useSpeech } from "../i18n/context";
import type { Language, PlainKey, Translate, TranslateCount } from "../i18n/translate";

/** What a grant can be for. */
export const PURPOSES = [
  "debugging",
  "support",
  "security-incident",
  "data-request",
  "legal",
  "quality",
] as const satisfies readonly GrantPurpose[];

/** What a grant can allow. */
export const VERBS = ["view", "view-unmasked", "export"] as const satisfies readonly GrantVerb[];

/** All states of a request and its grant. */
export const GRANT_STATES = [
  "pending",
  "approved",
  "active",
  "expired",
  "revoked",
  "denied",
  "lapsed",
] as const satisfies readonly GrantSummary["state"][];

interface Look {
  readonly tone: Tone;
  readonly icon: Icon;
  readonly word: PlainKey;
}

const STATES: Readonly<Record<GrantSummary["state"], Look>> = {
  pending: { tone: "warning", icon: IconHourglass, word: "grant.state.pending" },
  approved: { tone: "success", icon: IconCircleCheck, word: "grant.state.approved" },
  active: { tone: "active", icon: IconEye, word: "grant.state.active" },
  expired: { tone: "neutral", icon: IconClockOff, word: "grant.state.expired" },
  revoked: { tone: "danger", icon: IconBan, word: "grant.state.revoked" },
  denied: { tone: "danger", icon: IconCircleX, word: "grant.state.denied" },
  lapsed: { tone: "neutral", icon: IconMoodEmpty, word: "grant.state.lapsed" },
};

/** Where a request or grant stands. */
export function GrantStateBadge({ state }: { readonly state: GrantSummary["state"] }) {
  const { t } = useSpeech();
  const { tone, icon, word } = STATES[state];
  return (
    <StateBadge tone={tone} icon={icon}>
      {t(word)}
    </StateBadge>
  );
}

/** The word of a state, for a filter. */
export const stateWord = (state: GrantSummary["state"], t: Translate): string => t(STATES[state].word);

/** Somebody's name; whose name was erased is still somebody. */
export const personName = (person: { readonly name: string }, t: Translate): string =>
  person.name === "" ? t("person.erased") : person.name;

/** "owner or privacy officer". */
export function roleList(roles: readonly string[], t: Translate, language: Language): string {
  const words = roles.map((role) => roleWord(role, t));
  return new Intl.ListFormat(language, { type: "disjunction" }).format(words);
}

/** "2 approvals by an owner or privacy officer". */
export function needWords(need: GrantNeed, t: Translate, tn: TranslateCount, language: Language): string {
  const approvals = tn("need.approvals", need.approvals);
  return need.reviewers.length === 0
    ? t("need.anybody", { approvals })
    : t("need.roles", { approvals, roles: roleList(need.reviewers, t, language) });
}

const ENDS: Readonly<Record<NonNullable<GrantSummary["ended_reason"]>, PlainKey>> = {
  withdrawn: "grant.end.withdrawn",
  "not-decided": "grant.end.not-decided",
  denied: "grant.end.denied",
  "not-used": "grant.end.not-used",
  "time-over": "grant.end.time-over",
  revoked: "grant.end.revoked",
  "given-up": "grant.end.given-up",
  "approval-void": "grant.end.approval-void",
};

/** Why it is over, and by whom; nothing while it is not. */
export function endWords(grant: GrantSummary | Grant, t: Translate): string | undefined {
  const { ended_reason: reason, ended_by: by } = grant;
  if (reason === null) return undefined;
  const named = by !== null && (reason === "denied" || reason === "revoked");
  return named ? t(`grant.end.${reason}.by`, { name: personName(by, t) }) : t(ENDS[reason]);
}

/** "Watch 3 sessions". A filter that nobody approved yet names none. */
export function asksFor(grant: GrantSummary, t: Translate, tn: TranslateCount): string {
  const sessions = grant.sessions === 0 ? t("grant.sessions.filter") : tn("grant.sessions", grant.sessions);
  return t(`grant.asks.${grant.verb}`, { sessions });
}
