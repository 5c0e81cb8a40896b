import { Code, Stack, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useSpeech } from "../i18n/context";
import { Dialog } from "./Dialog";
import { DialogEnd } from "./DialogEnd";

interface TypedConfirmProps {
  readonly title: string;
  /** What goes, exactly. */
  readonly children: ReactNode;
  /** What must be typed. */
  readonly word: string;
  readonly submit: string;
  readonly pending: boolean;
  readonly error: unknown;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks for a word to be typed before what has consequences. */
export function TypedConfirm({ title, children, word, submit, pending, error, onConfirm, onClose }: TypedConfirmProps) {
  const { t } = useSpeech();
  const [typed, setTyped] = useState("");
  const [mismatch, setMismatch] = useState(false);
  const same = typed.trim() === word;
  return (
    <Dialog opened onClose={onClose} title={title}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setMismatch(!same);
          if (same) onConfirm();
        }}
      >
        <Stack>
          {children}
          <TextInput
            label={
              <>
                {t("confirm.type")} <Code>{word}</Code>
              </>
            }
            value={typed}
            data-autofocus
            autoComplete="off"
            error={mismatch && !same ? t("confirm.mismatch") : undefined}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <DialogEnd submit={submit} pending={pending} error={error} danger onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
