/**
 * Purpose: the dialog in which somebody who is signed in proves again who they are.
 * Design: stands once around all pages. The API client asks for it whenever the server refuses an act with
 * `step-up-required`, and repeats the act once the proof was taken: no page knows which acts those are.
 */
import { Button, PasswordInput, Text } from "@mantine/core";
import { ApiError, type StepUpNeeded } from "@sealtape/api-client";
import { RowsSkeleton } from "@sealtape/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { askStepUp, stepUp } from "../../api/account";
import { onStepUp } from "../../api/api";
import { useSpeech } from "../../i18n/context";
import { Covered, Dialog } from "../Dialog";
import { FormError } from "../FormError";
import { Problem } from "../Problem";
import { FactorForm } from "./FactorForm";
import classes from "./proof.module.css";
import { knownMethods, proofProblem } from "./words";

interface StageProps {
  readonly onProved: () => void;
  readonly onCancel: () => void;
  /** The server wants something else than was thought. */
  readonly onNeeds: (needs: StepUpNeeded["needs"]) => void;
}

function Cancel({ onCancel }: { readonly onCancel: () => void }) {
  const { t } = useSpeech();
  return (
    <Button variant="default" onClick={onCancel}>
      {t("cancel")}
    </Button>
  );
}

function ByPassword({ onProved, onCancel, onNeeds }: StageProps) {
  const speech = useSpeech();
  const { t } = speech;
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState(false);
  const prove = useMutation({
    mutationFn: () => stepUp({ password }),
    onSuccess: onProved,
    onError: (error) => {
      setPassword("");
      if (error instanceof ApiError && error.stepUp !== undefined) onNeeds(error.stepUp.needs);
    },
  });
  const wrong = prove.error instanceof ApiError && prove.error.code === "password-wrong";
  return (
    <form
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        setMissing(password === "");
        if (password !== "") prove.mutate();
      }}
    >
      <Text>{t("stepup.text")}</Text>
      <PasswordInput
        label={t("login.password")}
        autoComplete="current-password"
        data-autofocus
        value={password}
        error={
          missing && password === ""
            ? t("login.password.missing")
            : wrong && password === ""
              ? proofProblem(prove.error, speech)
              : undefined
        }
        visibilityToggleButtonProps={{ "aria-label": t("login.password.show"), tabIndex: 0 }}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {!wrong && <FormError error={prove.error} />}
      <div className={classes.buttons}>
        <Cancel onCancel={onCancel} />
        <Button type="submit" loading={prove.isPending}>
          {t("stepup.do")}
        </Button>
      </div>
    </form>
  );
}

function ByFactor({ onProved, onCancel, onNeeds }: StageProps) {
  const { t } = useSpeech();
  const asked = useQuery({
    queryKey: ["account", "step-up"],
    queryFn: askStepUp,
    // A challenge is answered once and soon: never one from before.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    retry: false,
  });
  const noFactor = asked.error instanceof ApiError && asked.error.code === "no-factor";
  useEffect(() => {
    if (noFactor) onNeeds("password");
  }, [noFactor, onNeeds]);
  if (asked.isPending) return <RowsSkeleton rows={3} />;
  if (asked.isError) return <Problem error={asked.error} onRetry={() => void asked.refetch()} />;
  const { challenge, methods, webauthn } = asked.data;
  return (
    <div className={classes.form}>
      <Text>{t("stepup.text")}</Text>
      <FactorForm
        methods={knownMethods(methods)}
        question={webauthn}
        submit={t("stepup.do")}
        aside={<Cancel onCancel={onCancel} />}
        onProof={async (proof) => {
          try {
            await stepUp("webauthn" in proof ? { challenge, ...proof } : { ...proof });
          } catch (error) {
            if (error instanceof ApiError && error.code === "challenge-ended") await asked.refetch();
            throw error;
          }
          onProved();
        }}
      />
    </div>
  );
}

function Enrol({ onCancel }: { readonly onCancel: () => void }) {
  const { t } = useSpeech();
  return (
    <div className={classes.form}>
      <Text>{t("stepup.enrol.text")}</Text>
      <div className={classes.buttons}>
        <Cancel onCancel={onCancel} />
        <Button renderRoot={(props: object) => <Link to="/security" {...props} />} onClick={onCancel}>
          {t("stepup.enrol.do")}
        </Button>
      </div>
    </div>
  );
}

interface Asked {
  readonly needs: StepUpNeeded["needs"];
  readonly answer: (proved: boolean) => void;
}

/** Holds the dialog for everything inside; see the file's head. */
export function StepUp({ children }: { readonly children: ReactNode }) {
  const { t } = useSpeech();
  const [asked, setAsked] = useState<Asked>();
  useEffect(() => {
    let last: ((proved: boolean) => void) | undefined;
    const stop = onStepUp(
      ({ needs }) =>
        new Promise((answer) => {
          last = answer;
          setAsked({ needs, answer });
        }),
    );
    return () => {
      stop();
      last?.(false);
    };
  }, []);
  const end = (proved: boolean) => (): void => {
    asked?.answer(proved);
    setAsked(undefined);
  };
  const stage: StageProps = {
    onProved: end(true),
    onCancel: end(false),
    onNeeds: (needs) => setAsked((now) => (now === undefined ? now : { ...now, needs })),
  };
  return (
    <Covered value={asked !== undefined}>
      {children}
      <Covered value={false}>
        <Dialog
          opened={asked !== undefined}
          onClose={end(false)}
          closeOnClickOutside={false}
          title={asked?.needs === "enrolment" ? t("stepup.enrol.title") : t("stepup.title")}
          zIndex={400}
        >
          {asked?.needs === "password" && <ByPassword {...stage} />}
          {asked?.needs === "factor" && <ByFactor {...stage} />}
          {asked?.needs === "enrolment" && <Enrol onCancel={stage.onCancel} />}
        </Dialog>
      </Covered>
    </Covered>
  );
}
