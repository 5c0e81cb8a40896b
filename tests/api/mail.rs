//! Letters on their way to a real mail server, and to the console's outbox when there is none.

use std::time::Duration;

use app::{
    mail::{Letter, LetterKind},
    notices::{Audience, Notice, NoticeKind},
    settings::{Locale, MailServer, MailTls},
};
use domain::{Personal, Secret};
use policy::access::Role;
use sealtape_tests::acceptance::{MailCatcher, TestApp};
use serde_json::{Value, json};
use store::MemberRow;
use url::Url;

async fn with_server(server: MailServer) -> TestApp {
    TestApp::with(|settings| settings.mail.server = Some(server)).await
}

async fn row(app: &TestApp, role: Role) -> MemberRow {
    let store = app.store().await;
    let read = store.tenant_read(app.ours.id).await.unwrap();
    read.member_find(app.ours.members[&role].id.parse().unwrap()).await.unwrap().unwrap()
}

/// Queues an invitation, as identity does.
async fn invite(app: &TestApp, to: &str, locale: Locale) {
    let person = row(app, Role::Viewer).await.person_key_id;
    let link = Url::parse("http://console.test/invitations/accept#token=s3cret-token").unwrap();
    let to = Personal::new(to.to_owned());
    let letter = Letter { kind: LetterKind::Invitation, to, person, link: Some(link), locale };
    let tx = app.store().await.tenant(app.ours.id).await.unwrap();
    app.app().post().enqueue(&tx, letter).await.unwrap();
    tx.commit().await.unwrap();
}

async fn states(app: &TestApp) -> Vec<String> {
    let sql =
        "SELECT state || ' ' || coalesce(reason, '-') || CASE WHEN sealed IS NULL THEN '' ELSE ' sealed' END FROM mail";
    app.texts(sql).await
}

