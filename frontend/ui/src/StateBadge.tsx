import type { Icon } from "@tabler/icons-react";
import classes from "./ui.module.css";

/** What a state means to the reader; the colour follows. */
export type Tone = "neutral" | "active" | "success" | "warning" | "danger";

/** Props of `StateBadge`. */
export interface StateBadgeProps {
  readonly tone: Tone;
  readonly icon: Icon;
  readonly children: string;
}

/** A state: icon and word, the colour only repeats what they say. */
export function StateBadge({ tone, icon: StateIcon, children }: StateBadgeProps) {
  return (
    <span className={classes.badge} data-tone={tone}>
      <StateIcon size={14} aria-hidden />
      {children}
    </span>
  );
}
