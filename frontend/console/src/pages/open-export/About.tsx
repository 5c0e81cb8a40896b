import { CopyId, exactTime } from "@sealtape/ui";
import { type Fact, Facts } from "../../components/Facts";
import { PURPOSES } from "../../components/grant-words";
import { paneWords, stateWord } from "../../components/session-words";
import type { ExportFacts } from "../../export/facts";
import { type Speech, useSpeech } from "../../i18n/context";
import { clock } from "../../recording/format";
import details from "../session/details.module.css";

function purposeWord(purpose: string, { t }: Speech): string {
  const known = PURPOSES.find((each) => each === purpose);
  return known === undefined ? purpose : t(`purpose.${known}`);
}

/** About the taking out. Who did it is not in the file: that is on record where it came from. */
function exportFacts(facts: ExportFacts, speech: Speech): readonly Fact[] {
  const { t, language } = speech;
  const { grant } = facts;
  return [
    [t("opened.taken"), exactTime(Date.parse(facts.exportedAt), language)],
    [t("ask.purpose"), purposeWord(facts.purpose, speech)],
    [
      t("opened.by"),
      <>
        {t("opened.by.grant")} {grant !== undefined && <CopyId value={grant} label={t("opened.by.grant")} short />}
      </>,
    ],
    [t("opened.text"), facts.masked ? t("opened.masked") : t("opened.readable")],
    [t("opened.holds"), paneWords(facts.panes, t) || t("none")],
    [t("opened.export"), <CopyId key="id" value={facts.exportId} label={t("opened.export")} short />],
  ];
}

/** About the session, as it was then. */
function sessionFacts({ session, sessionId, projectId }: ExportFacts, { t, language }: Speech): readonly Fact[] {
  const { manifest, policyVersion, environment } = session;
  return [
    [t("column.session"), <CopyId key="id" value={sessionId} label={t("session.id")} short />],
    [t("column.project"), <CopyId key="id" value={projectId} label={t("project.id")} short />],
    [t("column.started"), exactTime(Date.parse(session.startedAt), language)],
    [t("column.duration"), clock(session.durationMs)],
    [t("opened.state"), stateWord(session.state, t)],
    [t("column.system"), [session.browser, session.os].filter((part) => part !== undefined).join(" · ") || t("none")],
    [t("column.release"), session.release ?? t("none")],
    [t("opened.environment"), environment ?? t("none")],
    [
      t("details.policy"),
      policyVersion === undefined ? t("none") : t("details.policy.version", { version: String(policyVersion) }),
    ],
    [
      t("opened.manifest"),
      manifest === undefined ? (
        t("seal.none")
      ) : (
        <>
          {t("opened.manifest.rev", { rev: String(manifest.rev) })}{" "}
          <CopyId value={manifest.hash} label={t("seal.hash")} short />
        </>
      ),
    ],
  ];
}

/** What the file says of itself. */
export function About({ facts }: { readonly facts: ExportFacts }) {
  const speech = useSpeech();
  return (
    <div className={details.details}>
      <Facts facts={[...exportFacts(facts, speech), ...sessionFacts(facts, speech)]} />
    </div>
  );
}
