import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { SignIn } from "@sealtape/api-client";
import { type Column, DataTable, RelativeTime, StateBadge } from "@sealtape/ui";
import { IconDeviceLaptop } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { endSignIn, signInsQuery } from "../../api/account";
import { ListPanel } from "../../components/ListPanel";
import { problemLine } from "../../components/Problem";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n/context";
import classes from "./security.module.css";

function End({ signIn }: { readonly signIn: SignIn }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const end = useMutation({
    mutationFn: () => endSignIn(signIn.id),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["account", "sign-ins"] }),
    onError: (error) => {
      notifications.show({ color: "danger", message: problemLine(error, t) });
    },
  });
  // One's own is ended by signing out, which also clears this browser.
  if (signIn.this) return null;
  return (
    <Button variant="subtle" color="danger" size="compact-sm" loading={end.isPending} onClick={() => end.mutate()}>
      {t("sign-ins.end")}
      <span className="st-visually-hidden">
        {" "}
        {signIn.browser} {signIn.network}
      </span>
    </Button>
  );
}

/** Where the reader is signed in, and the way to end it there. */
export function SignIns() {
  const { t } = useSpeech();
  const signIns = useQuery(signInsQuery());
  const columns: readonly Column<SignIn>[] = [
    {
      id: "browser",
      header: t("sign-ins.browser"),
      grow: true,
      cell: (signIn) => (
        <span className={classes.browser}>
          <strong>{signIn.browser ?? t("sign-ins.unknown")}</strong>
          {signIn.this && (
            <StateBadge tone="active" icon={IconDeviceLaptop}>
              {t("sign-ins.this")}
            </StateBadge>
          )}
        </span>
      ),
    },
    {
      id: "network",
      header: t("sign-ins.network"),
      cell: (signIn) => <span className="st-mono">{signIn.network}</span>,
    },
    { id: "since", header: t("sign-ins.since"), cell: (signIn) => <RelativeTime at={signIn.created_at} /> },
    { id: "used", header: t("sign-ins.used"), cell: (signIn) => <RelativeTime at={signIn.last_used_at} /> },
    { id: "acts", header: t("column.acts"), cell: (signIn) => <End signIn={signIn} /> },
  ];
  return (
    <Section id="sign-ins" title={t("sign-ins.title")} text={t("sign-ins.text")}>
      <ListPanel query={signIns} rows={signIns.data?.items} expected={2} empty={null}>
        {(items) => (
          <DataTable label={t("sign-ins.title")} columns={columns} rows={items} rowId={(signIn) => signIn.id} />
        )}
      </ListPanel>
    </Section>
  );
}
