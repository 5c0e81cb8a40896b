import type { Proposal, ProposalChange } from "@sealtape/api-client";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useCan } from "../../../components/access";
import { Facts } from "../../../components/Facts";
import { useSpeech } from "../../../i18n/context";
import { actWord } from "../../audit/acts";
import classes from "../access.module.css";

type Removal = Extract<ProposalChange, { kind: "webhook-delete" }>;
type Update = Extract<ProposalChange, { kind: "webhook-update" }>;

interface Difference {
  readonly what: string;
  readonly now: ReactNode;
  readonly then: ReactNode;
}

/** Which receiver; a way to its page while it is there. */
function Name({ change, open }: { readonly change: Removal | Update; readonly open: boolean }) {
  const can = useCan();
  if (!open || !can("webhook.list")) return <strong>{change.name}</strong>;
  return (
    <Link to="/operations/webhooks/$webhookId" params={{ webhookId: change.webhook }} preload={false}>
      {change.name}
    </Link>
  );
}

/** What is to be otherwise about a receiver of the log. */
function useDifferences(change: Update, addresses: Proposal["addresses"]): readonly Difference[] {
  const { t, language } = useSpeech();
  const { name, address, acts, paused, detail } = change.then;
  const list = new Intl.ListFormat(language, { type: "unit" });
  const words = (each: readonly string[] | null): string =>
    each === null ? t("webhook.acts.all") : list.format(each.map((act) => actWord(act, t)));
  const url = (text: string | undefined): ReactNode =>
    text === undefined ? t("proposal.webhook.hidden") : <span className="st-mono">{text}</span>;
  const sends = (stopped: boolean): string => t(stopped ? "webhook.state.paused" : "proposal.webhook.sends");
  const tells = (of: boolean): string => t(of ? "webhook.detail.on" : "webhook.detail.off");
  const differences: Difference[] = [];
  if (typeof name === "string") differences.push({ what: t("webhook.name"), now: change.name, then: name });
  if (typeof address === "string") {
    differences.push({ what: t("webhook.url"), now: url(addresses?.now), then: url(addresses?.then) });
  }
  if (acts) differences.push({ what: t("webhook.acts"), now: words(acts.now), then: words(acts.then) });
  if (typeof paused === "boolean") {
    differences.push({ what: t("column.state"), now: sends(!paused), then: sends(paused) });
  }
  if (typeof detail === "boolean") {
    differences.push({ what: t("webhook.detail"), now: tells(!detail), then: tells(detail) });
  }
  return differences;
}

/** A receiver that is to go. */
export function ReceiverRemoval({ change, open }: { readonly change: Removal; readonly open: boolean }) {
  const { t } = useSpeech();
  return (
    <>
      <Facts facts={[[t("proposal.webhook"), <Name key="name" change={change} open={open} />]]} />
      <p className={classes.dimmed}>{t("proposal.webhook.delete")}</p>
    </>
  );
}

/** A receiver that is to hear less, or more about persons: as it is beside as it is to be. */
export function ReceiverUpdate({ change, proposal }: { readonly change: Update; readonly proposal: Proposal }) {
  const { t } = useSpeech();
  const differences = useDifferences(change, proposal.addresses);
  return (
    <>
      <Facts facts={[[t("proposal.webhook"), <Name key="name" change={change} open={proposal.state === "open"} />]]} />
      <dl className={classes.differences}>
        {differences.map(({ what, now, then }) => (
          <div key={what} className={classes.difference}>
            <dt>{what}</dt>
            <dd>
              <span className={classes.side}>{t("proposal.now")}</span> {now}
            </dd>
            <dd>
              <span className={classes.side}>{t("proposal.then")}</span> {then}
            </dd>
          </div>
        ))}
      </dl>
      {change.then.detail === true && <p className={classes.dimmed}>{t("webhook.detail.hint")}</p>}
    </>
  );
}
