/**
 * Purpose: takes a session out: what that means, what for, and then the key and the file.
 * Design: two steps of one dialog. The key is told once, so the second step is left only by its own button.
 */
import { Alert, Button, Group, List, Select, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { ApiError, type GrantPurpose } from "@sealtape/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { renewExports, takeOut } from "../../../api/exports";
import { onceKey } from "../../../components/ask/once-key";
import { useCan } from "../../../components/access";
import { Dialog } from "../../../components/Dialog";
import { DialogEnd } from "../../../components/DialogEnd";
import { PURPOSES } from "../../../components/grant-words";
import { Reason } from "../../../components/Reason";
import { span } from "../../../components/Remaining";
import { useSpeech } from "../../../i18n/context";
import { ExportMade } from "./ExportMade";

function Consequences({ live }: { readonly live: boolean }) {
  const { t } = useSpeech();
  return (
    <List size="sm" spacing={6}>
      <List.Item>{t("export.leaves")}</List.Item>
      <List.Item>{t("export.record")}</List.Item>
      <List.Item>{t("export.shows")}</List.Item>
      {live && <List.Item>{t("export.live")}</List.Item>}
      <List.Item>{t("export.hours")}</List.Item>
      <List.Item>{t("export.key.text")}</List.Item>
    </List>
  );
}

/** The server knows better than the menu: a role's condition, or a grant that just ended. */
function Refused({ onAsk }: { readonly onAsk: () => void }) {
  const { t } = useSpeech();
  const can = useCan();
  return (
    <Group justify="space-between" role="alert">
      <Reason>{t("export.refused")}</Reason>
      {can("grant.request") && (
        <Button size="compact-sm" variant="light" onClick={onAsk}>
          {t("ask.open")}
        </Button>
      )}
    </Group>
  );
}

/** A day's number of exports is taken; the server says when there are more. */
function TooMany({ error }: { readonly error: ApiError }) {
  const { t, language } = useSpeech();
  const { retryAfter } = error;
  return (
    <Alert color="danger" variant="light" role="alert" title={t("export.too-many")}>
      {retryAfter !== undefined && t("export.too-many.wait", { time: span(retryAfter * 1000, language) })}
    </Alert>
  );
}

/** Why it was not done, where the words for that are this dialog's own. */
function Refusal({ error, onAsk }: { readonly error: unknown; readonly onAsk: () => void }) {
  if (isRefused(error)) return <Refused onAsk={onAsk} />;
  return isTooMany(error) ? <TooMany error={error} /> : null;
}

const isTooMany = (error: unknown): error is ApiError => error instanceof ApiError && error.status === 429;
const isRefused = (error: unknown): boolean => error instanceof ApiError && error.code === "access-required";

interface ExportDialogProps {
  readonly sessionId: string;
  readonly live: boolean;
  /** Asks for access instead. */
  readonly onAsk: () => void;
  readonly onClose: () => void;
}

/** Mounted while open, so that each opening is a new export. */
export function ExportDialog({ sessionId, live, onAsk, onClose }: ExportDialogProps) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const [key] = useState(onceKey);
  const form = useForm<{ purpose: GrantPurpose | null }>({
    initialValues: { purpose: null },
    validate: { purpose: (value) => (value === null ? t("ask.purpose.missing") : null) },
  });
  const take = useMutation({
    mutationFn: (purpose: GrantPurpose) => takeOut(sessionId, purpose, key),
    // The key is told once: nothing of it stays in the cache.
    gcTime: 0,
    onSuccess: () => renewExports(cache, sessionId),
  });
  const made = take.data;
  const submit = ({ purpose }: typeof form.values): void => {
    if (purpose !== null) take.mutate(purpose);
  };
  return (
    // A click beside the dialog or a key must not lose what is shown once.
    <Dialog
      opened
      onClose={onClose}
      size="lg"
      title={made === undefined ? t("export.title") : t("export.made")}
      closeOnClickOutside={made === undefined}
      closeOnEscape={made === undefined}
      withCloseButton={made === undefined}
    >
      {made !== undefined ? (
        <ExportMade made={made} onClose={onClose} />
      ) : (
        <form noValidate onSubmit={form.onSubmit(submit)}>
          <Stack>
            <Consequences live={live} />
            <Select
              label={t("ask.purpose")}
              placeholder={t("ask.purpose.choose")}
              data-autofocus
              data={PURPOSES.map((purpose) => ({ value: purpose, label: t(`purpose.${purpose}`) }))}
              {...form.getInputProps("purpose")}
            />
            <Refusal error={take.error} onAsk={onAsk} />
            <DialogEnd
              submit={t("export.do")}
              pending={take.isPending}
              error={isRefused(take.error) || isTooMany(take.error) ? null : take.error}
              onCancel={onClose}
            />
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
