import { Alert, Button, PasswordInput, TextInput, Title, UnstyledButton } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDocumentTitle } from "@mantine/hooks";
import { ApiError, type Challenge, MfaRequired } from "@sealtape/api-client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { api } from "../../api/api";
import { deploymentQuery } from "../../api/queries";
import { problemLine, requestId } from "../../components/Problem";
import { useSpeech } from "../../i18n/context";
import type { Translate } from "../../i18n/translate";
import { DemoAccounts } from "./DemoAccounts";
import { Frame } from "./Frame";
import classes from "./login.module.css";
import { SecondFactor } from "./SecondFactor";

const route = getRouteApi("/login");

function refusal(error: unknown, t: Translate): string {
  if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return t("login.refused");
  return problemLine(error, t);
}

interface PasswordProps {
  /** The challenge of the last try takes no more answers. */
  readonly ended: boolean;
  readonly onSignedIn: () => void;
  readonly onChallenge: (challenge: Challenge) => void;
}

/** Where there is no tenant, nobody can sign in: leads to the set-up. */
function SetupNeeded() {
  const { t } = useSpeech();
  const { data: deployment } = useQuery(deploymentQuery());
  if (deployment?.setup_needed !== true) return null;
  return (
    <Alert color="teal" role="note" variant="light" title={t("login.setup.text")} mb="md">
      <Link to="/setup">{t("login.setup")}</Link>
    </Alert>
  );
}

function Password({ ended, onSignedIn, onChallenge }: PasswordProps) {
  const { t } = useSpeech();
  const [several, setSeveral] = useState(false);
  const form = useForm({
    initialValues: { email: "", password: "", tenant: "" },
    validate: {
      email: (value) => (value.trim() === "" ? t("login.email.missing") : null),
      password: (value) => (value === "" ? t("login.password.missing") : null),
    },
  });
  const login = useMutation({
    mutationFn: api.login,
    onSuccess: onSignedIn,
    onError: (error) => {
      if (error instanceof MfaRequired) onChallenge(error.challenge);
    },
  });
  const id = requestId(login.error);
  return (
    <>
      <form
        noValidate
        onSubmit={form.onSubmit((values) => {
          const tenant = values.tenant.trim();
          login.mutate({
            email: values.email.trim(),
            password: values.password,
            ...(several && tenant !== "" ? { tenant } : {}),
          });
        })}
        className={classes.form}
      >
        {ended && login.isIdle && <Alert color="warning" role="alert" title={t("factor.ended")} variant="light" />}
        {login.isError && !(login.error instanceof MfaRequired) && (
          <Alert color="danger" role="alert" title={refusal(login.error, t)} variant="light">
            {id !== undefined && (
              <span className="st-mono">
                {t("error.request")} {id}
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
        {several && (
          <TextInput
            label={t("login.tenant")}
            description={t("login.tenant.hint")}
            autoComplete="organization"
            {...form.getInputProps("tenant")}
          />
        )}
        <Button type="submit" loading={login.isPending} fullWidth>
          {t("login.submit")}
        </Button>
        <div className={classes.others}>
          <Link className={classes.quiet} to="/reset">
            {t("login.forgotten")}
          </Link>
          {!several && (
            <UnstyledButton className={classes.quiet} onClick={() => setSeveral(true)}>
              {t("login.several")}
            </UnstyledButton>
          )}
        </div>
      </form>
      <DemoAccounts
        busy={login.isPending}
        onChoose={(account) => {
          form.setValues({ email: account.email, password: account.password });
          login.mutate(account);
        }}
      />
    </>
  );
}

/** Sign-in: the password, and the second factor of who has one. */
export function LoginPage() {
  const { t } = useSpeech();
  const router = useRouter();
  const { next } = route.useSearch();
  const [challenge, setChallenge] = useState<Challenge>();
  const [ended, setEnded] = useState(false);
  const title = challenge === undefined ? t("login.title") : t("login.factor.title");
  useDocumentTitle(`${title} · Sealtape`);
  const enter = (): void => router.history.push(next ?? "/");
  const back = useCallback((over: boolean): void => {
    setEnded(over);
    setChallenge(undefined);
  }, []);
  return (
    <Frame>
      <Title order={1}>{title}</Title>
      {challenge === undefined ? (
        <>
          <SetupNeeded />
          <Password ended={ended} onSignedIn={enter} onChallenge={setChallenge} />
        </>
      ) : (
        <SecondFactor challenge={challenge} onSignedIn={enter} onBack={back} />
      )}
    </Frame>
  );
}
