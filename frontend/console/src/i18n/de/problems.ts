/** Deutsch: was abgelehnt wurde und was zu tun ist, nach dem Code des Problems. */
export const problems = {
  "problem.access-request-decided": "Darüber wurde inzwischen entschieden. Sieh es dir noch einmal an.",
  "problem.access-request-limit": "Zu viele deiner Anträge warten. Nimm einen zurück, oder warte eine Entscheidung ab.",
  "problem.access-request-over": "Die Zeit dieses Antrags ist um. Stelle ihn neu.",
  "problem.agent-key-limit":
    "Das Projekt hat zu viele Schlüssel. Widerrufe einen, oder nutze einen für mehrere Ursprünge.",
  "problem.already-invited":
    "Diese Adresse ist schon eingeladen. Sende die Einladung neu oder ziehe sie zuerst zurück.",
  "problem.already-member": "Diese Adresse gehört schon einem Mitglied.",
  "problem.already-proposed": "Genau diese Änderung ist schon vorgeschlagen. Sieh unter „Vorschläge“ nach.",
  "problem.already-reviewed": "Jemand hat das inzwischen geprüft.",
  "problem.already-set-up": "Dieser Server ist schon eingerichtet.",
  "problem.already-voted": "Du hast schon abgestimmt. Jemand anderes kann zustimmen.",
  "problem.api-key-limit": "Du hast zu viele Schlüssel. Widerrufe einen, der nicht gebraucht wird.",
  "problem.break-glass-not-renewable":
    "Du hast eine dieser Sitzungen schon so geöffnet, und niemand hat es bisher geprüft. Bitte stattdessen um Zugang.",
  "problem.audit-export-expired":
    "Dieser Export des Protokolls lässt sich nicht mehr herunterladen. Beginne einen neuen.",
  "problem.audit-export-not-ready":
    "Dieser Export des Protokolls lässt sich gerade nicht herunterladen. Sieh nach, wie er steht.",
  "problem.break-glass-open": "Er ist noch offen. Beende ihn, oder warte sein Ende ab, und prüfe ihn dann.",
  "problem.break-glass-restricted":
    "Eingeschränkte Sitzungen werden nie per Notzugriff geöffnet. Bitte um Zugang zu ihnen.",
  "problem.break-glass-spent":
    "In deinem Mandanten gab es in 24 Stunden schon drei Notzugriffe. Bitte stattdessen um Zugang.",
  "problem.changed-meanwhile": "Jemand anderes hat das gerade geändert. Sieh nach und versuche es noch einmal.",
  "problem.enrolment-not-begun": "Nichts wartet auf einen Code. Beginne noch einmal.",
  "problem.export-expired":
    "Dieser Export lässt sich nicht mehr herunterladen. Exportiere die Sitzung noch einmal, wenn du sie noch brauchst.",
  "problem.factor-exists": "Es gibt schon einen. Entferne ihn zuerst.",
  "problem.factor-limit": "Du hast zu viele Sicherheitsschlüssel. Entferne einen, der nicht mehr gebraucht wird.",
  "problem.filter-finds-none": "Der Filter findet gerade keine Sitzung, also gibt es nichts zu genehmigen.",
  "problem.filter-finds-too-many":
    "Der Filter findet gerade mehr als 50 Sitzungen. Lehne ab, und lass einen engeren beantragen.",
  "problem.guarded-role":
    "Über Inhaberinnen entscheidet nur eine Inhaberin, über den Datenschutz nur eine Inhaberin oder der Datenschutz.",
  "problem.label-limit": "Die Sitzung hat zu viele Etiketten. Nimm ihr zuerst eines.",
  "problem.last-owner": "Ein Mandant behält mindestens eine aktive Inhaberin. Mach zuerst jemand anderen dazu.",
  "problem.ledger-behind":
    "Das Protokoll hinkt hinterher, deshalb ließe sich das nicht belegen. Versuche es gleich noch einmal; bleibt es so, sag es dem Betreiber.",
  "problem.link-not-good": "Dieser Link gilt nicht mehr.",
  "problem.mail-is-sent": "Briefe gehen hier per Mail hinaus, und keiner wird für die Konsole aufbewahrt.",
  "problem.more-than-yours":
    "Eine Rolle kann nicht mehr erlauben, als du überall darfst. Nimm heraus, was du nicht darfst.",
  "problem.name-taken": "Diesen Namen trägt hier schon etwas anderes. Wähle einen anderen.",
  "problem.network-not-allowed": "Dieser Schlüssel gilt nicht für das Netz, aus dem die Anfrage kam.",
  "problem.no-detail": "Angaben zu Personen gehen nur an Webhooks, nicht über Syslog.",
  "problem.no-factor": "Du hast keinen zweiten Faktor. Richte zuerst einen ein.",
  "problem.no-secret": "Ein Syslog-Empfänger hat kein Geheimnis: Er weist sich mit seinem Zertifikat aus.",
  "problem.not-possible": "So, wie es jetzt steht, geht das nicht. Sieh es dir noch einmal an.",
  "problem.not-your-proposal": "Zurücknehmen kann nur, wer es vorgeschlagen hat. Wer abstimmen darf, kann es ablehnen.",
  "problem.own-account": "Niemand sperrt sich selbst oder ändert die eigenen Rollen.",
  "problem.own-proposal":
    "Niemand entscheidet über den eigenen Vorschlag. Nimm ihn zurück, oder warte auf jemand anderen.",
  "problem.own-request": "Niemand entscheidet über den eigenen Antrag. Jemand anderes kann es.",
  "problem.own-role": "Du hast diese Rolle selbst. Niemand ändert eine Rolle, die er hat; jemand anderes kann es.",
  "problem.password-wrong": "Das ist nicht dein Passwort.",
  "problem.person-erased": "Was von dieser Person bekannt war, ist für immer gelöscht.",
  "problem.proposal-corrupt":
    "Was gespeichert ist, ist nicht das Vorgeschlagene. Es wird nie ausgeführt; sag es denen, die diesen Server betreiben.",
  "problem.proposal-decided": "Über diesen Vorschlag wurde inzwischen entschieden. Sieh ihn dir noch einmal an.",
  "problem.proposal-limit": "Zu viele Vorschläge sind offen. Entscheide über einige, oder nimm sie zurück.",
  "problem.request-changed": "Das ist nicht, was dir gezeigt wurde. Sieh noch einmal hin, und entscheide dann.",
  "problem.review-of-own-open": "Ein eigener Notzugriff wartet auf seine Prüfung. Bis dahin prüfst du keinen anderen.",
  "problem.review-owed": "Ein Notzugriff in deiner Rolle wurde 72 Stunden lang nicht geprüft. Lass ihn zuerst prüfen.",
  "problem.role-changed": "Jemand hat die Rolle inzwischen geändert. Sieh sie dir an, und ändere sie dann.",
  "problem.role-held": "Das Mitglied hat diese Rolle schon.",
  "problem.role-in-use": "Jemand hat diese Rolle. Nimm sie zuerst allen, die sie haben.",
  "problem.role-limit": "Ein Mandant hat höchstens 50 eigene Rollen. Entferne eine, die niemand braucht.",
  "problem.rules-changed": "Jemand hat die Regeln inzwischen geändert. Sieh sie dir an, und ändere sie dann.",
  "problem.scope-not-yours":
    "Ein Schlüssel kann nicht mehr haben als du: keine Aktion, kein Projekt, kein Netz darüber hinaus.",
  "problem.session-erased": "Der Inhalt dieser Sitzung ist für immer gelöscht.",
  "problem.setup-closed":
    "Nach fünf falschen Token ist die Einrichtung zu. Starte den Server neu und nimm das Token, das er ausgibt.",
  "problem.setup-token-wrong": "Das ist nicht das Token. Kopiere es noch einmal aus dem Terminal.",
  "problem.slug-taken": "Ein anderer Mandant hat diesen Kurznamen.",
  "problem.takes-two-people":
    "Zu dieser Rolle wird niemand eingeladen. Lade zu einer anderen ein und schlage diese vor: Eine zweite Person entscheidet.",
  "problem.webauthn-unavailable":
    "Diese Konsole wird über eine Adresse erreicht. Browser lassen Sicherheitsschlüssel nur für einen Namen unterschreiben.",
  "problem.webhook-limit": "Es gibt zu viele Webhooks. Entferne einen, der nicht gebraucht wird.",
  "problem.webhook-paused": "Dieser Webhook ruht. Setze ihn zuerst fort.",
};
