import { IconPlayerStop } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { killSwitchQuery } from "../api/capture";
import { permissionsQuery } from "../api/queries";
import { Ago } from "../components/Ago";
import { useSpeech } from "../i18n/context";
import classes from "./app.module.css";

/** Says on every page that nothing is captured anywhere, and since when. */
export function StoppedBanner() {
  const { t } = useSpeech();
  const { data: permissions } = useSuspenseQuery(permissionsQuery());
  const { data } = useQuery({ ...killSwitchQuery(), enabled: permissions.has("project.list") });
  if (data?.stopped == null) return null;
  return (
    <aside className={classes.solo} aria-label={t("capture.stopped.tenant")}>
      <IconPlayerStop size={16} aria-hidden />
      <div>
        <strong>{t("capture.stopped.tenant")}</strong> · <Ago at={data.stopped.at} /> ·{" "}
        <Link to="/projects">{t("menu.projects")}</Link>
      </div>
    </aside>
  );
}
