import { Button, Fieldset, PasswordInput, Skeleton, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDocumentTitle } from "@mantine/hooks";
import type { InvitationLink } from "@sealtape/api-client";
import { EmptyState } from "@sealtape/ui";
import { IconCircleCheck } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { setUp } from "../../api/people";
import { deploymentQuery } from "../../api/queries";
import { FormError } from "../../components/FormError";
import { NewPassword, passwordProblem, refuses } from "../../components/NewPassword";
import { Problem } from "../../components/Problem";
import { CodeBlock } from "../../components/Snippet";
import { useSpeech } from "../../i18n/context";
import { Frame } from "../login/Frame";
import classes from "../login/login.module.css";
import { isSlug, slugOf } from "./slug";

function SetUpAlready() {
  const { t } = useSpeech();
  return (
    <EmptyState
      icon={IconCircleCheck}
      order={1}
      title={t("setup.already.title")}
      action={<Button renderRoot={(props: object) => <Link to="/login" {...props} />}>{t("login.submit")}</Button>}
    >
      {t("setup.already.text")}
    </EmptyState>
  );
}

/** The tenant is there: the privacy officer's link, which is shown this once. */
function Done({ link, email }: { readonly link: InvitationLink; readonly email: string }) {
  const { t } = useSpeech();
  return (
    <>
      <Title order={1}>{t("setup.done.title")}</Title>
      <Text className={classes.lead}>{t("setup.done.text", { email })}</Text>
      <CodeBlock code={link.link} label={t("setup.done.link")} />
      <Button mt="md" fullWidth renderRoot={(props: object) => <Link to="/login" {...props} />}>
        {t("setup.done.do")}
      </Button>
    </>
  );
}

function Form() {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const missing = (value: string): string | null => (value.trim() === "" ? t("setup.missing") : null);
  const form = useForm({
    // The short name follows the name until somebody writes one.
    onValuesChange: ({ tenant, slug }, before) => {
      if (tenant !== before.tenant && slug === slugOf(before.tenant)) form.setFieldValue("slug", slugOf(tenant));
    },
    initialValues: { token: "", tenant: "", slug: "", name: "", email: "", password: "", officer: "" },
    validate: {
      token: missing,
      tenant: missing,
      slug: (value) => (isSlug(value.trim()) ? null : t("setup.slug.wrong")),
      name: missing,
      email: (value) => (value.includes("@") ? null : t("setup.email.wrong")),
      password: (value) => passwordProblem(value, t),
      officer: (value, { email }) => {
        if (!value.includes("@")) return t("setup.email.wrong");
        return value.trim().toLowerCase() === email.trim().toLowerCase() ? t("setup.officer.same") : null;
      },
    },
  });
  const run = useMutation({
    mutationFn: (values: typeof form.values) =>
      setUp({
        setup_token: values.token.trim(),
        tenant: { name: values.tenant.trim(), slug: values.slug.trim() },
        owner: { name: values.name.trim(), email: values.email.trim(), password: values.password },
        privacy_officer: { email: values.officer.trim() },
      }),
    onError: (error) => {
      if (refuses(error, "/owner/password")) form.setFieldError("password", t("password.known"));
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: deploymentQuery().queryKey, refetchType: "none" }),
  });
  if (run.isSuccess) return <Done link={run.data.privacy_officer} email={run.variables.officer.trim()} />;
  return (
    <>
      <Title order={1}>{t("setup.title")}</Title>
      <Text className={classes.lead}>{t("setup.text")}</Text>
      <form noValidate className={classes.form} onSubmit={form.onSubmit((values) => run.mutate(values))}>
        <PasswordInput
          label={t("setup.token")}
          description={t("setup.token.hint")}
          autoComplete="off"
          visibilityToggleButtonProps={{ "aria-label": t("setup.token.show"), tabIndex: 0 }}
          {...form.getInputProps("token")}
        />
        <Fieldset legend={t("setup.tenant")} className={classes.group}>
          <TextInput
            label={t("setup.tenant.name")}
            maxLength={80}
            autoComplete="organization"
            {...form.getInputProps("tenant")}
          />
          <TextInput
            label={t("setup.slug")}
            description={t("setup.slug.hint")}
            maxLength={40}
            autoComplete="off"
            {...form.getInputProps("slug")}
          />
        </Fieldset>
        <Fieldset legend={t("setup.owner")} className={classes.group}>
          <TextInput label={t("setup.name")} autoComplete="name" maxLength={80} {...form.getInputProps("name")} />
          <TextInput label={t("login.email")} type="email" autoComplete="username" {...form.getInputProps("email")} />
          <NewPassword label={t("login.password")} {...form.getInputProps("password")} />
        </Fieldset>
        <Fieldset legend={t("setup.officer")} className={classes.group}>
          <TextInput
            label={t("setup.officer.email")}
            description={t("setup.officer.hint")}
            type="email"
            autoComplete="off"
            {...form.getInputProps("officer")}
          />
        </Fieldset>
        <FormError error={refuses(run.error, "/owner/password") ? null : run.error} />
        <Button type="submit" loading={run.isPending} fullWidth>
          {t("setup.do")}
        </Button>
      </form>
    </>
  );
}

function Setup() {
  const deployment = useQuery(deploymentQuery());
  if (deployment.isPending) return <Skeleton height={320} />;
  if (deployment.isError)
    return <Problem order={1} error={deployment.error} onRetry={() => void deployment.refetch()} />;
  return deployment.data.setup_needed ? <Form /> : <SetUpAlready />;
}

/** The first run: tenant, owner, privacy officer. */
export function SetupPage() {
  const { t } = useSpeech();
  useDocumentTitle(`${t("setup.title")} · Sealtape`);
  return (
    <Frame>
      <Setup />
    </Frame>
  );
}