async fn job(app: &TestApp) -> String {
    let sql = "SELECT state || ' ' || CAST(failures AS TEXT) || ' ' || coalesce(reason, '-') FROM job_run WHERE kind = 'mail-send'";
    app.texts(sql).await.remove(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_reaches_the_mail_server_with_a_link_and_a_word() {
    let mut server = MailCatcher::start(&[]).await;
    let app = with_server(server.settings(MailTls::Plain)).await;
    invite(&app, "ada@example.com", Locale::De).await;
    app.runner().await.drain().await.unwrap();
    let letter = server.next().await;
    assert_eq!((letter.sender.as_str(), &letter.to[..]), ("sealtape@mail.test", &["ada@example.com".to_owned()][..]));
    assert_eq!(letter.headers["subject"], "Sealtape: Sie sind eingeladen");
    assert_eq!(letter.headers["auto-submitted"], "auto-generated");
    assert_eq!(letter.headers["date"], "Sun, 22 Nov 2026 00:00:00 +0000");
    assert!(letter.headers["message-id"].ends_with("@mail.test>"), "{:?}", letter.headers);
    assert!(letter.text.contains("http://console.test/invitations/accept#token=s3cret-token"), "{}", letter.text);
    assert!(letter.text.contains("Sie sind eingeladen, mit Sealtape zu arbeiten."), "{}", letter.text);
    assert_eq!(states(&app).await, ["sent -"], "address and link are gone");
    assert_eq!(job(&app).await, "done 0 -");
    // Nothing is kept, so there is no outbox.
    let outbox = app.as_role(Role::Owner).await.get("/v1/ops/mail").await.is(409);
    assert_eq!(outbox.code(), "mail-is-sent");
}

/// A member's letter is addressed when it is sent, in the language of that moment, and says no more than what happened.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_is_mailed_without_content() {
    let mut server = MailCatcher::start(&[]).await;
    let app = with_server(server.settings(MailTls::Plain)).await;
    let engineer = app.as_role(Role::Engineer).await;
    let about = domain::SessionId::from_uuid(uuid::Uuid::from_u128(7));
    let tx = app.store().await.tenant(app.ours.id).await.unwrap();
    let audience = Audience::Member(app.ours.members[&Role::Engineer].id.parse().unwrap());
    let notice = Notice { kind: NoticeKind::AccessDecided, audience, about: Some(ledger::Object::Session(about)) };
    app.app().notices().notify(&tx, notice).await.unwrap();
    tx.commit().await.unwrap();
    engineer.patch("/v1/me/preferences", &json!({ "language": "de" })).await.is(200);
    app.runner().await.drain().await.unwrap();
    let letter = server.next().await;
    assert_eq!(letter.to, ["engineer@ours.example"]);
    assert_eq!(letter.headers["subject"], "Sealtape: eine neue Mitteilung");
    assert_eq!(
        letter.text.trim_end(),
        "Guten Tag,\n\nüber Ihre Zugriffsanfrage wurde entschieden.\n\nHier lesen Sie mehr:\n\
         http://console.test/notices\n\nWelche Mitteilungen Sie per E-Mail bekommen, wählen Sie in der Konsole."
    );
}

/// 4xx: tried again, later each time, until it is taken, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_that_is_refused_for_now_is_sent_later() {
    let mut server = MailCatcher::start(&["--refuse", "451", "--times", "2"]).await;
    let app = with_server(server.settings(MailTls::Plain)).await;
    invite(&app, "ada@example.com", Locale::En).await;
    let runner = app.runner().await;
    for failures in 1..=2 {
        assert_eq!(runner.drain().await.unwrap(), 1);
        assert_eq!(server.next().await.refused.as_deref(), Some("ada@example.com"));
        assert_eq!(
            (states(&app).await, job(&app).await),
            (vec!["queued - sealed".to_owned()], format!("waiting {failures} retry/unavailable"))
        );
        assert_eq!(runner.drain().await.unwrap(), 0, "not before its pause is over");
        app.clock.advance(Duration::from_secs(30));
    }
    assert_eq!(runner.drain().await.unwrap(), 1);
    assert!(server.next().await.text.contains("s3cret-token"));
    assert_eq!((states(&app).await, job(&app).await), (vec!["sent -".to_owned()], "done 2 -".to_owned()));
}

/// 5xx: given up at once, the address forgotten, and never tried again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_that_is_refused_for_good_is_given_up() {
    let mut server = MailCatcher::start(&["--refuse", "550"]).await;
    let app = with_server(server.settings(MailTls::Plain)).await;
    invite(&app, "nobody@example.com", Locale::En).await;
    let runner = app.runner().await;
    assert_eq!(runner.drain().await.unwrap(), 1);
    assert!(server.next().await.refused.is_some());
    assert_eq!(
        (states(&app).await, job(&app).await),
        (vec!["failed mail-refused".to_owned()], "failed 1 refused/mail-refused".to_owned())
    );
    app.pass(24 * 3_600);
    assert_eq!(runner.drain().await.unwrap(), 0);
    let jobs = app.as_role(Role::Owner).await.get("/v1/ops/jobs?state=failed").await.is(200);
    assert!(!jobs.text().contains("nobody@"), "{}", jobs.text());
}

/// What is wrong is the account, not the letter: it waits, sealed, until that is mended.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_refuses_our_account_costs_no_letter() {
    let account = |password: &str| Some(("sealtape".to_owned(), Secret::new(password.to_owned())));
    let mut server = MailCatcher::start(&["--starttls", "--account", "sealtape:s3same"]).await;
    let rotated = MailServer { account: account("old"), ..server.settings(MailTls::Required) };
    let app = with_server(rotated).await;
    invite(&app, "ada@example.com", Locale::En).await;
    assert_eq!(app.runner().await.drain().await.unwrap(), 1);
    let waits = (vec!["queued - sealed".to_owned()], "waiting 1 retry/unavailable".to_owned());
    assert_eq!((states(&app).await, job(&app).await), waits);
    let mended = MailServer { account: account("s3same"), ..server.settings(MailTls::Required) };
    let app = app.another_with(|settings| settings.mail.server = Some(mended)).await;
    app.clock.advance(Duration::from_secs(30));
    assert_eq!(app.runner().await.drain().await.unwrap(), 1);
    assert_eq!(states(&app).await, ["sent -"]);
    assert!(server.next().await.text.contains("s3cret-token"));
}

