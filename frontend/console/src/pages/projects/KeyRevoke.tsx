import { Code, Text } from "@mantine/core";
import type { AgentKey } from "@sealtape/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { revokeAgentKey } from "../../api/queries";
import { TypedConfirm } from "../../components/TypedConfirm";
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
  const revoke = useMutation({
    mutationFn: () => revokeAgentKey(projectId, agentKey.id),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["projects", "agent-keys", projectId] });
      onClose();
    },
  });
  return (
    <TypedConfirm
      title={t("key.revoke.title")}
      word={agentKey.key.slice(-TYPED)}
      submit={t("key.revoke.do")}
      pending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      <Text>{t("key.revoke.text")}</Text>
      <ul>
        {agentKey.origins.map((origin) => (
          <li key={origin}>
            <Code>{origin}</Code>
          </li>
        ))}
      </ul>
    </TypedConfirm>
  );
}
