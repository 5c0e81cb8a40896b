import { Button, Text } from "@mantine/core";
import type { AuditExport } from "@sealtape/api-client";
import { type Column, DataTable, EmptyState, PageHeader, RelativeTime, StateBadge, type Tone } from "@sealtape/ui";
import {
  type Icon,
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconClockOff,
  IconFileExport,
  IconHourglass,
  IconPlayerPlay,
  IconQuestionMark,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { auditExportName, auditExportsQuery, isUnderWay, openAuditExport, removeAuditExport } from "../../../api/audit";
import { Page } from "../../../app/Page";
import { Needs } from "../../../components/access";
import { Bar } from "../../../components/Bar";
import { Dialog } from "../../../components/Dialog";
import { DialogEnd } from "../../../components/DialogEnd";
import { ListPanel } from "../../../components/ListPanel";
import { Pager } from "../../../components/Pager";
import { problemWord } from "../../../components/problem-words";
import { useSpeech } from "../../../i18n/context";
import type { PlainKey } from "../../../i18n/translate";
import { bytes } from "../../../recording/format";
import { BundleDownload } from "../../session/export/BundleDownload";
import { useFileDownload } from "../../session/export/useDownload";
import { useNames } from "../names";
import { CreateExport } from "./CreateExport";
import classes from "./exports.module.css";
import { FilterWords } from "./FilterWords";

const route = getRouteApi("/app/audit/exports");

interface Look {
  readonly tone: Tone;
  readonly icon: Icon;
  readonly word: PlainKey;
}

/** States of an export; one that this console does not know is shown by its name. */
const LOOKS: Readonly<Record<string, Look>> = {
  waiting: { tone: "neutral", icon: IconHourglass, word: "log-export.state.waiting" },
  running: { tone: "active", icon: IconPlayerPlay, word: "log-export.state.running" },
  ready: { tone: "success", icon: IconCircleCheck, word: "log-export.state.ready" },
  failed: { tone: "danger", icon: IconCircleX, word: "log-export.state.failed" },
  expired: { tone: "neutral", icon: IconClockOff, word: "log-export.state.expired" },
  cancelled: { tone: "neutral", icon: IconBan, word: "log-export.state.cancelled" },
};

/** Until when a file can be downloaded: a day and its hour. */
const LIMIT = { dateStyle: "medium", timeStyle: "short" } as const;

function State({ exported }: { readonly exported: AuditExport }) {
  const { t } = useSpeech();
  const { state, done, total, problem } = exported;
  const look = Object.hasOwn(LOOKS, state) ? LOOKS[state] : undefined;
  const word = look === undefined ? state : t(look.word);
  const why = problem === null ? undefined : problemWord(problem);
  return (
    <span className={classes.state}>
      <StateBadge tone={look?.tone ?? "neutral"} icon={look?.icon ?? IconQuestionMark}>
        {word}
      </StateBadge>
      {state === "running" && (
        <Bar label={word} words={t("log-export.progress", { done, total })} done={done} all={total} />
      )}
      {state === "failed" && problem !== null && (
        <span className={classes.dimmed}>{why === undefined ? problem : t(why)}</span>
      )}
    </span>
  );
}

function Content({ exported }: { readonly exported: AuditExport }) {
  const { t, tn, language } = useSpeech();
  const { state, entries, bytes: size, done, total, expires_at: until } = exported;
  if (state === "running") return t("log-export.progress", { done, total });
  if (entries === null || size === null) return null;
  return (
    <span className={classes.content}>
      {t("log-export.content.value", { entries: tn("health.entries", entries), size: bytes(size, language) })}
      {state === "ready" && (
        <span className={classes.dimmed}>
          {t("log-export.until", { time: new Intl.DateTimeFormat(language, LIMIT).format(Date.parse(until)) })}
        </span>
      )}
    </span>
  );
}

function Acts({ exported, remove }: { readonly exported: AuditExport; readonly remove: (it: AuditExport) => void }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const download = useFileDownload({
    name: auditExportName(exported),
    open: (signal) => openAuditExport(exported, signal),
    after: () => cache.invalidateQueries({ queryKey: ["audit", "exports"] }),
  });
  const running = isUnderWay(exported);
  return (
    <span className={classes.acts}>
      {exported.state === "ready" && <BundleDownload download={download} size="compact-sm" variant="default" />}
      {(running || exported.state === "ready") && (
        <Button variant="subtle" color="danger" size="compact-sm" onClick={() => remove(exported)}>
          {running ? t("log-export.cancel") : t("log-export.remove")}
        </Button>
      )}
    </span>
  );
}

function useColumns(
  exports: readonly AuditExport[],
  remove: (it: AuditExport) => void,
): readonly Column<AuditExport>[] {
  const { t } = useSpeech();
  const nameOf = useNames(
    exports.map(({ created_by: id }) => ({
      actor: { kind: "user", id, via: "login" },
      object: { kind: "audit-export", id: "" },
    })),
  );
  return [
    {
      id: "what",
      header: t("log-export.what"),
      grow: true,
      cell: ({ format, filter }) => (
        <span className={classes.what}>
          <strong>{t(`log-export.format.${format}`)}</strong>
          <span className={classes.dimmed}>
            <FilterWords filter={filter} />
          </span>
        </span>
      ),
    },
    { id: "state", header: t("column.state"), cell: (exported) => <State exported={exported} /> },
    { id: "content", header: t("log-export.content"), cell: (exported) => <Content exported={exported} /> },
    { id: "begun", header: t("log-export.begun"), cell: ({ created_at: at }) => <RelativeTime at={at} /> },
    { id: "by", header: t("log-export.by"), cell: ({ created_by: id }) => nameOf("user", id) ?? t("actor.user") },
    { id: "acts", header: t("column.acts"), cell: (exported) => <Acts exported={exported} remove={remove} /> },
  ];
}

function Remove({ exported, onClose }: { readonly exported: AuditExport; readonly onClose: () => void }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const kind = isUnderWay(exported) ? "cancel" : "remove";
  const remove = useMutation({
    mutationFn: () => removeAuditExport(exported.id),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["audit", "exports"] });
      onClose();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t(`log-export.${kind}.title`)}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          remove.mutate();
        }}
      >
        <Text mb={16}>{t(`log-export.${kind}.text`)}</Text>
        <DialogEnd
          danger
          submit={t(`log-export.${kind}`)}
          pending={remove.isPending}
          error={remove.error}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}

