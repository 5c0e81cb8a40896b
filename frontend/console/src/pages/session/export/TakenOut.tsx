import { Title } from "@mantine/core";
import type { Export } from "@sealtape/api-client";
import { RelativeTime, RowsSkeleton } from "@sealtape/ui";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { exportsQuery } from "../../../api/exports";
import { meQuery } from "../../../api/queries";
import { personName } from "../../../components/grant-words";
import { Pager } from "../../../components/Pager";
import { Problem } from "../../../components/Problem";
import { Remaining } from "../../../components/Remaining";
import { useSpeech } from "../../../i18n/context";
import details from "../details.module.css";
import { BundleDownload } from "./BundleDownload";
import { useDownload } from "./useDownload";

/** One's own export, while its time lasts. */
function Again({ exported }: { readonly exported: Export }) {
  return <BundleDownload download={useDownload(exported)} size="compact-sm" variant="default" />;
}

function Taken({ exported, own }: { readonly exported: Export; readonly own: boolean }) {
  const { t, tn } = useSpeech();
  const { purpose, taken_by: by, created_at: at, expires_at: until, downloads, last_download_at: last } = exported;
  const over = Date.parse(until) <= Date.now();
  return (
    <li>
      <span className={details.viewer}>{personName(by, t)}</span>
      <RelativeTime at={at} />
      <span className={details.viewed}>
        {t(`purpose.${purpose}`)} · {tn("taken.downloads", downloads)}
        {last !== null && (
          <>
            , {t("taken.last")} <RelativeTime at={last} />
          </>
        )}
        {" · "}
        {over ? (
          t("taken.over")
        ) : (
          <>
            {t("taken.open")} <Remaining until={until} />
          </>
        )}
      </span>
      {own && !over && <Again exported={exported} />}
    </li>
  );
}

function Rows({ sessionId }: { readonly sessionId: string }) {
  const { t } = useSpeech();
  const { data: me } = useSuspenseQuery(meQuery());
  const [cursor, setCursor] = useState<string>();
  const list = useQuery(exportsQuery(sessionId, cursor));
  if (list.isError) return <Problem error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isPending) return <RowsSkeleton rows={2} />;
  const { items, next_cursor: next } = list.data;
  if (items.length === 0 && cursor === undefined) return <p className={details.nothing}>{t("taken.none")}</p>;
  return (
    <>
      <ol className={details.views} aria-labelledby="taken-out">
        {items.map((exported) => (
          <Taken key={exported.id} exported={exported} own={exported.taken_by.id === me.id} />
        ))}
      </ol>
      <Pager cursor={cursor} next={next} go={setCursor} />
    </>
  );
}

/** Who took this session out, what for, and how often the file was downloaded. */
export function TakenOut({ sessionId }: { readonly sessionId: string }) {
  const { t } = useSpeech();
  return (
    <section aria-labelledby="taken-out">
      <Title order={2} size="h3" id="taken-out">
        {t("taken.title")}
      </Title>
      <Rows sessionId={sessionId} />
    </section>
  );
}
