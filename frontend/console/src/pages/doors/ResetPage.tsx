import { Button, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDocumentTitle, useHash } from "@mantine/hooks";
import { EmptyState } from "@sealtape/ui";
import { IconCircleCheck, IconMail } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { forgotPassword, resetPassword } from "../../api/people";
import { FormError } from "../../components/FormError";
import { NewPassword, passwordProblem, refuses } from "../../components/NewPassword";
import { useSpeech } from "../../i18n/context";
import { Frame } from "../login/Frame";
import classes from "../login/login.module.css";
import { LinkEnded, linkEnded } from "./InvitationPage";

/** Asks for a link. What comes of it is the same for every address. */
function Forgotten() {
  const { t } = useSpeech();
  const form = useForm({
    initialValues: { email: "" },
    validate: { email: (value) => (value.includes("@") ? null : t("setup.email.wrong")) },
  });
  const ask = useMutation({ mutationFn: ({ email }: { email: string }) => forgotPassword(email.trim()) });
  if (ask.isSuccess) {
    return (
      <EmptyState icon={IconMail} order={1} title={t("reset.asked.title")}>
        {t("reset.asked.text")}
      </EmptyState>
    );
  }
  return (
    <>
      <Title order={1}>{t("reset.ask.title")}</Title>
      <Text className={classes.lead}>{t("reset.ask.text")}</Text>
      <form noValidate className={classes.form} onSubmit={form.onSubmit((values) => ask.mutate(values))}>
        <TextInput label={t("login.email")} type="email" autoComplete="username" {...form.getInputProps("email")} />
        <FormError error={ask.error} />
        <Button type="submit" loading={ask.isPending} fullWidth>
          {t("reset.ask.do")}
        </Button>
        <Link to="/login">{t("reset.back")}</Link>
      </form>
    </>
  );
}

function Anew({ token }: { readonly token: string }) {
  const { t } = useSpeech();
  const form = useForm({
    initialValues: { password: "" },
    validate: { password: (value) => passwordProblem(value, t) },
  });
  const set = useMutation({
    mutationFn: ({ password }: { password: string }) => resetPassword(token, password),
    onError: (error) => {
      if (refuses(error, "/new_password")) form.setFieldError("password", t("password.known"));
    },
  });
  if (linkEnded(set.error)) return <LinkEnded />;
  if (set.isSuccess) {
    return (
      <EmptyState
        icon={IconCircleCheck}
        order={1}
        title={t("reset.done.title")}
        action={
          <Button renderRoot={(props: object) => <Link to="/login" {...props} />}>{t("invitation.accepted.do")}</Button>
        }
      >
        {t("reset.done.text")}
      </EmptyState>
    );
  }
  return (
    <>
      <Title order={1}>{t("reset.title")}</Title>
      <Text className={classes.lead}>{t("reset.text")}</Text>
      <form noValidate className={classes.form} onSubmit={form.onSubmit((values) => set.mutate(values))}>
        <NewPassword {...form.getInputProps("password")} />
        <FormError error={refuses(set.error, "/new_password") ? null : set.error} />
        <Button type="submit" loading={set.isPending} fullWidth>
          {t("reset.do")}
        </Button>
      </form>
    </>
  );
}

/** Sets a forgotten password anew by a mailed link, whose token stands behind `#`; without one, asks for a link. */
export function ResetPage() {
  const { t } = useSpeech();
  const [hash] = useHash({ getInitialValueInEffect: false });
  const token = hash.replace(/^#/, "");
  useDocumentTitle(`${t("reset.title")} · Sealtape`);
  return <Frame>{token === "" ? <Forgotten /> : <Anew key={token} token={token} />}</Frame>;
}
