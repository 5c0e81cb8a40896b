import { IconChevronLeft } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Place } from "../api/permissions";
import classes from "./components.module.css";

interface BackLinkProps {
  readonly to: Place["to"] | "/notices";
  /** What the list is called. */
  readonly children: ReactNode;
}

/** The way from one thing back to the list it stands in. */
export function BackLink({ to, children }: BackLinkProps) {
  return (
    <Link to={to} className={classes.back}>
      <IconChevronLeft size={14} aria-hidden /> {children}
    </Link>
  );
}
