import type { capture as english } from "../en/capture";

/** Deutsch: der Not-Aus. */
export const capture = {
  "capture.resume": "Weiter aufzeichnen",
  "capture.resume.done": "Seiten, die ab jetzt geladen werden, werden wieder aufgezeichnet.",
  "capture.resume.project": "Seiten von {project}, die danach geladen werden, werden wieder aufgezeichnet.",
  "capture.resume.tenant":
    "Seiten, die danach geladen werden, werden wieder aufgezeichnet, in jedem Projekt, das nicht selbst angehalten ist.",
  "capture.since.text":
    "Übertragungen werden abgewiesen, keine Sitzung beginnt. Was vorher aufgezeichnet wurde, bleibt.",
  "capture.stop": "Aufzeichnung anhalten",
  "capture.stop.all": "Alles anhalten",
  "capture.stop.all.title": "Aufzeichnung in allen Projekten anhalten?",
  "capture.stop.consequence.kept": "Bisher aufgezeichnete Sitzungen bleiben und können angesehen werden.",
  "capture.stop.consequence.lost": "Was Seiten noch nicht gesendet haben, ist endgültig verworfen.",
  "capture.stop.consequence.now": "Von der Antwort an wird nichts mehr angenommen.",
  "capture.stop.denied":
    "Anhalten braucht die Berechtigung {action}; frag eine Inhaberin, einen Admin oder die Datenschutzbeauftragte.",
  "capture.stop.reason": "Warum",
  "capture.stop.reason.hint": "Steht im Protokoll neben dem Eintrag und kann mit dir gelöscht werden.",
  "capture.stop.reason.missing": "Sag, warum: für alle, die sie angehalten vorfinden.",
  "capture.stop.title": "Aufzeichnung in {project} anhalten?",
  "capture.stopped": "Aufzeichnung angehalten",
  "capture.stopped.project": "Hier ist die Aufzeichnung angehalten",
  "capture.stopped.tenant": "Die Aufzeichnung ist in allen Projekten angehalten",
} satisfies Readonly<Record<keyof typeof english, string>>;
