import { Button, FileButton, Textarea } from "@mantine/core";
import { ApiError, type AuditCheckpoint } from "@sealtape/api-client";
import { IconFileUpload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Problem } from "../../components/Problem";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n/context";
import { fromBase64 } from "../../ledger/bytes";
import { type Checkpoint, readKeptCheckpoint } from "../../ledger/checkpoint";
import type { Trust } from "../../ledger/pins";
import { HASH_LENGTH } from "../../ledger/tree";
import { overall, type Step, type StepState } from "../../ledger/verify";
import classes from "./audit.module.css";
import { continuitySteps, firstBroken } from "./continuity";
import { Steps } from "./Steps";
import { SealSign } from "@sealtape/ui";

/** An earlier checkpoint, and whether its signature came with it. */
export interface Earlier {
  readonly checkpoint: Checkpoint;
  readonly kept: boolean;
}

/** A row of the list as a checkpoint: what it says, with nobody's signature. */
export function earlierOf({ origin, size, root }: AuditCheckpoint): Earlier | undefined {
  const bytes = fromBase64(root);
  if (bytes?.length !== HASH_LENGTH) return undefined;
  const note = { text: "", signatures: [] };
  return { checkpoint: { origin, size, root: bytes, note, text: "" }, kept: false };
}

interface Answer {
  readonly steps: readonly Step[];
  readonly verdict: StepState;
  /** The server gave no proof. */
  readonly refused: boolean;
}

const refusedProof = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 404 || error.status === 409 || error.status === 422);

/** Whether the newest checkpoint continues the earlier one. */
async function check({ checkpoint, kept }: Earlier, newest: Checkpoint, trust: Trust): Promise<Answer> {
  try {
    const all = await continuitySteps(checkpoint, newest, trust.pin.key);
    const steps = all.map((step): Step => {
      const unsigned = !kept && step.id === "earlier-signature";
      return unsigned ? { ...step, state: "open" } : step;
    });
    return { steps, verdict: overall(steps), refused: false };
  } catch (error) {
    if (refusedProof(error)) return { steps: [], verdict: "broken", refused: true };
    throw error;
  }
}

/** The check of an earlier checkpoint against the newest one. */
export function useComparison(newest: Checkpoint | undefined, trust: Trust | null | undefined) {
  return useMutation({
    mutationFn: async (earlier: Earlier) => {
      if (newest === undefined || trust === undefined || trust === null)
        throw new Error("there is nothing to compare with");
      return { earlier, ...(await check(earlier, newest, trust)) };
    },
  });
}

type Comparison = ReturnType<typeof useComparison>;

function Result({ comparison }: { readonly comparison: Comparison }) {
  const { t } = useSpeech();
  const { data, error } = comparison;
  if (error !== null) return <Problem error={error} />;
  if (data === undefined) return null;
  const { verdict, refused, earlier } = data;
  // A row of the list came without a signature: there is nothing to show of it.
  const steps = data.steps.filter((step) => earlier.kept || step.id !== "earlier-signature");
  const words = (): string => {
    if (refused) return t("step.growth.no-answer");
    return verdict === "broken" ? t("compare.broken", { step: firstBroken(steps) }) : t(`compare.${verdict}`);
  };
  return (
    <>
      <p className={classes.verdict}>
        <SealSign state={verdict} label={words()} />
      </p>
      {!earlier.kept && <p className={classes.text}>{t("step.unsigned-row", { size: earlier.checkpoint.size })}.</p>}
      <Steps label={t("proof.steps")} steps={steps} />
    </>
  );
}

/** Takes a checkpoint that somebody kept, and shows whether the log continues it. */
export function Compare({ comparison }: { readonly comparison: Comparison }) {
  const { t } = useSpeech();
  const [pasted, setPasted] = useState("");
  const [missing, setMissing] = useState(false);
  const start = (text: string): void => {
    const checkpoint = readKeptCheckpoint(text);
    setMissing(checkpoint === undefined);
    if (checkpoint === undefined) comparison.reset();
    else comparison.mutate({ checkpoint, kept: true });
  };
  return (
    <Section id="compare" title={t("compare.title")} text={t("compare.text")}>
      <div className={`st-panel ${classes.card ?? ""} ${classes.stack ?? ""}`}>
        <form
          noValidate
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            start(pasted);
          }}
        >
          <Textarea
            className={classes.note ?? ""}
            label={t("compare.note")}
            placeholder={"sealtape/…\n1024\n…=\n\n— sealtape/… …"}
            autosize
            minRows={5}
            maxRows={10}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            value={pasted}
            error={missing ? t("compare.note.missing") : undefined}
            onChange={(event) => setPasted(event.currentTarget.value)}
          />
          <div className={classes.line}>
            <Button type="submit" loading={comparison.isPending}>
              {t("compare.do")}
            </Button>
            <FileButton
              onChange={(file) => {
                void file?.text().then((text) => {
                  setPasted(text);
                  start(text);
                });
              }}
            >
              {(props) => (
                <Button variant="default" leftSection={<IconFileUpload size={16} aria-hidden />} {...props}>
                  {t("compare.file")}
                </Button>
              )}
            </FileButton>
          </div>
        </form>
        <div aria-live="polite" data-comparison>
          <Result comparison={comparison} />
        </div>
      </div>
    </Section>
  );
}
