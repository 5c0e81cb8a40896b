import { Alert, Button, Menu, PasswordInput, Text, TextInput, Title, UnstyledButton } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDocumentTitle } from "@mantine/hooks";
import { ApiError, type Credentials, MfaRequired } from "@sealtape/api-client";
import { Mark } from "@sealtape/ui";
import { IconArrowRight, IconSettings } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { api } from "../../api/api";
import { demoQuery } from "../../api/queries";
import { roleWord } from "../../app/roles";
import { Choices } from "../../app/UserMenu";
import { problemLine, requestId } from "../../components/Problem";
import { useSpeech } from "../../i18n/context";
import type { Translate } from "../../i18n/translate";
import classes from "./login.module.css";

const route = getRouteApi("/login");

function refusal(error: unknown, t: Translate): string {
  if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return t("login.refused");
  if (error instanceof MfaRequired) return t("login.factor");
  return problemLine(error, t);
}

function DemoAccounts({
  onChoose,
  busy,
}: {
  readonly onChoose: (account: Credentials) => void;
  readonly busy: boolean;
}) {
  const { t } = useSpeech();
  const { data: demo } = useQuery(demoQuery());
  if (demo === undefined || demo === null) return null;
  return (
    <section className={classes.demo} aria-labelledby="demo-title">
      <Title order={2} id="demo-title">
        {t("login.demo.title")}
      </Title>
      <Text size="sm" c="dimmed">
        {t("login.demo.text")}
      </Text>
      <ul className={classes.accounts}>
        {demo.accounts.map(({ role, email, password }) => (
          <li key={email}>
            <UnstyledButton
              className={classes.account}
              aria-disabled={busy}
              onClick={() => {
                if (!busy) onChoose({ email, password });
              }}
            >
              <span>
                <strong>{roleWord(role, t)}</strong>
                <span className={classes.accountMail}>{email}</span>
              </span>
              <IconArrowRight size={16} aria-hidden />
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <Text size="sm">
        {t("login.demo.shop")} <a href={demo.shop_url}>{demo.shop_url}</a>
      </Text>
    </section>
  );
}

/** Sign-in. */
export function LoginPage() {
  const { t } = useSpeech();
  const router = useRouter();
  const { next } = route.useSearch();
  useDocumentTitle(`${t("login.title")} · Sealtape`);
  const form = useForm<Credentials>({
    initialValues: { email: "", password: "" },
    validate: {
      email: (value) => (value.trim() === "" ? t("login.email.missing") : null),
      password: (value) => (value === "" ? t("login.password.missing") : null),
    },
  });
  const login = useMutation({
    mutationFn: api.login,
    onSuccess: () => {
      router.history.push(next ?? "/");
    },
  });
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
      <main className={classes.card}>
        <div className={classes.brand}>
          <Mark size={40} />
          <Title order={1}>{t("login.title")}</Title>
        </div>
        <form
          noValidate
          onSubmit={form.onSubmit((values) => {
            login.mutate({ ...values, email: values.email.trim() });
          })}
          className={classes.form}
        >
          {login.isError && (
            <Alert color="danger" role="alert" title={refusal(login.error, t)} variant="light">
              {requestId(login.error) !== undefined && (
                <span className="st-mono">
                  {t("error.request")} {requestId(login.error)}
                </span>
              )}
            </Alert>
          )}
          <TextInput label={t("login.email")} type="email" autoComplete="username" {...form.getInputProps("email")} />
          <PasswordInput
            label={t("login.password")}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ "aria-label": t("login.password.show"), tabIndex: 0 }}
            {...form.getInputProps("password")}
          />
          <Button type="submit" loading={login.isPending} fullWidth>
            {t("login.submit")}
          </Button>
        </form>
        <DemoAccounts
          busy={login.isPending}
          onChoose={(account) => {
            form.setValues(account);
            login.mutate(account);
          }}
        />
      </main>
    </div>
  );
}
