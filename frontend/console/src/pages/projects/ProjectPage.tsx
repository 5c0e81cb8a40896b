import { Loader, Skeleton } from "@mantine/core";
import type { Project } from "@sealtape/api-client";
import { CopyId, PageHeader, StateBadge } from "@sealtape/ui";
import { IconCircleCheckFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { projectQuery } from "../../api/queries";
import { Page } from "../../app/Page";
import { Needs } from "../../components/access";
import { BackLink } from "../../components/BackLink";
import { Problem } from "../../components/Problem";
import { Section } from "../../components/Section";
import { InstallSnippet } from "../../components/Snippet";
import { useSpeech } from "../../i18n/context";
import { AgentKeys } from "./AgentKeys";
import { StopButton, StoppedNote } from "./KillSwitch";
import classes from "./projects.module.css";

const route = getRouteApi("/app/projects/$projectId");

/** Waits for the first session, and turns green when it is there. */
function FirstEvent({ project }: { readonly project: Project }) {
  const { t, tn } = useSpeech();
  if (project.sessions_total === 0) {
    return (
      <p className={classes.waiting} role="status">
        <Loader size={16} aria-hidden /> {t("project.waiting")}
      </p>
    );
  }
  return (
    <p className={classes.arrived} role="status">
      <StateBadge tone="success" icon={IconCircleCheckFilled}>
        {tn("project.arrived", project.sessions_total)}
      </StateBadge>
      <Link to="/sessions" search={{ project: project.id }}>
        {t("project.sessions")}
      </Link>
    </p>
  );
}

function ProjectBody({ project }: { readonly project: Project }) {
  const { t } = useSpeech();
  return (
    <>
      <PageHeader
        title={project.name}
        back={<BackLink to="/projects">{t("menu.projects")}</BackLink>}
        description={<CopyId value={project.id} label={t("project.id")} />}
        actions={<StopButton project={project} stopped={project.stopped !== null} />}
      />
      {project.stopped !== null && <StoppedNote project={project} stop={project.stopped} />}
      <Section id="install" title={t("project.install")} text={t("project.install.text")}>
        <InstallSnippet projectId={project.id} />
        <FirstEvent project={project} />
      </Section>
      <AgentKeys projectId={project.id} />
    </>
  );
}

function Loaded() {
  const { projectId } = route.useParams();
  const project = useQuery(projectQuery(projectId));
  if (project.isPending) return <Skeleton height={240} />;
  if (project.isError) return <Problem order={1} error={project.error} onRetry={() => void project.refetch()} />;
  return <ProjectBody project={project.data} />;
}

/** One project: how to install the agent, and its keys. */
export function ProjectPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.projects")}>
      <Needs action="project.list">
        <Loaded />
      </Needs>
    </Page>
  );
}
