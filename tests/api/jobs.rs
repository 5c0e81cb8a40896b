//! Background work: leases and their take-over, turns between tenants, pauses, ticks, and an orderly end.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use app::jobs::{Take, Turn};
use domain::{Clock as _, TenantId};
use futures::future::join_all;
use policy::access::Role;
use sealtape_tests::acceptance::{TestApp, until};
use serde_json::Value;
use workers::{Catalogue, Schedule};

use crate::{
    probes::{Act, Interrupted, Script, Swept, patient, probe, probes},
    stories,
};

/// Every run of our probes: state, attempt, failures and reason.
async fn runs(app: &TestApp) -> Vec<String> {
    let sql = "SELECT state || ' ' || CAST(attempt AS TEXT) || ' ' || CAST(failures AS TEXT) || ' ' || coalesce(reason, '-') \
               FROM job_run WHERE kind LIKE 'test-%' ORDER BY id";
    app.texts(sql).await
}

async fn queued(app: &TestApp) -> i64 {
    app.number("SELECT count(*) FROM job").await
}

async fn projects(app: &TestApp) -> i64 {
    app.number("SELECT count(*) FROM project WHERE name NOT IN ('shop')").await
}

/// A process dies in the middle of a job. Its lease runs out, another takes over, and what the job does is there once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_process_s_job_is_taken_over_and_its_effect_happens_once() {
    let app = TestApp::with(|settings| settings.jobs.poll_ms = 10).await;
    let other = app.another().await;
    let script = Script::new(&app, "crash", 0).await;
    script.add(&app, app.ours.id, &patient("crash", Act::Project)).await;
    let doomed = app.runner_of(probes()).await.start().await.unwrap();
    script.until_begun(1).await;
    doomed.abort();

    let heir = other.runner_of(probes()).await;
    assert_eq!(heir.drain().await.unwrap(), 0, "the lease still holds");
    assert_eq!(runs(&app).await, ["running 1 0 -"]);
    app.pass(30);
    script.gate.add_permits(1);
    assert_eq!(heir.drain().await.unwrap(), 1);
    assert_eq!(runs(&app).await, ["done 2 1 -"], "the crash counts as a failure");
    assert_eq!((projects(&app).await, queued(&app).await), (1, 0));
    app.pass(3_600);
    assert_eq!(heir.drain().await.unwrap(), 0);
}

/// A process is only slow: it comes back after its lease ran out and another has done the work. Its word counts for nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_process_changes_nothing_any_more() {
    let app = TestApp::with(|settings| {
        settings.jobs.poll_ms = 10;
        // No room to take its own job a second time.
        settings.jobs.slots = 1;
    })
    .await;
    let other = app.another().await;
    let script = Script::new(&app, "late", 0).await;
    script.add(&app, app.ours.id, &patient("late", Act::Project)).await;
    let slow = app.runner_of(probes()).await.start().await.unwrap();
    script.until_begun(1).await;
    app.pass(30);
    let heir = tokio::spawn({
        let runner = other.runner_of(probes()).await;
        async move { runner.drain().await.unwrap() }
    });
    script.until_begun(2).await;
    // Both go on at the same moment. Whoever is first, the later claim is the one that counts.
    script.gate.add_permits(2);
    assert_eq!(heir.await.unwrap(), 1);
    slow.stop(Duration::from_secs(10)).await;
    assert_eq!((projects(&app).await, queued(&app).await), (1, 0));
    assert_eq!(runs(&app).await, ["done 2 1 -"]);
}

/// Fifty processes want the same jobs at the same moment: each job is claimed once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_runners_claim_each_job_once() {
    let app = TestApp::new().await;
    let script = Script::new(&app, "fifty", 0).await;
    for _ in 0..5 {
        script.add(&app, app.ours.id, &probe("fifty", Act::Report)).await;
    }
    let lease = Duration::from_secs(30);
    let claims = join_all((1..=50_u128).map(|runner| {
        let (jobs, take) =
            (app.app().jobs(), Take { runner: uuid::Uuid::from_u128(runner), most: 5, per_tenant: 5, lease });
        async move { jobs.claim(&take, &mut Turn::default()).await.unwrap() }
    }));
    let mut claimed: Vec<_> = claims.await.into_iter().flatten().map(|claim| claim.id).collect();
    assert_eq!(claimed.len(), 5);
    claimed.sort();
    claimed.dedup();
    assert_eq!(claimed.len(), 5, "no job has two holders");
}

