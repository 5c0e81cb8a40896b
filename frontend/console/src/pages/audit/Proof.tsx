import { Alert, Button, Skeleton, Title } from "@mantine/core";
import type { AuditEvent } from "@sealtape/api-client";
import { SealSign } from "@sealtape/ui";
import { IconDownload } from "@tabler/icons-react";
import { Problem } from "../../components/Problem";
import { useSpeech } from "../../i18n/context";
import type { StepState } from "../../ledger/verify";
import { download } from "../security/download";
import classes from "./audit.module.css";
import { firstBroken } from "./continuity";
import { Steps } from "./Steps";
import { type Checked, useEventProof } from "./useProof";

/** Says that this page cannot check anything, and what can. */
export function NoCrypto() {
  const { t } = useSpeech();
  return (
    <Alert color="warning" variant="light" title={t("proof.no-crypto.title")}>
      {t("proof.no-crypto.text")}
    </Alert>
  );
}

interface CheckedStepsProps {
  readonly checked: Checked;
  readonly label: string;
  /** What the steps show together. */
  readonly words: (verdict: StepState, broken: number) => string;
  readonly waiting?: string;
}

/** The steps of a check, while it runs and once it is done, under what they show together. */
export function CheckedSteps({ checked, label, words, waiting }: CheckedStepsProps) {
  const { t } = useSpeech();
  switch (checked.at) {
    case "no-crypto":
      return <NoCrypto />;
    case "no-key":
      return <SealSign state="broken" label={t("step.key.unreadable")} />;
    case "failed":
      return <Problem error={checked.error} onRetry={checked.retry} />;
    case "waiting":
      return (
        <p className={classes.verdict} role="status">
          <SealSign state="open" label={waiting ?? t("proof.waiting")} />
        </p>
      );
    case "checking":
      return (
        <div aria-busy role="status" aria-label={t("proof.checking")}>
          <Skeleton height={18} width="60%" mb={12} />
          <Skeleton height={120} />
        </div>
      );
    case "done":
      return (
        <>
          <p className={classes.verdict} role="status">
            <SealSign state={checked.verdict} label={words(checked.verdict, firstBroken(checked.steps))} />
          </p>
          <Steps label={label} steps={checked.steps} />
        </>
      );
  }
}

/** That the event is in the signed log: asked for, and checked here. */
export function Proof({ event }: { readonly event: AuditEvent }) {
  const { t } = useSpeech();
  const { checked, answer } = useEventProof(event);
  const broken = checked.at === "done" && checked.verdict === "broken";
  return (
    <section className={`st-panel ${classes.card ?? ""}`} aria-labelledby="proof">
      <Title order={2} id="proof">
        {t("proof.title")}
      </Title>
      <p className={classes.text}>{t("proof.text")}</p>
      {broken && (
        <Alert color="danger" variant="light" role="alert" className={classes.alarm ?? ""}>
          {t("proof.broken.todo")}
        </Alert>
      )}
      <CheckedSteps
        checked={checked}
        label={t("proof.steps")}
        words={(verdict, step) => (verdict === "broken" ? t("proof.broken", { step }) : t(`proof.${verdict}`))}
      />
      {answer !== undefined && (
        <div className={classes.buttons}>
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => download(`sealtape-proof-${event.id}.json`, `${JSON.stringify(answer)}\n`)}
          >
            {t("proof.save")}
          </Button>
        </div>
      )}
    </section>
  );
}