/// Nor is a sender that the server does not take the letter's fault.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_refuses_our_sender_costs_no_letter() {
    let mut server = MailCatcher::start(&["--refuse", "553", "--sender", "--times", "1"]).await;
    let app = with_server(server.settings(MailTls::Plain)).await;
    invite(&app, "ada@example.com", Locale::En).await;
    let runner = app.runner().await;
    assert_eq!(runner.drain().await.unwrap(), 1);
    assert_eq!(server.next().await.refused.as_deref(), Some("sealtape@mail.test"));
    assert_eq!(states(&app).await, ["queued - sealed"]);
    app.clock.advance(Duration::from_secs(30));
    assert_eq!(runner.drain().await.unwrap(), 1);
    assert_eq!(states(&app).await, ["sent -"]);
    assert!(server.next().await.text.contains("s3cret-token"));
}

/// A server that takes the connection and says nothing keeps nobody waiting for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_falls_silent_is_left() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = MailServer {
        host: "127.0.0.1".to_owned(),
        port: silent.local_addr().unwrap().port(),
        tls: MailTls::Plain,
        account: None,
        from: "sealtape@mail.test".to_owned(),
        ca: None,
        patience: Duration::from_millis(200),
    };
    let app = with_server(server).await;
    invite(&app, "ada@example.com", Locale::En).await;
    let runner = app.runner().await;
    let (drained, taken) = tokio::join!(runner.drain(), silent.accept());
    assert_eq!((drained.unwrap(), taken.is_ok()), (1, true));
    assert_eq!(
        (states(&app).await, job(&app).await),
        (vec!["queued - sealed".to_owned()], "waiting 1 retry/unavailable".to_owned())
    );
}

/// The process dies under the letter, every time: it is given up with its job, and its address forgotten.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_is_given_up_with_its_job_whatever_ends_that() {
    let app = TestApp::new().await;
    invite(&app, "ada@example.com", Locale::En).await;
    app.tamper(&["UPDATE job_run SET state = 'running', failures = 19 WHERE kind = 'mail-send'"]).await;
    assert_eq!(app.runner().await.drain().await.unwrap(), 1);
    assert_eq!((states(&app).await, job(&app).await), (vec!["failed died".to_owned()], "failed 21 died".to_owned()));
}

/// A server that is away for longer than we try.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_is_given_up_when_the_server_stays_away() {
    let gone = MailCatcher::start(&[]).await.settings(MailTls::Plain);
    let app = with_server(gone).await;
    invite(&app, "ada@example.com", Locale::En).await;
    let runner = app.runner().await;
    let mut tries = 0;
    while states(&app).await == ["queued - sealed"] {
        tries += runner.drain().await.unwrap();
        app.pass(3_600);
    }
    assert_eq!(tries, 20);
    assert_eq!(
        (states(&app).await, job(&app).await),
        (vec!["failed unavailable".to_owned()], "failed 20 exhausted/unavailable".to_owned())
    );
}

