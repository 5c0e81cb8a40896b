import { Button } from "@mantine/core";
import type { CustomRole, MatrixRole, RoleMatrix } from "@sealtape/api-client";
import { type Column, DataTable, EmptyState, PageHeader, RelativeTime, RowsSkeleton } from "@sealtape/ui";
import { IconBan, IconCheck, IconPlus, IconUserPlus } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { byResource } from "../../../api/permissions";
import { meQuery } from "../../../api/queries";
import { roleMatrixQuery, rolesQuery } from "../../../api/roles";
import { Page } from "../../../app/Page";
import { roleWord } from "../../../app/roles";
import { Needs, useCan } from "../../../components/access";
import { useConditionWords } from "../../../components/condition/words";
import { ListPanel } from "../../../components/ListPanel";
import { Problem } from "../../../components/Problem";
import { Reason } from "../../../components/Reason";
import rows from "../../../components/rows.module.css";
import { Section } from "../../../components/Section";
import { useSpeech } from "../../../i18n/context";
import classes from "./roles.module.css";

function Cell({ role, action }: { readonly role: MatrixRole; readonly action: string }) {
  const { t } = useSpeech();
  if (role.denies.includes(action)) {
    return <IconBan size={16} role="img" aria-label={t("roles.denies")} className={classes.denies} />;
  }
  if (role.allows.includes(action)) {
    return <IconCheck size={16} role="img" aria-label={t("yes")} className={classes.yes} />;
  }
  return (
    <span className={classes.no}>
      <span aria-hidden>·</span>
      <span className="st-visually-hidden">{t("no")}</span>
    </span>
  );
}

/** What a role is called; one of the tenant's own leads to its page. */
function RoleName({ role }: { readonly role: MatrixRole }) {
  const { t } = useSpeech();
  if (role.built_in) return roleWord(role.name, t);
  return (
    <Link to="/access/roles/$roleId" params={{ roleId: role.role }} className={classes.own}>
      {role.name}
    </Link>
  );
}

function Matrix({ matrix }: { readonly matrix: RoleMatrix }) {
  const { t } = useSpeech();
  const { data: me } = useSuspenseQuery(meQuery());
  const own = new Set<string>(me.roles);
  const marked = (role: MatrixRole): true | undefined => (own.has(role.role) || own.has(role.name) ? true : undefined);
  return (
    // The table is wider than small screens: the region takes the focus, to be scrolled by keys.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={`st-panel ${classes.scroll ?? ""}`} tabIndex={0} role="group" aria-label={t("menu.roles")}>
      <table className={classes.matrix}>
        <thead>
          <tr>
            <th scope="col">{t("roles.action")}</th>
            {matrix.roles.map((role) => (
              <th key={role.role} scope="col" data-own={marked(role)}>
                <RoleName role={role} />
                {marked(role) && <span className="st-visually-hidden"> ({t("roles.own")})</span>}
              </th>
            ))}
          </tr>
        </thead>
        {byResource(matrix.actions.map(({ action }) => action)).map(([resource, actions]) => (
          <tbody key={resource}>
            {actions.map((action) => (
              <tr key={action}>
                <th scope="row">{action}</th>
                {matrix.roles.map((role) => (
                  <td key={role.role} data-own={marked(role)}>
                    <Cell role={role} action={action} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

/** Who has a role is held back: how many do, and for which sessions. */
function Held({ matrix }: { readonly matrix: RoleMatrix }) {
  const { t, tn } = useSpeech();
  const words = useConditionWords();
  return (
    <Section id="held" title={t("roles.held")}>
      <dl className={`st-panel ${classes.held ?? ""}`}>
        {matrix.roles.map((role) => (
          <div key={role.role}>
            <dt>
              <RoleName role={role} />
              {role.masked && <span className={classes.note}> · {t("permissions.masked")}</span>}
              {!role.sound && <strong className={classes.denies}> · {t("roles.unsound")}</strong>}
            </dt>
            {role.held.length === 0 && <dd>{t("roles.held.nobody")}</dd>}
            {role.held.map(({ condition, members }) => (
              <dd key={JSON.stringify(condition)}>
                {tn("roles.members", members)} · {words(condition)}
              </dd>
            ))}
          </div>
        ))}
      </dl>
    </Section>
  );
}

/** The way to a new role; who may not make one is told why. */
function Make() {
  const { t } = useSpeech();
  if (!useCan()("role.manage")) return <Reason>{t("own-role.denied")}</Reason>;
  return (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      renderRoot={(props: object) => <Link to="/access/roles/new" {...props} />}
    >
      {t("own-role.make")}
    </Button>
  );
}

function useColumns(): readonly Column<CustomRole>[] {
  const { t, tn } = useSpeech();
  return [
    {
      id: "name",
      header: t("own-role.name"),
      grow: true,
      cell: (role) => (
        <Link
          to="/access/roles/$roleId"
          params={{ roleId: role.id }}
          className={rows.rowLink}
          data-row-link
          preload={false}
        >
          <span className={rows.rowTitle}>{role.name}</span>
          {!role.sound && <span className={classes.denies}>{t("roles.unsound")}</span>}
        </Link>
      ),
    },
    {
      id: "says",
      header: t("own-role.actions"),
      cell: ({ actions, denies }) =>
        [
          ...(actions.length === 0 ? [] : [tn("own-roles.allows", actions.length)]),
          ...(denies.length === 0 ? [] : [tn("own-roles.denies", denies.length)]),
        ].join(" · "),
    },
    { id: "text", header: t("own-role.unmasked"), cell: ({ unmasked }) => (unmasked ? t("yes") : t("no")) },
    { id: "changed", header: t("own-role.changed"), cell: (role) => <RelativeTime at={role.changed_at} /> },
  ];
}

/** The roles that the tenant made. */
function OwnRoles() {
  const { t } = useSpeech();
  const roles = useQuery(rolesQuery());
  const columns = useColumns();
  return (
    <Section id="own-roles" title={t("own-roles")} text={t("own-roles.text")}>
      <ListPanel
        query={roles}
        rows={roles.data}
        expected={2}
        empty={
          <EmptyState icon={IconUserPlus} title={t("own-roles.none.title")} action={<Make />}>
            {t("own-roles.none.text")}
          </EmptyState>
        }
      >
        {(items) => <DataTable label={t("own-roles")} columns={columns} rows={items} rowId={(role) => role.id} />}
      </ListPanel>
    </Section>
  );
}

function Roles() {
  const { t } = useSpeech();
  const matrix = useQuery(roleMatrixQuery());
  return (
    <>
      <PageHeader title={t("menu.roles")} description={t("roles.text")} actions={<Make />} />
      {matrix.isPending && <RowsSkeleton rows={12} />}
      {matrix.isError && <Problem error={matrix.error} onRetry={() => void matrix.refetch()} />}
      {matrix.isSuccess && (
        <>
          <Matrix matrix={matrix.data} />
          <OwnRoles />
          <Held matrix={matrix.data} />
        </>
      )}
    </>
  );
}

/** Which role allows what, and for which sessions it is held. */
export function RolesPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.roles")}>
      <Needs action="role.list">
        <Roles />
      </Needs>
    </Page>
  );
}
