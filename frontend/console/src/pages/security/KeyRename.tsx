import { Button, Group, Stack, TextInput } from "@mantine/core";
import type { SecurityKey } from "@sealtape/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { renameSecurityKey } from "../../api/account";
import { Dialog } from "../../components/Dialog";
import { FormError } from "../../components/FormError";
import { useSpeech } from "../../i18n/context";

/** The longest name of a key. */
export const NAME_LENGTH = 60;

interface KeyRenameProps {
  readonly securityKey: SecurityKey;
  readonly onClose: () => void;
}

/** Gives a security key another name. */
export function KeyRename({ securityKey, onClose }: KeyRenameProps) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const [name, setName] = useState(securityKey.name);
  const rename = useMutation({
    mutationFn: () => renameSecurityKey(securityKey.id, name.trim()),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["account", "factors"] });
      onClose();
    },
  });
  const missing = name.trim() === "";
  return (
    <Dialog opened onClose={onClose} title={t("security.key.rename.title")}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!missing) rename.mutate();
        }}
      >
        <Stack>
          <TextInput
            label={t("security.key.name")}
            value={name}
            data-autofocus
            autoComplete="off"
            maxLength={NAME_LENGTH}
            error={missing ? t("security.key.name.missing") : undefined}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <FormError error={rename.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={rename.isPending}>
              {t("security.key.rename.do")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
