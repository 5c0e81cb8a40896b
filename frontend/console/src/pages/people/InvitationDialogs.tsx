import { Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { Invitation, InvitationLink } from "@sealtape/api-client";
import { exactTime } from "@sealtape/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { invite, withdrawInvitation } from "../../api/people";
import { roleWord } from "../../app/roles";
import { Dialog } from "../../components/Dialog";
import { DialogEnd } from "../../components/DialogEnd";
import { FormError } from "../../components/FormError";
import { CodeBlock } from "../../components/Snippet";
import { useSpeech } from "../../i18n/context";
import classes from "./people.module.css";
import { INVITABLE } from "./roles";

interface InviteDialogProps {
  readonly onClose: () => void;
  readonly onInvited: (link: InvitationLink) => void;
}

/** Names an address and the roles that its owner will have. */
export function InviteDialog({ onClose, onInvited }: InviteDialogProps) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const form = useForm<{ email: string; roles: string[] }>({
    initialValues: { email: "", roles: [] },
    validate: {
      email: (value) => (value.includes("@") ? null : t("setup.email.wrong")),
      roles: (value) => (value.length === 0 ? t("invite.roles.missing") : null),
    },
  });
  const send = useMutation({
    mutationFn: ({ email, roles }: { email: string; roles: string[] }) => invite(email.trim(), roles),
    onSuccess: async (link) => {
      await cache.invalidateQueries({ queryKey: ["invitations"] });
      onInvited(link);
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("invitations.new")}>
      <form noValidate onSubmit={form.onSubmit((values) => send.mutate(values))}>
        <Stack>
          <TextInput
            label={t("login.email")}
            type="email"
            data-autofocus
            autoComplete="off"
            {...form.getInputProps("email")}
          />
          <Checkbox.Group
            label={t("member.roles")}
            description={t("invite.roles.hint")}
            {...form.getInputProps("roles")}
          >
            <div className={classes.choices}>
              {INVITABLE.map((role) => (
                <Checkbox key={role} value={role} label={roleWord(role, t)} />
              ))}
            </div>
          </Checkbox.Group>
          <DialogEnd submit={t("invite.do")} pending={send.isPending} error={send.error} onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}

/** The link of an invitation, which is shown this once. */
export function InvitationLinkDialog({
  link,
  onClose,
}: {
  readonly link: InvitationLink;
  readonly onClose: () => void;
}) {
  const { t, language } = useSpeech();
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t("invite.link.title")}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Text>{t("invite.link.text", { until: exactTime(Date.parse(link.expires_at), language) })}</Text>
        <CodeBlock code={link.link} label={t("invite.link.label")} />
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {t("invite.link.done")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

interface WithdrawDialogProps {
  readonly invitation: Invitation;
  readonly onClose: () => void;
}

/** Withdrawing ends the link; somebody can be invited again. */
export function WithdrawDialog({ invitation, onClose }: WithdrawDialogProps) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () => withdrawInvitation(invitation.id),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["invitations"] });
      onClose();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("withdraw.title", { email: invitation.email ?? t("member.erased") })}>
      <Stack>
        <Text>{t("withdraw.text")}</Text>
        <FormError error={withdraw.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t("cancel")}
          </Button>
          <Button color="danger" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
            {t("withdraw.do")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
