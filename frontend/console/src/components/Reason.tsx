import type { ReactNode } from "react";
import classes from "./components.module.css";

/** Why something cannot be done here, where the button for it would stand. */
export function Reason({ children }: { readonly children: ReactNode }) {
  return <p className={classes.reason}>{children}</p>;
}
