import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { Project } from "@sealtape/api-client";
import { type Column, DataTable, EmptyState, PageHeader, RelativeTime, StateBadge } from "@sealtape/ui";
import { IconFolderPlus, IconPlayerStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { killSwitchQuery } from "../../api/capture";
import { projectsQuery } from "../../api/queries";
import { Page } from "../../app/Page";
import { Needs, useCan } from "../../components/access";
import { ListPanel } from "../../components/ListPanel";
import { Reason } from "../../components/Reason";
import rows from "../../components/rows.module.css";
import { useSpeech } from "../../i18n/context";
import { StopButton, StoppedNote } from "./KillSwitch";
import { ProjectCreate } from "./ProjectCreate";
import classes from "./projects.module.css";

function useColumns(): readonly Column<Project>[] {
  const { t, language } = useSpeech();
  const numbers = new Intl.NumberFormat(language);
  return [
    {
      id: "name",
      header: t("column.project"),
      grow: true,
      cell: (project) => (
        <span className={classes.name}>
          <Link to="/projects/$projectId" params={{ projectId: project.id }} className={rows.rowLink} data-row-link>
            <span className={rows.rowTitle}>{project.name}</span>
          </Link>
          {project.stopped !== null && (
            <StateBadge tone="warning" icon={IconPlayerStop}>
              {t("capture.stopped")}
            </StateBadge>
          )}
        </span>
      ),
    },
    { id: "live", header: t("column.live"), numeric: true, cell: (project) => numbers.format(project.sessions_live) },
    {
      id: "total",
      header: t("column.sessions"),
      numeric: true,
      cell: (project) => numbers.format(project.sessions_total),
    },
    { id: "created", header: t("column.created"), cell: (project) => <RelativeTime at={project.created_at} /> },
  ];
}

/** The button that creates a project; who may not is told why. */
function CreateButton({ onClick }: { readonly onClick: () => void }) {
  const { t } = useSpeech();
  if (!useCan()("project.create")) return <Reason>{t("project.create.denied")}</Reason>;
  return (
    <Button leftSection={<IconFolderPlus size={16} aria-hidden />} onClick={onClick}>
      {t("project.create")}
    </Button>
  );
}

function ProjectList() {
  const { t } = useSpeech();
  const projects = useQuery(projectsQuery());
  const everything = useQuery(killSwitchQuery());
  const [creating, creation] = useDisclosure(false);
  const columns = useColumns();
  return (
    <>
      <PageHeader
        title={t("menu.projects")}
        description={t("projects.text")}
        actions={
          <>
            <StopButton stopped={!everything.isSuccess || everything.data.stopped !== null} />
            <CreateButton onClick={creation.open} />
          </>
        }
      />
      {everything.data?.stopped != null && <StoppedNote stop={everything.data.stopped} />}
      <ListPanel
        query={projects}
        rows={projects.data?.items}
        expected={4}
        empty={
          <EmptyState icon={IconFolderPlus} title={t("projects.none.title")}>
            {t("projects.none.text")}
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable label={t("menu.projects")} columns={columns} rows={items} rowId={(project) => project.id} />
        )}
      </ListPanel>
      <ProjectCreate opened={creating} onClose={creation.close} />
    </>
  );
}

/** The tenant's projects. */
export function ProjectsPage() {
  const { t } = useSpeech();
  return (
    <Page title={t("menu.projects")}>
      <Needs action="project.list">
        <ProjectList />
      </Needs>
    </Page>
  );
}
