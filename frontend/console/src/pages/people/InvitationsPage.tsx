import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { Invitation, InvitationLink } from "@sealtape/api-client";
import { type Column, DataTable, EmptyState, PageHeader, RelativeTime, StateBadge, useNow } from "@sealtape/ui";
import { IconClockOff, IconHourglass, IconMailPlus, IconUserPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { invitationsQuery, inviteAgain } from "../../api/people";
import { Page } from "../../app/Page";
import { roleWord } from "../../app/roles";
import { Needs } from "../../components/access";
import { ListPanel } from "../../components/ListPanel";
import { Pager } from "../../components/Pager";
import { problemLine } from "../../components/Problem";
import { useSpeech } from "../../i18n/context";
import { InvitationLinkDialog, InviteDialog, WithdrawDialog } from "./InvitationDialogs";
import classes from "./people.module.css";

const route = getRouteApi("/app/access/invitations");

/** Whether the link can still be used. */
function InvitationState({ invitation }: { readonly invitation: Invitation }) {
  const { t } = useSpeech();
  return Date.parse(invitation.expires_at) > useNow() ? (
    <StateBadge tone="active" icon={IconHourglass}>
      {t("invitation.waits")}
    </StateBadge>
  ) : (
    <StateBadge tone="warning" icon={IconClockOff}>
      {t("invitation.over")}
    </StateBadge>
  );
}

interface Acts {
  readonly again: (invitation: Invitation) => void;
  readonly withdraw: (invitation: Invitation) => void;
}

function useColumns({ again, withdraw }: Acts): readonly Column<Invitation>[] {
  const { t } = useSpeech();
  return [
    {
      id: "email",
      header: t("login.email"),
      grow: true,
      cell: (invitation) => <strong className={classes.strong}>{invitation.email ?? t("member.erased")}</strong>,
    },
    {
      id: "roles",
      header: t("member.roles"),
      cell: (invitation) => invitation.roles.map((role) => roleWord(role, t)).join(", "),
    },
    { id: "state", header: t("column.state"), cell: (invitation) => <InvitationState invitation={invitation} /> },
    { id: "sent", header: t("invitation.sent"), cell: (invitation) => <RelativeTime at={invitation.sent_at} /> },
    {
      id: "acts",
      header: t("column.acts"),
      cell: (invitation) => (
        <span className={classes.acts}>
          <Button variant="subtle" size="compact-sm" onClick={() => again(invitation)}>
            {t("invitation.again")}
            <span className="st-visually-hidden"> {invitation.email}</span>
          </Button>
          <Button variant="subtle" color="danger" size="compact-sm" onClick={() => withdraw(invitation)}>
            {t("invitation.withdraw")}
            <span className="st-visually-hidden"> {invitation.email}</span>
          </Button>
        </span>
      ),
    },
  ];
}

function InvitationList({ onLink }: { readonly onLink: (link: InvitationLink) => void }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const { cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const invitations = useQuery(invitationsQuery(cursor));
  const [withdrawing, setWithdrawing] = useState<Invitation>();
  const again = useMutation({
    mutationFn: (invitation: Invitation) => inviteAgain(invitation.id),
    onSuccess: async (link) => {
      onLink(link);
      await cache.invalidateQueries({ queryKey: ["invitations"] });
    },
    onError: (error) => {
      notifications.show({ color: "danger", message: problemLine(error, t) });
    },
  });
  const columns = useColumns({ again: again.mutate, withdraw: setWithdrawing });
  return (
    <>
      <ListPanel
        query={invitations}
        rows={invitations.data?.items}
        expected={3}
        empty={
          <EmptyState icon={IconMailPlus} title={t("invitations.none.title")}>
            {t("invitations.none.text")}
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable
            label={t("menu.invitations")}
            columns={columns}
            rows={items}
            rowId={(invitation) => invitation.id}
          />
        )}
      </ListPanel>
      <Pager
        cursor={cursor}
        next={invitations.data?.next_cursor ?? null}
        go={(next) => void navigate({ search: { cursor: next } })}
      />
      {withdrawing !== undefined && (
        <WithdrawDialog invitation={withdrawing} onClose={() => setWithdrawing(undefined)} />
      )}
    </>
  );
}

function Invitations() {
  const { t } = useSpeech();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [link, setLink] = useState<InvitationLink>();
  const close = (): void => void navigate({ search: { ...search, new: undefined } });
  return (
    <>
      <PageHeader
        title={t("menu.invitations")}
        description={t("invitations.text")}
        actions={
          <Button
            leftSection={<IconUserPlus size={16} aria-hidden />}
            onClick={() => void navigate({ search: { ...search, new: true } })}
          >
            {t("invitations.new")}
          </Button>
        }
      />
      <InvitationList onLink={setLink} />
      {search.new === true && (
        <InviteDialog
          onClose={close}
          onInvited={(invited) => {
            setLink(invited);
            close();
          }}
        />
      )}
      {link !== undefined && <InvitationLinkDialog link={link} onClose={() => setLink(undefined)} />}
    </>
  );
}

/** Invitations that wait to be accepted. */
export function InvitationsPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.invitations")}>
      <Needs action="member.invite">
        <Invitations />
      </Needs>
    </Page>
  );
}