/// One tenant's long queue does not keep another's short one waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tenants_are_served_in_turn() {
    let app = TestApp::new().await;
    let script = Script::new(&app, "turns", 1_000).await;
    for _ in 0..30 {
        script.add(&app, app.ours.id, &probe("turns", Act::Report)).await;
    }
    // Later, so that whoever goes by age alone serves them last.
    app.pass(1);
    for _ in 0..3 {
        script.add(&app, app.theirs.id, &probe("turns", Act::Report)).await;
    }
    assert_eq!(app.runner_of(probes()).await.drain().await.unwrap(), 33);
    let log = script.log.lock().unwrap().clone();
    let turns: Vec<bool> = log.iter().map(|tenant| *tenant == app.theirs.id).collect();
    assert_eq!(turns[..6].iter().filter(|theirs| **theirs).count(), 3, "{turns:?}");
}

/// However much room there is, one tenant has a bounded part of it, other processes counted in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_tenant_has_a_bounded_number_of_jobs_in_flight() {
    let app = TestApp::new().await;
    let script = Script::new(&app, "cap", 0).await;
    for _ in 0..10 {
        script.add(&app, app.ours.id, &probe("cap", Act::Report)).await;
    }
    script.add(&app, app.theirs.id, &probe("cap", Act::Report)).await;
    let take = |runner| Take { runner, most: 8, per_tenant: 2, lease: Duration::from_secs(30) };
    let mut turn = Turn::default();
    let first = app.app().jobs().claim(&take(uuid::Uuid::from_u128(1)), &mut turn).await.unwrap();
    let mut by_tenant: BTreeMap<TenantId, u32> = BTreeMap::new();
    for claim in &first {
        *by_tenant.entry(claim.tenant_id).or_default() += 1;
    }
    assert_eq!(by_tenant, BTreeMap::from([(app.ours.id, 2), (app.theirs.id, 1)]));
    let second = app.app().jobs().claim(&take(uuid::Uuid::from_u128(2)), &mut turn).await.unwrap();
    assert_eq!(second, [], "another process has no more of it");
    app.pass(31);
    let third = app.app().jobs().claim(&take(uuid::Uuid::from_u128(2)), &mut turn).await.unwrap();
    assert_eq!(third.len(), 3, "leases that ran out do not count");
}

/// A failure is repeated after a pause that grows, and given up after so many.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_job_pauses_longer_each_time_and_is_given_up() {
    let app = TestApp::new().await;
    let script = Script::new(&app, "pause", 1_000).await;
    script.add(&app, app.ours.id, &probe("pause", Act::Fail)).await;
    let runner = app.runner_of(probes()).await;
    let mut pauses = Vec::new();
    for failures in 1..=2_u64 {
        assert_eq!(runner.drain().await.unwrap(), 1);
        assert_eq!(runs(&app).await, [format!("waiting {failures} {failures} retry/unavailable")]);
        let pause = app.number("SELECT due FROM job").await - app.clock.now().as_micros();
        assert_eq!(app.number("SELECT count(*) FROM job WHERE lease IS NULL").await, 1);
        pauses.push(pause);
        // A microsecond before its time nothing happens.
        app.clock.advance(Duration::from_micros(u64::try_from(pause).unwrap() - 1));
        assert_eq!(runner.drain().await.unwrap(), 0);
        app.clock.advance(Duration::from_micros(1));
    }
    let second = 1_000_000;
    assert!((5 * second..=10 * second).contains(&pauses[0]), "{pauses:?}");
    assert!((10 * second..=20 * second).contains(&pauses[1]), "{pauses:?}");
    assert_eq!(runner.drain().await.unwrap(), 1);
    assert_eq!(runs(&app).await, ["failed 3 3 exhausted/unavailable"]);
    assert_eq!((script.begun(), queued(&app).await), (3, 0));
}

