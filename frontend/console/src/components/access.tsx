import { Button, Code } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { EmptyState } from "@sealtape/ui";
import { IconLock } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Action } from "../api/permissions";
import { meQuery, permissionsQuery } from "../api/queries";
import { rolesWith } from "../api/role-table";
import { useSpeech } from "../i18n/context";
import classes from "./components.module.css";
import { roleList } from "./grant-words";

/** Whether the member may do something. */
export function useCan(): (action: Action) => boolean {
  const { data } = useSuspenseQuery(permissionsQuery());
  return (action) => data.has(action);
}

/** One action, or several of which any is enough. */
type Actions = Action | readonly Action[];

const listed = (action: Actions): readonly Action[] => (typeof action === "string" ? [action] : action);

interface NoPermissionProps {
  readonly action: Actions;
  readonly order?: 1 | 2;
}

/**
 * Stands where something may not be opened: which permission is missing, which roles bring it, who can give one, how to
 * ask. It says nothing of what the page would show, not even whether there is anything.
 */
export function NoPermission({ action, order = 2 }: NoPermissionProps) {
  const { t, language } = useSpeech();
  const { data: me } = useSuspenseQuery(meQuery());
  const clipboard = useClipboard({ timeout: 1500 });
  const actions = listed(action);
  const named = new Intl.ListFormat(language, { type: "disjunction" }).format(actions);
  const bringing = [...new Set(actions.flatMap((each) => rolesWith(each)))];
  const message = t("access.message", { action: named, email: me.email, address: globalThis.location.href });
  return (
    <EmptyState
      icon={IconLock}
      order={order}
      title={t("access.title")}
      action={
        <Button
          variant="default"
          onClick={() => {
            clipboard.copy(message);
          }}
        >
          {clipboard.copied ? t("copied") : t("access.copy")}
        </Button>
      }
    >
      <dl className={classes.missing}>
        <dt>{t("access.needs")}</dt>
        <dd>
          {actions.map((each, index) => (
            <span key={each}>
              {index > 0 && ` ${t("or")} `}
              <Code>{each}</Code>
            </span>
          ))}
        </dd>
        {bringing.length > 0 && (
          <>
            <dt>{t("access.roles")}</dt>
            <dd>{roleList(bringing, t, language)}</dd>
          </>
        )}
        <dt>{t("access.who")}</dt>
        <dd>{t("access.ask", { tenant: me.tenant.name, roles: roleList(rolesWith("member.manage"), t, language) })}</dd>
        <dt>{t("access.own")}</dt>
        <dd>{roleList([...me.roles, ...me.own_roles], t, language) || t("none")}</dd>
      </dl>
    </EmptyState>
  );
}

interface NeedsProps {
  readonly action: Actions;
  /** 2 where the page has its heading already. */
  readonly order?: 1 | 2;
  readonly children: ReactNode;
}

/** Shows a page to those who may see it, and the way to ask to the others. */
export function Needs({ action, order = 1, children }: NeedsProps) {
  const can = useCan();
  return listed(action).some(can) ? children : <NoPermission action={action} order={order} />;
}
