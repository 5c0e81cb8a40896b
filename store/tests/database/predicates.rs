//! One value, two readers: what `policy` says of a session in memory, the database says of its row (threat 5).
//!
//! `SEALTAPE_PROVE_ACCESS` sets how many random decisions are compared; `make prove` takes 1 000.

use std::collections::BTreeSet;

use domain::{SessionId, TenantId, Timestamp};
use policy::access::Predicate;
use proptest::test_runner::{Config, TestRunner};
use store::{ChangeCursor, SessionFilter, Store};
use testkit::TestDatabase;

use crate::fixture::{self, agent_key_id, at, populate, project_id, subject_id};
use crate::operations::{environment, predicate, sensitivity};

const SESSIONS: u64 = 40;
const PROJECTS: u64 = 3;

#[test]
fn memory_and_both_databases_take_the_same_decisions() {
    let cases = std::env::var("SEALTAPE_PROVE_ACCESS").map_or(60, |count| count.parse().expect("a number"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let databases = runtime.block_on(TestDatabase::both());
    let stores: Vec<Store> = databases.iter().map(|database| runtime.block_on(database.store())).collect();
    let tenants: Vec<TenantId> = stores.iter().map(|store| runtime.block_on(sessions(store))).collect();
    let mut runner =
        TestRunner::new(Config { cases, failure_persistence: None, max_shrink_iters: 500, ..Config::default() });
    let opened = std::cell::Cell::new(0_usize);
    runner
        .run(&predicate(), |predicate| {
            for (store, tenant) in stores.iter().zip(&tenants) {
                opened.set(opened.get() + runtime.block_on(compare(store, *tenant, &predicate)));
            }
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
    // A comparison of empty sets would prove nothing.
    let all = usize::try_from(SESSIONS).unwrap() * stores.len() * usize::try_from(cases).unwrap();
    assert!(opened.get() * 10 > all && opened.get() * 10 < all * 9, "{} of {all} sessions opened", opened.get());
}

/// Lists, changes and counts hold exactly what memory says; how many that is.
async fn compare(store: &Store, tenant: TenantId, predicate: &Predicate) -> usize {
    let read = store.tenant_read(tenant).await.unwrap();
    let mut expected: BTreeSet<SessionId> = BTreeSet::new();
    for row in read.session_list(&SessionFilter::default(), None, 1_000).await.unwrap() {
        let labels = read.session_label_tokens(row.id).await.unwrap();
        expected.extend(predicate.holds(&row.facts(labels)).then_some(row.id));
    }
    let filter = SessionFilter { only: predicate.clone(), ..SessionFilter::default() };
    let listed = read.session_list(&filter, None, 1_000).await.unwrap();
    assert_eq!(listed.iter().map(|row| row.id).collect::<BTreeSet<_>>(), expected, "list of {predicate:?}");
    let start = ChangeCursor { changed_at: Timestamp::from_micros(0), id: SessionId::from_uuid(uuid::Uuid::nil()) };
    let changed = read.session_changed_since(start, predicate, 1_000).await.unwrap();
    assert_eq!(changed.iter().map(|row| row.id).collect::<BTreeSet<_>>(), expected, "changes of {predicate:?}");
    let mut counted = 0;
    for project in 0..PROJECTS {
        let counts = read.project_counts(&[project_id(project)], predicate).await.unwrap();
        counted += counts.values().map(|counts| counts.total).sum::<u64>();
    }
    assert_eq!(usize::try_from(counted).unwrap(), expected.len(), "counts of {predicate:?}");
    expected.len()
}

/// Sessions that differ in everything a decision may look at.
async fn sessions(store: &Store) -> TenantId {
    let tenant = populate(store, 1).await;
    let tx = store.tenant(tenant).await.unwrap();
    for project in 1..PROJECTS {
        tx.project_insert(fixture::project(tenant, project, &format!("project {project}"))).await.unwrap();
        tx.agent_key_insert(fixture::agent_key(tenant, project, project)).await.unwrap();
    }
    for person in 0..2 {
        tx.subject_insert(fixture::subject(tenant, person)).await.unwrap();
    }
    for number in 1..SESSIONS {
        let mut row = fixture::session(tenant, number);
        row.project_id = project_id(number % PROJECTS);
        row.agent_key_id = agent_key_id(number % PROJECTS);
        row.sensitivity = sensitivity(number % 4 != 0);
        row.started_at = at(number);
        row.environment = environment(usize::try_from(number % 3).unwrap());
        row.subject_id = (number % 5 > 0).then(|| subject_id(number % 2));
        row.subject_verified = number % 5 > 1;
        tx.session_insert(row).await.unwrap();
        tx.session_key_insert(fixture::session_key(tenant, number, 1, 1)).await.unwrap();
        for label in (0..3).filter(|label| number & (1 << label) != 0) {
            tx.session_label_insert(fixture::session_label(tenant, number, label)).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    tenant
}
