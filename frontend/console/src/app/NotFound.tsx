import { Button } from "@mantine/core";
import { EmptyState } from "@sealtape/ui";
import { IconMapQuestion } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useSpeech } from "../i18n/context";

/** No page has this address. */
export function NotFound() {
  const { t } = useSpeech();
  return (
    <EmptyState
      icon={IconMapQuestion}
      order={1}
      title={t("not-found.title")}
      action={
        <Button renderRoot={(props: object) => <Link to="/" {...props} />} variant="default">
          {t("not-found.home")}
        </Button>
      }
    >
      {t("not-found.text")}
    </EmptyState>
  );
}
