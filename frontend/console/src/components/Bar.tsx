import { Progress } from "@mantine/core";
import classes from "./components.module.css";

interface BarProps {
  readonly label: string;
  /** How far it is, in words. */
  readonly words: string;
  readonly done: number;
  /** Nothing where nobody knows how much there is to do. */
  readonly all: number | undefined;
}

/** How far something is that takes its time. */
export function Bar({ label, words, done, all }: BarProps) {
  const percent = all === undefined ? undefined : Math.round((100 * done) / Math.max(1, all));
  return (
    // The library's own bar would call one without an end complete.
    <Progress.Root
      className={classes.bar}
      role="progressbar"
      aria-label={label}
      aria-valuetext={words}
      {...(percent === undefined ? {} : { "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": percent })}
    >
      <Progress.Section withAria={false} value={percent ?? 100} animated={percent === undefined} />
    </Progress.Root>
  );
}
