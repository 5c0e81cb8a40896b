import { Button, Skeleton, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDocumentTitle, useHash } from "@mantine/hooks";
import { ApiError } from "@sealtape/api-client";
import { EmptyState } from "@sealtape/ui";
import { IconCircleCheck, IconLinkOff } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { acceptInvitation, invitedQuery } from "../../api/people";
import { roleWord } from "../../app/roles";
import { FormError } from "../../components/FormError";
import { NewPassword, passwordProblem, refuses } from "../../components/NewPassword";
import { Problem } from "../../components/Problem";
import { useSpeech } from "../../i18n/context";
import { Frame } from "../login/Frame";
import classes from "../login/login.module.css";

/** The link was used, replaced or withdrawn, or its time is over. */
export function LinkEnded() {
  const { t } = useSpeech();
  return (
    <EmptyState icon={IconLinkOff} order={1} title={t("link.ended.title")}>
      {t("link.ended.text")}
    </EmptyState>
  );
}

/** Whether the answer says so. */
export const linkEnded = (error: unknown): boolean => error instanceof ApiError && error.status === 410;

function Accepted() {
  const { t } = useSpeech();
  return (
    <EmptyState
      icon={IconCircleCheck}
      order={1}
      title={t("invitation.accepted.title")}
      action={
        <Button renderRoot={(props: object) => <Link to="/login" {...props} />}>{t("invitation.accepted.do")}</Button>
      }
    >
      {t("invitation.accepted.text")}
    </EmptyState>
  );
}

function Invited({ token }: { readonly token: string }) {
  const { t, language } = useSpeech();
  const invited = useQuery(invitedQuery(token));
  const form = useForm({
    initialValues: { name: "", password: "" },
    validate: {
      name: (value) => (value.trim() === "" ? t("invitation.name.missing") : null),
      password: (value) => passwordProblem(value, t),
    },
  });
  const accept = useMutation({
    mutationFn: (values: { name: string; password: string }) =>
      acceptInvitation(token, values.name.trim(), values.password),
    onError: (error) => {
      if (refuses(error, "/password")) form.setFieldError("password", t("password.known"));
    },
  });
  if (accept.isSuccess) return <Accepted />;
  if (invited.isPending) return <Skeleton height={240} />;
  if (linkEnded(invited.error) || linkEnded(accept.error)) return <LinkEnded />;
  if (invited.isError) return <Problem order={1} error={invited.error} onRetry={() => void invited.refetch()} />;
  const { tenant, email, roles } = invited.data;
  const names = new Intl.ListFormat(language).format(roles.map((role) => roleWord(role, t)));
  return (
    <>
      <Title order={1}>{t("invitation.title", { tenant })}</Title>
      <Text className={classes.lead}>{t("invitation.text", { email, roles: names })}</Text>
      <form noValidate className={classes.form} onSubmit={form.onSubmit((values) => accept.mutate(values))}>
        <TextInput
          label={t("invitation.name")}
          description={t("invitation.name.hint")}
          autoComplete="name"
          maxLength={80}
          {...form.getInputProps("name")}
        />
        <NewPassword {...form.getInputProps("password")} />
        <FormError error={refuses(accept.error, "/password") ? null : accept.error} />
        <Button type="submit" loading={accept.isPending} fullWidth>
          {t("invitation.do")}
        </Button>
      </form>
    </>
  );
}

/** Accepts an invitation. Its token stands behind `#`, which a browser sends to no server. */
export function InvitationPage() {
  const { t } = useSpeech();
  const [hash] = useHash({ getInitialValueInEffect: false });
  const token = hash.replace(/^#/, "");
  useDocumentTitle(`${t("invitation.tab")} · Sealtape`);
  return <Frame>{token === "" ? <LinkEnded /> : <Invited key={token} token={token} />}</Frame>;
}
