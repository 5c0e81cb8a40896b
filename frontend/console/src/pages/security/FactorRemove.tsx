import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Dialog } from "../../components/Dialog";
import { FormError } from "../../components/FormError";
import { useSpeech } from "../../i18n/context";

interface FactorRemoveProps {
  readonly title: string;
  readonly text: string;
  /** Nothing but the password is left after it. */
  readonly last: boolean;
  readonly remove: () => Promise<void>;
  readonly onClose: () => void;
}

/** Removing a factor: says what it protected, and what is left without it. */
export function FactorRemove({ title, text, last, remove, onClose }: FactorRemoveProps) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const removal = useMutation({
    mutationFn: remove,
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["account", "factors"] });
      onClose();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={title}>
      <Stack>
        <Text>{text}</Text>
        {last && (
          <Alert role="note" color="warning" variant="light" title={t("security.last.title")}>
            {t("security.last.text")}
          </Alert>
        )}
        <FormError error={removal.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t("cancel")}
          </Button>
          <Button color="danger" loading={removal.isPending} onClick={() => removal.mutate()}>
            {t("security.remove.do")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
