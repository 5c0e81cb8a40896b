//! The first run of a deployment, and tenants that a crash left unfinished.

use domain::Secret;
use futures::future::join_all;
use sealtape_tests::acceptance::{Answer, TestApp};
use serde_json::{Value, json};

use crate::stories::token_of;

const TOKEN: &str = "a-token-that-nobody-guesses";
const PASSWORD: &str = "correct horse battery 9";

fn body(token: &str, slug: &str) -> Value {
    json!({
        "setup_token": token,
        "tenant": { "slug": slug, "name": "Acme GmbH" },
        "owner": { "name": "Ada Lovelace", "email": "ada@acme.example", "password": PASSWORD },
        "privacy_officer": { "email": "grace@acme.example" },
    })
}

async fn open() -> TestApp {
    let app = TestApp::empty(|_| {}).await;
    app.app().setup().offer(&Secret::new(TOKEN.to_owned()));
    app
}

async fn set_up(app: &TestApp, token: &str, slug: &str) -> Answer {
    app.anonymous().post("/v1/setup", &body(token, slug)).await
}

async fn is_needed(app: &TestApp) -> bool {
    app.anonymous().get("/v1/deployment").await.is(200).json()["setup_needed"].as_bool().unwrap()
}

async fn me(app: &TestApp, email: &str) -> Value {
    let login = json!({ "email": email, "password": PASSWORD });
    let token = app.anonymous().post("/v1/auth/login", &login).await.is(200).json();
    app.client(token["access_token"].as_str().unwrap()).get("/v1/me").await.is(200).json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_run_makes_tenant_owner_and_officer_once() {
    let app = open().await;
    let elsewhere = app.another().await;
    assert!(is_needed(&app).await && is_needed(&elsewhere).await);
    let done = set_up(&app, TOKEN, "acme").await.is(201);
    assert_eq!(done.header("ratelimit-policy"), "\"token\";q=100000;w=60");
    assert!(!is_needed(&app).await && !is_needed(&elsewhere).await);

    let owner = me(&elsewhere, "ada@acme.example").await;
    assert_eq!((&owner["roles"], &owner["name"]), (&json!(["owner"]), &json!("Ada Lovelace")));
    assert_eq!(owner["tenant"]["slug"], "acme");
    let officer = &done.json()["privacy_officer"];
    assert!(officer["link"].as_str().unwrap().starts_with("http://console.test/invitation#"));
    let accept = json!({ "token": token_of(officer), "name": "Grace Hopper", "password": PASSWORD });
    app.anonymous().post("/v1/invitations/accept", &accept).await.is(204);
    assert_eq!(me(&app, "grace@acme.example").await["roles"], json!(["privacy-officer"]));

    let tenant = done.json()["tenant_id"].as_str().unwrap().parse().unwrap();
    let mut acts = app.acts(tenant).await;
    acts.retain(|act| act != "login.create");
    assert_eq!(acts, ["invitation.accept", "invitation.create", "tenant.create"]);
    let before = app.trace().await;
    for process in [&app, &elsewhere] {
        assert_eq!(set_up(process, TOKEN, "other").await.is(409).code(), "already-set-up");
        assert_eq!(
            set_up(process, "wrong", "other").await.is(409).code(),
            "already-set-up",
            "nothing is told of tokens"
        );
    }
    assert_eq!(app.trace().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_wrong_tokens_close_set_up_until_the_next_start() {
    let app = TestApp::empty(|_| {}).await;
    assert_eq!(set_up(&app, TOKEN, "acme").await.is(403).code(), "setup-closed", "nobody offered a token");
    let app = open().await;
    let before = app.trace().await;
    let guesses = join_all((0..50).map(|_| set_up(&app, "wrong", "acme"))).await;
    let wrong = guesses.iter().filter(|answer| answer.code() == "setup-token-wrong").count();
    assert_eq!(wrong, 5, "of fifty at once, five are looked at");
    assert_eq!(set_up(&app, TOKEN, "acme").await.is(403).code(), "setup-closed");
    assert_eq!(app.trace().await, before);
    let restarted = app.another().await;
    restarted.app().setup().offer(&Secret::new(TOKEN.to_owned()));
    set_up(&restarted, TOKEN, "acme").await.is(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_at_once_make_one_tenant() {
    let app = open().await;
    let elsewhere = app.another().await;
    elsewhere.app().setup().offer(&Secret::new(TOKEN.to_owned()));
    // Half of them with one slug, the others each with its own; through two processes.
    let slugs: Vec<String> =
        (0..50).map(|n| if n % 2 == 0 { "acme".to_owned() } else { format!("acme-{n}") }).collect();
    let answers = join_all(slugs.iter().enumerate().map(|(n, slug)| {
        let process = if n % 3 == 0 { &elsewhere } else { &app };
        set_up(process, TOKEN, slug)
    }))
    .await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    let codes: Vec<String> = answers.iter().filter(|answer| answer.status != 201).map(Answer::code).collect();
    assert_eq!(made, 1, "{codes:?}");
    assert!(codes.iter().all(|code| code == "already-set-up" || code == "unavailable"), "{codes:?}");
    assert_eq!(app.app().tenants().list().await.unwrap().len(), 1);
    assert_eq!(app.number("SELECT count(*) FROM member").await, 1);
    me(&app, "ada@acme.example").await;
}

/// What a crash between reserving the slug and writing the rest leaves: a tenant that counts as absent everywhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_set_up_that_was_cut_off_left_nothing_and_is_done_again() {
    let app = open().await;
    for table in ["tenant_kek", "member", "invitation", "audit_outbox"] {
        app.break_inserts(table).await;
        let cut = set_up(&app, TOKEN, "acme").await;
        assert!(matches!(cut.status, 500 | 503), "{table}: {}", cut.text());
        app.mend_inserts(table).await;
        assert_eq!(app.number("SELECT count(*) FROM tenant WHERE slug = 'acme' AND NOT ready").await, 1, "{table}");
        for rows in ["tenant_kek", "person_key", "member", "invitation", "credential_index", "audit_outbox"] {
            assert_eq!(app.number(&format!("SELECT count(*) FROM {rows}")).await, 0, "{table}: {rows}");
        }
        let restarted = app.another().await;
        for process in [&app, &restarted] {
            assert!(is_needed(process).await, "{table}");
            assert!(process.app().tenants().list().await.unwrap().is_empty(), "{table}");
        }
    }
    // The same process goes on: no key of a transaction that was rolled back may have stayed in its cache.
    set_up(&app, TOKEN, "acme").await.is(201);
    assert_eq!(app.number("SELECT count(*) FROM tenant WHERE slug = 'acme'").await, 1, "taken up, not made twice");
    assert_eq!(me(&app, "ada@acme.example").await["name"], "Ada Lovelace");
    assert_eq!(me(&app.another().await, "ada@acme.example").await["name"], "Ada Lovelace");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operators_tenant_that_was_cut_off_is_made_again() {
    let app = TestApp::empty(|_| {}).await;
    app.break_inserts("tenant_purpose_key").await;
    app.app().tenants().create("acme", "Acme", false).await.unwrap_err();
    app.mend_inserts("tenant_purpose_key").await;
    assert!(app.app().tenants().list().await.unwrap().is_empty());
    assert!(is_needed(&app).await);
    let made = join_all((0..10).map(|_| app.app().tenants().create("acme", "Acme", false))).await;
    let ids: Vec<_> = made.iter().filter_map(|made| made.as_ref().ok()).collect();
    assert_eq!(ids.len(), 1, "one of ten takes it up: {made:?}");
    let tenants = app.app().tenants().list().await.unwrap();
    assert_eq!(tenants.iter().map(|tenant| &tenant.id).collect::<Vec<_>>(), ids);
    assert_eq!(app.number("SELECT count(*) FROM tenant_kek").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_will_not_do_is_refused_and_leaves_nothing() {
    let app = open().await;
    let before = app.trace().await;
    let with = |pointer: &str, value: &str| {
        let mut body = body(TOKEN, "acme");
        *body.pointer_mut(pointer).unwrap() = json!(value);
        body
    };
    for (pointer, value) in [
        ("/tenant/slug", "root"),
        ("/tenant/slug", "Acme"),
        ("/tenant/slug", "*"),
        ("/tenant/slug", "аcme"),
        ("/tenant/name", " "),
        ("/owner/name", "a\u{202e}b"),
        ("/owner/email", "ada"),
        ("/owner/email", "ada@acme.example\r\nbcc: x@y.example"),
        ("/owner/password", "short"),
        ("/owner/password", "Password1234"),
        ("/privacy_officer/email", "ADA@acme.example"),
    ] {
        let refused = app.anonymous().post("/v1/setup", &with(pointer, value)).await.is(422);
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{value}: {}", refused.text());
    }
    assert_eq!(app.trace().await, before);
    set_up(&app, TOKEN, "acme").await.is(201);
}
