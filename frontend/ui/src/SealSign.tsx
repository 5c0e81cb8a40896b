import { UnstyledButton } from "@mantine/core";
import classes from "./ui.module.css";

/** How far a proof got. */
export type SealState = "sealed" | "open" | "broken" | "checking";

/** Props of `SealSign`. */
export interface SealSignProps {
  readonly state: SealState;
  /** The state in words: "Sealed, manifest 2". */
  readonly label: string;
  /** Opens the evidence. */
  readonly onOpen?: () => void;
}

function SealIcon({ state }: { readonly state: SealState }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" fill="none" aria-hidden>
      <path
        d="m8 .9 1.9 1.3 2.3.1.7 2.2 1.7 1.5-.8 2.1.3 2.3-2.1.9-1.3 1.9-2.3-.4-2.2.6-1.5-1.7-2.1-.9.2-2.3L1.4 6l1.6-1.6.6-2.2L5.9 2Z"
        stroke="currentColor"
        strokeWidth="1.3"
        strokeLinejoin="round"
        strokeDasharray={state === "open" || state === "checking" ? "2 1.6" : undefined}
        fill={state === "sealed" ? "currentColor" : "none"}
      />
      {state === "sealed" && (
        <path d="m5.4 7.6 1.7 1.7 3-3.4" stroke="var(--st-surface)" strokeWidth="1.5" strokeLinecap="round" />
      )}
      {state === "broken" && (
        <path d="M5.6 5.2l4.4 4.4M10 5.2 5.6 9.6" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
      )}
    </svg>
  );
}

/** The sign of proof: the same small seal wherever something is verified; it opens the evidence. */
export function SealSign({ state, label, onOpen }: SealSignProps) {
  const content = (
    <>
      <SealIcon state={state} />
      {label}
    </>
  );
  if (onOpen === undefined) {
    return (
      <span className={classes.seal} data-state={state}>
        {content}
      </span>
    );
  }
  return (
    <UnstyledButton className={classes.seal} data-state={state} data-opens onClick={onOpen}>
      {content}
    </UnstyledButton>
  );
}
