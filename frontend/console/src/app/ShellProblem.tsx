import { Button, Center } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { PageProblem } from "../components/Problem";
import { useSpeech } from "../i18n/context";
import { useLeave } from "./leave";

/** The console cannot be shown to who is signed in, menu and all; they can still go. */
export function ShellProblem(props: ErrorComponentProps) {
  const { t } = useSpeech();
  const leave = useLeave();
  return (
    <main>
      <PageProblem {...props} />
      <Center>
        <Button variant="default" leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void leave()}>
          {t("user.sign-out")}
        </Button>
      </Center>
    </main>
  );
}
