import { Skeleton, Title } from "@mantine/core";
import type { Proposal } from "@sealtape/api-client";
import { CopyId, PageHeader, RelativeTime } from "@sealtape/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { proposalQuery } from "../../../api/proposals";
import { Page } from "../../../app/Page";
import { BackLink } from "../../../components/BackLink";
import { type Fact, Facts } from "../../../components/Facts";
import { personName } from "../../../components/grant-words";
import { Problem } from "../../../components/Problem";
import { changeWords, ProposalState } from "../../../components/proposal-words";
import { Remaining } from "../../../components/Remaining";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";
import { ExactChange } from "./ExactChange";
import { Verdict } from "./Verdict";

const route = getRouteApi("/app/access/proposals/$proposalId");

function Until({ proposal }: { readonly proposal: Proposal }) {
  const { t } = useSpeech();
  if (proposal.state !== "open") return null;
  return proposal.execute_after === null ? (
    <span>
      {t("proposal.expires")} <Remaining until={proposal.expires_at} />
    </span>
  ) : (
    <span>
      {t("proposal.executes")} <Remaining until={proposal.execute_after} />
    </span>
  );
}

function ProposalFacts({ proposal }: { readonly proposal: Proposal }) {
  const { t } = useSpeech();
  const facts: Fact[] = [
    [t("proposal.by"), personName(proposal.proposer, t)],
    [t("proposal.mode"), proposal.solo ? t("proposal.solo.text") : t("proposal.two.text")],
    [t("proposal.created"), <RelativeTime key="created" at={proposal.created_at} />],
  ];
  if (proposal.decided_at !== null) {
    const { decided_by: by } = proposal;
    facts.push([
      t("proposal.decided"),
      <span key="decided">
        <RelativeTime at={proposal.decided_at} /> {by !== null && `· ${personName(by, t)}`}
      </span>,
    ]);
  }
  facts.push(
    [t("proposal.hash"), <CopyId key="hash" value={proposal.hash} label={t("proposal.hash")} />],
    [t("proposal.id"), <CopyId key="id" value={proposal.id} label={t("proposal.id")} short />],
  );
  return <Facts facts={facts} />;
}

function Loaded() {
  const { t } = useSpeech();
  const { proposalId } = route.useParams();
  const query = useQuery(proposalQuery(proposalId));
  if (query.isError) return <Problem order={1} error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <Skeleton height={320} role="status" aria-busy />;
  const proposal = query.data;
  return (
    <>
      <PageHeader
        title={changeWords(proposal, t)}
        back={<BackLink to="/access/proposals">{t("menu.proposals")}</BackLink>}
        description={
          <span className={classes.line}>
            <ProposalState state={proposal.state} />
            <Until proposal={proposal} />
          </span>
        }
      />
      <div className={classes.columns}>
        <div className={classes.stack}>
          <ExactChange proposal={proposal} />
        </div>
        <div className={classes.stack}>
          <Verdict proposal={proposal} />
          <section className={`st-panel ${classes.section ?? ""}`} aria-labelledby="facts">
            <Title order={2} id="facts">
              {t("proposal.facts")}
            </Title>
            <ProposalFacts proposal={proposal} />
          </section>
        </div>
      </div>
    </>
  );
}

/**
 * One proposal. No permission is asked for: its proposer sees it, in solo mode everybody does, and the server says which
 * is the case.
 */
export function ProposalPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("proposal.page")}>
      <Loaded />
    </Page>
  );
}
