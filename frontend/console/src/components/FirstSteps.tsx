import { Button, Skeleton } from "@mantine/core";
import { IconFolderPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { projectsQuery } from "../api/queries";
import { useSpeech } from "../i18n/context";
import { useCan } from "./access";
import { Problem } from "./Problem";
import { InstallSnippet } from "./Snippet";

function WithProjects() {
  const { t } = useSpeech();
  const projects = useQuery(projectsQuery());
  if (projects.isPending) return <Skeleton height={96} />;
  if (projects.isError) return <Problem error={projects.error} onRetry={() => void projects.refetch()} />;
  const project = projects.data.items[0];
  if (project === undefined) {
    return (
      <>
        <p>{t("first.no-project")}</p>
        <Button
          renderRoot={(props: object) => <Link to="/projects" {...props} />}
          leftSection={<IconFolderPlus size={16} aria-hidden />}
        >
          {t("first.create-project")}
        </Button>
      </>
    );
  }
  return (
    <>
      <p>
        {t("first.paste")}{" "}
        <Link to="/projects/$projectId" params={{ projectId: project.id }}>
          {project.name}
        </Link>
      </p>
      <InstallSnippet projectId={project.id} />
    </>
  );
}

/** What to do while nothing has been recorded yet. */
export function FirstSteps() {
  const { t } = useSpeech();
  const can = useCan();
  return can("project.list") ? <WithProjects /> : <p>{t("first.ask")}</p>;
}
