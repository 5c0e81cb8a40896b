import { Skeleton, Title } from "@mantine/core";
import type { Member } from "@sealtape/api-client";
import { CopyId, exactTime, PageHeader } from "@sealtape/ui";
import { IconChevronLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { memberQuery } from "../../api/people";
import { Page } from "../../app/Page";
import { Needs } from "../../components/access";
import { Problem } from "../../components/Problem";
import { useSpeech } from "../../i18n/context";
import { MemberAccess } from "./MemberAccess";
import { MemberRoles } from "./MemberRoles";
import { MemberState } from "./MembersPage";
import classes from "./people.module.css";

const route = getRouteApi("/app/access/members/$memberId");

function Body({ member }: { readonly member: Member }) {
  const { t, language } = useSpeech();
  return (
    <div className={classes.page}>
      <PageHeader
        title={member.name ?? t("member.erased")}
        back={
          <Link to="/access/members" className={classes.back}>
            <IconChevronLeft size={14} aria-hidden /> {t("menu.members")}
          </Link>
        }
        description={
          <span className={classes.line}>
            <MemberState active={member.active} />
            {member.email !== null && <span>{member.email}</span>}
            <span>
              {t("member.since")} {exactTime(Date.parse(member.created_at), language)}
            </span>
            <CopyId value={member.id} label={t("member.id")} short />
          </span>
        }
      />
      <section aria-labelledby="roles" className={classes.section}>
        <Title order={2} id="roles" mb="xs">
          {t("member.roles")}
        </Title>
        <p className={classes.text}>{t("member.roles.text")}</p>
        <MemberRoles member={member} />
      </section>
      <section aria-labelledby="access" className={classes.section}>
        <Title order={2} id="access" mb="xs">
          {t("member.access")}
        </Title>
        <MemberAccess member={member} />
      </section>
    </div>
  );
}

function Loaded() {
  const { memberId } = route.useParams();
  const member = useQuery(memberQuery(memberId));
  if (member.isPending) return <Skeleton height={240} />;
  if (member.isError) return <Problem order={1} error={member.error} onRetry={() => void member.refetch()} />;
  return <Body member={member.data} />;
}

/** One member: their roles, and whether they have access. */
export function MemberPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.members")}>
      <Needs action="member.list">
        <Loaded />
      </Needs>
    </Page>
  );
}
