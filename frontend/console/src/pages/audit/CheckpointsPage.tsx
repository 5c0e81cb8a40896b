import { Button, Skeleton } from "@mantine/core";
import { ApiError, type AuditCheckpoint } from "@sealtape/api-client";
import { type Column, CopyId, DataTable, EmptyState, PageHeader, RelativeTime } from "@sealtape/ui";
import { IconRosetteDiscountCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { checkpointsQuery } from "../../api/audit";
import { Page } from "../../app/Page";
import { Needs } from "../../components/access";
import { ListPanel } from "../../components/ListPanel";
import { Pager } from "../../components/Pager";
import { Problem } from "../../components/Problem";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n/context";
import classes from "./audit.module.css";
import { Compare, type Earlier, earlierOf, useComparison } from "./Compare";
import { LogKey } from "./LogKey";
import { Newest } from "./Newest";
import { NoCrypto } from "./Proof";
import { canVerify, useNewestCheckpoint } from "./useProof";

const route = getRouteApi("/app/audit/checkpoints");

function useColumns(check: (earlier: Earlier) => void): readonly Column<AuditCheckpoint>[] {
  const { t, language } = useSpeech();
  const numbers = new Intl.NumberFormat(language);
  return [
    {
      id: "size",
      header: t("checkpoint.size"),
      cell: ({ size }) => <strong>{numbers.format(size)}</strong>,
    },
    { id: "signed", header: t("checkpoint.signed"), cell: ({ signed_at: at }) => <RelativeTime at={at} /> },
    {
      id: "root",
      header: t("checkpoint.root"),
      grow: true,
      cell: ({ root }) => <CopyId value={root} label={t("checkpoint.root")} />,
    },
    {
      id: "acts",
      header: t("column.acts"),
      cell: (row) => (
        <Button
          variant="subtle"
          size="compact-sm"
          aria-label={t("compare.row", { size: row.size })}
          onClick={() => {
            const earlier = earlierOf(row);
            if (earlier === undefined) return;
            check(earlier);
            document.querySelector("#compare")?.scrollIntoView({ block: "start" });
          }}
        >
          {t("compare.do")}
        </Button>
      ),
    },
  ];
}

function EarlierList({ check }: { readonly check: (earlier: Earlier) => void }) {
  const { t } = useSpeech();
  const { cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useQuery(checkpointsQuery(cursor));
  const columns = useColumns(check);
  return (
    <Section id="earlier" title={t("earlier.title")}>
      <ListPanel
        query={list}
        rows={list.data?.items}
        expected={4}
        empty={
          <EmptyState icon={IconRosetteDiscountCheck} title={t("earlier.none.title")}>
            {t("earlier.none.text")}
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable
            label={t("earlier.title")}
            columns={columns}
            rows={items}
            rowId={({ origin, size, signed_at: at }) => `${origin} ${String(size)} ${at}`}
          />
        )}
      </ListPanel>
      <Pager
        cursor={cursor}
        next={list.data?.next_cursor ?? null}
        go={(next) => void navigate({ search: { cursor: next } })}
      />
    </Section>
  );
}

/** Before the first event is signed there is nothing to show yet. */
const nothingYet = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

function Checkpoints() {
  const { t } = useSpeech();
  const { note, checkpoint, checked, trust, tenant, recheck } = useNewestCheckpoint();
  const comparison = useComparison(checkpoint, trust);
  const head = <PageHeader title={t("menu.checkpoints")} description={t("checkpoints.text")} />;
  if (note.isError) {
    return (
      <>
        {head}
        <div className="st-panel">
          {nothingYet(note.error) ? (
            <EmptyState icon={IconRosetteDiscountCheck} title={t("checkpoint.none.title")}>
              {t("checkpoint.none.text")}
            </EmptyState>
          ) : (
            <Problem error={note.error} onRetry={() => void note.refetch()} />
          )}
        </div>
      </>
    );
  }
  return (
    <>
      {head}
      {note.isPending && <Skeleton height={320} />}
      {note.isSuccess && checkpoint === undefined && (
        <div className={`st-panel ${classes.card ?? ""}`} role="alert">
          {t("checkpoint.unreadable")}
        </div>
      )}
      {checkpoint !== undefined && (
        <div className={classes.section}>
          <Newest
            checkpoint={checkpoint}
            checked={checked}
            tenant={tenant}
            onForgotten={() => {
              comparison.reset();
              void recheck();
            }}
          />
        </div>
      )}
      {canVerify() ? (
        <>
          {trust !== undefined && trust !== null && <LogKey tenant={tenant} trust={trust} />}
          <Compare comparison={comparison} />
        </>
      ) : (
        <NoCrypto />
      )}
      <EarlierList check={(earlier) => comparison.mutate(earlier)} />
    </>
  );
}

/** What was signed of the log: the newest checkpoint, the key, earlier ones, and whether the log continues them. */
export function CheckpointsPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.checkpoints")}>
      <Needs action="audit.read">
        <Checkpoints />
      </Needs>
    </Page>
  );
}
