//! Every word that a letter can hold. A sentence says what sort of thing happened; who, what and why stand in the console.

use url::Url;

use super::LetterKind;
use crate::{notices::NoticeKind, settings::Locale};

use Locale::{De, En};

/// The subject: seen on locked screens, so it says no more than the sort of thing.
pub(super) const fn subject(kind: LetterKind, locale: Locale) -> &'static str {
    match (kind, locale) {
        (LetterKind::Invitation, En) => "Sealtape: you are invited",
        (LetterKind::Invitation, De) => "Sealtape: Sie sind eingeladen",
        (LetterKind::PasswordReset, En) => "Sealtape: set a new password",
        (LetterKind::PasswordReset, De) => "Sealtape: neues Passwort setzen",
        (LetterKind::Notice(_), En) => "Sealtape: a new notice",
        (LetterKind::Notice(_), De) => "Sealtape: eine neue Mitteilung",
        (LetterKind::Digest, En) => "Sealtape: unread notices",
        (LetterKind::Digest, De) => "Sealtape: ungelesene Mitteilungen",
    }
}

/// The whole text.
pub(super) fn body(kind: LetterKind, locale: Locale, link: &Url) -> String {
    let (greeting, ask, why) = match locale {
        En => ("Hello,", action(kind, En), reason(kind, En)),
        De => ("Guten Tag,", action(kind, De), reason(kind, De)),
    };
    format!("{greeting}\n\n{}\n\n{ask}\n{link}\n\n{why}\n", sentence(kind, locale))
}

const fn sentence(kind: LetterKind, locale: Locale) -> &'static str {
    match (kind, locale) {
        (LetterKind::Invitation, En) => "You are invited to work with Sealtape.",
        (LetterKind::Invitation, De) => "Sie sind eingeladen, mit Sealtape zu arbeiten.",
        (LetterKind::PasswordReset, En) => "Somebody asked to set a new password for your account.",
        (LetterKind::PasswordReset, De) => "jemand möchte für Ihr Konto ein neues Passwort setzen.",
        (LetterKind::Digest, En) => "There are notices that you have not read yet.",
        (LetterKind::Digest, De) => "es gibt Mitteilungen, die Sie noch nicht gelesen haben.",
        (LetterKind::Notice(kind), En) => english(kind),
        (LetterKind::Notice(kind), De) => german(kind),
    }
}

const fn action(kind: LetterKind, locale: Locale) -> &'static str {
    match (kind, locale) {
        (LetterKind::Invitation, En) => "Accept the invitation here:",
        (LetterKind::Invitation, De) => "Hier nehmen Sie die Einladung an:",
        (LetterKind::PasswordReset, En) => "Set it here:",
        (LetterKind::PasswordReset, De) => "Hier setzen Sie es:",
        (LetterKind::Notice(_) | LetterKind::Digest, En) => "Read more here:",
        (LetterKind::Notice(_) | LetterKind::Digest, De) => "Hier lesen Sie mehr:",
    }
}

const fn reason(kind: LetterKind, locale: Locale) -> &'static str {
    match (kind, locale) {
        (LetterKind::Invitation, En) => {
            "The link works once and for a limited time. If you do not expect an invitation, ignore this letter."
        }
        (LetterKind::Invitation, De) => {
            "Der Link gilt einmal und für begrenzte Zeit. Wenn Sie keine Einladung erwarten, beachten Sie diese Nachricht nicht."
        }
        (LetterKind::PasswordReset, En) => {
            "The link works once and for a limited time. If it was not you, ignore this letter: nothing has changed."
        }
        (LetterKind::PasswordReset, De) => {
            "Der Link gilt einmal und für begrenzte Zeit. Wenn Sie das nicht waren, beachten Sie diese Nachricht nicht: Es hat sich nichts geändert."
        }
        (LetterKind::Notice(_) | LetterKind::Digest, En) => {
            "You choose in the console which notices are mailed to you."
        }
        (LetterKind::Notice(_) | LetterKind::Digest, De) => {
            "Welche Mitteilungen Sie per E-Mail bekommen, wählen Sie in der Konsole."
        }
    }
}

const fn english(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::AccessRequested => "Somebody asks for access to sessions, and you may decide.",
        NoticeKind::AccessDecided => "Your access request was decided.",
        NoticeKind::GrantRevoked => "A grant of yours was revoked.",
        NoticeKind::GrantExpired => "A grant of yours is over.",
        NoticeKind::BreakGlassUsed => "Somebody broke glass to open sessions.",
        NoticeKind::BreakGlassReviewDue => "A break-glass use waits for your review.",
        NoticeKind::BreakGlassReviewed => "A break-glass use was reviewed.",
        NoticeKind::ProposalOpened => "A proposal waits for your vote.",
        NoticeKind::ProposalDecided => "A proposal was decided.",
        NoticeKind::SoloDelayStarted => {
            "A change without a second person takes effect in 24 hours. You may cancel it until then."
        }
        NoticeKind::SessionExported => "Somebody took a session out of Sealtape.",
        NoticeKind::LedgerBehind => "the audit log is behind: what happened lately is not signed yet.",
        NoticeKind::LedgerRefused => "the audit log does not continue what was signed of it. Somebody has to look.",
        NoticeKind::RoleChanged => "Roles were changed.",
        NoticeKind::MemberJoined => "Somebody accepted an invitation.",
        NoticeKind::MemberDisabled => "A member was disabled.",
        NoticeKind::RefreshReused => {
            "One of your sign-ins was used from two places. It was ended; if that was not you, change your password."
        }
        NoticeKind::PasswordChanged => "Your password was changed. If that was not you, tell an admin at once.",
        NoticeKind::FactorAdded => {
            "A second factor was added to your account. If that was not you, tell an admin at once."
        }
        NoticeKind::FactorRemoved => {
            "A second factor was removed from your account. If that was not you, tell an admin at once."
        }
        NoticeKind::RecoveryCodeUsed => {
            "A recovery code was used for your account. If that was not you, tell an admin at once."
        }
        NoticeKind::ApiKeyCreated => "An API key was created.",
        NoticeKind::KeyExpiring => "An API key ends soon.",
        NoticeKind::SinkFailing => "A receiver of the audit log takes nothing any more. What waits for it is kept.",
        NoticeKind::SinkRecovered => "A receiver of the audit log takes entries again.",
    }
}

