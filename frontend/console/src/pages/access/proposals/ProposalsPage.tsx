import type { Proposal } from "@sealtape/api-client";
import { type Column, DataTable, EmptyState, PageHeader, RelativeTime } from "@sealtape/ui";
import { IconUsersGroup } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { proposalsQuery } from "../../../api/proposals";
import { Page } from "../../../app/Page";
import { Needs } from "../../../components/access";
import { personName } from "../../../components/grant-words";
import { ListPanel } from "../../../components/ListPanel";
import { Pager } from "../../../components/Pager";
import { changeWords, PROPOSAL_STATES, ProposalState, proposalStateWord } from "../../../components/proposal-words";
import { Remaining } from "../../../components/Remaining";
import rows from "../../../components/rows.module.css";
import { StateFilter } from "../../../components/StateFilter";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";

const route = getRouteApi("/app/access/proposals");

function useColumns(): readonly Column<Proposal>[] {
  const { t } = useSpeech();
  return [
    {
      id: "change",
      header: t("proposal.change"),
      grow: true,
      cell: (proposal) => (
        <Link
          to="/access/proposals/$proposalId"
          params={{ proposalId: proposal.id }}
          className={rows.rowLink}
          data-row-link
          preload={false}
        >
          <span className={rows.rowTitle}>{changeWords(proposal, t)}</span>
        </Link>
      ),
    },
    { id: "who", header: t("proposal.by"), cell: (proposal) => personName(proposal.proposer, t) },
    { id: "state", header: t("column.state"), cell: (proposal) => <ProposalState state={proposal.state} /> },
    {
      id: "mode",
      header: t("proposal.mode"),
      cell: (proposal) => (proposal.solo ? t("proposal.solo") : t("proposal.two")),
    },
    {
      id: "time",
      header: t("grant.time"),
      cell: ({ state, execute_after: executeAfter, expires_at: expires, decided_at: decided }) => {
        if (state === "open") return <Remaining until={executeAfter ?? expires} />;
        return decided === null ? null : <RelativeTime at={decided} />;
      },
    },
  ];
}

function Proposals() {
  const { t } = useSpeech();
  const { state, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const proposals = useQuery({ ...proposalsQuery(state, cursor), placeholderData: keepPreviousData });
  const columns = useColumns();
  return (
    <>
      <PageHeader title={t("menu.proposals")} description={t("proposals.text")} />
      <div className={classes.views}>
        <StateFilter
          states={PROPOSAL_STATES}
          value={state}
          word={(each) => proposalStateWord(each, t)}
          any={t("grant.state.any")}
          onChange={(next) => void navigate({ search: { state: next }, replace: true })}
        />
      </div>
      <ListPanel
        query={proposals}
        rows={proposals.data?.items}
        expected={4}
        empty={
          <EmptyState icon={IconUsersGroup} title={t("proposals.none.title")}>
            {t("proposals.none.text")}
          </EmptyState>
        }
      >
        {(items) => <DataTable label={t("menu.proposals")} columns={columns} rows={items} rowId={({ id }) => id} />}
      </ListPanel>
      <Pager
        cursor={cursor}
        next={proposals.data?.next_cursor ?? null}
        go={(next) => void navigate({ search: (old) => ({ ...old, cursor: next }) })}
      />
    </>
  );
}

/** Changes that take two people. */
export function ProposalsPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.proposals")}>
      <Needs action="proposal.list">
        <Proposals />
      </Needs>
    </Page>
  );
}
