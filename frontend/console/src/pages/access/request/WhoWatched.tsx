import { Title } from "@mantine/core";
import type { Grant } from "@sealtape/api-client";
import { CopyId, RelativeTime, RowsSkeleton } from "@sealtape/ui";
import { useQueries } from "@tanstack/react-query";
import { viewersQuery } from "../../../api/queries";
import { Problem } from "../../../components/Problem";
import { personName } from "../../../components/grant-words";
import { useSpeech } from "../../../i18n/context";
import classes from "../access.module.css";

/** The first viewing and the mark on the grant are one act, and may be a moment apart. */
const SAME_ACT_MS = 5_000;

/** What the holder watched while the grant held, newest first. */
export function WhoWatched({ grant, since }: { readonly grant: Grant; readonly since: string }) {
  const { t } = useSpeech();
  const from = Date.parse(since);
  const until = Date.parse(grant.ended_at ?? grant.expires_at ?? "");
  const answers = useQueries({ queries: grant.named.map(({ id }) => viewersQuery(id)) });
  const failed = answers.find(({ isError }) => isError);
  const viewings = answers
    .flatMap(({ data }, index) =>
      (data?.items ?? []).map((view) => ({ ...view, session: grant.named[index]?.id ?? "" })),
    )
    .filter(({ viewer, at }) => {
      const time = Date.parse(at);
      return viewer.id === grant.requester.id && time >= from - SAME_ACT_MS && !(time > until);
    })
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return (
    <section className={`st-panel ${classes.section ?? ""}`} aria-labelledby="watched">
      <Title order={2} id="watched">
        {t("pane.viewers")}
      </Title>
      {failed !== undefined && <Problem error={failed.error} onRetry={() => void failed.refetch()} />}
      {answers.some(({ isPending }) => isPending) && <RowsSkeleton rows={2} />}
      {failed === undefined && answers.every(({ isSuccess }) => isSuccess) && viewings.length === 0 && (
        <p className={classes.dimmed}>{t("request.watched.none")}</p>
      )}
      <ul className={classes.list}>
        {viewings.map((view) => (
          <li key={`${view.session} ${view.at}`} className={classes.listHead}>
            <span>
              <span className={classes.name}>{personName(view.viewer, t)}</span>{" "}
              <CopyId value={view.session} label={t("session.id")} short />
            </span>
            <RelativeTime at={view.at} />
          </li>
        ))}
      </ul>
    </section>
  );
}
