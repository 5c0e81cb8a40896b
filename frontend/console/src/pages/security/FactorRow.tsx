import { Title } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./security.module.css";

interface FactorRowProps {
  readonly icon: Icon;
  readonly title: string;
  /** Whether it is there. */
  readonly state: ReactNode;
  /** What it is, or when it was used. */
  readonly text: ReactNode;
  readonly actions: ReactNode;
  /** What belongs to it: the keys. */
  readonly children?: ReactNode;
}

/** One sort of second factor. */
export function FactorRow({ icon: RowIcon, title, state, text, actions, children }: FactorRowProps) {
  return (
    <li className={classes.factor}>
      <RowIcon size={22} stroke={1.5} aria-hidden className={classes.factorIcon} />
      <div className={classes.factorHead}>
        <Title order={3}>{title}</Title>
        {state}
      </div>
      <div className={classes.factorActions}>{actions}</div>
      <div className={classes.factorText}>{text}</div>
      {children !== undefined && <div className={classes.factorMore}>{children}</div>}
    </li>
  );
}
