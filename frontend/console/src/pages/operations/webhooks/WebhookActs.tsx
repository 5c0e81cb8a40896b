import { Alert, Button, Stack, Text } from "@mantine/core";
import type { Webhook } from "@sealtape/api-client";
import { IconKey, IconPencil, IconPlayerPause, IconPlayerPlay, IconSend, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { deleteWebhook, renewWebhooks, rotateSecret, testWebhook, updateWebhook } from "../../../api/webhooks";
import { Dialog } from "../../../components/Dialog";
import { DialogEnd } from "../../../components/DialogEnd";
import { FormError } from "../../../components/FormError";
import { TypedConfirm } from "../../../components/TypedConfirm";
import { useSpeech } from "../../../i18n/context";
import { Edit } from "./Edit";
import { isHeard, takesTwo } from "./form";
import { SecondPerson } from "./SecondPerson";
import { Secret } from "./Secret";
import { useProposed } from "./useProposed";
import classes from "./webhooks.module.css";

interface DialogProps {
  readonly webhook: Webhook;
  readonly onClose: () => void;
}

function Rotate({ webhook, onClose }: DialogProps) {
  const { t } = useSpeech();
  const rotate = useMutation({ mutationFn: () => rotateSecret(webhook.id), gcTime: 0 });
  const made = rotate.data;
  return (
    <Dialog
      opened
      onClose={onClose}
      title={made === undefined ? t("webhook.secret.rotate.title") : t("webhook.secret")}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={made === undefined}
      withCloseButton={made === undefined}
    >
      {made !== undefined ? (
        <Secret secret={made.secret} previousUntil={made.previous_until} onClose={onClose} />
      ) : (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            rotate.mutate();
          }}
        >
          <Text mb={16}>{t("webhook.secret.rotate.text")}</Text>
          <DialogEnd
            submit={t("webhook.secret.rotate")}
            pending={rotate.isPending}
            error={rotate.error}
            onCancel={onClose}
          />
        </form>
      )}
    </Dialog>
  );
}

function Pause({ webhook, onClose }: DialogProps) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const proposed = useProposed();
  const two = takesTwo(webhook, { paused: true });
  const pause = useMutation({
    mutationFn: () => updateWebhook(webhook.id, { state: "paused" }),
    onSuccess: async (answer) => {
      await renewWebhooks(cache);
      onClose();
      if ("hash" in answer) await proposed(answer);
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("webhook.pause.title", { name: webhook.name })}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          pause.mutate();
        }}
      >
        <Stack>
          <Text>{t("webhook.pause.text")}</Text>
          {two && <SecondPerson />}
          <DialogEnd
            submit={t(two ? "webhook.pause.propose" : "webhook.pause")}
            pending={pause.isPending}
            error={pause.error}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Dialog>
  );
}

function Remove({ webhook, onClose }: DialogProps) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const proposed = useProposed();
  const two = isHeard(webhook);
  const remove = useMutation({
    mutationFn: () => deleteWebhook(webhook.id),
    onSuccess: async (proposal) => {
      if (proposal === undefined) await navigate({ to: "/operations/webhooks" });
      else await proposed(proposal);
      await renewWebhooks(cache);
    },
  });
  return (
    <TypedConfirm
      title={t("webhook.remove.title", { name: webhook.name })}
      word={webhook.name}
      submit={t(two ? "webhook.remove.propose" : "webhook.remove")}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <Text>{t("webhook.remove.text")}</Text>
      {two && <SecondPerson />}
    </TypedConfirm>
  );
}

const ICON = { size: 16, "aria-hidden": true } as const;

/** What can be done about a receiver. */
export function WebhookActs({ webhook }: { readonly webhook: Webhook }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const [open, setOpen] = useState<"edit" | "rotate" | "pause" | "remove">();
  const onSuccess = (): Promise<void> => renewWebhooks(cache);
  const paused = webhook.state === "paused";
  const test = useMutation({ mutationFn: () => testWebhook(webhook.id), onSuccess });
  const resume = useMutation({ mutationFn: () => updateWebhook(webhook.id, { state: "active" }), onSuccess });
  const dialog = { webhook, onClose: () => setOpen(undefined) };
  return (
    <>
      <div className={classes.acts}>
        <Button
          variant="default"
          leftSection={<IconSend {...ICON} />}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          {t("webhook.test")}
        </Button>
        <Button
          variant="default"
          leftSection={paused ? <IconPlayerPlay {...ICON} /> : <IconPlayerPause {...ICON} />}
          loading={resume.isPending}
          onClick={() => (paused ? resume.mutate() : setOpen("pause"))}
        >
          {paused ? t("webhook.resume") : t("webhook.pause")}
        </Button>
        <Button variant="default" leftSection={<IconPencil {...ICON} />} onClick={() => setOpen("edit")}>
          {t("webhook.edit")}
        </Button>
        {webhook.kind === "webhook" && (
          <Button variant="default" leftSection={<IconKey {...ICON} />} onClick={() => setOpen("rotate")}>
            {t("webhook.secret.rotate")}
          </Button>
        )}
        <Button variant="subtle" color="danger" leftSection={<IconTrash {...ICON} />} onClick={() => setOpen("remove")}>
          {t("webhook.remove")}
        </Button>
      </div>
      {paused && <p className={classes.text}>{t("webhook.pause.text")}</p>}
      {webhook.kind === "syslog" && <p className={classes.text}>{t("webhook.secret.none")}</p>}
      <div aria-live="polite">
        {test.isSuccess && <Alert color="teal" variant="light" title={t("webhook.tested")} mt={12} />}
      </div>
      <FormError error={test.error ?? resume.error} />
      {open === "edit" && <Edit {...dialog} />}
      {open === "rotate" && <Rotate {...dialog} />}
      {open === "pause" && <Pause {...dialog} />}
      {open === "remove" && <Remove {...dialog} />}
    </>
  );
}
