import { Button, Group, Stack, Text } from "@mantine/core";
import { exactTime } from "@sealtape/ui";
import { CodeBlock } from "../../../components/Snippet";
import { useSpeech } from "../../../i18n/context";

interface SecretProps {
  readonly secret: string;
  /** Until when the secret before signs as well. */
  readonly previousUntil?: string;
  readonly onClose: () => void;
}

/** A receiver's secret, which is shown this once. */
export function Secret({ secret, previousUntil, onClose }: SecretProps) {
  const { t, language } = useSpeech();
  return (
    <Stack>
      <Text>{t("webhook.secret.text")}</Text>
      <CodeBlock code={secret} label={t("webhook.secret")} />
      {previousUntil !== undefined && (
        <Text size="sm" c="dimmed">
          {t("webhook.secret.previous", { time: exactTime(Date.parse(previousUntil), language) })}
        </Text>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          {t("webhook.secret.kept")}
        </Button>
      </Group>
    </Stack>
  );
}
