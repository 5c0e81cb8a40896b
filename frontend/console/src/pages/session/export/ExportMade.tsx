import { Alert, Button, Checkbox, Group, Stack, Text, Title } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import type { ExportCreated } from "@sealtape/api-client";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { bundleName } from "../../../api/exports";
import { CodeBlock } from "../../../components/Snippet";
import { useSpeech } from "../../../i18n/context";
import { BundleDownload } from "./BundleDownload";
import classes from "./export.module.css";
import { useDownload } from "./useDownload";

function HowToOpen({ made }: { readonly made: ExportCreated }) {
  const { t } = useSpeech();
  return (
    <section aria-labelledby="how-to-open" className={classes.how}>
      <Title order={3} size="h3" id="how-to-open">
        {t("export.open")}
      </Title>
      <Text size="sm">
        {t("export.open.page")}{" "}
        <Link to="/open-export" target="_blank">
          {t("opener.title")}
        </Link>
      </Text>
      <Text size="sm">{t("export.open.command")}</Text>
      <CodeBlock code={`sealtape open-export ${bundleName(made)}`} label={t("export.open.command.label")} />
    </section>
  );
}

/** Asks before a download is given up. */
function Leaving({ onStay, onStop }: { readonly onStay: () => void; readonly onStop: () => void }) {
  const { t } = useSpeech();
  const stay = useRef<HTMLButtonElement>(null);
  useEffect(() => stay.current?.focus(), []);
  return (
    <Alert color="warning" variant="light" role="alert" title={t("export.leave.title")}>
      <Group>
        <Button ref={stay} size="compact-sm" onClick={onStay}>
          {t("export.leave.stay")}
        </Button>
        <Button size="compact-sm" variant="default" onClick={onStop}>
          {t("export.leave.stop")}
        </Button>
      </Group>
    </Alert>
  );
}

interface ExportMadeProps {
  readonly made: ExportCreated;
  readonly onClose: () => void;
}

/** The key, this once, and the file. It is left only with the key kept, and not by the way while the file comes. */
export function ExportMade({ made, onClose }: ExportMadeProps) {
  const { t } = useSpeech();
  const download = useDownload(made);
  const [kept, setKept] = useState(false);
  const [missing, setMissing] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const running = download.state.at === "running";
  const warning = useRef<HTMLDivElement>(null);
  const confirmation = useRef<HTMLInputElement>(null);
  // What was on the screen before is gone: the focus goes to what has to be read first.
  useEffect(() => warning.current?.focus(), []);
  useWindowEvent("beforeunload", (event) => {
    if (!kept || running) event.preventDefault();
  });
  const start = (): void => {
    setLeaving(false);
    download.start();
  };
  const finish = (): void => {
    setMissing(!kept);
    if (!kept) confirmation.current?.focus();
    else if (running) setLeaving(true);
    else onClose();
  };
  return (
    <Stack>
      <Alert
        ref={warning}
        tabIndex={-1}
        role="note"
        color="warning"
        variant="light"
        icon={<IconAlertTriangle aria-hidden />}
        title={t("export.key.once")}
      >
        {t("export.key.once.text")}
      </Alert>
      <CodeBlock code={made.key} label={t("export.key")} />
      <BundleDownload download={{ ...download, start }} />
      <HowToOpen made={made} />
      <Checkbox
        ref={confirmation}
        size="sm"
        label={t("export.key.kept")}
        checked={kept}
        error={missing && !kept ? t("export.key.kept.missing") : undefined}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      {leaving && running && <Leaving onStay={() => setLeaving(false)} onStop={onClose} />}
      <Group justify="flex-end">
        <Button variant={kept ? "filled" : "default"} onClick={finish}>
          {t("export.done")}
        </Button>
      </Group>
    </Stack>
  );
}
