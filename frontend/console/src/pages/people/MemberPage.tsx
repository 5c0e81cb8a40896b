import { Button, Skeleton } from "@mantine/core";
import type { Member } from "@sealtape/api-client";
import { CopyId, exactTime, PageHeader } from "@sealtape/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { memberQuery } from "../../api/people";
import { Page } from "../../app/Page";
import { Needs, useCan } from "../../components/access";
import { BackLink } from "../../components/BackLink";
import { Problem } from "../../components/Problem";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n/context";
import { MemberAccess } from "./MemberAccess";
import { MemberFactors } from "./MemberFactors";
import { MemberRoles } from "./MemberRoles";
import { MemberState } from "./MembersPage";
import classes from "./people.module.css";

const route = getRouteApi("/app/access/members/$memberId");

function Body({ member }: { readonly member: Member }) {
  const { t, language } = useSpeech();
  const can = useCan();
  return (
    <div className={classes.page}>
      <PageHeader
        title={member.name ?? t("member.erased")}
        back={<BackLink to="/access/members">{t("menu.members")}</BackLink>}
        actions={
          <Button
            variant="default"
            renderRoot={(props: object) => <Link to="/access/permissions" search={{ member: member.id }} {...props} />}
          >
            {t("permissions.title")}
          </Button>
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
      <Section id="roles" title={t("member.roles")} text={t("member.roles.text")}>
        <MemberRoles member={member} />
      </Section>
      <Section id="factors" title={t("member.factors")}>
        <MemberFactors member={member} />
      </Section>
      <Section id="access" title={t("member.access")}>
        <MemberAccess member={member} />
      </Section>
      {can("audit.read") && (
        <Section id="log" title={t("menu.audit")}>
          <p className={classes.line}>
            <Link to="/audit/events" search={{ actor: member.id, act: "session.view" }}>
              {t("member.watched")}
            </Link>
            <Link to="/audit/events" search={{ actor: member.id }}>
              {t("member.done")}
            </Link>
          </p>
        </Section>
      )}
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
