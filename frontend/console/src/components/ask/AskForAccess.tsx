/**
 * Purpose: the dialog that asks for access to sessions.
 * Design: one form for every way in: a session that was refused, a list of pasted links, the filters of the session list.
 * It says what the tenant's rules ask for before anything is sent. Sent twice, it asks once.
 */
import { Button, Group, Modal, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { ApiError, type Grant, type GrantPurpose, type GrantVerb } from "@sealtape/api-client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { accessRulesQuery, askForAccess, renewAccess } from "../../api/access";
import { useSpeech } from "../../i18n/context";
import type { Translate } from "../../i18n/translate";
import { FormError } from "../FormError";
import { needWords, PURPOSES, VERBS } from "../grant-words";
import { span } from "../Remaining";
import { onceKey } from "./once-key";
import { isWanted, MOST_SESSIONS, NOTHING_WANTED, readIds, wantedFilter, type WantedForm } from "./wanted";
import { WantedFields } from "./WantedFields";

/** Lengths to choose from, minutes. */
const MINUTES = [15, 30, 60, 120, 240, 480] as const;
const MINUTE_MS = 60_000;
const REASON = { min: 10, max: 2000 } as const;

/** Sessions that are asked for: these, or what the form is told. */
export interface AskSubject {
  /** Set: exactly these, and the form does not ask. */
  readonly sessions?: readonly string[] | undefined;
  /** Set: the form starts with this filter. */
  readonly wanted?: WantedForm | undefined;
  /** What to do with them, to start with; to watch them when absent. */
  readonly verb?: GrantVerb | undefined;
}

/** What the form holds. */
export interface AskForm {
  readonly by: "sessions" | "filter";
  readonly ids: string;
  readonly wanted: WantedForm;
  readonly verb: GrantVerb;
  readonly purpose: GrantPurpose | null;
  readonly reason: string;
  readonly ticket: string;
  readonly minutes: number;
}

function start({ sessions, wanted, verb = "view" }: AskSubject): AskForm {
  return {
    by: wanted === undefined ? "sessions" : "filter",
    ids: (sessions ?? []).join("\n"),
    wanted: wanted ?? NOTHING_WANTED,
    verb,
    purpose: null,
    reason: "",
    ticket: "",
    minutes: 60,
  };
}

const faults = (t: Translate) => ({
  ids: (value: string, { by }: AskForm) => {
    if (by === "filter") return null;
    const { length } = readIds(value);
    if (length === 0) return t("ask.ids.missing");
    return length > MOST_SESSIONS ? t("ask.ids.many", { most: MOST_SESSIONS }) : null;
  },
  wanted: (value: WantedForm, { by }: AskForm) =>
    by === "filter" && !isWanted(value) ? t("ask.filter.missing") : null,
  purpose: (value: GrantPurpose | null) => (value === null ? t("ask.purpose.missing") : null),
  reason: (value: string) => (value.trim().length < REASON.min ? t("ask.reason.short", { least: REASON.min }) : null),
  ticket: (value: string) => (value.trim() === "" ? t("ask.ticket.missing") : null),
});

function send(form: AskForm, key: string): Promise<Grant> {
  const { by, verb, purpose, minutes } = form;
  if (purpose === null) throw new Error("a form without a purpose is not sent");
  const said = { verb, purpose, minutes, reason: form.reason.trim(), ticket: form.ticket.trim() };
  const sessions = by === "sessions" ? { sessions: [...readIds(form.ids)] } : { filter: wantedFilter(form.wanted) };
  return askForAccess({ ...said, ...sessions }, key);
}

/** What of a refused request belongs to a field of the form. */
function fieldFaults(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  const fields: Readonly<Record<string, string>> = {
    reason: "reason",
    ticket: "ticket",
    sessions: "ids",
    filter: "wanted",
  };
  return Object.fromEntries(
    error.errors.flatMap(({ pointer, detail }) => {
      const field = fields[pointer.split("/")[1] ?? ""];
      return field === undefined ? [] : [[field, detail]];
    }),
  );
}

/** What the tenant's rules ask of any request. */
function WhatItTakes() {
  const { t, tn, language } = useSpeech();
  const rules = useQuery(accessRulesQuery());
  if (!rules.isSuccess) return null;
  const base = needWords(rules.data, t, tn, language);
  return (
    <Text size="sm" c="dimmed">
      {t("ask.takes", { needs: base })} {rules.data.rules.length > 0 && t("ask.takes.more")} {t("ask.lapses")}
    </Text>
  );
}

function useMinutes(): { value: string; label: string }[] {
  const { language } = useSpeech();
  return MINUTES.map((minutes) => ({ value: String(minutes), label: span(minutes * MINUTE_MS, language) }));
}

function useAskForm(subject: AskSubject) {
  const { t } = useSpeech();
  return useForm<AskForm, AskForm, ReturnType<typeof faults>>({
    initialValues: start(subject),
    validate: faults(t),
  });
}

type AskFormState = ReturnType<typeof useAskForm>;

function Sessions({ form, subject }: { readonly form: AskFormState; readonly subject: AskSubject }) {
  const { t, tn } = useSpeech();
  if (subject.sessions !== undefined && subject.sessions.length > 0) {
    return (
      <Text size="sm">
        {tn("ask.sessions", subject.sessions.length)} <span className="st-mono">{subject.sessions.join(", ")}</span>
      </Text>
    );
  }
  return (
    <>
      <SegmentedControl
        fullWidth
        aria-label={t("ask.by")}
        value={form.values.by}
        data={[
          { value: "sessions", label: t("ask.by.sessions") },
          { value: "filter", label: t("ask.by.filter") },
        ]}
        onChange={(value) => form.setFieldValue("by", value === "filter" ? "filter" : "sessions")}
      />
      {form.values.by === "sessions" ? (
        <Textarea
          label={t("ask.ids")}
          data-autofocus
          description={t("ask.ids.hint", { most: MOST_SESSIONS })}
          autosize
          minRows={2}
          maxRows={6}
          {...form.getInputProps("ids")}
        />
      ) : (
        <WantedFields
          value={form.values.wanted}
          error={form.errors.wanted}
          onChange={(wanted) => form.setFieldValue("wanted", wanted)}
        />
      )}
    </>
  );
}

function Fields({ form }: { readonly form: AskFormState }) {
  const { t } = useSpeech();
  const minutes = useMinutes();
  return (
    <>
      <Select
        label={t("ask.verb")}
        data-autofocus
        data={VERBS.map((verb) => ({ value: verb, label: t(`verb.${verb}`) }))}
        allowDeselect={false}
        value={form.values.verb}
        onChange={(value) => form.setFieldValue("verb", VERBS.find((verb) => verb === value) ?? "view")}
      />
      <Select
        label={t("ask.purpose")}
        placeholder={t("ask.purpose.choose")}
        data={PURPOSES.map((purpose) => ({ value: purpose, label: t(`purpose.${purpose}`) }))}
        value={form.values.purpose}
        error={form.errors.purpose}
        onChange={(value) => form.setFieldValue("purpose", PURPOSES.find((purpose) => purpose === value) ?? null)}
      />
      <Textarea
        label={t("ask.reason")}
        description={t("ask.reason.hint")}
        autosize
        minRows={3}
        maxRows={8}
        maxLength={REASON.max}
        {...form.getInputProps("reason")}
      />
      <Group grow align="flex-start">
        <TextInput label={t("ask.ticket")} placeholder="SHOP-1742" maxLength={100} {...form.getInputProps("ticket")} />
        <Select
          label={t("ask.minutes")}
          data={minutes}
          allowDeselect={false}
          value={String(form.values.minutes)}
          onChange={(value) => form.setFieldValue("minutes", Number(value))}
        />
      </Group>
    </>
  );
}

interface AskProps {
  readonly subject: AskSubject;
  readonly onClose: () => void;
  /** Called with what waits now. */
  readonly onAsked: (request: Grant) => void;
}

/** Asks for access. Mounted while open, so that each opening is a new request. */
export function AskForAccess({ subject, onClose, onAsked }: AskProps) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const [key] = useState(onceKey);
  const form = useAskForm(subject);
  const ask = useMutation({
    mutationFn: (values: AskForm) => send(values, key),
    onSuccess: async (request) => {
      await renewAccess(cache);
      onAsked(request);
    },
    onError: (error) => form.setErrors(fieldFaults(error)),
  });
  return (
    <Modal opened onClose={onClose} size="lg" title={t("ask.title")} closeButtonProps={{ "aria-label": t("close") }}>
      <form noValidate onSubmit={form.onSubmit((values) => ask.mutate(values))}>
        <Stack>
          <Sessions form={form} subject={subject} />
          <Fields form={form} />
          <WhatItTakes />
          <FormError error={ask.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={ask.isPending}>
              {t("ask.do")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
