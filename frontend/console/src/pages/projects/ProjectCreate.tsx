import { Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { createProject } from "../../api/queries";
import { DialogEnd } from "../../components/DialogEnd";
import { useSpeech } from "../../i18n/context";

/** Props of the project pages' dialogs. */
export interface DialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Names a new project and opens it. */
export function ProjectCreate({ opened, onClose }: DialogProps) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { name: "" },
    validate: { name: (value) => (value.trim() === "" ? t("project.name.missing") : null) },
  });
  const create = useMutation({
    mutationFn: createProject,
    onSuccess: async (project) => {
      await cache.invalidateQueries({ queryKey: ["projects", "list"] });
      onClose();
      form.reset();
      await navigate({ to: "/projects/$projectId", params: { projectId: project.id } });
    },
  });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("project.create")}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <form noValidate onSubmit={form.onSubmit(({ name }) => create.mutate(name.trim()))}>
        <Stack>
          <TextInput
            label={t("project.name")}
            description={t("project.name.hint")}
            data-autofocus
            maxLength={100}
            {...form.getInputProps("name")}
          />
          <DialogEnd
            submit={t("project.create.do")}
            pending={create.isPending}
            error={create.error}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