/// STARTTLS under an authority of the operator's, and a sign-in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_to_the_server_is_private() {
    let mut server = MailCatcher::start(&["--starttls", "--account", "sealtape:s3same"]).await;
    let account = Some(("sealtape".to_owned(), Secret::new("s3same".to_owned())));
    let app = with_server(MailServer { account: account.clone(), ..server.settings(MailTls::Required) }).await;
    invite(&app, "ada@example.com", Locale::En).await;
    app.runner().await.drain().await.unwrap();
    let letter = server.next().await;
    assert_eq!((letter.tls, letter.account.as_deref()), (true, Some("sealtape")));

    let mut server = MailCatcher::start(&["--tls"]).await;
    let app = with_server(server.settings(MailTls::Wrapped)).await;
    invite(&app, "ada@example.com", Locale::En).await;
    app.runner().await.drain().await.unwrap();
    assert!(server.next().await.tls);

    // An authority that nobody told us to trust.
    let server = MailCatcher::start(&["--starttls"]).await;
    let app = with_server(MailServer { ca: None, ..server.settings(MailTls::Required) }).await;
    invite(&app, "ada@example.com", Locale::En).await;
    app.runner().await.drain().await.unwrap();
    assert_eq!(states(&app).await, ["queued - sealed"]);
}

/// Somebody in between takes the offer of STARTTLS away: nothing is said to such a server, no address, no password.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_tls_is_told_nothing() {
    let mut server = MailCatcher::start(&[]).await;
    let account = Some(("sealtape".to_owned(), Secret::new("s3same".to_owned())));
    let app = with_server(MailServer { account, ..server.settings(MailTls::Required) }).await;
    invite(&app, "ada@example.com", Locale::En).await;
    app.runner().await.drain().await.unwrap();
    assert_eq!(
        (states(&app).await, job(&app).await),
        (vec!["queued - sealed".to_owned()], "waiting 1 retry/unavailable".to_owned())
    );
    // Something else is the first thing that the server hears.
    let plain = with_server(server.settings(MailTls::Plain)).await;
    invite(&plain, "bob@example.com", Locale::En).await;
    plain.runner().await.drain().await.unwrap();
    assert_eq!(server.next().await.to, ["bob@example.com"]);
}

/// Without a mail server an admin hands letters over, and looking at them is on record.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_console_has_an_outbox_when_there_is_no_mail_server() {
    let app = TestApp::new().await;
    invite(&app, "ada@example.com", Locale::En).await;
    let admin = app.as_role(Role::Admin).await;
    // At once, whether or not the job has come to it.
    for state in ["queued", "kept"] {
        let outbox = admin.get("/v1/ops/mail").await.is(200);
        assert_eq!(outbox.header("cache-control"), "no-store");
        let outbox = outbox.json();
        let letter = &outbox["items"][0];
        assert_eq!((&letter["kind"], &letter["to"]), (&"invitation".into(), &"ada@example.com".into()));
        assert_eq!(letter["link"], "http://console.test/invitations/accept#token=s3cret-token");
        assert!(letter["text"].as_str().unwrap().contains("s3cret-token"));
        assert_eq!(states(&app).await, [format!("{state} - sealed")]);
        app.runner().await.drain().await.unwrap();
    }
    for role in [Role::Engineer, Role::PrivacyOfficer, Role::Security, Role::Auditor] {
        app.as_role(role).await.get("/v1/ops/mail").await.is(403);
    }
    let theirs = app.member(&app.theirs, Role::Owner).await.get("/v1/ops/mail").await.is(200).json();
    assert_eq!(theirs["items"], Value::Array(Vec::new()));
    let leaves = app.leaves(app.ours.id).await;
    let ended = |out: &str| leaves.iter().filter(|leaf| leaf["act"] == "mail.list" && leaf["out"] == out).count();
    assert_eq!((ended("allow"), ended("deny")), (2, 4));
    // A week later it is gone.
    app.pass(7 * 24 * 3_600 + 1);
    app.work_on_jobs().await;
    assert_eq!(states(&app).await, [""; 0]);
}

/// A letter's seal is its own: another's address cannot be put under it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_cannot_be_exchanged() {
    let app = TestApp::new().await;
    invite(&app, "ada@example.com", Locale::En).await;
    app.pass(1);
    invite(&app, "eve@example.com", Locale::En).await;
    app.tamper(&["UPDATE mail SET sealed = (SELECT sealed FROM mail ORDER BY id DESC LIMIT 1)"]).await;
    app.as_role(Role::Owner).await.get("/v1/ops/mail").await.is(503);
}
