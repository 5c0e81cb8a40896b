import { PageHeader } from "@sealtape/ui";
import { IconCheck } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { meQuery } from "../../../api/queries";
import { ACTIONS, ROLES, rolesWith } from "../../../api/role-table";
import { Page } from "../../../app/Page";
import { roleWord } from "../../../app/roles";
import { Needs } from "../../../components/access";
import { useSpeech } from "../../../i18n/context";
import classes from "./roles.module.css";

/** The actions of one resource: `session.list` and `session.view` belong together. */
function groups(): readonly (readonly [string, readonly string[]])[] {
  const all = new Map<string, string[]>();
  for (const action of ACTIONS) {
    const resource = action.split(".")[0] ?? action;
    all.set(resource, [...(all.get(resource) ?? []), action]);
  }
  return [...all];
}

function Matrix() {
  const { t } = useSpeech();
  const { data: me } = useSuspenseQuery(meQuery());
  const own = new Set<string>(me.roles);
  return (
    // The table is wider than small screens: the region takes the focus, to be scrolled by keys.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={`st-panel ${classes.scroll ?? ""}`} tabIndex={0} role="group" aria-label={t("menu.roles")}>
      <table className={classes.matrix}>
        <thead>
          <tr>
            <th scope="col">{t("roles.action")}</th>
            {ROLES.map((role) => (
              <th key={role} scope="col" data-own={own.has(role) ? true : undefined}>
                {roleWord(role, t)}
                {own.has(role) && <span className="st-visually-hidden"> ({t("roles.own")})</span>}
              </th>
            ))}
          </tr>
        </thead>
        {groups().map(([resource, actions]) => (
          <tbody key={resource}>
            {actions.map((action) => {
              const allowed = new Set<string>(rolesWith(action));
              return (
                <tr key={action}>
                  <th scope="row">{action}</th>
                  {ROLES.map((role) => (
                    <td key={role} data-own={own.has(role) ? true : undefined}>
                      {allowed.has(role) ? (
                        <IconCheck size={16} role="img" aria-label={t("yes")} className={classes.yes} />
                      ) : (
                        <span className={classes.no}>
                          <span aria-hidden>·</span>
                          <span className="st-visually-hidden">{t("no")}</span>
                        </span>
                      )}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        ))}
      </table>
    </div>
  );
}

/** Which built-in role allows what. */
export function RolesPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.roles")}>
      <Needs action="role.list">
        <PageHeader title={t("menu.roles")} description={t("roles.text")} />
        <Matrix />
      </Needs>
    </Page>
  );
}
