import { Checkbox, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { Webhook } from "@sealtape/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { renewWebhooks, updateWebhook } from "../../../api/webhooks";
import { Dialog } from "../../../components/Dialog";
import { DialogEnd } from "../../../components/DialogEnd";
import { useSpeech } from "../../../i18n/context";
import { Fields } from "./Fields";
import { actsOf, takesTwo, validation, type WebhookFields } from "./form";
import { SecondPerson } from "./SecondPerson";
import { useProposed } from "./useProposed";

interface EditProps {
  readonly webhook: Webhook;
  readonly onClose: () => void;
}

/** Changes a receiver, or proposes it: the dialog says which before it is sent. */
export function Edit({ webhook, onClose }: EditProps) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const proposed = useProposed();
  const { name, kind, url, acts, detail } = webhook;
  const form = useForm<WebhookFields>({
    initialValues: { name, kind, url, acts: acts ?? [], detail },
    validate: validation(t),
  });
  const wanted = { url: form.values.url, acts: actsOf(form.values), detail: form.values.detail };
  const two = takesTwo(webhook, wanted);
  const save = useMutation({
    mutationFn: (fields: WebhookFields) =>
      updateWebhook(webhook.id, {
        name: fields.name.trim(),
        url: fields.url.trim(),
        acts: actsOf(fields),
        detail: fields.detail,
      }),
    onSuccess: async (answer) => {
      await renewWebhooks(cache);
      onClose();
      if ("hash" in answer) await proposed(answer);
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("webhook.edit.title")} size="lg">
      <form noValidate onSubmit={form.onSubmit((fields) => save.mutate(fields))}>
        <Stack>
          <Fields form={form} fixed />
          {kind === "webhook" && (
            <Checkbox
              label={t("webhook.detail.label")}
              description={t("webhook.detail.hint")}
              {...form.getInputProps("detail", { type: "checkbox" })}
            />
          )}
          {two && <SecondPerson />}
          <DialogEnd
            submit={two ? t("webhook.propose") : t("webhook.save")}
            pending={save.isPending}
            error={save.error}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Dialog>
  );
}
