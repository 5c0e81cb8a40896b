import { Title } from "@mantine/core";
import type { Proposal, ProposalChange } from "@sealtape/api-client";
import { CopyId } from "@sealtape/ui";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { accessRulesQuery } from "../../../api/access";
import { SEES_GRANTS } from "../../../api/permissions";
import { meQuery } from "../../../api/queries";
import { roleWord } from "../../../app/roles";
import { useCan } from "../../../components/access";
import { Facts } from "../../../components/Facts";
import { CodeBlock } from "../../../components/Snippet";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";
import { RulesText } from "../rules/RulesText";
import { ReceiverRemoval, ReceiverUpdate } from "./Receiver";

type RulesChange = Extract<ProposalChange, { kind: "access-rules" }>;
type RoleChange = Extract<ProposalChange, { kind: "role-grant" }>;

/** The rules in force beside the rules to be. */
function Rules({ change, open }: { readonly change: RulesChange; readonly open: boolean }) {
  const { t } = useSpeech();
  const can = useCan();
  const rules = useQuery({ ...accessRulesQuery(), enabled: SEES_GRANTS.some(can) });
  const { data } = rules;
  const present = open && data?.revision === change.base ? data : undefined;
  return (
    <div className={present && classes.versus}>
      {present !== undefined && (
        <div>
          <Title order={3} mb={6}>
            {t("proposal.now")}
          </Title>
          <RulesText rules={present} />
        </div>
      )}
      <div>
        <Title order={3} mb={6}>
          {t("proposal.then")}
        </Title>
        <RulesText rules={change.rules} />
      </div>
    </div>
  );
}

function Role({ change }: { readonly change: RoleChange }) {
  const { t } = useSpeech();
  const { data: me } = useSuspenseQuery(meQuery());
  return (
    <Facts
      facts={[
        [
          t("proposal.role.who"),
          <span key="who">
            {change.member === me.id ? t("proposal.role.you", { name: me.name }) : null}{" "}
            <CopyId value={change.member} label={t("proposal.role.member")} short />
          </span>,
        ],
        [t("proposal.role.role"), roleWord(change.role, t)],
      ]}
    />
  );
}

/** What would be done, exactly: in words and as the bytes say it. */
export function ExactChange({ proposal }: { readonly proposal: Proposal }) {
  const { t } = useSpeech();
  const { change } = proposal;
  return (
    <section className={`st-panel ${classes.section ?? ""}`} aria-labelledby="change">
      <Title order={2} id="change">
        {t("proposal.exact")}
      </Title>
      {change === null && <p role="alert">{t("proposal.corrupt")}</p>}
      {change?.kind === "role-grant" && <Role change={change} />}
      {change?.kind === "access-rules" && <Rules change={change} open={proposal.state === "open"} />}
      {change?.kind === "webhook-delete" && <ReceiverRemoval change={change} open={proposal.state === "open"} />}
      {change?.kind === "webhook-update" && <ReceiverUpdate change={change} proposal={proposal} />}
      {change !== null && (
        <details className={classes.details}>
          <summary>{t("proposal.json")}</summary>
          <CodeBlock label={t("proposal.json")} code={JSON.stringify(change, null, 2)} />
        </details>
      )}
    </section>
  );
}
