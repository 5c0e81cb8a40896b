import { Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createWebhook, renewWebhooks } from "../../../api/webhooks";
import { onceKey } from "../../../components/ask/once-key";
import { Dialog } from "../../../components/Dialog";
import { DialogEnd } from "../../../components/DialogEnd";
import { useSpeech } from "../../../i18n/context";
import { Fields } from "./Fields";
import { actsOf, validation, type WebhookFields } from "./form";
import { Secret } from "./Secret";

/** Adds a receiver, and shows its secret once. */
export function WebhookCreate({ onClose }: { readonly onClose: () => void }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const [key, setKey] = useState(onceKey);
  const form = useForm<WebhookFields>({
    initialValues: { name: "", kind: "webhook", url: "", acts: [], detail: false },
    validate: validation(t),
    // The same key for the same receiver only.
    onValuesChange: () => setKey(onceKey()),
  });
  const create = useMutation({
    mutationFn: (fields: WebhookFields) =>
      createWebhook({ name: fields.name.trim(), kind: fields.kind, url: fields.url.trim(), acts: actsOf(fields) }, key),
    // The secret is shown once: nothing of it stays in the cache.
    gcTime: 0,
    onSuccess: async ({ secret }) => {
      await renewWebhooks(cache);
      if (secret === null) onClose();
    },
  });
  const secret = create.data?.secret ?? undefined;
  const shown = secret !== undefined;
  return (
    <Dialog
      opened
      onClose={onClose}
      title={shown ? t("webhook.secret") : t("webhooks.new")}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={!shown}
      withCloseButton={!shown}
    >
      {shown ? (
        <Secret secret={secret} onClose={onClose} />
      ) : (
        <form noValidate onSubmit={form.onSubmit((fields) => create.mutate(fields))}>
          <Stack>
            <Fields form={form} />
            <DialogEnd submit={t("webhook.add")} pending={create.isPending} error={create.error} onCancel={onClose} />
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
