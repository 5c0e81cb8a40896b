import { Title } from "@mantine/core";
import type { AuditHealth } from "@sealtape/api-client";
import { StateBadge, type Tone } from "@sealtape/ui";
import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconClockExclamation,
  IconHandStop,
  IconQuestionMark,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { auditHealthQuery } from "../../api/audit";
import { Ago } from "../../components/Ago";
import { Covered } from "../../components/Covered";
import { useSpeech } from "../../i18n/context";
import type { PlainKey, Translate } from "../../i18n/translate";
import classes from "./home.module.css";

interface Look {
  readonly tone: Tone;
  readonly icon: Icon;
  readonly word: PlainKey;
}

/** States of the log; one that this console does not know is shown by its name. */
const LOOKS: Readonly<Record<string, Look>> = {
  ok: { tone: "success", icon: IconCircleCheck, word: "health.state.ok" },
  late: { tone: "warning", icon: IconClockExclamation, word: "health.state.late" },
  behind: { tone: "danger", icon: IconClockExclamation, word: "health.state.behind" },
  stopped: { tone: "danger", icon: IconHandStop, word: "health.state.stopped" },
  refused: { tone: "danger", icon: IconAlertTriangle, word: "health.state.refused" },
};

const lookOf = (state: string): Look | undefined => (Object.hasOwn(LOOKS, state) ? LOOKS[state] : undefined);

/** Why the signer refuses the log. Of a reason that this console does not know it says only that it does. */
const REFUSED: Readonly<Record<string, PlainKey>> = {
  shrunk: "health.refused.shrunk",
  forked: "health.refused.forked",
  changed: "health.refused.changed",
  unsigned: "health.refused.unsigned",
  anchor: "health.refused.anchor",
};

function refusal(reason: string): PlainKey {
  return (Object.hasOwn(REFUSED, reason) ? REFUSED[reason] : undefined) ?? "health.refused.unsigned";
}

/** What the state means and what to do; nothing while all is well. */
function advice({ state, alarm }: AuditHealth, t: Translate): string | undefined {
  switch (state) {
    case "late":
    case "behind":
    case "stopped":
      return t(`health.${state}.text`);
    case "refused":
      return t(refusal(alarm?.reason ?? "unsigned"));
    default:
      return undefined;
  }
}

function Alarm({ health }: { readonly health: AuditHealth }) {
  const { t } = useSpeech();
  const todo = advice(health, t);
  if (todo === undefined) return null;
  const { alarm, state } = health;
  return (
    <div className={classes.alarm} role={state === "late" ? "status" : "alert"} data-tone={lookOf(state)?.tone}>
      {todo}
      {alarm !== null && (
        <>
          {" "}
          {alarm.index !== null && `${t("health.refused.index", { index: alarm.index })} `}
          {t("health.since")} <Ago at={alarm.since} />.
        </>
      )}
    </div>
  );
}

/** Receivers outside that take nothing, for who may see them. They hold up nothing here, and somebody has to look there. */
function Outside({ failing }: { readonly failing: AuditHealth["sinks_failing"] }) {
  const { t, tn } = useSpeech();
  if (failing === undefined || failing === null || failing.count === 0) return null;
  return (
    <div className={classes.alarm} role="status" data-tone="warning">
      <Link to="/operations/webhooks">{tn("health.outside", failing.count)}</Link>.{" "}
      {failing.since !== null && (
        <>
          {t("health.outside.since")} <Ago at={failing.since} />.{" "}
        </>
      )}
      {t("health.outside.text")}
    </div>
  );
}

/** How the audit log is: signed when, what waits, and what to do when something is wrong. Says nothing while it is not known. */
export function LedgerHealth() {
  const { t, tn } = useSpeech();
  const { data: health } = useQuery(auditHealthQuery());
  if (health === undefined) return null;
  const { state, checkpoint, waiting } = health;
  const look = lookOf(state);
  return (
    <section className={`st-panel ${classes.health ?? ""}`} aria-labelledby="ledger-health">
      <div className={classes.healthLine}>
        <Title order={2} id="ledger-health">
          {t("health.title")}
        </Title>
        <StateBadge tone={look?.tone ?? "neutral"} icon={look?.icon ?? IconQuestionMark}>
          {look === undefined ? state : t(look.word)}
        </StateBadge>
        <span>
          {t("health.last")} {checkpoint === null ? t("health.last.none") : <Ago at={checkpoint.signed_at} />}
        </span>
        <span>{tn("health.entries", health.size)}</span>
        <span>{waiting === 0 ? t("health.waiting.none") : tn("health.waiting", waiting)}</span>
        <Covered by="witnessed" covered={health.witnessed} />
        <Covered by="anchored" covered={health.anchored} />
        <Link to="/audit/checkpoints" className={classes.healthLink}>
          {t("menu.checkpoints")}
        </Link>
      </div>
      <Alarm health={health} />
      <Outside failing={health.sinks_failing} />
    </section>
  );
}
