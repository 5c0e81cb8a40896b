import { Alert, Button, FileInput, Group, Text, Textarea, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useWindowEvent } from "@mantine/hooks";
import { IconFileUpload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { Bar } from "../../components/Bar";
import { problemLine } from "../../components/Problem";
import { type Bundle, openBundle } from "../../export/bundle";
import { OpenFailure } from "../../export/failure";
import { type ExportKey, readKey } from "../../export/key";
import { useSpeech } from "../../i18n/context";
import { bytes } from "../../recording/format";
import login from "../login/login.module.css";
import classes from "./open-export.module.css";

/** Why nothing is shown, and what to do about it. */
function Refused({ error }: { readonly error: Error }) {
  const { t } = useSpeech();
  const failure = error instanceof OpenFailure ? error.fault : undefined;
  return (
    <Alert
      color="danger"
      variant="light"
      role="alert"
      title={failure === undefined ? problemLine(error, t) : t(`opener.fault.${failure}`)}
    >
      {failure !== undefined && t(`opener.fault.${failure}.todo`)}
    </Alert>
  );
}

/** Takes a file that is dropped anywhere on the page; the browser would leave the page for it. Says whether one hovers. */
function useDrop(onFile: (file: File) => void): boolean {
  const [over, setOver] = useState(false);
  useWindowEvent("dragover", (event) => {
    event.preventDefault();
    setOver(true);
  });
  useWindowEvent("dragleave", (event) => {
    if (event.relatedTarget === null) setOver(false);
  });
  useWindowEvent("drop", (event) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) onFile(file);
  });
  return over;
}

interface Chosen {
  readonly file: File;
  readonly key: ExportKey;
}

/** Opens what was chosen; a second try, or leaving the page, ends the one before. */
function useOpening(onOpened: (bundle: Bundle) => void) {
  const abort = useRef<AbortController>(undefined);
  const [done, setDone] = useState(0);
  useEffect(() => () => abort.current?.abort(), []);
  const opening = useMutation({
    mutationFn: ({ file, key }: Chosen) => {
      abort.current = new AbortController();
      setDone(0);
      return openBundle(file, key, { signal: abort.current.signal, onProgress: setDone });
    },
    // Neither the key nor what it opened stays in the cache.
    gcTime: 0,
    onSuccess: onOpened,
  });
  return {
    open: opening.mutate,
    pending: opening.isPending,
    done,
    error: abort.current?.signal.aborted === true ? null : opening.error,
    stop: () => abort.current?.abort(),
  };
}

interface UnderWayProps {
  readonly done: number;
  readonly size: number;
  readonly onStop: () => void;
}

function UnderWay({ done, size, onStop }: UnderWayProps) {
  const { t, language } = useSpeech();
  const words = t("export.download.of", { got: bytes(done, language), all: bytes(size, language) });
  return (
    <div>
      <Bar label={t("opener.opening")} words={words} done={done} all={size} />
      <Group justify="space-between" mt={8}>
        <Text size="sm" role="status">
          {t("opener.opening")}
        </Text>
        <Button size="compact-sm" variant="default" onClick={onStop}>
          {t("export.download.stop")}
        </Button>
      </Group>
    </div>
  );
}

/** Asks for file and key, and opens the one with the other. */
export function OpenForm({ onOpened }: { readonly onOpened: (bundle: Bundle) => void }) {
  const { t } = useSpeech();
  const opening = useOpening(onOpened);
  const form = useForm<{ file: File | null; key: string }>({
    initialValues: { file: null, key: "" },
    validate: {
      file: (value) => (value === null ? t("opener.file.missing") : null),
      key: (value) => {
        if (value.trim() === "") return t("opener.key.missing");
        return readKey(value) === undefined ? t("opener.key.mistyped") : null;
      },
    },
  });
  const over = useDrop((file) => {
    if (!opening.pending) form.setFieldValue("file", file);
  });
  const submit = ({ file, key: text }: typeof form.values): void => {
    const key = readKey(text);
    if (file !== null && key !== undefined) opening.open({ file, key });
  };
  return (
    <>
      <Title order={1}>{t("opener.title")}</Title>
      <Text className={login.lead}>{t("opener.text")}</Text>
      <form noValidate className={login.form} data-over={over || undefined} onSubmit={form.onSubmit(submit)}>
        <FileInput
          className={classes.file}
          label={t("opener.file")}
          description={t("opener.file.hint")}
          placeholder={t("opener.choose")}
          leftSection={<IconFileUpload size={16} aria-hidden />}
          disabled={opening.pending}
          {...form.getInputProps("file")}
        />
        <Textarea
          label={t("opener.key")}
          description={t("opener.key.hint")}
          placeholder="st_export_"
          classNames={{ input: classes.key ?? "" }}
          autosize
          minRows={3}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          disabled={opening.pending}
          {...form.getInputProps("key")}
        />
        {opening.error !== null && <Refused error={opening.error} />}
        {opening.pending && <UnderWay done={opening.done} size={form.values.file?.size ?? 0} onStop={opening.stop} />}
        <Button type="submit" loading={opening.pending} fullWidth>
          {t("opener.open")}
        </Button>
        <Link className={login.quiet} to="/">
          {t("opener.home")}
        </Link>
      </form>
    </>
  );
}
