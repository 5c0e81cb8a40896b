import { Button, Group } from "@mantine/core";
import { ApiError } from "@sealtape/api-client";
import { CopyId, EmptyState, PageHeader } from "@sealtape/ui";
import { IconKey, IconLock } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { grantOfSessionQuery, requestsQuery } from "../../api/access";
import { meQuery } from "../../api/queries";
import { rolesWith } from "../../api/role-table";
import { useCan } from "../../components/access";
import { AskForSession } from "../../components/ask/AskForSession";
import { roleList } from "../../components/grant-words";
import { useSpeech } from "../../i18n/context";
import { ExportAction } from "./export/ExportAction";

/** How often the page looks whether a request was approved. */
const LOOK_MS = 3000;

/** Whether a session is the tenant's and not open to the reader: something to ask for. */
export const isAccessRequired = (error: unknown): boolean =>
  error instanceof ApiError && error.code === "access-required";

/** Opens the session by itself once one of the reader's waiting requests was approved. */
function Waiting({ sessionId, count, onOpen }: AccessRequiredProps & { readonly count: number }) {
  const { t, tn } = useSpeech();
  const { data: me } = useSuspenseQuery(meQuery());
  const grant = useQuery({ ...grantOfSessionQuery(sessionId, me.id), refetchInterval: LOOK_MS });
  const granted = grant.data !== undefined && grant.data !== null;
  useEffect(() => {
    if (granted) onOpen();
    // Once: opening is asked for again by whoever stays.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [granted]);
  return (
    <p role="status">
      {tn("refused.waiting", count)}{" "}
      <Link to="/access/requests" search={{ view: "mine" }}>
        {t("refused.mine")}
      </Link>
    </p>
  );
}

interface AccessRequiredProps {
  readonly sessionId: string;
  /** Tries to open it again. */
  readonly onOpen: () => void;
}

/** A session that the reader's roles do not open: says so, tells nothing of it, and offers to ask. */
export function AccessRequired({ sessionId, onOpen }: AccessRequiredProps) {
  const { t, language } = useSpeech();
  const can = useCan();
  const { data: me } = useSuspenseQuery(meQuery());
  const [asking, setAsking] = useState(false);
  const may = can("grant.request");
  const pending = useQuery({ ...requestsQuery({ state: "pending", member: me.id }), enabled: may });
  const waiting = pending.data?.items.length ?? 0;
  return (
    <>
      <PageHeader title={t("session.title")} description={<CopyId value={sessionId} label={t("session.id")} />} />
      <div className="st-panel">
        <EmptyState
          icon={IconLock}
          title={t("refused.title")}
          action={
            <Group justify="center">
              {may && (
                <Button leftSection={<IconKey size={16} aria-hidden />} onClick={() => setAsking(true)}>
                  {t("ask.open")}
                </Button>
              )}
              <ExportAction sessionId={sessionId} live={false} asks={false} />
              {can("break-glass.use") && (
                <Link to="/access/break-glass" search={{ open: sessionId }}>
                  {t("glass.open")}
                </Link>
              )}
            </Group>
          }
        >
          <p>{t("refused.text", { roles: roleList(rolesWith("grant.review"), t, language) })}</p>
          {!may && <p>{t("refused.may-not-ask")}</p>}
          {waiting > 0 && <Waiting sessionId={sessionId} count={waiting} onOpen={onOpen} />}
        </EmptyState>
      </div>
      {asking && <AskForSession sessionId={sessionId} onClose={() => setAsking(false)} />}
    </>
  );
}