/// What cannot be helped by trying again is not tried again; what is not understood is left to others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_ends_as_it_deserves() {
    let app = TestApp::new().await;
    let script = Script::new(&app, "ends", 1_000).await;
    for act in [Act::Report, Act::Refuse, Act::Panic, Act::Hang] {
        script.add(&app, app.ours.id, &probe("ends", act)).await;
    }
    let runner = app.runner_of(probes()).await;
    runner.drain().await.unwrap();
    let ends =
        ["done 1 0 -", "failed 1 1 refused/not-found", "waiting 1 1 retry/panicked", "waiting 1 1 retry/timed-out"];
    assert_eq!(runs(&app).await, ends);

    let app = TestApp::new().await;
    let script = Script::new(&app, "strange", 1_000).await;
    for _ in 0..3 {
        script.add(&app, app.ours.id, &probe("strange", Act::Report)).await;
    }
    let nth = |n: u8| format!("WHERE id = (SELECT id FROM job_run ORDER BY id LIMIT 1 OFFSET {n})");
    let broken = format!("UPDATE job_run SET payload = '{{\"v\":1,\"data\":{{\"script\":7}}}}' {}", nth(0));
    let newer = format!("UPDATE job_run SET payload = '{{\"v\":9,\"data\":{{}}}}' {}", nth(1));
    let unknown = format!("UPDATE job SET kind = 'of-tomorrow' {}", nth(2));
    app.tamper(&[&broken, &newer, &unknown]).await;
    app.runner_of(probes()).await.drain().await.unwrap();
    assert_eq!(runs(&app).await, ["failed 1 1 unreadable", "waiting 1 0 -", "waiting 1 0 -"]);
    assert_eq!(script.begun(), 0);
}

/// Told to stop, a process lets its jobs finish, begins no other, and puts back what takes too long.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_lets_jobs_finish_or_puts_them_back() {
    let app = TestApp::with(|settings| {
        settings.jobs.poll_ms = 10;
        settings.jobs.slots = 1;
    })
    .await;
    let script = Script::new(&app, "stop", 0).await;
    script.add(&app, app.ours.id, &patient("stop", Act::Report)).await;
    script.add(&app, app.ours.id, &patient("stop", Act::Report)).await;
    let running = app.runner_of(probes()).await.start().await.unwrap();
    script.until_begun(1).await;
    let stopping = tokio::spawn(running.stop(Duration::from_secs(20)));
    script.gate.add_permits(1);
    stopping.await.unwrap();
    assert_eq!(runs(&app).await, ["done 1 0 -", "waiting 0 0 -"]);

    let running = app.runner_of(probes()).await.start().await.unwrap();
    script.until_begun(2).await;
    running.stop(Duration::from_millis(50)).await;
    assert_eq!(runs(&app).await[1], "waiting 1 0 -", "no failure of its own");
    // Others need not wait for the lease to run out.
    script.gate.add_permits(1);
    assert_eq!(app.runner_of(probes()).await.drain().await.unwrap(), 1);
    assert_eq!(runs(&app).await[1], "done 2 0 -");
}

/// Every process has every schedule. A tick is there once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tick_is_added_once_however_many_schedulers_fire() {
    let app = TestApp::new().await;
    let other = app.another().await;
    let swept = || {
        let catalogue = Catalogue::default().with_sweep::<Swept>();
        (catalogue, vec![Schedule::every::<Swept>(Duration::from_secs(60))])
    };
    let (here, there) = (app.runner_of(swept()).await, other.runner_of(swept()).await);
    for _ in 0..2 {
        let fired = join_all((0..50).map(|n| {
            let runner = if n % 2 == 0 { &here } else { &there };
            async move { runner.fire(&runner.schedules()[0]).await.unwrap() }
        }));
        assert_eq!(fired.await.into_iter().filter(|added| *added).count(), 1);
        app.pass(60);
    }
    assert_eq!(app.number("SELECT count(*) FROM job_run WHERE slot LIKE 'once/test-sweep/%'").await, 2);
}

