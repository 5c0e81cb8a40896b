import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { addSecurityKey } from "../../api/account";
import { KeyError } from "../../api/webauthn";
import { Dialog } from "../../components/Dialog";
import { FormError } from "../../components/FormError";
import { proofProblem } from "../../components/proof/words";
import { useSpeech } from "../../i18n/context";
import { NAME_LENGTH } from "./KeyRename";

interface KeyAddProps {
  readonly onClose: () => void;
  readonly onEnrolled: () => void;
}

/** Names a new security key and lets it register. */
export function KeyAdd({ onClose, onEnrolled }: KeyAddProps) {
  const speech = useSpeech();
  const { t } = speech;
  const cache = useQueryClient();
  const [name, setName] = useState("");
  const [missing, setMissing] = useState(false);
  const add = useMutation({
    mutationFn: () => addSecurityKey(name.trim()),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["account", "factors"] });
      onClose();
      onEnrolled();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("security.key.add.title")} closeOnClickOutside={!add.isPending}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setMissing(name.trim() === "");
          if (name.trim() !== "") add.mutate();
        }}
      >
        <Stack>
          <Text>{t("security.key.add.text")}</Text>
          <TextInput
            label={t("security.key.name")}
            description={t("security.key.name.hint")}
            value={name}
            data-autofocus
            autoComplete="off"
            maxLength={NAME_LENGTH}
            error={missing && name.trim() === "" ? t("security.key.name.missing") : undefined}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {add.isPending && (
            <Text c="dimmed" role="status">
              {t("factor.key.waiting")}
            </Text>
          )}
          {add.error instanceof KeyError ? (
            <Alert color="danger" variant="light" role="alert" title={proofProblem(add.error, speech)} />
          ) : (
            <FormError error={add.error} />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {t("security.key.add.do")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
