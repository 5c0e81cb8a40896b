import type { Proposal, ProposalChange } from "@sealtape/api-client";
import { StateBadge, type Tone } from "@sealtape/ui";
import {
  type Icon,
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconClockOff,
  IconFileBroken,
  IconHourglass,
} from "@tabler/icons-react";
import { roleWord } from "../app/roles";
import { useSpeech } from "../i18n/context";
import type { PlainKey, Translate } from "../i18n/translate";

/** All states of a proposal. */
export const PROPOSAL_STATES = [
  "open",
  "executed",
  "rejected",
  "cancelled",
  "expired",
  "void",
] as const satisfies readonly Proposal["state"][];

const LOOKS: Readonly<
  Record<Proposal["state"], { readonly tone: Tone; readonly icon: Icon; readonly word: PlainKey }>
> = {
  open: { tone: "warning", icon: IconHourglass, word: "proposal.state.open" },
  executed: { tone: "success", icon: IconCircleCheck, word: "proposal.state.executed" },
  rejected: { tone: "danger", icon: IconCircleX, word: "proposal.state.rejected" },
  cancelled: { tone: "neutral", icon: IconBan, word: "proposal.state.cancelled" },
  expired: { tone: "neutral", icon: IconClockOff, word: "proposal.state.expired" },
  void: { tone: "danger", icon: IconFileBroken, word: "proposal.state.void" },
};

/** The word of a state. */
export const proposalStateWord = (state: Proposal["state"], t: Translate): string => t(LOOKS[state].word);

/** Where a proposal stands. */
export function ProposalState({ state }: { readonly state: Proposal["state"] }) {
  const { t } = useSpeech();
  const { tone, icon, word } = LOOKS[state];
  return (
    <StateBadge tone={tone} icon={icon}>
      {t(word)}
    </StateBadge>
  );
}

/** What would become of a receiver: the one thing where it is one, else that it changes. */
function receiverWords({ name, then }: Extract<ProposalChange, { kind: "webhook-update" }>, t: Translate): string {
  const [only, ...more] = Object.keys(then);
  if (more.length > 0) return t("proposal.change.webhook-update", { name });
  switch (only) {
    case "paused":
      return t("proposal.change.webhook-update.paused", { name });
    case "acts":
      return t("proposal.change.webhook-update.acts", { name });
    case "address":
      return t("proposal.change.webhook-update.address", { name });
    case "detail":
      return t("proposal.change.webhook-update.detail", { name });
    default:
      return t("proposal.change.webhook-update", { name });
  }
}

/** What a proposal would do, in one line. */
export function changeWords({ change }: Pick<Proposal, "change">, t: Translate): string {
  if (change === null) return t("proposal.change.unreadable");
  switch (change.kind) {
    case "role-grant":
      return t("proposal.change.role-grant", { role: roleWord(change.role, t) });
    case "access-rules":
      return t("proposal.change.access-rules");
    case "webhook-delete":
      return t("proposal.change.webhook-delete", { name: change.name });
    case "webhook-update":
      return receiverWords(change, t);
  }
}