/// Sweeps that wait too long do not pile up: the last one walks, the others say so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sweep_that_was_overtaken_walks_nowhere() {
    let app = TestApp::new().await;
    let (catalogue, _) = workers::standard(Duration::from_secs(3_600));
    let minutely = Schedule::every::<Swept>(Duration::from_secs(60));
    let runner = app.runner_of((catalogue.with_sweep::<Swept>(), vec![minutely])).await;
    for _ in 0..5 {
        assert!(runner.fire(&runner.schedules()[0]).await.unwrap());
        app.pass(60);
    }
    runner.drain().await.unwrap();
    let reports = app.texts("SELECT report FROM job_run WHERE kind = 'sweep' ORDER BY id").await;
    let walked: Vec<bool> = reports.iter().map(|report| report.contains(r#""overtaken":false"#)).collect();
    assert_eq!(walked, [false, false, false, false, true], "{reports:?}");
    assert_eq!(app.number("SELECT count(*) FROM job_run WHERE kind = 'test-sweep'").await, 2, "one for each tenant");
}

/// A process that is told to stop in the middle of a sweep leaves the rest to another; a tick that comes once a day is not
/// lost with it, nor swept twice after a quiet run was forgotten.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupted_sweep_is_taken_up_by_somebody_else() {
    let app = TestApp::new().await;
    let daily = || {
        let schedule = Schedule::daily::<Interrupted>(Duration::from_secs(7 * 3_600));
        let (catalogue, _) = workers::standard(Duration::from_secs(3_600));
        (catalogue.with_sweep::<Interrupted>(), vec![schedule])
    };
    app.pass(7 * 3_600);
    let stopped = app.runner_of(daily()).await;
    Interrupted::after(1, stopped.stopping());
    assert!(stopped.fire(&stopped.schedules()[0]).await.unwrap());
    stopped.drain().await.unwrap();
    let sweep = "SELECT state || ' ' || CAST(failures AS TEXT) FROM job_run WHERE kind = 'sweep'";
    assert_eq!(app.texts(sweep).await, ["waiting 0"]);
    let heir = app.runner_of(daily()).await;
    heir.drain().await.unwrap();
    assert_eq!(app.texts(sweep).await, ["done 0"]);
    assert_eq!(app.number("SELECT count(*) FROM job_run WHERE kind = 'test-interrupted' AND state = 'done'").await, 2);

    app.pass(4 * 3_600);
    app.work_on_jobs().await;
    assert!(!heir.fire(&heir.schedules()[0]).await.unwrap(), "this day's tick was swept");
}

/// The same with the real triggers: two processes start, and each tenant is swept once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_with_schedules_sweep_each_tenant_once() {
    let app = TestApp::with(|settings| settings.jobs.poll_ms = 10).await;
    let other = app.another().await;
    let with_sweeps = || {
        let (catalogue, mut schedules) = workers::standard(Duration::from_secs(3_600));
        schedules.push(Schedule::every::<Swept>(Duration::from_secs(3_600)));
        (catalogue.with_sweep::<Swept>(), schedules)
    };
    let here = app.runner_of(with_sweeps()).await.start().await.unwrap();
    let there = other.runner_of(with_sweeps()).await.start().await.unwrap();
    until("both tenants are swept", || async {
        let done = app.number("SELECT count(*) FROM job_run WHERE kind = 'test-sweep' AND state = 'done'").await;
        (done == 2).then_some(())
    })
    .await;
    here.stop(Duration::from_secs(10)).await;
    there.stop(Duration::from_secs(10)).await;
    assert_eq!(app.number("SELECT count(*) FROM job_run WHERE kind = 'test-sweep'").await, 2);
    let sweeps = "SELECT count(*) FROM job_run WHERE kind = 'sweep' AND payload LIKE '%test-sweep%'";
    assert_eq!(app.number(sweeps).await, 1);
}

