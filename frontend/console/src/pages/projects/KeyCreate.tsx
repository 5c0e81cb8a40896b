import { Modal, Stack, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createAgentKey } from "../../api/queries";
import { DialogEnd } from "../../components/DialogEnd";
import { useSpeech } from "../../i18n/context";
import { readOrigins } from "./origins";
import type { DialogProps } from "./ProjectCreate";

/** Creates an agent key for the origins it may be used from. */
export function KeyCreate({ projectId, opened, onClose }: DialogProps & { readonly projectId: string }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const form = useForm({
    initialValues: { origins: "" },
    validate: {
      origins: (value) => {
        const { origins, wrong } = readOrigins(value);
        if (wrong.length > 0) return t("key.origins.wrong", { entry: wrong[0] ?? "" });
        return origins.length === 0 ? t("key.origins.missing") : null;
      },
    },
  });
  const create = useMutation({
    mutationFn: (origins: readonly string[]) => createAgentKey(projectId, origins),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["projects", "agent-keys", projectId] });
      onClose();
      form.reset();
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title={t("key.create")} closeButtonProps={{ "aria-label": t("close") }}>
      <form noValidate onSubmit={form.onSubmit(({ origins }) => create.mutate(readOrigins(origins).origins))}>
        <Stack>
          <Textarea
            label={t("key.origins")}
            description={t("key.origins.hint")}
            placeholder={"https://shop.example\nhttps://www.shop.example"}
            autosize
            minRows={3}
            data-autofocus
            {...form.getInputProps("origins")}
          />
          <DialogEnd submit={t("key.create.do")} pending={create.isPending} error={create.error} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
