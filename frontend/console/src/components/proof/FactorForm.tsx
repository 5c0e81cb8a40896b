/**
 * Purpose: asking for a second factor, the same at sign-in and for a fresh proof.
 * Design: one way at a time, the best first, the others a click away; the form knows nothing of challenges, it gives the
 * proof to whoever asked.
 */
import { Alert, Button, Text, TextInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { signWithKey } from "../../api/webauthn";
import { useSpeech } from "../../i18n/context";
import type { PlainKey } from "../../i18n/translate";
import { requestId } from "../Problem";
import classes from "./proof.module.css";
import { type Method, type Proof, proofProblem } from "./words";

interface Look {
  readonly field: PlainKey;
  readonly hint: PlainKey;
  readonly missing: PlainKey;
  readonly instead: PlainKey;
}

const LOOKS: Readonly<Record<Method, Look>> = {
  totp: { field: "factor.totp", hint: "factor.totp.hint", missing: "factor.totp.missing", instead: "factor.totp.use" },
  recovery_code: {
    field: "factor.recovery",
    hint: "factor.recovery.hint",
    missing: "factor.recovery.missing",
    instead: "factor.recovery.use",
  },
  webauthn: {
    field: "factor.key",
    hint: "factor.key.hint",
    missing: "factor.key",
    instead: "factor.key.use",
  },
};

interface FactorFormProps {
  /** What will do, best first; not empty. */
  readonly methods: readonly Method[];
  /** What a security key is asked. */
  readonly question: unknown;
  readonly triesLeft?: number | undefined;
  /** Takes the proof; its rejection is shown here. */
  readonly onProof: (proof: Proof) => Promise<void>;
  readonly submit: string;
  /** Beside the button: the way out. */
  readonly aside?: ReactNode;
}

interface CodeFieldProps {
  readonly method: "totp" | "recovery_code";
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

function CodeField({ method, value, error, onChange }: CodeFieldProps) {
  const { t } = useSpeech();
  const look = LOOKS[method];
  const totp = method === "totp";
  return (
    <TextInput
      key={method}
      label={t(look.field)}
      description={t(look.hint)}
      value={value}
      error={error}
      classNames={{ input: classes.code }}
      // The only thing to do here, and whoever came here by keyboard has just pressed a button for it.
      data-autofocus
      autoFocus // eslint-disable-line jsx-a11y/no-autofocus
      autoComplete={totp ? "one-time-code" : "off"}
      inputMode={totp ? "numeric" : "text"}
      autoCapitalize="off"
      spellCheck={false}
      maxLength={totp ? 9 : 40}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** See the file's head. */
export function FactorForm({ methods, question, triesLeft, onProof, submit, aside }: FactorFormProps) {
  const speech = useSpeech();
  const { t } = speech;
  const [method, setMethod] = useState<Method>(() => methods[0] ?? "totp");
  const [value, setValue] = useState("");
  const [missing, setMissing] = useState(false);
  const prove = useMutation({
    mutationFn: async () => {
      switch (method) {
        case "webauthn":
          return onProof({ webauthn: await signWithKey(question) });
        case "totp":
          return onProof({ totp: value.trim() });
        case "recovery_code":
          return onProof({ recovery_code: value.trim() });
      }
    },
    // A code counts once: the wrong one is of no use any more.
    onError: () => setValue(""),
  });
  const choose = (next: Method): void => {
    setMethod(next);
    setValue("");
    setMissing(false);
    prove.reset();
  };
  const id = requestId(prove.error);
  return (
    <form
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        const empty = method !== "webauthn" && value.trim() === "";
        setMissing(empty);
        if (!empty && !prove.isPending) prove.mutate();
      }}
    >
      {prove.isError && (
        <Alert color="danger" role="alert" title={proofProblem(prove.error, speech, triesLeft)} variant="light">
          {id !== undefined && (
            <span className="st-mono">
              {t("error.request")} {id}
            </span>
          )}
        </Alert>
      )}
      {method === "webauthn" ? (
        <Text c="dimmed" aria-live="polite">
          {prove.isPending ? t("factor.key.waiting") : t("factor.key.hint")}
        </Text>
      ) : (
        <CodeField
          method={method}
          value={value}
          error={missing && value.trim() === "" ? t(LOOKS[method].missing) : undefined}
          onChange={setValue}
        />
      )}
      <div className={classes.buttons}>
        {aside}
        <Button
          type="submit"
          loading={prove.isPending}
          data-autofocus={method === "webauthn" ? true : undefined}
          leftSection={method === "webauthn" ? <IconKey size={16} aria-hidden /> : undefined}
        >
          {method === "webauthn" ? t("factor.key.ask") : submit}
        </Button>
      </div>
      {methods.length > 1 && (
        <ul className={classes.others} aria-label={t("factor.others")}>
          {methods
            .filter((other) => other !== method)
            .map((other) => (
              <li key={other}>
                <Button
                  variant="subtle"
                  size="compact-sm"
                  onClick={() => {
                    if (!prove.isPending) choose(other);
                  }}
                >
                  {t(LOOKS[other].instead)}
                </Button>
              </li>
            ))}
        </ul>
      )}
    </form>
  );
}
