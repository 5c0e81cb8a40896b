import { Button, type ButtonProps, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { Bar } from "../../../components/Bar";
import { FormError } from "../../../components/FormError";
import { CutOff, type Progress, Unwritten } from "../../../export/save";
import { useSpeech } from "../../../i18n/context";
import { bytes } from "../../../recording/format";
import classes from "./export.module.css";
import type { DownloadState, ExportDownload } from "./useDownload";

function Running({ progress, stop }: { readonly progress: Progress | undefined; readonly stop: () => void }) {
  const { t, language } = useSpeech();
  const { bytes: got = 0, length } = progress ?? {};
  const size = (count: number): string => bytes(count, language);
  const words =
    length === undefined
      ? t("export.download.got", { got: size(got) })
      : t("export.download.of", { got: size(got), all: size(length) });
  return (
    <div className={classes.running}>
      <Bar label={t("export.download.progress")} words={words} done={got} all={length} />
      <Text size="sm" className={classes.got}>
        {words}
      </Text>
      <Button size="compact-sm" variant="default" onClick={stop}>
        {t("export.download.stop")}
      </Button>
    </div>
  );
}

function Outcome({ state }: { readonly state: DownloadState }) {
  const { t } = useSpeech();
  if (state.at === "failed" && !(state.error instanceof CutOff) && !(state.error instanceof Unwritten)) {
    return <FormError error={state.error} />;
  }
  const failed = state.at === "failed";
  return (
    <Text size="sm" role={failed ? "alert" : "status"} c={failed ? "danger" : "dimmed"} className={classes.outcome}>
      {state.at === "done" && t("export.download.done")}
      {state.at === "stopped" && t("export.download.stopped")}
      {failed && (state.error instanceof CutOff ? t("export.download.cut") : t("export.download.unwritten"))}
    </Text>
  );
}

interface BundleDownloadProps extends Pick<ButtonProps, "size" | "variant"> {
  readonly download: ExportDownload;
}

/** Downloads the sealed file: how far it is, and what came of it. */
export function BundleDownload({ download, size = "sm", variant = "filled" }: BundleDownloadProps) {
  const { t } = useSpeech();
  const { state, start, stop } = download;
  if (state.at === "running") return <Running progress={state.progress} stop={stop} />;
  return (
    <Group gap="xs">
      <Button size={size} variant={variant} leftSection={<IconDownload size={16} aria-hidden />} onClick={start}>
        {state.at === "done" ? t("export.download.again") : t("export.download")}
      </Button>
      <Outcome state={state} />
    </Group>
  );
}