/// Sessions are finished by a job of their tenant, and its jobs page tells of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn finishing_sessions_is_a_job_of_the_tenant() {
    let app = TestApp::new().await;
    let recording = app.agent().start().await;
    recording.record(0, 0, &stories::first(&app)).await;
    recording.finish(1).await;
    app.pass(61);
    app.work_on_jobs().await;
    let engineer = app.as_role(Role::Engineer).await;
    let session = engineer.get(&format!("/v1/sessions/{}", recording.id)).await.is(200).json();
    assert_eq!(session["state"], "closed");
    let leaf = app.leaves(app.ours.id).await.into_iter().find(|leaf| leaf["act"] == "session.sealed").unwrap();
    assert_eq!(leaf["actor"]["id"], "session-finisher");

    let owner = app.as_role(Role::Owner).await;
    let jobs = owner.get("/v1/ops/jobs").await.is(200).json();
    let items = jobs["items"].as_array().unwrap();
    let kinds: BTreeSet<&str> = items.iter().map(|job| job["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, BTreeSet::from(["tidy", "session-finisher"]), "sweeps belong to the deployment");
    let job = items.iter().find(|job| job["kind"] == "session-finisher").unwrap();
    assert_eq!((&job["state"], &job["attempt"], &job["report"]["closed"]), (&"done".into(), &1.into(), &1.into()));
    assert_eq!(job["reason"], Value::Null);
    let theirs = app.member(&app.theirs, Role::Owner).await.get("/v1/ops/jobs").await.is(200).json();
    assert_eq!(theirs["items"].as_array().unwrap().len(), 1, "only their own tidying: {theirs}");

    // Nothing is due: the sweep adds nothing.
    app.pass(10);
    app.work_on_jobs().await;
    assert_eq!(app.number("SELECT count(*) FROM job_run WHERE kind = 'session-finisher'").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_jobs_page_filters_and_pages() {
    let app = TestApp::new().await;
    let script = Script::new(&app, "page", 1_000).await;
    for act in [Act::Report, Act::Refuse, Act::Fail, Act::Report, Act::Report] {
        script.add(&app, app.ours.id, &probe("page", act)).await;
    }
    app.runner_of(probes()).await.drain().await.unwrap();
    let auditor = app.as_role(Role::Auditor).await;
    let count = async |state: &str| {
        let page = auditor.get(&format!("/v1/ops/jobs?state={state}")).await.is(200).json();
        page["items"].as_array().unwrap().len()
    };
    assert_eq!(
        (count("done").await, count("failed").await, count("waiting").await, count("running").await),
        (3, 1, 1, 0)
    );
    let failed = auditor.get("/v1/ops/jobs?state=failed").await.json();
    let (reason, code) = (&failed["items"][0]["reason"], &failed["items"][0]["error_code"]);
    assert_eq!((reason, code), (&"refused".into(), &"not-found".into()));

    let first = auditor.get("/v1/ops/jobs?state=done&limit=2").await.is(200).json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = auditor.get(&format!("/v1/ops/jobs?state=done&limit=2&cursor={cursor}")).await.is(200).json();
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    assert_eq!(rest["next_cursor"], Value::Null);
    auditor.get(&format!("/v1/ops/jobs?limit=2&cursor={cursor}")).await.is(422);
    auditor.get("/v1/ops/jobs?state=lost").await.is(400);
}

/// What was ended is not found any more, and what is over is forgotten.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tidying_forgets_refresh_hashes_of_ended_sign_ins() {
    let app = TestApp::new().await;
    crate::signin::cookie(&app).await;
    let hashes = "SELECT count(*) FROM credential_index WHERE kind = 'refresh'";
    let before = app.number(hashes).await;
    assert!(before >= 3, "two owners and a viewer: {before}");
    app.pass(12 * 3_600 + 3_599);
    app.work_on_jobs().await;
    assert_eq!(app.number(hashes).await, before, "still told apart from a stranger");
    app.pass(3_600);
    app.work_on_jobs().await;
    assert_eq!(app.number(hashes).await, 0);
    let quiet = "SELECT count(*) FROM job_run WHERE quiet AND finished_at IS NOT NULL";
    app.pass(24 * 3_600);
    app.work_on_jobs().await;
    assert!(app.number(quiet).await <= 8, "quiet runs are forgotten after an hour");
}

/// A job belongs to the tenant that it was added for. What its payload or a changed queue says about another tenant's rows
/// finds nothing there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_09_a_job_reaches_its_own_tenant_only() {
    let app = TestApp::new().await;
    let store = app.store().await;
    // A letter of theirs, named by a job of ours.
    let tx = store.tenant(app.theirs.id).await.unwrap();
    let audience = app::notices::Audience::Holders(policy::access::Action::GrantReview);
    let notice = app::notices::Notice { kind: app::notices::NoticeKind::AccessRequested, audience, about: None };
    app.app().notices().notify(&tx, notice).await.unwrap();
    tx.commit().await.unwrap();
    app.runner().await.drain().await.unwrap();
    app.tamper(&["UPDATE mail SET state = 'queued', settled_at = NULL"]).await;
    let read = store.tenant_read(app.theirs.id).await.unwrap();
    let foreign = read.mail_outbox(None, 1).await.unwrap().remove(0).id;
    drop(read);
    let tx = store.tenant(app.ours.id).await.unwrap();
    app.app().jobs().enqueue(&tx, &app::mail::SendLetter { mail: foreign }, app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(app.runner().await.drain().await.unwrap(), 1);
    assert_eq!(
        app.number("SELECT count(*) FROM mail WHERE state <> 'queued'").await,
        0,
        "their letters are as they were"
    );
    let jobs = app.as_role(Role::Owner).await.get("/v1/ops/jobs").await.is(200).json();
    assert_eq!(jobs["items"][0]["report"]["outcome"], "gone", "as if there were no such letter");

    // Somebody who can write to the queue moves a job of ours to them: its row in their tenant does not exist.
    let script = Script::new(&app, "moved", 1_000).await;
    script.add(&app, app.ours.id, &probe("moved", Act::Report)).await;
    let theirs = app.id(&app.theirs.id.to_string());
    app.tamper(&[&format!("UPDATE job SET tenant_id = {theirs}")]).await;
    app.runner_of(probes()).await.drain().await.unwrap();
    assert_eq!((script.begun(), runs(&app).await), (0, vec!["waiting 0 0 -".to_owned()]));
}
