import { Title } from "@mantine/core";
import type { AuditHealth } from "@sealtape/api-client";
import { StateBadge, type Tone } from "@sealtape/ui";
import { type Icon, IconAlertTriangle, IconCircleCheck, IconClockExclamation, IconHandStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { auditHealthQuery } from "../../api/audit";
import { Ago } from "../../components/Ago";
import { useSpeech } from "../../i18n/context";
import type { PlainKey, Translate } from "../../i18n/translate";
import classes from "./home.module.css";

const LOOKS: Readonly<
  Record<AuditHealth["state"], { readonly tone: Tone; readonly icon: Icon; readonly word: PlainKey }>
> = {
  ok: { tone: "success", icon: IconCircleCheck, word: "health.state.ok" },
  late: { tone: "warning", icon: IconClockExclamation, word: "health.state.late" },
  behind: { tone: "danger", icon: IconClockExclamation, word: "health.state.behind" },
  stopped: { tone: "danger", icon: IconHandStop, word: "health.state.stopped" },
  refused: { tone: "danger", icon: IconAlertTriangle, word: "health.state.refused" },
};

/** What the state means and what to do; nothing while all is well. */
function advice({ state, alarm }: AuditHealth, t: Translate): string | undefined {
  switch (state) {
    case "ok":
      return undefined;
    case "late":
    case "behind":
    case "stopped":
      return t(`health.${state}.text`);
    case "refused":
      return t(`health.refused.${alarm?.reason ?? "unsigned"}`);
  }
}

function Alarm({ health }: { readonly health: AuditHealth }) {
  const { t } = useSpeech();
  const todo = advice(health, t);
  if (todo === undefined) return null;
  const { alarm, state } = health;
  return (
    <div className={classes.alarm} role={state === "late" ? "status" : "alert"} data-tone={LOOKS[state].tone}>
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

/** How the audit log is: signed when, what waits, and what to do when something is wrong. Says nothing while it is not known. */
export function LedgerHealth() {
  const { t, tn } = useSpeech();
  const { data: health } = useQuery(auditHealthQuery());
  if (health === undefined) return null;
  const { state, checkpoint, waiting, sinks_failing: failing = 0 } = health;
  const { tone, icon, word } = LOOKS[state];
  return (
    <section className={`st-panel ${classes.health ?? ""}`} aria-labelledby="ledger-health">
      <div className={classes.healthLine}>
        <Title order={2} id="ledger-health">
          {t("health.title")}
        </Title>
        <StateBadge tone={tone} icon={icon}>
          {t(word)}
        </StateBadge>
        <span>
          {t("health.last")} {checkpoint === null ? t("health.last.none") : <Ago at={checkpoint.signed_at} />}
        </span>
        <span>{tn("health.entries", health.size)}</span>
        <span>{waiting === 0 ? t("health.waiting.none") : tn("health.waiting", waiting)}</span>
        {failing > 0 && <span className={classes.failing}>{tn("health.sinks", failing)}</span>}
        <Link to="/audit/checkpoints" className={classes.healthLink}>
          {t("menu.checkpoints")}
        </Link>
      </div>
      <Alarm health={health} />
    </section>
  );
}
