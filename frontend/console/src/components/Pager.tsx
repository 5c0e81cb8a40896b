import { Button } from "@mantine/core";
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import { useSpeech } from "../i18n/context";
import classes from "./components.module.css";

interface PagerProps {
  readonly cursor: string | undefined;
  readonly next: string | null;
  /** Goes to a page; nothing for the newest. */
  readonly go: (cursor: string | undefined) => void;
}

/** The ways to the newest and to the older page of a list; nothing where all is shown. */
export function Pager({ cursor, next, go }: PagerProps) {
  const { t } = useSpeech();
  if (cursor === undefined && next === null) return null;
  return (
    <nav className={classes.pages} aria-label={t("pages.label")}>
      {cursor !== undefined && (
        <Button variant="default" leftSection={<IconArrowLeft size={16} aria-hidden />} onClick={() => go(undefined)}>
          {t("pages.newest")}
        </Button>
      )}
      {next !== null && (
        <Button variant="default" rightSection={<IconArrowRight size={16} aria-hidden />} onClick={() => go(next)}>
          {t("pages.older")}
        </Button>
      )}
    </nav>
  );
}
