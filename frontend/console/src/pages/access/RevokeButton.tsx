import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { GrantSummary } from "@sealtape/api-client";
import { IconBan } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { renewAccess, revokeGrant } from "../../api/access";
import { FormError } from "../../components/FormError";
import { personName } from "../../components/grant-words";
import { useSpeech } from "../../i18n/context";

function Confirm({ grant, onClose }: { readonly grant: GrantSummary; readonly onClose: () => void }) {
  const { t, tn } = useSpeech();
  const cache = useQueryClient();
  const name = personName(grant.requester, t);
  const revoke = useMutation({
    mutationFn: () => revokeGrant(grant.id),
    onSuccess: async () => {
      await renewAccess(cache);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t("revoke.title", { name })} closeButtonProps={{ "aria-label": t("close") }}>
      <Stack>
        <Text>
          {tn("revoke.what", grant.sessions)} {t("revoke.consequence", { name })}
        </Text>
        {grant.ticket !== "" && (
          <Text size="sm" c="dimmed">
            {t("grant.ticket")}: <span className="st-mono">{grant.ticket}</span>
          </Text>
        )}
        <FormError error={revoke.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t("cancel")}
          </Button>
          <Button color="danger" loading={revoke.isPending} onClick={() => revoke.mutate()}>
            {t("revoke.do")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Ends a grant, after saying what that stops. */
export function RevokeButton({ grant, compact = false }: { readonly grant: GrantSummary; readonly compact?: boolean }) {
  const { t } = useSpeech();
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button
        color="danger"
        variant={compact ? "subtle" : "light"}
        size={compact ? "compact-sm" : "sm"}
        leftSection={compact ? undefined : <IconBan size={16} aria-hidden />}
        onClick={open}
      >
        {t("revoke.open")}
        {compact && <span className="st-visually-hidden"> {personName(grant.requester, t)}</span>}
      </Button>
      {opened && <Confirm grant={grant} onClose={close} />}
    </>
  );
}
