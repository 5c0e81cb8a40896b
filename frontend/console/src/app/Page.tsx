import type { ReactNode } from "react";
import { useDocumentTitle } from "@mantine/hooks";
import classes from "./app.module.css";

/** The body of a page, with its title in the browser's tab. */
export function Page({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  useDocumentTitle(`${title} · Sealtape`);
  return <div className={classes.page}>{children}</div>;
}
