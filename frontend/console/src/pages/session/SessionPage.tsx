import { Skeleton } from "@mantine/core";
import type { SessionDetail } from "@sealtape/api-client";
import { CopyId, EmptyState, PageHeader, RelativeTime, SealSign } from "@sealtape/ui";
import { IconChevronLeft, IconEraser } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { deploymentQuery, sessionQuery } from "../../api/queries";
import { Page } from "../../app/Page";
import { Needs } from "../../components/access";
import { SessionState } from "../../components/badges";
import { Problem } from "../../components/Problem";
import { sessionTitle } from "../../components/session-words";
import { useSpeech } from "../../i18n/context";
import { Details } from "./Details";
import classes from "./session.module.css";
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

function Loaded() {
  const { sessionId } = route.useParams();
  const session = useQuery(sessionQuery(sessionId));
  const deployment = useQuery(deploymentQuery());
  if (session.isError) return <Problem order={1} error={session.error} onRetry={() => void session.refetch()} />;
  if (deployment.isError)
    return <Problem order={1} error={deployment.error} onRetry={() => void deployment.refetch()} />;
  if (session.isPending || deployment.isPending) {
    return (
      <div className={classes.loading} role="status" aria-busy>
        <Skeleton height={28} width={280} />
        <Skeleton height={480} />
      </div>
    );
  }
  return (
    <>
      <Head session={session.data} />
      {session.data.state === "erased" ? (
        <Erased session={session.data} />
      ) : (
        <Watch key={sessionId} session={session.data} replayOrigin={deployment.data.replay_origin} />
      )}
    </>
  );
}

/** One session: watch it, read it, know what holds it. */
export function SessionPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("session.title")}>
      <Needs action="session.view">
        <Loaded />
      </Needs>
    </Page>
  );
}
