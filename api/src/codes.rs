//! Every problem code that can leave this server: its HTTP status, title and what the caller can do about it.
//!
//! `docs/problems.md` is this table as text; a test keeps them equal, and another finds codes in `app` and `recording` that
//! are missing here.

/// One problem code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Code {
    /// What clients switch on; `type` is `/problems/<code>`.
    pub(crate) name: &'static str,
    /// Its HTTP status.
    #[cfg_attr(not(test), expect(dead_code, reason = "checked and printed into the documentation by tests"))]
    pub(crate) status: u16,
    /// The problem's `title`, the same for every occurrence (RFC 9457 §3.1.3).
    pub(crate) title: &'static str,
    /// For the documentation: when it is sent and what to do.
    #[cfg_attr(not(test), expect(dead_code, reason = "printed into the documentation by a test"))]
    pub(crate) advice: &'static str,
}

const fn code(name: &'static str, status: u16, title: &'static str, advice: &'static str) -> Code {
    Code { name, status, title, advice }
}

/// The table, by status and then by code.
pub(crate) const CODES: &[Code] = &[
    code("body.corrupt", 400, "Corrupt body", "The body is not what its encoding says."),
    code("body.trailing", 400, "Bytes behind the body", "One gzip member or one zstd frame, and nothing behind it."),
    code("body.truncated", 400, "Truncated body", "The compressed body ends early. Send it again whole."),
    code("body.utf8", 400, "Not UTF-8", "Text is UTF-8, without exception."),
    code("json.syntax", 400, "Not JSON", "Send NDJSON or one JSON array of events, in UTF-8."),
    code(
        "malformed",
        400,
        "Malformed request",
        "The body, the query or a header cannot be read; `detail` and `errors` say where.",
    ),
    code("segment.empty", 400, "Empty segment", "A segment holds at least one event."),
    code(
        "login-failed",
        401,
        "Sign-in failed",
        "Address or password is wrong; which of them is not told. A member of several tenants names one.",
    ),
    code(
        "signed-out",
        401,
        "Signed out",
        "The sign-in has ended, was ended, or its refresh token was used twice. Sign in again.",
    ),
    code(
        "token-expired",
        401,
        "Token expired",
        "Refresh the access token, or renew the session token with its resume token.",
    ),
    code(
        "unauthenticated",
        401,
        "Authentication required",
        "Send a valid credential: an access token, an agent key or a session token.",
    ),
    code(
        "unknown-agent-key",
        401,
        "Unknown agent key",
        "The key is not known or was revoked; copy it again from the project's page.",
    ),
    code(
        "access-required",
        403,
        "Access required",
        "The session is your tenant's, and your roles do not open it. Ask for access to it, with a purpose and a duration.",
    ),
    code(
        "break-glass-restricted",
        403,
        "Never by breaking glass",
        "Restricted sessions are not opened in this way; ask for access to them.",
    ),
    code(
        "challenge-ended",
        403,
        "Challenge ended",
        "The challenge is over, answered, used up or unknown; begin the sign-in or the proof again.",
    ),
    code(
        "factor-wrong",
        403,
        "Second factor wrong",
        "The code or key does not prove it, or was used before. Wait for the next code; tries are counted.",
    ),
    code("forbidden", 403, "Not allowed", "Your role does not allow this. It is decided before any look-up."),
    code(
        "guarded-role",
        403,
        "Guarded role",
        "Only an owner decides about owners, and only an owner or privacy officer about privacy officers.",
    ),
    code(
        "more-than-yours",
        403,
        "More than yours",
        "A role can allow no more than whoever makes it may do everywhere.",
    ),
    code(
        "network-not-allowed",
        403,
        "Network not allowed",
        "The API key is not for the network that the request came from.",
    ),
    code(
        "not-eligible",
        403,
        "Your approval does not count",
        "`detail` says why: too new in the role, no second factor, tied to the proposer, or a gainer by the change.",
    ),
    code("not-recorded", 403, "Not recorded", "Nothing is recorded here now. Ask again when the page is loaded anew."),
    code(
        "not-your-proposal",
        403,
        "Not your proposal",
        "Only its proposer takes a proposal back, outside solo mode. Whoever may vote can reject it.",
    ),
    code(
        "origin-not-allowed",
        403,
        "Origin not allowed",
        "The agent key is not for this page's origin; add the origin to the key.",
    ),
    code(
        "origin-refused",
        403,
        "Origin refused",
        "An endpoint that uses the sign-in cookie answers only the console's own origin.",
    ),
    code(
        "own-proposal",
        403,
        "Own proposal",
        "Nobody decides on their own proposal; take it back, or wait for somebody else.",
    ),
    code(
        "own-request",
        403,
        "Own request",
        "Nobody decides on their own access request, also not through an API key. Another reviewer can.",
    ),
    code("password-wrong", 403, "Password wrong", "The password that was given again is not this account's."),
    code(
        "policy-stale",
        403,
        "Policy out of date",
        "The agent captures under another policy version than the one in force; load the agent again.",
    ),
    code(
        "scope-not-yours",
        403,
        "More than you may",
        "An API key can have no scope, project, network or time beyond what whoever makes it has.",
    ),
    code(
        "setup-closed",
        403,
        "Set-up closed",
        "No token was offered, or five were wrong. Start the server again and use the token that it prints.",
    ),
    code("setup-token-wrong", 403, "Wrong set-up token", "Copy the token again from the terminal or the secret file."),
    code(
        "step-up-required",
        403,
        "Fresh proof required",
        "Prove who you are again at `/v1/auth/step-up`, then ask again; `step_up` says with what and how recent.",
    ),
    code(
        "not-found",
        404,
        "Not found",
        "There is no such thing in your tenant; another tenant's is answered the same.",
    ),
    code(
        "method-not-allowed",
        405,
        "Method not allowed",
        "The path exists, the method does not; `Allow` lists those that do.",
    ),
    code(
        "access-request-decided",
        409,
        "Decided already",
        "The request or grant is no longer in a state that allows this; look at it again.",
    ),
    code(
        "access-request-limit",
        409,
        "Too many requests wait",
        "So many of your access requests wait for a decision; take one back or wait.",
    ),
    code("access-request-over", 409, "Time over", "The request's time is over; ask again."),
    code("agent-key-limit", 409, "Too many agent keys", "Revoke one, or use one key for several origins."),
    code("already-invited", 409, "Invited already", "Send that invitation again, or withdraw it first."),
    code("already-member", 409, "A member already", "The address is a member's of this tenant."),
    code("already-proposed", 409, "Proposed already", "Exactly this change is open as a proposal."),
    code("already-reviewed", 409, "Reviewed already", "Somebody has reviewed this use."),
    code("already-set-up", 409, "Set up already", "The deployment has a tenant; ask its owner for an invitation."),
    code("already-voted", 409, "Voted already", "One person, one approval; others can approve."),
    code("api-key-limit", 409, "Too many API keys", "Revoke one that is not needed."),
    code(
        "audit-export-not-ready",
        409,
        "Export not ready",
        "It is still looked through, failed or was cancelled; read its state. Only one that is ready can be downloaded.",
    ),
    code(
        "break-glass-not-renewable",
        409,
        "Not renewable",
        "You opened one of these sessions by breaking glass, and nobody has reviewed that yet.",
    ),
    code(
        "break-glass-open",
        409,
        "Still open",
        "The use is still open; end it, or wait for its end, and review it then.",
    ),
    code(
        "break-glass-spent",
        409,
        "Spent",
        "Your tenant has broken glass three times within 24 hours; ask for access instead.",
    ),
    code("changed-meanwhile", 409, "Changed meanwhile", "Somebody else has just changed it; look at it and try again."),
    code(
        "enrolment-not-begun",
        409,
        "Nothing to confirm",
        "No enrolment waits for its first code; begin one, and confirm it with a code of the new secret.",
    ),
    code("factor-exists", 409, "Factor exists", "Remove the one that is there first."),
    code("factor-limit", 409, "Too many security keys", "Remove a security key that is not used any more."),
    code("filter-finds-none", 409, "Nothing to approve", "The request's filter finds no session now."),
    code(
        "filter-finds-too-many",
        409,
        "Too much to approve",
        "The request's filter finds more than 50 sessions now; deny it and ask for a narrower one.",
    ),
    code(
        "integrity-fail",
        409,
        "Integrity check failed",
        "What is stored does not match its manifest, or the signed audit log. Nothing is shown; `detail` names what it can. Tell the operator.",
    ),
    code("label-limit", 409, "Too many labels", "Take one from the session first."),
    code(
        "last-owner",
        409,
        "Last owner",
        "A tenant keeps at least one active owner; make somebody else an owner first.",
    ),
    code(
        "ledger-behind",
        409,
        "Audit log behind",
        "What is done now could not be proved. Look at the audit log's health; try again once its checkpoint is current.",
    ),
    code(
        "mail-is-sent",
        409,
        "Mail is sent",
        "This deployment has a mail server, so letters go out and none is kept for the console.",
    ),
    code("name-taken", 409, "Name taken", "Another project or role of the tenant has this name; choose another."),
    code("no-detail", 409, "No detail", "What lies beside entries goes to webhooks only; leave `detail` out."),
    code("no-factor", 409, "No second factor", "Enrol a second factor first; until then the password is the proof."),
    code("no-secret", 409, "No secret", "A syslog receiver is known by its certificate and has no secret."),
    code(
        "not-next",
        409,
        "Not the next segment",
        "`next` is the number that the tab's next segment must have; go on there.",
    ),
    code("not-possible", 409, "Not possible", "What is proposed cannot be done as things stand."),
    code(
        "not-yet-signed",
        409,
        "Not yet signed",
        "The event is in no signed checkpoint yet. Ask again in a few seconds.",
    ),
    code(
        "other-bytes",
        409,
        "Number taken",
        "This number holds other bytes. Never send different bytes under one number.",
    ),
    code(
        "own-account",
        409,
        "Own account",
        "Nobody disables themselves or changes their own roles; ask somebody else.",
    ),
    code("own-role", 409, "Own role", "Nobody changes a role that they have themselves; somebody else can."),
    code(
        "proposal-corrupt",
        409,
        "Not what was proposed",
        "The stored change is not the one that was proposed. It is never carried out; tell the operator.",
    ),
    code("proposal-decided", 409, "Decided already", "The proposal is no longer open; look at it again."),
    code("proposal-limit", 409, "Too many proposals", "Decide or take back some of the open proposals first."),
    code(
        "request-changed",
        409,
        "Not what you were shown",
        "What is to be approved is not what you looked at; look again and decide then.",
    ),
    code(
        "review-of-own-open",
        409,
        "Own review open",
        "A use of your own waits for its review; until then you review nobody's.",
    ),
    code(
        "review-owed",
        409,
        "Review owed",
        "A use by somebody of your role was not reviewed within 72 hours; have it reviewed first.",
    ),
    code("role-changed", 409, "Role changed", "Another revision of the role is in force; look at it and change that."),
    code("role-held", 409, "Role held already", "The member has this role; there is nothing to do."),
    code("role-in-use", 409, "Role in use", "Members have this role; take it from them first."),
    code(
        "role-limit",
        409,
        "Too many roles",
        "A tenant has at most 50 roles of its own; remove one that nobody needs.",
    ),
    code(
        "rules-changed",
        409,
        "Rules changed",
        "Another revision of the access rules is in force; look at it and change that.",
    ),
    code("segment-limit", 409, "Too many segments", "The tab has reached its number of segments; start a new session."),
    code("slug-taken", 409, "Name taken", "Another tenant has this short name."),
    code("subject-changed", 409, "Another person", "The session belongs to another person; start a new session."),
    code(
        "takes-two-people",
        409,
        "Takes two people",
        "Nobody is invited to this role. Invite to another one; giving this one is proposed, and takes a second person.",
    ),
    code(
        "webauthn-unavailable",
        409,
        "Security keys unavailable",
        "The console is reached by an address; browsers let security keys sign only for a name.",
    ),
    code("webhook-limit", 409, "Too many webhooks", "Remove one that is not needed."),
    code("webhook-paused", 409, "Paused", "Nothing is sent to a paused webhook; set its state to active first."),
    code(
        "audit-export-expired",
        410,
        "Export expired",
        "It can be downloaded no longer. Begin another export of the audit log; it may hold more.",
    ),
    code(
        "capture-stopped",
        410,
        "Capture stopped",
        "Drop what is queued and record nothing more; a kill switch is on.",
    ),
    code(
        "export-expired",
        410,
        "Export expired",
        "It could be downloaded for 24 hours. Take the session out again: a new export has a new key.",
    ),
    code(
        "link-not-good",
        410,
        "Link not good",
        "The link was used, replaced, withdrawn, or its time is over; ask for a new one.",
    ),
    code(
        "mail-no-recipient",
        410,
        "Nobody to write to",
        "Only in the report of a job: whoever the letter was for cannot sign in any more.",
    ),
    code(
        "mail-refused",
        410,
        "Letter refused",
        "Only in the report of a job: the mail server refused the letter for good. Check the address and `mail.from`.",
    ),
    code("person-erased", 410, "Person erased", "What was known of this person is gone for good."),
    code("session-closed", 410, "Session closed", "It takes no more segments or tabs; start a new session."),
    code("session-erased", 410, "Session erased", "Its content is gone for good; drop what is queued for it."),
    code("session-full", 410, "Session full", "It has reached its size; start a new session."),
    code(
        "body.decoded-too-large",
        413,
        "Decoded body too large",
        "Send smaller segments; the limit is in the answer to the start of the session.",
    ),
    code(
        "body.ratio",
        413,
        "Suspicious compression",
        "The body grows more than a hundredfold when decoded; it is taken for a bomb.",
    ),
    code(
        "body.too-large",
        413,
        "Body too large",
        "Send smaller segments; the limit is in the answer to the start of the session.",
    ),
    code(
        "event.too-large",
        413,
        "Event too large",
        "One event is over the limit; leave it out and send a gap instead.",
    ),
    code("json.array", 413, "Too many elements", "An array or object has more elements than allowed."),
    code("json.depth", 413, "Nested too deep", "Values nest deeper than allowed."),
    code("json.number", 413, "Number too long", "A number has more digits than allowed."),
    code("json.string", 413, "String too long", "A string is longer than allowed."),
    code("json.tokens", 413, "Too many values", "An event has more values than allowed."),
    code("segment.events", 413, "Too many events", "Send smaller segments."),
    code("tab.nodes", 413, "Too many nodes", "The page has more nodes than a tab may hold."),
    code("too-large", 413, "Too large", "The body is longer than the documented limit."),
    code(
        "unsupported-media-type",
        415,
        "Unsupported media type",
        "Send the documented content type and content encoding.",
    ),
    code("misdirected", 421, "Misdirected request", "The Host is not one that this server is configured for."),
    code(
        "digest-mismatch",
        422,
        "Digest mismatch",
        "The bytes that arrived are not those that were announced; send them again.",
    ),
    code(
        "event.shape",
        422,
        "Not an event",
        "An event is an object with type, data and timestamp, as the recorder made it.",
    ),
    code(
        "event.time",
        422,
        "Time not acceptable",
        "A timestamp is a number of milliseconds since the epoch, not negative.",
    ),
    code(
        "idempotency-key-reused",
        422,
        "Key of another request",
        "An Idempotency-Key belongs to one exact request for 24 hours. Take a new one for another request.",
    ),
    code("invalid-input", 422, "Invalid input", "A value is not acceptable; `errors` points to each."),
    code(
        "json.duplicate-name",
        422,
        "Name used twice",
        "A name stands twice in one object; which value counts would be a guess.",
    ),
    code("json.nul", 422, "NUL character", "Strings hold no NUL characters."),
    code("json.surrogate", 422, "Broken character", "A string holds half a surrogate pair."),
    code("too-many", 429, "Too many requests", "Try again after `Retry-After` seconds."),
    code("internal", 500, "Internal error", "Our defect; quote the request id."),
    code("stored.corrupt", 500, "Stored data unreadable", "A stored event cannot be read; quote the request id."),
    code("unavailable", 503, "Unavailable", "Nothing was done; try again after `Retry-After` seconds."),
];

