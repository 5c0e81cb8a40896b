import { Skeleton, Text } from "@mantine/core";
import { ApiError, type SessionDetail } from "@sealtape/api-client";
import { CopyId, SealSign } from "@sealtape/ui";
import { useQuery } from "@tanstack/react-query";
import { manifestQuery } from "../../api/queries";
import { useCan } from "../../components/access";
import { Problem } from "../../components/Problem";
import { useSpeech } from "../../i18n/context";
import { bytes } from "../../recording/format";
import classes from "./details.module.css";

interface SealedProps {
  readonly sessionId: string;
  /** The revision that the session's row names. */
  readonly named: number;
}

function Sealed({ sessionId, named }: SealedProps) {
  const { t, tn, language } = useSpeech();
  const manifest = useQuery(manifestQuery(sessionId));
  if (manifest.isPending) return <Skeleton height={48} />;
  if (manifest.error instanceof ApiError && manifest.error.code === "integrity-fail") {
    return (
      <div className={classes.evidence}>
        <SealSign state="broken" label={t("seal.broken", { rev: String(named) })} />
        <p className={classes.nothing}>{t("error.integrity.todo")}</p>
      </div>
    );
  }
  if (manifest.isError) return <Problem error={manifest.error} onRetry={() => void manifest.refetch()} />;
  const { rev, hash, verified, segments } = manifest.data;
  const size = segments.reduce((sum, segment) => sum + segment.ciphertext_length, 0);
  return (
    <div className={classes.evidence}>
      <SealSign
        state={verified ? "sealed" : "broken"}
        label={verified ? t("seal.verified", { rev: String(rev) }) : t("seal.broken", { rev: String(rev) })}
      />
      <p className={classes.nothing}>
        {tn("seal.covers", segments.length)} {bytes(size, language)}.
      </p>
      <CopyId value={hash} label={t("seal.hash")} />
    </div>
  );
}

/** The session's seal: what the manifest covers, and whether it holds. */
export function Evidence({ session }: { readonly session: SessionDetail }) {
  const { t } = useSpeech();
  const can = useCan();
  if (session.manifest === null) {
    return <SealSign state="open" label={session.state === "live" ? t("seal.live") : t("seal.none")} />;
  }
  if (!can("session.manifest")) {
    return (
      <Text size="sm" c="dimmed">
        {t("seal.no-permission")}
      </Text>
    );
  }
  return <Sealed sessionId={session.id} named={session.manifest.rev} />;
}
