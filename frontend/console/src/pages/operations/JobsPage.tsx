import type { Job } from "@sealtape/api-client";
import { type Column, DataTable, EmptyState, PageHeader, RelativeTime, StateBadge, type Tone } from "@sealtape/ui";
import {
  type Icon,
  IconCircleCheck,
  IconCircleX,
  IconHourglass,
  IconPlayerPlay,
  IconSubtask,
} from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { jobsQuery } from "../../api/operations";
import { Page } from "../../app/Page";
import { Needs } from "../../components/access";
import { ListPanel } from "../../components/ListPanel";
import { Pager } from "../../components/Pager";
import { StateFilter } from "../../components/StateFilter";
import { useSpeech } from "../../i18n/context";
import type { PlainKey, Translate } from "../../i18n/translate";
import classes from "../access/access.module.css";
import { JOB_STATES } from "./search";

const route = getRouteApi("/app/operations/jobs");

const LOOKS: Readonly<Record<Job["state"], { readonly tone: Tone; readonly icon: Icon; readonly word: PlainKey }>> = {
  waiting: { tone: "neutral", icon: IconHourglass, word: "job.state.waiting" },
  running: { tone: "active", icon: IconPlayerPlay, word: "job.state.running" },
  done: { tone: "success", icon: IconCircleCheck, word: "job.state.done" },
  failed: { tone: "danger", icon: IconCircleX, word: "job.state.failed" },
};

const KINDS: Readonly<Record<string, PlainKey>> = {
  "session-finisher": "job.kind.session-finisher",
  "mail-send": "job.kind.mail-send",
  "notice-mail": "job.kind.notice-mail",
  "notice-digest": "job.kind.notice-digest",
  "grant-expire": "job.kind.grant-expire",
  "proposal-settle": "job.kind.proposal-settle",
  "review-remind": "job.kind.review-remind",
  "api-key-remind": "job.kind.api-key-remind",
  tidy: "job.kind.tidy",
};

const REASONS: Readonly<Record<string, PlainKey>> = {
  retry: "job.reason.retry",
  refused: "job.reason.refused",
  exhausted: "job.reason.exhausted",
  died: "job.reason.died",
  unreadable: "job.reason.unreadable",
};

/** The word for a name; a newer server may know more of them than this console. */
function known(words: Readonly<Record<string, PlainKey>>, name: string, t: Translate): string {
  const key = Object.hasOwn(words, name) ? words[name] : undefined;
  return key === undefined ? name : t(key);
}

function Outcome({ job }: { readonly job: Job }) {
  const { t } = useSpeech();
  if (job.reason !== null) {
    return (
      <>
        {known(REASONS, job.reason, t)} {job.error_code !== null && <span className="st-mono">{job.error_code}</span>}
      </>
    );
  }
  const done = Object.entries(job.report ?? {}).flatMap(([name, value]) =>
    typeof value === "number" && value > 0 ? [`${name} ${String(value)}`] : [],
  );
  return <span className="st-mono">{done.join(", ")}</span>;
}

function useColumns(): readonly Column<Job>[] {
  const { t, language } = useSpeech();
  const numbers = new Intl.NumberFormat(language);
  return [
    { id: "kind", header: t("job.kind"), cell: (job) => known(KINDS, job.kind, t) },
    {
      id: "state",
      header: t("column.state"),
      cell: (job) => (
        <StateBadge tone={LOOKS[job.state].tone} icon={LOOKS[job.state].icon}>
          {t(LOOKS[job.state].word)}
        </StateBadge>
      ),
    },
    { id: "created", header: t("column.created"), cell: (job) => <RelativeTime at={job.created_at} /> },
    { id: "attempt", header: t("job.attempts"), numeric: true, cell: (job) => numbers.format(job.attempt) },
    {
      id: "finished",
      header: t("job.finished"),
      cell: (job) => (job.finished_at === null ? null : <RelativeTime at={job.finished_at} />),
    },
    { id: "outcome", header: t("job.outcome"), grow: true, cell: (job) => <Outcome job={job} /> },
  ];
}

function Jobs() {
  const { t } = useSpeech();
  const { state, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const jobs = useQuery({ ...jobsQuery(state, cursor), placeholderData: keepPreviousData });
  const columns = useColumns();
  return (
    <>
      <PageHeader title={t("menu.jobs")} description={t("jobs.text")} />
      <div className={classes.views}>
        <StateFilter
          states={JOB_STATES}
          value={state}
          word={(each) => t(LOOKS[each].word)}
          any={t("jobs.state.any")}
          onChange={(next) => void navigate({ search: { state: next }, replace: true })}
        />
      </div>
      <ListPanel
        query={jobs}
        rows={jobs.data?.items}
        expected={6}
        empty={
          <EmptyState icon={IconSubtask} title={t("jobs.none.title")}>
            {t("jobs.none.text")}
          </EmptyState>
        }
      >
        {(items) => <DataTable label={t("menu.jobs")} columns={columns} rows={items} rowId={({ id }) => id} />}
      </ListPanel>
      <Pager
        cursor={cursor}
        next={jobs.data?.next_cursor ?? null}
        go={(next) => void navigate({ search: (old) => ({ ...old, cursor: next }) })}
      />
    </>
  );
}

/** The tenant's background work. */
export function JobsPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.jobs")}>
      <Needs action="job.list">
        <Jobs />
      </Needs>
    </Page>
  );
}
