import { Button } from "@mantine/core";
import type { Member } from "@sealtape/api-client";
import { type Column, DataTable, PageHeader, RelativeTime, StateBadge } from "@sealtape/ui";
import { IconCircleCheck, IconUserOff, IconUserPlus } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { membersQuery } from "../../api/people";
import { meQuery } from "../../api/queries";
import { Page } from "../../app/Page";
import { roleWord } from "../../app/roles";
import { Needs, useCan } from "../../components/access";
import { ListPanel } from "../../components/ListPanel";
import { Pager } from "../../components/Pager";
import { Reason } from "../../components/Reason";
import rows from "../../components/rows.module.css";
import { useSpeech } from "../../i18n/context";

const route = getRouteApi("/app/access/members");

/** Whether a member may sign in. */
export function MemberState({ active }: { readonly active: boolean }) {
  const { t } = useSpeech();
  return active ? (
    <StateBadge tone="success" icon={IconCircleCheck}>
      {t("member.active")}
    </StateBadge>
  ) : (
    <StateBadge tone="warning" icon={IconUserOff}>
      {t("member.disabled")}
    </StateBadge>
  );
}

function useColumns(): readonly Column<Member>[] {
  const { t } = useSpeech();
  const { data: me } = useSuspenseQuery(meQuery());
  return [
    {
      id: "name",
      header: t("member.name"),
      grow: true,
      cell: (member) => (
        <Link
          to="/access/members/$memberId"
          params={{ memberId: member.id }}
          className={rows.rowLink}
          data-row-link
          preload={false}
        >
          <span className={rows.rowTitle}>{member.name ?? t("member.erased")}</span>
          <span className={rows.rowMore}>{member.id === me.id ? t("member.you") : member.email}</span>
        </Link>
      ),
    },
    {
      id: "roles",
      header: t("member.roles"),
      cell: (member) => [...member.roles.map((role) => roleWord(role, t)), ...member.own_roles].join(", ") || t("none"),
    },
    { id: "state", header: t("column.state"), cell: (member) => <MemberState active={member.active} /> },
    { id: "since", header: t("member.since"), cell: (member) => <RelativeTime at={member.created_at} /> },
  ];
}

function MemberList() {
  const { t } = useSpeech();
  const { cursor } = route.useSearch();
  const navigate = route.useNavigate();
  const members = useQuery(membersQuery(cursor));
  const columns = useColumns();
  return (
    <>
      <ListPanel query={members} rows={members.data?.items} expected={5} empty={null}>
        {(items) => (
          <DataTable label={t("menu.members")} columns={columns} rows={items} rowId={(member) => member.id} />
        )}
      </ListPanel>
      <Pager
        cursor={cursor}
        next={members.data?.next_cursor ?? null}
        go={(next) => void navigate({ search: { cursor: next } })}
      />
    </>
  );
}

function Invite() {
  const { t } = useSpeech();
  if (!useCan()("member.invite")) return <Reason>{t("invitations.denied")}</Reason>;
  return (
    <Button
      leftSection={<IconUserPlus size={16} aria-hidden />}
      renderRoot={(props: object) => <Link to="/access/invitations" search={{ new: true }} {...props} />}
    >
      {t("invitations.new")}
    </Button>
  );
}

/** Who is a member of the tenant. */
export function MembersPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.members")}>
      <Needs action="member.list">
        <PageHeader title={t("menu.members")} description={t("members.text")} actions={<Invite />} />
        <MemberList />
      </Needs>
    </Page>
  );
}
