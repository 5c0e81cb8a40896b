import { Button, Code } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { EmptyState } from "@sealtape/ui";
import { IconLock } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Action } from "../api/permissions";
import { meQuery, permissionsQuery } from "../api/queries";
import { useSpeech } from "../i18n/context";

/** Whether the member may do something. */
export function useCan(): (action: Action) => boolean {
  const { data } = useSuspenseQuery(permissionsQuery());
  return (action) => data.has(action);
}

/** Explains how to ask for what a page needs. */
export function NoPermission({ action, order = 2 }: { readonly action: Action; readonly order?: 1 | 2 }) {
  const { t } = useSpeech();
  const { data: me } = useSuspenseQuery(meQuery());
  const clipboard = useClipboard({ timeout: 1500 });
  const message = t("access.message", { action, email: me.email, address: globalThis.location.href });
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
      <p>
        {t("access.needs")} <Code>{action}</Code>. {t("access.ask", { tenant: me.tenant.name })}
      </p>
    </EmptyState>
  );
}

interface NeedsProps {
  readonly action: Action;
  /** 2 where the page has its heading already. */
  readonly order?: 1 | 2;
  readonly children: ReactNode;
}

/** Shows a page to those who may see it, and the way to ask to the others. */
export function Needs({ action, order = 1, children }: NeedsProps) {
  const can = useCan();
  return can(action) ? children : <NoPermission action={action} order={order} />;
}
