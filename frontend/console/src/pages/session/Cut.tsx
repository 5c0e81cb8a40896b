import { Button, Group } from "@mantine/core";
import { CopyId, EmptyState, PageHeader } from "@sealtape/ui";
import { IconKey, IconPlayerStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { requestQuery } from "../../api/access";
import { useCan } from "../../components/access";
import { AskForSession } from "../../components/ask/AskForSession";
import { endWords } from "../../components/grant-words";
import { useSpeech } from "../../i18n/context";
import type { CutReason } from "./useStanding";

interface CutProps {
  readonly sessionId: string;
  readonly cut: CutReason;
  /** Tries to open it again. */
  readonly onRetry: () => void;
}

/** Who ended it or what, as the grant says by now. */
function Why({ cut }: { readonly cut: CutReason }) {
  const { t } = useSpeech();
  const { grantId } = cut;
  const grant = useQuery({ ...requestQuery(grantId ?? ""), enabled: grantId !== undefined });
  if (grantId === undefined) return <p>{t("cut.rights")}</p>;
  const ended = grant.data === undefined ? undefined : endWords(grant.data, t);
  return <p>{ended ?? t("cut.grant")}</p>;
}

/** Stands where the picture was: it was cut, why, and what to do. Nothing of the recording is left on the page. */
export function Cut({ sessionId, cut, onRetry }: CutProps) {
  const { t } = useSpeech();
  const can = useCan();
  const [asking, setAsking] = useState(false);
  const refused = cut.refusal !== undefined;
  const again =
    refused && can("grant.request") ? (
      <Button leftSection={<IconKey size={16} aria-hidden />} onClick={() => setAsking(true)}>
        {t("ask.again")}
      </Button>
    ) : (
      <Button variant="default" onClick={onRetry}>
        {t("error.retry")}
      </Button>
    );
  return (
    <>
      <PageHeader title={t("session.title")} description={<CopyId value={sessionId} label={t("session.id")} />} />
      <div className="st-panel" role="alert">
        <EmptyState
          icon={IconPlayerStop}
          title={refused ? t("cut.title") : t("cut.silent.title")}
          action={
            <Group justify="center">
              {again}
              {cut.grantId !== undefined && (
                <Link to="/access/requests/$requestId" params={{ requestId: cut.grantId }}>
                  {t("cut.request")}
                </Link>
              )}
            </Group>
          }
        >
          {refused ? <Why cut={cut} /> : <p>{t("cut.silent.text")}</p>}
          {refused && <p>{t("cut.next")}</p>}
        </EmptyState>
      </div>
      {asking && <AskForSession sessionId={sessionId} onClose={() => setAsking(false)} />}
    </>
  );
}
