/**
 * Purpose: the dialog that opens sessions at once.
 * Design: it says what follows before anything is done: who is told, what it never opens, that it is reviewed. The proof of a
 * second factor is asked for by the frame around the pages, when the server wants a fresh one.
 */
import { Button, Checkbox, Group, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { Grant, GrantPurpose } from "@sealtape/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { breakGlass, renewAccess } from "../../../api/access";
import { onceKey } from "../../../components/ask/once-key";
import { readIds } from "../../../components/ask/wanted";
import { Dialog } from "../../../components/Dialog";
import { FormError } from "../../../components/FormError";
import { PURPOSES } from "../../../components/grant-words";
import { span } from "../../../components/Remaining";
import { useSpeech } from "../../../i18n/context";
import type { Translate } from "../../../i18n/translate";
import classes from "../access.module.css";

/** Most sessions of one use. */
const MOST = 20;
const MINUTES = [15, 30, 60] as const;
const MINUTE_MS = 60_000;
const LEAST_REASON = 10;

interface Form {
  readonly ids: string;
  readonly purpose: GrantPurpose;
  readonly reason: string;
  readonly ticket: string;
  readonly minutes: number;
  readonly understood: boolean;
}

const faults = (t: Translate) => ({
  ids: (value: string) => {
    const { length } = readIds(value);
    if (length === 0) return t("ask.ids.missing");
    return length > MOST ? t("ask.ids.many", { most: MOST }) : null;
  },
  reason: (value: string) =>
    value.trim().length < LEAST_REASON ? t("ask.reason.short", { least: LEAST_REASON }) : null,
  ticket: (value: string) => (value.trim() === "" ? t("ask.ticket.missing") : null),
  understood: (value: boolean) => (value ? null : t("glass.understood.missing")),
});

function Consequences() {
  const { t } = useSpeech();
  return (
    <ul className={classes.consequences}>
      <li>{t("glass.told")}</li>
      <li>{t("glass.reviewed")}</li>
      <li>{t("glass.never")}</li>
      <li>{t("glass.limits")}</li>
    </ul>
  );
}

interface BreakGlassDialogProps {
  readonly sessions: readonly string[];
  readonly onClose: () => void;
  readonly onBroken: (grant: Grant) => void;
}

/** Opens sessions at once, after saying what follows. Mounted while open. */
export function BreakGlassDialog({ sessions, onClose, onBroken }: BreakGlassDialogProps) {
  const { t, language } = useSpeech();
  const cache = useQueryClient();
  const [key] = useState(onceKey);
  const form = useForm<Form, Form, ReturnType<typeof faults>>({
    initialValues: {
      ids: sessions.join("\n"),
      purpose: "security-incident",
      reason: "",
      ticket: "",
      minutes: 60,
      understood: false,
    },
    validate: faults(t),
  });
  const open = useMutation({
    mutationFn: ({ ids, purpose, reason, ticket, minutes }: Form) =>
      breakGlass({ sessions: [...readIds(ids)], purpose, reason: reason.trim(), ticket: ticket.trim(), minutes }, key),
    onSuccess: async (grant) => {
      await renewAccess(cache);
      onBroken(grant);
    },
  });
  return (
    <Dialog opened onClose={onClose} size="lg" title={t("glass.title")}>
      <form noValidate onSubmit={form.onSubmit((values) => open.mutate(values))}>
        <Stack>
          <Consequences />
          <Textarea
            label={t("ask.ids")}
            description={t("ask.ids.hint", { most: MOST })}
            data-autofocus
            autosize
            minRows={2}
            maxRows={6}
            {...form.getInputProps("ids")}
          />
          <Select
            label={t("ask.purpose")}
            data={PURPOSES.map((purpose) => ({ value: purpose, label: t(`purpose.${purpose}`) }))}
            allowDeselect={false}
            value={form.values.purpose}
            onChange={(value) =>
              form.setFieldValue("purpose", PURPOSES.find((purpose) => purpose === value) ?? "security-incident")
            }
          />
          <Textarea
            label={t("ask.reason")}
            description={t("glass.reason.hint")}
            autosize
            minRows={3}
            maxRows={8}
            maxLength={2000}
            {...form.getInputProps("reason")}
          />
          <Group grow align="flex-start">
            <TextInput
              label={t("ask.ticket")}
              placeholder="INC-204"
              maxLength={100}
              {...form.getInputProps("ticket")}
            />
            <Select
              label={t("ask.minutes")}
              data={MINUTES.map((each) => ({ value: String(each), label: span(each * MINUTE_MS, language) }))}
              allowDeselect={false}
              value={String(form.values.minutes)}
              onChange={(value) => form.setFieldValue("minutes", Number(value))}
            />
          </Group>
          <Checkbox
            size="sm"
            label={t("glass.understood")}
            {...form.getInputProps("understood", { type: "checkbox" })}
          />
          <FormError error={open.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" color="danger" loading={open.isPending}>
              {t("glass.do")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
