import type { SessionSummary } from "@sealtape/api-client";
import { StateBadge, type Tone } from "@sealtape/ui";
import {
  type Icon,
  IconAlertTriangle,
  IconBandage,
  IconBroadcast,
  IconCircleCheck,
  IconEraser,
  IconFileBroken,
  IconLockCheck,
} from "@tabler/icons-react";
import { useSpeech } from "../i18n/context";
import type { PlainKey } from "../i18n/translate";

/** How a state is shown: never by its colour alone. */
export interface Look {
  readonly tone: Tone;
  readonly icon: Icon;
  readonly word: PlainKey;
}

const STATES: Readonly<Record<SessionSummary["state"], Look>> = {
  live: { tone: "active", icon: IconBroadcast, word: "state.live" },
  closed: { tone: "neutral", icon: IconLockCheck, word: "state.closed" },
  erased: { tone: "warning", icon: IconEraser, word: "state.erased" },
};

const VALIDATIONS: Readonly<Record<SessionSummary["validation"], Look>> = {
  valid: { tone: "success", icon: IconCircleCheck, word: "validation.valid" },
  repaired: { tone: "neutral", icon: IconBandage, word: "validation.repaired" },
  gaps: { tone: "warning", icon: IconAlertTriangle, word: "validation.gaps" },
  corrupt: { tone: "danger", icon: IconFileBroken, word: "validation.corrupt" },
};

/** A state in its word, icon and colour. */
export function Badge({ look }: { readonly look: Look }) {
  const { t } = useSpeech();
  return (
    <StateBadge tone={look.tone} icon={look.icon}>
      {t(look.word)}
    </StateBadge>
  );
}

/** Live, closed or erased. */
export function SessionState({ state }: { readonly state: SessionSummary["state"] }) {
  return <Badge look={STATES[state]} />;
}

/** What the check of the stream's structure said. */
export function SessionValidation({ validation }: { readonly validation: SessionSummary["validation"] }) {
  return <Badge look={VALIDATIONS[validation]} />;
}
