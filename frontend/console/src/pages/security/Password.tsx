import { Alert, Button, PasswordInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changePassword } from "../../api/account";
import { FormError } from "../../components/FormError";
import { NewPassword, passwordProblem, refuses } from "../../components/NewPassword";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n/context";
import classes from "./security.module.css";

/** Changes the reader's password. */
export function Password() {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const form = useForm({
    initialValues: { old: "", new: "" },
    validate: {
      old: (value) => (value === "" ? t("login.password.missing") : null),
      new: (value) => passwordProblem(value, t),
    },
  });
  const change = useMutation({
    mutationFn: (values: { old: string; new: string }) =>
      changePassword({ old_password: values.old, new_password: values.new }),
    onSuccess: async () => {
      form.reset();
      await cache.invalidateQueries({ queryKey: ["account", "sign-ins"] });
    },
    onError: (error) => {
      if (refuses(error, "/old_password")) form.setFieldError("old", t("stepup.password.wrong"));
      if (refuses(error, "/new_password")) form.setFieldError("new", t("password.known"));
    },
  });
  return (
    <Section id="password" title={t("login.password")} text={t("password.text")}>
      <form
        noValidate
        className={`st-panel ${classes.form ?? ""}`}
        onSubmit={form.onSubmit((values) => change.mutate(values))}
      >
        {change.isSuccess && <Alert color="success" variant="light" role="status" title={t("password.changed")} />}
        <PasswordInput
          label={t("password.old")}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ "aria-label": t("login.password.show"), tabIndex: 0 }}
          {...form.getInputProps("old")}
        />
        <NewPassword {...form.getInputProps("new")} />
        <FormError
          error={refuses(change.error, "/old_password") || refuses(change.error, "/new_password") ? null : change.error}
        />
        <div>
          <Button type="submit" variant="default" loading={change.isPending}>
            {t("password.do")}
          </Button>
        </div>
      </form>
    </Section>
  );
}
