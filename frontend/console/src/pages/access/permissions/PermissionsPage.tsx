import { SegmentedControl, Select } from "@mantine/core";
import type { Permission, RoleReason } from "@sealtape/api-client";
import { type Column, DataTable, EmptyState, PageHeader, RowsSkeleton, StateBadge } from "@sealtape/ui";
import { IconCheck, IconFilterOff, IconX } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { meQuery } from "../../../api/queries";
import { memberChoicesQuery, reasonsQuery } from "../../../api/roles";
import { Page } from "../../../app/Page";
import { roleWord } from "../../../app/roles";
import { useCan } from "../../../components/access";
import { useConditionWords } from "../../../components/condition/words";
import { Problem } from "../../../components/Problem";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";
import { SHOWN } from "../search";

const route = getRouteApi("/app/access/permissions");

function Reason({ reason, takes = false }: { readonly reason: RoleReason; readonly takes?: boolean }) {
  const { t } = useSpeech();
  const words = useConditionWords();
  return (
    <li>
      <span className={classes.name}>{roleWord(reason.name, t)}</span>
      {takes && ` ${t("permissions.takes")}`}
      {reason.condition !== null && ` · ${words(reason.condition)}`}
      {reason.masked && ` · ${t("permissions.masked")}`}
      {!reason.counts && ` · ${t("permissions.no-count")}`}
    </li>
  );
}

function Why({ permission }: { readonly permission: Permission }) {
  const { t } = useSpeech();
  const { given_by: given, taken_by: taken } = permission;
  if (given.length === 0 && taken.length === 0) return <span className={classes.dimmed}>{t("permissions.none")}</span>;
  return (
    <ul className={classes.why}>
      {given.map((reason) => (
        <Reason key={reason.binding_id} reason={reason} />
      ))}
      {taken.map((reason) => (
        <Reason key={reason.binding_id} reason={reason} takes />
      ))}
    </ul>
  );
}

function useColumns(): readonly Column<Permission>[] {
  const { t } = useSpeech();
  return [
    {
      id: "action",
      header: t("roles.action"),
      cell: (permission) => <span className="st-mono">{permission.action}</span>,
    },
    {
      id: "allowed",
      header: t("permissions.allowed"),
      cell: ({ allowed }) => (
        <StateBadge tone={allowed ? "success" : "neutral"} icon={allowed ? IconCheck : IconX}>
          {allowed ? t("yes") : t("no")}
        </StateBadge>
      ),
    },
    { id: "why", header: t("permissions.why"), grow: true, cell: (permission) => <Why permission={permission} /> },
  ];
}

/** Whose permissions are shown: anybody's for who may see members, one's own for everybody. */
function Choice() {
  const { t } = useSpeech();
  const can = useCan();
  const { data: me } = useSuspenseQuery(meQuery());
  const { member, show = "allowed" } = route.useSearch();
  const navigate = route.useNavigate();
  const members = useQuery({ ...memberChoicesQuery(), enabled: can("member.list") });
  const others = (members.data ?? []).filter(({ id }) => id !== me.id);
  return (
    <div className={classes.views}>
      {can("member.list") && (
        <Select
          aria-label={t("permissions.member")}
          searchable
          allowDeselect={false}
          nothingFoundMessage={t("palette.nothing")}
          data={[
            { value: me.id, label: t("proposal.role.you", { name: me.name }) },
            ...others.map(({ id, name, email }) => ({ value: id, label: name ?? email ?? id })),
          ]}
          value={member ?? me.id}
          onChange={(id) =>
            void navigate({ search: (old) => ({ ...old, member: id === me.id ? undefined : (id ?? undefined) }) })
          }
        />
      )}
      <SegmentedControl
        aria-label={t("permissions.show")}
        value={show}
        data={SHOWN.map((each) => ({ value: each, label: t(`permissions.show.${each}`) }))}
        onChange={(value) =>
          void navigate({
            search: (old) => ({ ...old, show: SHOWN.find((each) => each === value) }),
            replace: true,
          })
        }
      />
    </div>
  );
}

function Permissions() {
  const { t } = useSpeech();
  const { member, show = "allowed" } = route.useSearch();
  const reasons = useQuery(reasonsQuery(member));
  const columns = useColumns();
  const rows = reasons.data?.permissions.filter(({ allowed }) => show === "all" || allowed) ?? [];
  return (
    <>
      <PageHeader title={t("permissions.title")} description={t("permissions.text")} />
      <Choice />
      {reasons.data?.active === false && <p role="status">{t("permissions.inactive")}</p>}
      <div className="st-panel">
        {reasons.isPending && <RowsSkeleton rows={8} />}
        {reasons.isError && <Problem error={reasons.error} onRetry={() => void reasons.refetch()} />}
        {reasons.isSuccess && rows.length === 0 && (
          <EmptyState icon={IconFilterOff} title={t("permissions.empty.title")}>
            {t("permissions.empty.text")}
          </EmptyState>
        )}
        {rows.length > 0 && (
          <DataTable label={t("permissions.title")} columns={columns} rows={rows} rowId={({ action }) => action} />
        )}
      </div>
    </>
  );
}

/** What may this person do, and why? */
export function PermissionsPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("permissions.title")}>
      <Permissions />
    </Page>
  );
}
