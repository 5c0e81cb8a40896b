import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./components.module.css";

interface SectionProps {
  /** Of its heading, so that a link can lead to it. */
  readonly id: string;
  readonly title: string;
  /** What it is about, in a sentence or two. */
  readonly text?: string;
  /** What can be done here, or why it cannot. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page, under a heading of its own. */
export function Section({ id, title, text, actions, children }: SectionProps) {
  return (
    <section aria-labelledby={id} className={classes.section}>
      <div className={classes.sectionHead}>
        <Title order={2} id={id}>
          {title}
        </Title>
        {actions}
      </div>
      {text !== undefined && <p className={classes.sectionText}>{text}</p>}
      {children}
    </section>
  );
}
