import { Alert, Button, Loader, useComputedColorScheme } from "@mantine/core";
import { useTimeout } from "@mantine/hooks";
import { IconAlertTriangle, IconEyeOff } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { Problem } from "../../components/Problem";
import { useSpeech } from "../../i18n/context";
import type { Watching } from "../../recording/watching";
import classes from "./session.module.css";
import { Watermark } from "./Watermark";

interface StageProps {
  /** Nothing came yet, and something may: the session is live. */
  readonly live: boolean;
  readonly watching: Watching;
  readonly replayOrigin: string;
}

/** How long the player may take to answer before the page says what to check. */
const PATIENCE_MS = 10_000;

function Notice({ live, watching, replayOrigin, late }: StageProps & { readonly late: boolean }) {
  const { t } = useSpeech();
  const { feed, shown } = watching;
  if (feed.phase === "failed" && feed.events === 0) {
    return (
      <div className={classes.cover}>
        <Problem error={feed.error} onRetry={watching.reload} />
      </div>
    );
  }
  if (late && !shown.ready) {
    return (
      <div className={classes.cover}>
        <Alert color="warning" icon={<IconAlertTriangle aria-hidden />} title={t("player.silent.title")}>
          {t("player.silent.text", { origin: replayOrigin })}
        </Alert>
      </div>
    );
  }
  if (shown.firstFrame) return null;
  const empty = feed.phase !== "loading" && feed.events === 0;
  return (
    <div className={classes.cover}>
      {empty ? (
        <p>{live ? t("player.waiting") : t("player.empty")}</p>
      ) : (
        <p className={classes.loadingLine} role="status">
          <Loader size={18} aria-hidden /> {t("player.loading")}
        </p>
      )}
    </div>
  );
}

function Broken({ watching }: { readonly watching: Watching }) {
  const { t } = useSpeech();
  const { feed, shown, from } = watching;
  const broken = feed.phase === "cut" || (feed.phase === "failed" && feed.events > 0);
  if (!broken && shown.error === undefined) return null;
  return (
    <Alert
      color="warning"
      variant="light"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title={broken ? t("player.cut.title") : t("player.error.title")}
    >
      {broken ? t(`player.cut.text.${from}`) : shown.error}
      {broken && from === "server" && (
        <Button size="compact-sm" variant="default" ml="sm" onClick={() => globalThis.location.reload()}>
          {t("error.retry")}
        </Button>
      )}
    </Alert>
  );
}

/** The player's frame: on its own origin, fed over a message port, with no way back into the console. */
export function Stage({ live, watching, replayOrigin }: StageProps) {
  const { t, language } = useSpeech();
  const frame = useRef<HTMLIFrameElement>(null);
  const dark = useComputedColorScheme("light") === "dark";
  const [late, setLate] = useState(false);
  const { player, shown } = watching;
  useTimeout(() => setLate(true), PATIENCE_MS, { autoInvoke: true });
  useEffect(() => {
    player.send({ type: "theme", dark });
  }, [player, dark]);
  useEffect(() => {
    player.send({ type: "locale", locale: language });
  }, [player, language]);
  return (
    <>
      <div className={classes.stage} data-first-frame={shown.firstFrame}>
        <iframe
          ref={frame}
          className={classes.frame}
          src={`${replayOrigin}/`}
          title={t("player.frame")}
          sandbox="allow-scripts allow-same-origin"
          referrerPolicy="no-referrer"
          tabIndex={-1}
          onLoad={() => {
            const target = frame.current?.contentWindow;
            if (target !== null && target !== undefined) player.attach(target, replayOrigin);
          }}
        />
        <Watermark shown={watching.feed.shown} />
        <Notice live={live} watching={watching} replayOrigin={replayOrigin} late={late} />
      </div>
      {watching.feed.shown.masked && (
        <p className={classes.masked} role="note">
          <IconEyeOff size={16} stroke={1.6} aria-hidden /> {t(`player.masked.${watching.from}`)}
        </p>
      )}
      <Broken watching={watching} />
    </>
  );
}
