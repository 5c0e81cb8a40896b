import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { ApiError } from "@sealtape/api-client";
import { useSpeech } from "../i18n/context";
import type { Translate } from "../i18n/translate";

/** As long as the server asks for. */
const LEAST = 12;

/** Why a new password will not do; null when it may. Well-known ones are for the server to refuse. */
export function passwordProblem(password: string, t: Translate): string | null {
  return password.length < LEAST ? t("password.short", { least: LEAST }) : null;
}

/** A field for a password to be. */
export function NewPassword(props: PasswordInputProps) {
  const { t } = useSpeech();
  return (
    <PasswordInput
      label={t("password.new")}
      description={t("password.hint", { least: LEAST })}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ "aria-label": t("login.password.show"), tabIndex: 0 }}
      {...props}
    />
  );
}

/** Whether the server refused this member of the input (a JSON pointer). */
export const refuses = (error: unknown, pointer: string): boolean =>
  error instanceof ApiError && error.status === 422 && error.errors.some((field) => field.pointer === pointer);
