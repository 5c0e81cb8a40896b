import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { makeRecoveryCodes } from "../../api/account";
import { Dialog } from "../../components/Dialog";
import { FormError } from "../../components/FormError";
import { useSpeech } from "../../i18n/context";
import { download } from "./download";
import classes from "./security.module.css";

interface ShownProps {
  readonly codes: readonly string[];
  readonly onClose: () => void;
}

function Shown({ codes, onClose }: ShownProps) {
  const { t } = useSpeech();
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <Stack>
      <Text>{t("recovery.shown")}</Text>
      <ul className={classes.codes} aria-label={t("recovery.title")}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group>
        <Button
          variant="default"
          leftSection={clipboard.copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          onClick={() => clipboard.copy(codes.join("\n"))}
        >
          {clipboard.copied ? t("copied") : t("recovery.copy")}
        </Button>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => download("sealtape-recovery-codes.txt", `${t("recovery.file")}\n\n${codes.join("\n")}\n`)}
        >
          {t("recovery.download")}
        </Button>
      </Group>
      <Group justify="flex-end">
        <Button onClick={onClose}>{t("recovery.kept")}</Button>
      </Group>
    </Stack>
  );
}

interface RecoveryCodesMakeProps {
  /** There are codes that end by this. */
  readonly again: boolean;
  readonly onClose: () => void;
}

/** Makes recovery codes and shows them, this once. */
export function RecoveryCodesMake({ again, onClose }: RecoveryCodesMakeProps) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const make = useMutation({
    mutationFn: makeRecoveryCodes,
    // They are shown once: nothing of them stays in the cache.
    gcTime: 0,
    onSuccess: () => cache.invalidateQueries({ queryKey: ["account", "factors"] }),
  });
  const shown = make.data !== undefined;
  return (
    // A click beside the dialog or a key must not lose what is shown once.
    <Dialog
      opened
      onClose={onClose}
      title={t("recovery.title")}
      closeOnClickOutside={!shown}
      closeOnEscape={!shown}
      withCloseButton={!shown}
    >
      {shown ? (
        <Shown codes={make.data.codes} onClose={onClose} />
      ) : (
        <Stack>
          <Text>{t("recovery.explain")}</Text>
          {again && <Alert role="note" color="warning" variant="light" title={t("recovery.ends-old")} />}
          <FormError error={make.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {again ? t("cancel") : t("recovery.later")}
            </Button>
            <Button loading={make.isPending} data-autofocus onClick={() => make.mutate()}>
              {t("recovery.do")}
            </Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}
