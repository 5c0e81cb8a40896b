import { Menu, UnstyledButton } from "@mantine/core";
import { Mark } from "@sealtape/ui";
import { IconSettings } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Choices } from "../../app/UserMenu";
import { useSpeech } from "../../i18n/context";
import classes from "./login.module.css";

interface FrameProps {
  /** For what needs the whole screen. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** What stands around every page that needs no sign-in: the mark, colours and language. */
export function Frame({ wide = false, children }: FrameProps) {
  const { t } = useSpeech();
  return (
    <div className={classes.page}>
      <div className={classes.settings}>
        <Menu position="bottom-end" width={220}>
          <Menu.Target>
            <UnstyledButton aria-label={t("login.settings")} className={classes.settingsButton}>
              <IconSettings size={20} stroke={1.6} aria-hidden />
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            <Choices />
          </Menu.Dropdown>
        </Menu>
      </div>
      <main className={wide ? classes.wide : classes.card}>
        <span className={classes.mark}>
          <Mark size={wide ? 28 : 40} />
        </span>
        {children}
      </main>
    </div>
  );
}
