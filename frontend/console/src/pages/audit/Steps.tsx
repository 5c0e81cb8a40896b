/**
 * Purpose: the steps of a proof, in words, each with its seal and the hash it led to.
 * How to add one more step: a case in `Body`; the catalogues `audit` have its words.
 */
import { CopyId, exactTime, SealSign } from "@sealtape/ui";
import type { ReactNode } from "react";
import { useSpeech } from "../../i18n/context";
import { type Bytes, toBase64 } from "../../ledger/bytes";
import type { EntryStep, GrowthStep, PathStepResult, RootStep, SignatureStep } from "../../ledger/verify";
import classes from "./audit.module.css";
import type { KeyStep, SeenStep, ShownStep } from "./continuity";

function HashLine({ hash }: { readonly hash: Bytes }) {
  const { t } = useSpeech();
  if (hash.length === 0) return null;
  return (
    <span className={classes.hash}>
      <CopyId value={toBase64(hash)} label={t("checkpoint.root")} />
    </span>
  );
}

interface LineProps {
  readonly state: ShownStep["state"];
  readonly words: string;
  readonly children?: ReactNode;
}

function Line({ state, words, children }: LineProps) {
  const { t } = useSpeech();
  return (
    <div className={classes.stepBody}>
      <div className={classes.stepHead}>
        <span>{words}</span>
        <SealSign state={state} label={t(`step.state.${state}`)} />
      </div>
      {children}
    </div>
  );
}

function Entry({ step }: { readonly step: EntryStep }) {
  const { t } = useSpeech();
  const { bytes, differs, state, leaf } = step;
  const words = differs.includes("form")
    ? t("step.entry.form", { bytes })
    : differs.length > 0
      ? t("step.entry.differs", { bytes, fields: differs.join(", ") })
      : t("step.entry", { bytes });
  return (
    <Line state={state} words={words}>
      <HashLine hash={leaf} />
    </Line>
  );
}

function Way({ step }: { readonly step: PathStepResult }) {
  const { t } = useSpeech();
  const { steps } = step.path;
  if (steps.length === 0) return null;
  return (
    <details className={classes.way}>
      <summary>{t("step.path.show")}</summary>
      <ol>
        {steps.map(({ side, neighbour, hash }) => (
          <li key={toBase64(hash)}>
            <span>{t(`step.path.${side}`)}</span>
            <CopyId value={toBase64(neighbour)} label={t(`step.path.${side}`)} />
            <span>{t("step.path.gives")}</span>
            <CopyId value={toBase64(hash)} label={t("step.path.gives")} />
          </li>
        ))}
      </ol>
    </details>
  );
}

function PathLine({ step }: { readonly step: PathStepResult }) {
  const { t, tn, language } = useSpeech();
  const { index, size, path, state } = step;
  const numbers = new Intl.NumberFormat(language);
  const holes = { index, size };
  const words =
    path.fault === undefined
      ? tn("step.path", path.steps.length)
          .replace("{index}", numbers.format(index))
          .replace("{size}", numbers.format(size))
      : t(path.fault === "index" ? "step.path.index" : "step.path.length", holes);
  return (
    <Line state={state} words={words}>
      <HashLine hash={path.root} />
      <Way step={step} />
    </Line>
  );
}

function RootLine({ step: { state, stated } }: { readonly step: RootStep }) {
  const { t } = useSpeech();
  return (
    <Line state={state} words={state === "sealed" ? t("step.root") : t("step.root.differs")}>
      <HashLine hash={stated} />
    </Line>
  );
}

function SignatureLine({ step }: { readonly step: SignatureStep }) {
  const { t } = useSpeech();
  const { id, state, checkpoint, keyId: key, fault } = step;
  const words =
    fault === undefined ? t(`step.${id}`, { size: checkpoint?.size ?? 0, key }) : t(`step.signature.${fault}`, { key });
  return <Line state={state} words={words} />;
}

function GrowthLine({ step }: { readonly step: GrowthStep }) {
  const { t, tn } = useSpeech();
  const { id, state, stated, hashes, branch, fault, size } = step;
  if (fault !== undefined) return <Line state={state} words={t(`step.growth.${fault}`)} />;
  const held = (): string => {
    if (id === "later-root") return t("step.later-root", { size });
    if (branch) return t("step.earlier-root.branch");
    return hashes === 0 ? t("step.earlier-root.same") : tn("step.earlier-root", hashes);
  };
  return (
    <Line state={state} words={state === "sealed" ? held() : t(`step.${id}.differs`)}>
      <HashLine hash={stated} />
    </Line>
  );
}

function KeyLine({ step: { state, kind, keyId: key, date } }: { readonly step: KeyStep }) {
  const { t, language } = useSpeech();
  const when = exactTime(Date.parse(date), language);
  const words = kind === "first" ? t("step.key.first", { key }) : t(`step.key.${kind}`, { date: when });
  return <Line state={state} words={words} />;
}

function SeenLine({ step: { state, kind, pin } }: { readonly step: SeenStep }) {
  const { t, language } = useSpeech();
  if (pin === undefined) return <Line state={state} words={t("step.seen.first")} />;
  const date = exactTime(Date.parse(pin.at), language);
  const { size, origin } = pin.checkpoint;
  const words = (): string => {
    switch (kind) {
      case "first":
        return t("step.seen.first");
      case "continued":
        return t("step.seen.sealed", { date, size });
      case "broken":
        return t("step.seen.broken", { date, size });
      case "other-log":
        return t("step.seen.other-log", { date, origin });
      case "no-answer":
        return t("step.seen.no-answer", { date });
    }
  };
  return <Line state={state} words={words()} />;
}

function Body({ step }: { readonly step: ShownStep }) {
  switch (step.id) {
    case "entry":
      return <Entry step={step} />;
    case "path":
      return <PathLine step={step} />;
    case "root":
      return <RootLine step={step} />;
    case "signature":
    case "earlier-signature":
      return <SignatureLine step={step} />;
    case "earlier-root":
    case "later-root":
      return <GrowthLine step={step} />;
    case "key":
      return <KeyLine step={step} />;
    case "seen":
      return <SeenLine step={step} />;
  }
}

/** The steps of a proof, first to last. */
export function Steps({ label, steps }: { readonly label: string; readonly steps: readonly ShownStep[] }) {
  return (
    <ol className={classes.steps} aria-label={label}>
      {steps.map((step) => (
        <li key={step.id} className={classes.step} data-step={step.id} data-state={step.state}>
          <Body step={step} />
        </li>
      ))}
    </ol>
  );
}
