import { Button, Text } from "@mantine/core";
import { ApiError, type Challenge } from "@sealtape/api-client";
import { useEffect, useState } from "react";
import { api } from "../../api/api";
import { FactorForm } from "../../components/proof/FactorForm";
import { knownMethods } from "../../components/proof/words";
import { useSpeech } from "../../i18n/context";
import classes from "./login.module.css";

interface SecondFactorProps {
  readonly challenge: Challenge;
  readonly onSignedIn: () => void;
  /** Back to the password; `ended` when the challenge takes no more answers. */
  readonly onBack: (ended: boolean) => void;
}

/** The second half of a sign-in: an answer to the challenge that the right password brought. */
export function SecondFactor({ challenge, onSignedIn, onBack }: SecondFactorProps) {
  const { t, tn } = useSpeech();
  const [left, setLeft] = useState(challenge.tries);
  useEffect(() => {
    const over = setTimeout(() => onBack(true), challenge.expires_in * 1000);
    return () => clearTimeout(over);
  }, [challenge, onBack]);
  const methods = knownMethods(challenge.methods);
  return (
    <>
      <Text className={classes.lead}>{tn("login.factor.text", Math.floor(challenge.expires_in / 60))}</Text>
      <FactorForm
        methods={methods}
        question={challenge.webauthn}
        triesLeft={left}
        submit={t("login.submit")}
        aside={
          <Button variant="default" onClick={() => onBack(false)}>
            {t("login.factor.back")}
          </Button>
        }
        onProof={async (proof) => {
          try {
            await api.completeLogin({ challenge: challenge.challenge, ...proof });
          } catch (error) {
            const code = error instanceof ApiError ? error.code : undefined;
            if (code === "challenge-ended" || (code === "factor-wrong" && left <= 1)) onBack(true);
            else if (code === "factor-wrong") setLeft(left - 1);
            throw error;
          }
          onSignedIn();
        }}
      />
    </>
  );
}
