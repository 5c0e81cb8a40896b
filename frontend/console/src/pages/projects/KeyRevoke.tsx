import { Button, Code, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import type { AgentKey } from "@sealtape/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { revokeAgentKey } from "../../api/queries";
import { FormError } from "../../components/FormError";
import { useSpeech } from "../../i18n/context";

/** How many of the key's last characters confirm. */
const TYPED = 6;

interface KeyRevokeProps {
  readonly projectId: string;
  readonly agentKey: AgentKey;
  readonly onClose: () => void;
}

/** Revoking cannot be undone: says what stops, and asks for the key's end. */
export function KeyRevoke({ projectId, agentKey, onClose }: KeyRevokeProps) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const [typed, setTyped] = useState("");
  const [mismatch, setMismatch] = useState(false);
  const ending = agentKey.key.slice(-TYPED);
  const revoke = useMutation({
    mutationFn: () => revokeAgentKey(projectId, agentKey.id),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["projects", "agent-keys", projectId] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t("key.revoke.title")} closeButtonProps={{ "aria-label": t("close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() === ending) revoke.mutate();
          else setMismatch(true);
        }}
      >
        <Stack>
          <Text>{t("key.revoke.text")}</Text>
          <ul>
            {agentKey.origins.map((origin) => (
              <li key={origin}>
                <Code>{origin}</Code>
              </li>
            ))}
          </ul>
          <TextInput
            label={
              <>
                {t("key.revoke.type")} <Code>{ending}</Code>
              </>
            }
            value={typed}
            data-autofocus
            autoComplete="off"
            error={mismatch && typed.trim() !== ending ? t("key.revoke.mismatch") : undefined}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <FormError error={revoke.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" color="danger" loading={revoke.isPending}>
              {t("key.revoke.do")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