function Exports() {
  const { t } = useSpeech();
  const { page, new: making, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const exports = useQuery(auditExportsQuery(page));
  const [removing, setRemoving] = useState<AuditExport>();
  const columns = useColumns(exports.data?.items ?? [], setRemoving);
  const begin = (
    <Button
      leftSection={<IconFileExport size={16} aria-hidden />}
      onClick={() => void navigate({ search: { new: true } })}
    >
      {t("log-exports.new")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("menu.audit-exports")} description={t("log-exports.text")} actions={begin} />
      <ListPanel
        query={exports}
        rows={exports.data?.items}
        expected={3}
        empty={
          <EmptyState icon={IconFileExport} title={t("log-exports.none.title")}>
            {t("log-exports.none.text")}
          </EmptyState>
        }
      >
        {(items) => <DataTable label={t("menu.audit-exports")} columns={columns} rows={items} rowId={({ id }) => id} />}
      </ListPanel>
      <Pager
        cursor={page}
        next={exports.data?.next_cursor ?? null}
        go={(next) => void navigate({ search: { page: next } })}
      />
      {making === true && (
        <CreateExport
          filter={filter}
          onDropFilter={() => void navigate({ search: { new: true }, replace: true })}
          onClose={() => void navigate({ search: {}, replace: true })}
        />
      )}
      {removing !== undefined && <Remove exported={removing} onClose={() => setRemoving(undefined)} />}
    </>
  );
}

/** Exports of the audit log: begun, ready, downloaded, removed. */
export function ExportsPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.audit-exports")}>
      <Needs action="audit.export">
        <Exports />
      </Needs>
    </Page>
  );
}
