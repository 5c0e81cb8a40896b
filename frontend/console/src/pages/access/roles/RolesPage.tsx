import { Title } from "@mantine/core";
import type { MatrixRole, RoleMatrix } from "@sealtape/api-client";
import { PageHeader, RowsSkeleton } from "@sealtape/ui";
import { IconBan, IconCheck } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { meQuery } from "../../../api/queries";
import { roleMatrixQuery } from "../../../api/roles";
import { Page } from "../../../app/Page";
import { roleWord } from "../../../app/roles";
import { Needs } from "../../../components/access";
import { useConditionWords } from "../../../components/condition-words";
import { Problem } from "../../../components/Problem";
import { useSpeech } from "../../../i18n/context";
import classes from "./roles.module.css";

/** The actions of one resource: `session.list` and `session.view` belong together. */
function groups({ actions }: RoleMatrix): readonly (readonly [string, readonly string[]])[] {
  const all = new Map<string, string[]>();
  for (const { action } of actions) {
    const resource = action.split(".")[0] ?? action;
    all.set(resource, [...(all.get(resource) ?? []), action]);
  }
  return [...all];
}

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
                {roleWord(role.name, t)}
                {marked(role) && <span className="st-visually-hidden"> ({t("roles.own")})</span>}
              </th>
            ))}
          </tr>
        </thead>
        {groups(matrix).map(([resource, actions]) => (
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
    <section className={classes.held} aria-labelledby="held">
      <Title order={2} id="held">
        {t("roles.held")}
      </Title>
      <dl className="st-panel">
        {matrix.roles.map((role) => (
          <div key={role.role}>
            <dt>
              {roleWord(role.name, t)}
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
    </section>
  );
}

function Roles() {
  const { t } = useSpeech();
  const matrix = useQuery(roleMatrixQuery());
  return (
    <>
      <PageHeader title={t("menu.roles")} description={t("roles.text")} />
      {matrix.isPending && <RowsSkeleton rows={12} />}
      {matrix.isError && <Problem error={matrix.error} onRetry={() => void matrix.refetch()} />}
      {matrix.isSuccess && (
        <>
          <Matrix matrix={matrix.data} />
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
