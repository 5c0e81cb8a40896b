import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./ui.module.css";

/** Props of `PageHeader`. */
export interface PageHeaderProps {
  readonly title: string;
  /** One line under the title. */
  readonly description?: ReactNode;
  /** Above the title: the way back. */
  readonly back?: ReactNode;
  /** What can be done here. */
  readonly actions?: ReactNode;
}

/** The head of a page: where one is, and what one can do there. */
export function PageHeader({ title, description, back, actions }: PageHeaderProps) {
  return (
    <header className={classes.pageHeader}>
      <div className={classes.pageHeaderText}>
        {back !== undefined && <div className={classes.pageHeaderBack}>{back}</div>}
        <Title order={1}>{title}</Title>
        {description !== undefined && <div className={classes.pageHeaderDescription}>{description}</div>}
      </div>
      {actions !== undefined && <div className={classes.pageHeaderActions}>{actions}</div>}
    </header>
  );
}
