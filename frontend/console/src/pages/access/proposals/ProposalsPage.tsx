import { Select } from "@mantine/core";
import type { Proposal } from "@sealtape/api-client";
import { type Column, DataTable, EmptyState, PageHeader, RelativeTime, RowsSkeleton } from "@sealtape/ui";
import { IconUsersGroup } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { proposalsQuery } from "../../../api/proposals";
import { Page } from "../../../app/Page";
import { Needs } from "../../../components/access";
import { personName } from "../../../components/grant-words";
import { Problem } from "../../../components/Problem";
import { changeWords, PROPOSAL_STATES, ProposalState, proposalStateWord } from "../../../components/proposal-words";
import { Remaining } from "../../../components/Remaining";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";
import { Pager } from "../Pager";

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
          className={classes.rowLink}
          data-row-link
          preload={false}
        >
          <span className={classes.rowTitle}>{changeWords(proposal, t)}</span>
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
        <Select
          aria-label={t("filter.state")}
          placeholder={t("grant.state.any")}
          clearable
          clearButtonProps={{ "aria-label": t("filter.clear-field", { field: t("filter.state") }) }}
          value={state ?? null}
          data={PROPOSAL_STATES.map((each) => ({ value: each, label: proposalStateWord(each, t) }))}
          onChange={(value) =>
            void navigate({ search: { state: PROPOSAL_STATES.find((each) => each === value) }, replace: true })
          }
        />
      </div>
      <div className="st-panel">
        {proposals.isPending && <RowsSkeleton rows={4} />}
        {proposals.isError && <Problem error={proposals.error} onRetry={() => void proposals.refetch()} />}
        {proposals.isSuccess && proposals.data.items.length === 0 && (
          <EmptyState icon={IconUsersGroup} title={t("proposals.none.title")}>
            {t("proposals.none.text")}
          </EmptyState>
        )}
        {proposals.isSuccess && proposals.data.items.length > 0 && (
          <DataTable label={t("menu.proposals")} columns={columns} rows={proposals.data.items} rowId={({ id }) => id} />
        )}
      </div>
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
