import { Button, Select, TextInput } from "@mantine/core";
import { ApiError, type GrantPurpose } from "@sealtape/api-client";
import { CopyId, EmptyState, PageHeader } from "@sealtape/ui";
import { IconUserOff, IconUserQuestion, IconUserSearch } from "@tabler/icons-react";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { findSubject, subjectEventsQuery } from "../../api/audit";
import { Page } from "../../app/Page";
import { Needs, useCan } from "../../components/access";
import { readIds } from "../../components/ask/wanted";
import { FormError } from "../../components/FormError";
import { PURPOSES } from "../../components/grant-words";
import { ListPanel } from "../../components/ListPanel";
import { Pager } from "../../components/Pager";
import { Reason } from "../../components/Reason";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n/context";
import classes from "./audit.module.css";
import { EventTable } from "./EventTable";

const route = getRouteApi("/app/audit/seen");

/** Characters that the server takes. */
const LONGEST_REASON = 500;

/** What a person is looked for by. */
const KINDS = ["email", "user_id", "subject"] as const;
type Kind = (typeof KINDS)[number];

interface Looked {
  readonly kind: Kind;
  readonly value: string;
  readonly purpose: GrantPurpose | null;
  readonly reason: string;
}

/** The person's id: found by the server, or the one that was pasted. */
async function look({ kind, value, purpose, reason }: Looked): Promise<string | null> {
  if (kind === "subject" || purpose === null) return readIds(value)[0] ?? null;
  return (await findSubject(kind, value, purpose, reason)).subject;
}

function useProblem(kind: Kind, value: string, purpose: GrantPurpose | null) {
  const { t } = useSpeech();
  const missing = value.trim() === "";
  const wrong = kind === "subject" && !missing && readIds(value).length === 0;
  return {
    value: missing ? t("seen.value.missing") : wrong ? t("seen.subject.wrong") : undefined,
    purpose: kind !== "subject" && purpose === null ? t("seen.purpose.missing") : undefined,
  };
}

function Find({ onFound }: { readonly onFound: (subject: string) => void }) {
  const { t } = useSpeech();
  const can = useCan();
  const search = can("subject.search");
  const [kind, setKind] = useState<Kind>(search ? "email" : "subject");
  const [value, setValue] = useState("");
  const [purpose, setPurpose] = useState<GrantPurpose | null>(null);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const problem = useProblem(kind, value, purpose);
  const find = useMutation({
    mutationFn: look,
    // Neither what was typed nor what came of it stays in the cache.
    gcTime: 0,
    onSuccess: (subject) => {
      if (subject !== null) onFound(subject);
    },
  });
  const limited = find.error instanceof ApiError && find.error.status === 429;
  return (
    <div className={`st-panel ${classes.card ?? ""} ${classes.section ?? ""}`}>
      <form
        noValidate
        role="search"
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (problem.value === undefined && problem.purpose === undefined) {
            find.mutate({ kind, value: value.trim(), purpose, reason: reason.trim() });
          }
        }}
      >
        <div className={classes.find}>
          <Select
            label={t("seen.by")}
            allowDeselect={false}
            value={kind}
            data={KINDS.filter((each) => search || each === "subject").map((each) => ({
              value: each,
              label: t(`seen.by.${each}`),
            }))}
            onChange={(chosen) => {
              setKind(KINDS.find((each) => each === chosen) ?? "email");
              find.reset();
            }}
          />
          <TextInput
            label={t("seen.value")}
            type={kind === "email" ? "email" : "text"}
            data-search
            autoComplete="off"
            spellCheck={false}
            value={value}
            error={tried ? problem.value : undefined}
            onChange={(event) => {
              setValue(event.currentTarget.value);
              find.reset();
            }}
          />
          {kind !== "subject" && (
            <Select
              label={t("seen.purpose")}
              placeholder={t("ask.purpose.choose")}
              value={purpose}
              error={tried ? problem.purpose : undefined}
              data={PURPOSES.map((each) => ({ value: each, label: t(`purpose.${each}`) }))}
              onChange={(chosen) => setPurpose(PURPOSES.find((each) => each === chosen) ?? null)}
            />
          )}
          <Button type="submit" loading={find.isPending} leftSection={<IconUserSearch size={16} aria-hidden />}>
            {t("seen.find")}
          </Button>
        </div>
        {kind !== "subject" && (
          <TextInput
            label={t("seen.reason")}
            description={t("seen.reason.hint")}
            autoComplete="off"
            maxLength={LONGEST_REASON}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        {kind !== "subject" && <p className={classes.dimmed}>{t("seen.hint")}</p>}
        {!search && <Reason>{t("seen.denied")}</Reason>}
        {limited ? <Reason>{t("seen.limited")}</Reason> : <FormError error={find.error} />}
        {find.data === null && (
          <EmptyState icon={IconUserOff} title={t("seen.unknown.title")}>
            {t("seen.unknown.text")}
          </EmptyState>
        )}
      </form>
    </div>
  );
}

function Seen({ subject, cursor }: { readonly subject: string; readonly cursor: string | undefined }) {
  const { t } = useSpeech();
  const navigate = route.useNavigate();
  const events = useQuery({ ...subjectEventsQuery(subject, cursor), placeholderData: keepPreviousData });
  return (
    <Section
      id="seen"
      title={t("seen.result")}
      actions={
        <span className={classes.line}>
          {t("seen.subject")} <CopyId value={subject} label={t("seen.by.subject")} short />
        </span>
      }
    >
      <ListPanel
        query={events}
        rows={events.data?.items}
        expected={6}
        empty={
          <EmptyState icon={IconUserQuestion} title={t("seen.nobody.title")}>
            {t("seen.nobody.text")}
          </EmptyState>
        }
      >
        {(items) => <EventTable label={t("seen.result")} events={items} />}
      </ListPanel>
      <Pager
        cursor={cursor}
        next={events.data?.next_cursor ?? null}
        go={(next) => void navigate({ search: (old) => ({ ...old, cursor: next }) })}
      />
    </Section>
  );
}

/** Who was shown a recorded person's sessions. */
export function SeenPage() {
  const { t } = useSpeech();
  const { subject, cursor } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page title={t("menu.seen")}>
      <Needs action="audit.read">
        <PageHeader title={t("menu.seen")} description={t("seen.text")} />
        <Find onFound={(found) => void navigate({ search: { subject: found } })} />
        {subject === undefined ? (
          <div className="st-panel">
            <EmptyState icon={IconUserSearch} title={t("seen.start.title")}>
              {t("seen.start.text")}
            </EmptyState>
          </div>
        ) : (
          <Seen subject={subject} cursor={cursor} />
        )}
      </Needs>
    </Page>
  );
}
