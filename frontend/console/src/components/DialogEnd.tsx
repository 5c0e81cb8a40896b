import { Button, Group } from "@mantine/core";
import { useSpeech } from "../i18n/context";
import { FormError } from "./FormError";

interface DialogEndProps {
  readonly submit: string;
  readonly pending: boolean;
  /** Why the last try was refused. */
  readonly error: unknown;
  /** It takes something away. */
  readonly danger?: boolean;
  readonly onCancel: () => void;
}

/** What a dialog's form ends with: why it was refused, the way out, and the act. */
export function DialogEnd({ submit, pending, error, danger = false, onCancel }: DialogEndProps) {
  const { t } = useSpeech();
  return (
    <>
      <FormError error={error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={pending} {...(danger ? { color: "danger" } : {})}>
          {submit}
        </Button>
      </Group>
    </>
  );
}
