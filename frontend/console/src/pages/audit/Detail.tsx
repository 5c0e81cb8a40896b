import { Button, Title } from "@mantine/core";
import type { AuditDetailPart, AuditEvent } from "@sealtape/api-client";
import { IconLockOpen } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { openDetail } from "../../api/audit";
import { type Fact, Facts } from "../../components/Facts";
import { FormError } from "../../components/FormError";
import { useSpeech } from "../../i18n/context";
import type { PlainKey } from "../../i18n/translate";
import { useRoleName } from "../people/own-roles";
import classes from "./audit.module.css";

/** Whom a part is about; one that this console does not know is shown by its name. */
const ABOUT: Readonly<Record<string, PlainKey>> = {
  actor: "log-event.detail.of.actor",
  subject: "log-event.detail.of.subject",
};

type Change = AuditDetailPart["changes"][number];

/** What an act can change; what this console does not know is shown by its name. */
const CHANGED: Readonly<Record<string, PlainKey>> = {
  role: "log-event.detail.role",
  state: "log-event.detail.state",
  factors: "log-event.detail.factors",
};
const STATES: Readonly<Record<string, PlainKey>> = {
  active: "log-event.detail.state.active",
  disabled: "log-event.detail.state.disabled",
};

/** Changes as facts: what it was, and what it is. */
function useChanges(): (changes: readonly Change[]) => Fact[] {
  const { t } = useSpeech();
  const roleName = useRoleName();
  const word = (what: string, value: string | null) => {
    if (value === null) return t("log-event.detail.change.none");
    if (what === "role") return roleName(value);
    const state = what === "state" && Object.hasOwn(STATES, value) ? STATES[value] : undefined;
    return state === undefined ? value : t(state);
  };
  return (changes) =>
    changes.map(({ what, before, after }, index) => {
      const name = Object.hasOwn(CHANGED, what) ? CHANGED[what] : undefined;
      const number = changes.filter((other, at) => at < index && other.what === what).length;
      const label = name === undefined ? what : t(name);
      const change = { before: word(what, before), after: word(what, after) };
      return [number === 0 ? label : `${label} ${number + 1}`, t("log-event.detail.change", change)];
    });
}

function Part({ part }: { readonly part: AuditDetailPart }) {
  const { t } = useSpeech();
  const changed = useChanges();
  const { of, state, network, browser, reason, changes } = part;
  const about = Object.hasOwn(ABOUT, of) ? ABOUT[of] : undefined;
  const facts: readonly (readonly [name: string, value: string | null])[] = [
    [t("log-event.detail.network"), network],
    [t("log-event.detail.browser"), browser],
    [t("log-event.detail.reason"), reason],
  ];
  const known = facts.flatMap(([name, value]): Fact[] => (value === null ? [] : [[name, value]]));
  return (
    <div className={classes.section}>
      <Title order={3}>{about === undefined ? of : t(about)}</Title>
      {state === "erased" ? (
        <p className={classes.dimmed}>{t("log-event.detail.erased")}</p>
      ) : (
        <Facts facts={[...known, ...changed(changes)]} />
      )}
    </div>
  );
}

/** What is sealed beside an event. It is opened by hand, because opening it is on record, and gone with the page. */
export function Detail({ event }: { readonly event: Pick<AuditEvent, "id" | "has_detail"> }) {
  const { t } = useSpeech();
  const open = useMutation({ mutationFn: () => openDetail(event.id), gcTime: 0 });
  return (
    <section className={`st-panel ${classes.card ?? ""}`} aria-labelledby="detail">
      <Title order={2} id="detail">
        {t("log-event.detail")}
      </Title>
      {!event.has_detail && <p className={classes.dimmed}>{t("log-event.detail.none")}</p>}
      {event.has_detail && open.data === undefined && (
        <>
          <p className={classes.text}>{t("log-event.detail.text")}</p>
          <FormError error={open.error} />
          <div className={classes.buttons}>
            <Button
              variant="default"
              leftSection={<IconLockOpen size={16} aria-hidden />}
              loading={open.isPending}
              onClick={() => open.mutate()}
            >
              {t("log-event.detail.open")}
            </Button>
          </div>
        </>
      )}
      {open.data?.parts.map((part) => (
        <Part key={part.of} part={part} />
      ))}
    </section>
  );
}
