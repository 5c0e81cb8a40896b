import { Tooltip, UnstyledButton } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import classes from "./ui.module.css";
import { useUiWords } from "./locale";

/** Props of `CopyId`. */
export interface CopyIdProps {
  readonly value: string;
  /** What the value is, for the accessible name: "Session id". */
  readonly label: string;
  /** Shows the last characters only; the whole value is copied. */
  readonly short?: boolean;
}

/** An id, hash or key that copies itself on click. */
export function CopyId({ value, label, short = false }: CopyIdProps) {
  const { copy, copied } = useUiWords();
  const clipboard = useClipboard({ timeout: 1500 });
  const shown = short && value.length > 12 ? `…${value.slice(-8)}` : value;
  return (
    <Tooltip label={clipboard.copied ? copied : short ? value : copy}>
      <UnstyledButton
        className={classes.copyId}
        onClick={() => {
          clipboard.copy(value);
        }}
        aria-label={`${clipboard.copied ? copied : copy}: ${label} ${value}`}
      >
        <span className={classes.copyIdText}>{shown}</span>
        {clipboard.copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
      </UnstyledButton>
    </Tooltip>
  );
}
