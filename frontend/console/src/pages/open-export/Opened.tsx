import { Button, SegmentedControl, Skeleton } from "@mantine/core";
import { exactTime, PageHeader, SealSign } from "@sealtape/ui";
import { IconFileUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { deploymentQuery } from "../../api/queries";
import { Problem } from "../../components/Problem";
import type { Bundle } from "../../export/bundle";
import { useSpeech } from "../../i18n/context";
import type { Span } from "../../recording/marks";
import { seekIn, spanOf, useWatching, type Watching } from "../../recording/watching";
import { EventList } from "../session/EventList";
import type { Show } from "../session/search";
import session from "../session/session.module.css";
import { Theatre } from "../session/Theatre";
import { About } from "./About";
import classes from "./open-export.module.css";

const PANES = ["events", "about"] as const;

interface PaneProps {
  readonly bundle: Bundle;
  readonly watching: Watching;
  readonly span: Span;
}

function Pane({ bundle, watching, span }: PaneProps) {
  const { t } = useSpeech();
  const [pane, setPane] = useState<(typeof PANES)[number]>("events");
  const [show, setShow] = useState<Show>();
  return (
    <aside className={`st-panel ${session.aside ?? ""}`} aria-label={t("pane.label")}>
      <div className={session.paneChoice}>
        <SegmentedControl
          fullWidth
          size="xs"
          value={pane}
          aria-label={t("pane.label")}
          data={[
            { value: "events", label: t("pane.events") },
            { value: "about", label: t("opened.about") },
          ]}
          onChange={(value) => setPane(PANES.find((each) => each === value) ?? "events")}
        />
      </div>
      {pane === "events" ? (
        <EventList
          feed={watching.feed}
          start={span.start}
          at={watching.shown.ms}
          show={show}
          onShow={setShow}
          seek={(ms) => seekIn(watching, span, ms)}
        />
      ) : (
        <About facts={bundle.facts} />
      )}
    </aside>
  );
}

function Playing({ bundle, replayOrigin }: { readonly bundle: Bundle; readonly replayOrigin: string }) {
  const { startedAt, durationMs } = bundle.facts.session;
  const watching = useWatching(bundle.source, "");
  const span = spanOf({ startMs: Date.parse(startedAt), durationMs }, watching);
  return (
    <div className={session.layout}>
      <div className={session.theatre}>
        <Theatre watching={watching} span={span} gaps={watching.feed.gaps} live={false} replayOrigin={replayOrigin} />
      </div>
      <Pane bundle={bundle} watching={watching} span={span} />
    </div>
  );
}

interface OpenedProps {
  readonly bundle: Bundle;
  /** Leaves it; nothing of it stays. */
  readonly onClose: () => void;
}

/** An export that was opened: the recording, and what is known of it. */
export function Opened({ bundle, onClose }: OpenedProps) {
  const { t, language } = useSpeech();
  const deployment = useQuery(deploymentQuery());
  const top = useRef<HTMLDivElement>(null);
  // The form that had the focus is gone.
  useEffect(() => top.current?.focus(), []);
  return (
    <div ref={top} tabIndex={-1} className={classes.opened}>
      <PageHeader
        title={t("opened.title")}
        description={
          <span className={session.facts}>
            <SealSign state="sealed" label={t("opened.verified")} />
            <span>{exactTime(Date.parse(bundle.facts.session.startedAt), language)}</span>
          </span>
        }
        actions={
          <Button variant="default" leftSection={<IconFileUpload size={16} aria-hidden />} onClick={onClose}>
            {t("opened.another")}
          </Button>
        }
      />
      {deployment.isError && <Problem error={deployment.error} onRetry={() => void deployment.refetch()} />}
      {deployment.isPending && <Skeleton height={480} />}
      {deployment.isSuccess && <Playing bundle={bundle} replayOrigin={deployment.data.replay_origin} />}
    </div>
  );
}