const fn german(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::AccessRequested => "jemand bittet um Zugriff auf Sitzungen, und Sie dürfen entscheiden.",
        NoticeKind::AccessDecided => "über Ihre Zugriffsanfrage wurde entschieden.",
        NoticeKind::GrantRevoked => "eine Ihrer Freigaben wurde entzogen.",
        NoticeKind::GrantExpired => "eine Ihrer Freigaben ist abgelaufen.",
        NoticeKind::BreakGlassUsed => "jemand hat im Notfallzugriff Sitzungen geöffnet.",
        NoticeKind::BreakGlassReviewDue => "ein Notfallzugriff wartet auf Ihre Prüfung.",
        NoticeKind::BreakGlassReviewed => "ein Notfallzugriff wurde geprüft.",
        NoticeKind::ProposalOpened => "ein Antrag wartet auf Ihre Stimme.",
        NoticeKind::ProposalDecided => "über einen Antrag wurde entschieden.",
        NoticeKind::SoloDelayStarted => {
            "eine Änderung ohne zweite Person gilt in 24 Stunden. Bis dahin können Sie sie abbrechen."
        }
        NoticeKind::SessionExported => "jemand hat eine Sitzung aus Sealtape exportiert.",
        NoticeKind::LedgerBehind => "das Audit-Log hinkt nach: was zuletzt geschah, ist noch nicht signiert.",
        NoticeKind::LedgerRefused => {
            "das Audit-Log setzt nicht fort, was von ihm signiert wurde. Jemand muss nachsehen."
        }
        NoticeKind::RoleChanged => "Rollen wurden geändert.",
        NoticeKind::MemberJoined => "jemand hat eine Einladung angenommen.",
        NoticeKind::MemberDisabled => "ein Mitglied wurde gesperrt.",
        NoticeKind::RefreshReused => {
            "eine Ihrer Anmeldungen wurde an zwei Orten benutzt. Sie wurde beendet; wenn Sie das nicht waren, ändern Sie Ihr Passwort."
        }
        NoticeKind::PasswordChanged => {
            "Ihr Passwort wurde geändert. Wenn Sie das nicht waren, sagen Sie es sofort einem Admin."
        }
        NoticeKind::FactorAdded => {
            "Ihrem Konto wurde ein zweiter Faktor hinzugefügt. Wenn Sie das nicht waren, sagen Sie es sofort einem Admin."
        }
        NoticeKind::FactorRemoved => {
            "von Ihrem Konto wurde ein zweiter Faktor entfernt. Wenn Sie das nicht waren, sagen Sie es sofort einem Admin."
        }
        NoticeKind::RecoveryCodeUsed => {
            "für Ihr Konto wurde ein Wiederherstellungscode benutzt. Wenn Sie das nicht waren, sagen Sie es sofort einem Admin."
        }
        NoticeKind::ApiKeyCreated => "ein API-Schlüssel wurde erstellt.",
        NoticeKind::KeyExpiring => "ein API-Schlüssel läuft bald ab.",
        NoticeKind::SinkFailing => {
            "ein Empfänger des Audit-Protokolls nimmt nichts mehr an. Was auf ihn wartet, bleibt aufgehoben."
        }
        NoticeKind::SinkRecovered => "ein Empfänger des Audit-Protokolls nimmt wieder Einträge an.",
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// What a reviewer reads: every letter in both languages.
    #[test]
    fn every_letter() {
        let link = Url::parse("https://console.test/notices").expect("a url");
        let mut kinds = vec![LetterKind::Invitation, LetterKind::PasswordReset, LetterKind::Digest];
        kinds.extend(NoticeKind::ALL.iter().copied().map(LetterKind::Notice));
        let mut text = String::new();
        for locale in Locale::ALL {
            for (at, kind) in kinds.iter().enumerate() {
                assert!(sentence(*kind, locale).ends_with('.'), "{kind:?}");
                // One notice in full is enough: the others differ in their sentence alone.
                if at <= 3 {
                    let (subject, body) = (subject(*kind, locale), body(*kind, locale, &link));
                    write!(text, "=== {kind:?} {}\n{subject}\n\n{body}\n", locale.as_str()).expect("writes");
                } else {
                    writeln!(text, "{}", sentence(*kind, locale)).expect("writes");
                }
            }
        }
        insta::assert_snapshot!(text);
    }
}
