import { Skeleton } from "@mantine/core";
import type { SessionDetail } from "@sealtape/api-client";
import { CopyId, EmptyState, PageHeader, RelativeTime, SealSign } from "@sealtape/ui";
import { IconChevronLeft, IconEraser } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { deploymentQuery, sessionQuery } from "../../api/queries";
import { Page } from "../../app/Page";
import { Needs } from "../../components/access";
import { SessionState } from "../../components/badges";
import { Problem } from "../../components/Problem";
import { sessionTitle } from "../../components/session-words";
import { useSpeech } from "../../i18n/context";
import { AccessRequired, isAccessRequired } from "./AccessRequired";
import { Cut } from "./Cut";
import { Details } from "./Details";
import { ExportAction } from "./export/ExportAction";
import classes from "./session.module.css";
import { type CutReason, useStanding } from "./useStanding";
import { Watch } from "./Watch";

const route = getRouteApi("/app/sessions/$sessionId");

function Head({ session }: { readonly session: SessionDetail }) {
  const { t } = useSpeech();
  const navigate = route.useNavigate();
  const openEvidence = (): void =>
    void navigate({ search: (previous) => ({ ...previous, pane: "details" }), replace: true });
  const sealed = session.manifest !== null;
  return (
    <PageHeader
      title={sessionTitle(session, t)}
      actions={
        session.state !== "erased" && <ExportAction sessionId={session.id} live={session.state === "live"} asks />
      }
      back={
        <Link to="/sessions" className={classes.back}>
          <IconChevronLeft size={14} aria-hidden /> {t("menu.sessions")}
        </Link>
      }
      description={
        <span className={classes.facts}>
          <SessionState state={session.state} />
          <SealSign
            state={sealed ? "sealed" : "open"}
            label={sealed ? t("seal.sealed") : t("seal.open")}
            onOpen={openEvidence}
          />
          <span>
            {session.project.name} · <RelativeTime at={session.started_at} />
          </span>
          <CopyId value={session.id} label={t("session.id")} short />
        </span>
      }
    />
  );
}

function Erased({ session }: { readonly session: SessionDetail }) {
  const { t } = useSpeech();
  return (
    <>
      <div className="st-panel">
        <EmptyState icon={IconEraser} title={t("session.erased.title")}>
          {t("session.erased.text")}
        </EmptyState>
      </div>
      <div className={`st-panel ${classes.alone ?? ""}`}>
        <Details session={session} />
      </div>
    </>
  );
}

interface OpenedProps {
  readonly session: SessionDetail;
  readonly onCut: (reason: CutReason) => void;
}

function Opened({ session, onCut }: OpenedProps) {
  const deployment = useQuery(deploymentQuery());
  const grant = useStanding(session.id, onCut);
  if (deployment.isError)
    return <Problem order={1} error={deployment.error} onRetry={() => void deployment.refetch()} />;
  if (deployment.isPending) return <Opening />;
  return (
    <>
      <Head session={session} />
      {session.state === "erased" ? (
        <Erased session={session} />
      ) : (
        <Watch session={session} grant={grant} replayOrigin={deployment.data.replay_origin} />
      )}
    </>
  );
}

function Opening() {
  return (
    <div className={classes.loading} role="status" aria-busy>
      <Skeleton height={28} width={280} />
      <Skeleton height={480} />
    </div>
  );
}

function Loaded({ sessionId }: { readonly sessionId: string }) {
  const cache = useQueryClient();
  const [cut, setCut] = useState<CutReason>();
  const session = useQuery({ ...sessionQuery(sessionId), enabled: cut === undefined });
  const onCut = useCallback(
    (reason: CutReason) => {
      const { refusal } = reason;
      // Nothing of it stays, in the page or in memory. Why a session is gone altogether is for its own question to say.
      if (refusal === undefined || isAccessRequired(refusal)) setCut(reason);
      for (const part of ["one", "manifest", "viewers", "exports", "still-open"]) {
        cache.removeQueries({ queryKey: ["sessions", part, sessionId] });
      }
    },
    [cache, sessionId],
  );
  if (cut !== undefined) return <Cut sessionId={sessionId} cut={cut} onRetry={() => setCut(undefined)} />;
  if (session.data !== undefined) return <Opened session={session.data} onCut={onCut} />;
  if (session.isError) {
    return isAccessRequired(session.error) ? (
      <AccessRequired sessionId={sessionId} onOpen={() => void session.refetch()} />
    ) : (
      <Problem order={1} error={session.error} onRetry={() => void session.refetch()} />
    );
  }
  return <Opening />;
}

/** Another session starts anew: nothing of one is kept for the next. */
function Chosen() {
  const { sessionId } = route.useParams();
  return <Loaded key={sessionId} sessionId={sessionId} />;
}

/** One session: watch it, read it, know what holds it. */
export function SessionPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("session.title")}>
      <Needs action="session.view">
        <Chosen />
      </Needs>
    </Page>
  );
}
