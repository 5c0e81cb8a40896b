/**
 * Purpose: stopping capture, and letting it go on.
 * Design: stopping asks why and says what follows before anything is done; what pages have not sent is gone. Going on is one
 * button that says from when it counts. The same dialog serves one project and all of them.
 */
import { Alert, Button, Stack, Text, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import type { Project } from "@sealtape/api-client";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { switchCapture } from "../../api/capture";
import { Ago } from "../../components/Ago";
import { useCan } from "../../components/access";
import { Dialog } from "../../components/Dialog";
import { DialogEnd } from "../../components/DialogEnd";
import { useSpeech } from "../../i18n/context";
import classes from "./projects.module.css";

/** Longest reason that the server takes. */
const MOST = 500;

/** What a switch is about: a project, or all of them. */
interface Scope {
  readonly project?: Project;
}

function useSwitch({ project }: Scope, after: () => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (reason: string | undefined) => switchCapture(project?.id, reason),
    onSuccess: async () => {
      await Promise.all([
        cache.invalidateQueries({ queryKey: ["capture"] }),
        cache.invalidateQueries({ queryKey: ["projects"] }),
      ]);
      after();
    },
  });
}

function StopDialog({ project, onClose }: Scope & { readonly onClose: () => void }) {
  const { t } = useSpeech();
  const stop = useSwitch(project === undefined ? {} : { project }, onClose);
  const form = useForm({
    initialValues: { reason: "" },
    validate: { reason: (value) => (value.trim() === "" ? t("capture.stop.reason.missing") : null) },
  });
  const title =
    project === undefined ? t("capture.stop.all.title") : t("capture.stop.title", { project: project.name });
  return (
    <Dialog opened onClose={onClose} title={title}>
      <form noValidate onSubmit={form.onSubmit(({ reason }) => stop.mutate(reason.trim()))}>
        <Stack>
          <ul className={classes.consequences}>
            <li>{t("capture.stop.consequence.now")}</li>
            <li>{t("capture.stop.consequence.lost")}</li>
            <li>{t("capture.stop.consequence.kept")}</li>
          </ul>
          <Textarea
            label={t("capture.stop.reason")}
            description={t("capture.stop.reason.hint")}
            maxLength={MOST}
            autosize
            minRows={2}
            required
            data-autofocus
            {...form.getInputProps("reason")}
          />
          <DialogEnd
            submit={project === undefined ? t("capture.stop.all") : t("capture.stop")}
            pending={stop.isPending}
            error={stop.error}
            danger
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Dialog>
  );
}

function ResumeDialog({ project, onClose }: Scope & { readonly onClose: () => void }) {
  const { t } = useSpeech();
  const resume = useSwitch(project === undefined ? {} : { project }, () => {
    onClose();
    notifications.show({ color: "success", message: t("capture.resume.done") });
  });
  return (
    <Dialog opened onClose={onClose} title={t("capture.resume")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          resume.mutate(undefined);
        }}
      >
        <Stack>
          <Text>
            {project === undefined
              ? t("capture.resume.tenant")
              : t("capture.resume.project", { project: project.name })}
          </Text>
          <DialogEnd submit={t("capture.resume")} pending={resume.isPending} error={resume.error} onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}

/** The button that stops capture of a project or of all of them; nothing for who may not, and where it is stopped. */
export function StopButton({ project, stopped }: Scope & { readonly stopped: boolean }) {
  const { t } = useSpeech();
  const [asking, setAsking] = useState(false);
  const may = useCan()(project === undefined ? "tenant.manage" : "project.manage");
  return (
    <>
      {may && !stopped && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={16} aria-hidden />}
          onClick={() => setAsking(true)}
        >
          {project === undefined ? t("capture.stop.all") : t("capture.stop")}
        </Button>
      )}
      {asking && <StopDialog {...(project === undefined ? {} : { project })} onClose={() => setAsking(false)} />}
    </>
  );
}

interface StoppedNoteProps extends Scope {
  readonly stop: { readonly at: string; readonly everywhere: boolean };
}

/** Says that and since when nothing is captured, with the way on for who may. */
export function StoppedNote({ project, stop }: StoppedNoteProps) {
  const { t } = useSpeech();
  const can = useCan();
  const [asking, setAsking] = useState(false);
  const may = can(stop.everywhere ? "tenant.manage" : "project.manage");
  const scope = stop.everywhere || project === undefined ? {} : { project };
  return (
    <Alert
      className={classes.note}
      color="warning"
      variant="light"
      icon={<IconPlayerStop size={18} aria-hidden />}
      title={t(stop.everywhere ? "capture.stopped.tenant" : "capture.stopped.project")}
    >
      <Stack gap="xs" align="flex-start">
        <span>
          <Ago at={stop.at} /> · {t("capture.since.text")}
        </span>
        {may && (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconPlayerPlay size={14} aria-hidden />}
            onClick={() => setAsking(true)}
          >
            {t("capture.resume")}
          </Button>
        )}
      </Stack>
      {asking && <ResumeDialog {...scope} onClose={() => setAsking(false)} />}
    </Alert>
  );
}