/// The title of a code; for one that is missing from the table, the status's own phrase.
pub(crate) fn title(code: &str, status: actix_web::http::StatusCode) -> &'static str {
    CODES
        .iter()
        .find(|known| known.name == code)
        .map_or_else(|| status.canonical_reason().unwrap_or("Error"), |known| known.title)
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeSet,
        fmt::Write as _,
        fs,
        path::{Path, PathBuf},
    };

    use super::*;

    fn beside(path: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
    }

    #[test]
    fn the_table_is_sorted_and_each_code_stands_once() {
        assert!(CODES.is_sorted_by(|a, b| (a.status, a.name) < (b.status, b.name)));
        assert_eq!(CODES.iter().map(|code| code.name).collect::<BTreeSet<_>>().len(), CODES.len());
    }

    /// `docs/problems.md` is written by this test when `UPDATE_DOCS` is set.
    #[test]
    fn the_documentation_is_this_table() {
        let mut page = String::from(
            "# Problems: every error code\n\n\
             Errors are `application/problem+json` (RFC 9457): `{type, title, status, code, detail, request_id, errors?, next?}`.\n\
             `type` is `/problems/<code>` and never changes its meaning: switch on it, or on `code`, and not on `detail`, which is\n\
             for people. `errors` lists `{pointer, detail}` with RFC 6901 pointers into what was sent. No text quotes content.\n\
             `request_id` is also in the `Request-Id` header and in the server's log. 429 and 503 carry `Retry-After`.\n\n\
             This page is generated from `api/src/codes.rs`; a test keeps it current.\n\n\
             | status | code | title | what to do |\n| --- | --- | --- | --- |\n",
        );
        for Code { name, status, title, advice } in CODES {
            writeln!(page, "| {status} | `{name}` | {title} | {advice} |").expect("writes");
        }
        let file = beside("docs/problems.md");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&file, &page).expect("writes");
        }
        let committed = fs::read_to_string(&file).unwrap_or_default();
        assert!(committed == page, "docs/problems.md is stale: run this test with UPDATE_DOCS=1");
    }

    fn sources(folder: &Path, found: &mut Vec<String>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for path in entries.map(|entry| entry.expect("is readable").path()) {
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("is readable");
                found.push(text.split("#[cfg(test)]").next().unwrap_or_default().to_owned());
            }
        }
    }

    /// What stands between `before` and the next quotation mark, wherever `before` occurs.
    fn literals<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
        text.split(before).skip(1).filter_map(|rest| rest.split('"').next())
    }

    /// A code that a use case or the second pass invents must be in the table, or clients could not look it up.
    #[test]
    fn every_code_of_the_other_crates_is_in_the_table() {
        let (mut app, mut recording) = (Vec::new(), Vec::new());
        sources(&beside("app/src"), &mut app);
        sources(&beside("recording/src"), &mut recording);
        let mut used: BTreeSet<&str> = app.iter().flat_map(|text| literals(text, "code: \"")).collect();
        // The second pass names its codes `area.defect`.
        let areas = ["body", "json", "event", "segment", "tab", "stored"];
        used.extend(recording.iter().flat_map(|text| text.split('"')).filter(|literal| {
            literal.split_once('.').is_some_and(|(area, defect)| {
                areas.contains(&area)
                    && !defect.is_empty()
                    && defect.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            })
        }));
        assert!(used.len() > 10, "the sources were not found");
        let missing: Vec<_> = used.into_iter().filter(|code| CODES.iter().all(|known| known.name != *code)).collect();
        assert!(missing.is_empty(), "add these codes to api/src/codes.rs: {missing:?}");
    }
}
