//! The steps that must not race, and what a session becomes along the way.

use domain::{CloseReason, SessionState, Timestamp, Validation};
use sea_orm::ConnectionTrait as _;
use store::{KeyState, LoginRow, Seal, SessionFilter, SessionTouch, Store, StoreError};
use testkit::TestDatabase;

use crate::fixture::{self, at, hash, limits, login_id, member_id, populate, session_id, subject_id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_parallel_rotations_one_wins() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.tenant(tenant).await.unwrap();
        tx.login_insert(fixture::login(tenant, 0, 0, 1)).await.unwrap();
        tx.commit().await.unwrap();
        let mut wins = 0;
        for won in parallel(&store, 20, move |store, i| async move {
            let tx = store.tenant(tenant).await?;
            let next = LoginRow { last_used_at: at(1), ..fixture::login(tenant, 0, 0, 100 + i) };
            let won = tx.login_rotate(&hash(1), &next).await?;
            tx.commit().await?;
            Ok(won)
        })
        .await
        {
            wins += u32::from(won);
        }
        assert_eq!(wins, 1);
        let read = store.tenant_read(tenant).await.unwrap();
        let login = read.login_find_by_hash(&hash(1)).await.unwrap().expect("found by its previous token");
        assert_eq!(login.previous_hash, Some(hash(1)));
        assert_eq!(login.rotated_at, Some(at(1)));
    }
}

#[tokio::test]
async fn a_revoked_family_does_not_rotate() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.tenant(tenant).await.unwrap();
        for number in 0..3 {
            tx.login_insert(fixture::login(tenant, number, 0, number)).await.unwrap();
        }
        assert!(tx.login_revoke(login_id(0), at(1)).await.unwrap());
        assert!(!tx.login_revoke(login_id(0), at(2)).await.unwrap());
        assert!(!tx.login_rotate(&hash(0), &fixture::login(tenant, 0, 0, 9)).await.unwrap());
        assert_eq!(tx.login_revoke_member(member_id(0), at(3)).await.unwrap(), 2);
        assert_eq!(tx.login_find(login_id(0)).await.unwrap().unwrap().revoked_at, Some(at(1)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_tabs_get_different_numbers_up_to_the_limit() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let mut tabs: Vec<_> = parallel(&store, 12, move |store, _| async move {
            let tx = store.tenant(tenant).await?;
            let tab = tx.session_tab_open(session_id(0), 10, at(1)).await?;
            tx.commit().await?;
            Ok(tab)
        })
        .await;
        tabs.sort_unstable();
        let expected: Vec<_> = [None; 3].into_iter().chain((1..10).map(Some)).collect();
        assert_eq!(tabs, expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_parallel_uploads_of_one_number_one_is_taken() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let taken = parallel(&store, 12, move |store, _| async move {
            let tx = store.tenant(tenant).await?;
            if !tx.session_tab_advance(session_id(0), 0, 0, &hash(1)).await? {
                return Ok(false);
            }
            tx.segment_insert(fixture::segment(tenant, 0, 0, 0)).await?;
            assert!(
                tx.session_touch(
                    session_id(0),
                    &SessionTouch { segments: 1, received_at: at(1), ..SessionTouch::default() }
                )
                .await?
            );
            tx.commit().await?;
            Ok(true)
        })
        .await;
        assert_eq!(taken.into_iter().filter(|taken| *taken).count(), 1);
        let read = store.tenant_read(tenant).await.unwrap();
        assert_eq!(read.session_find(session_id(0)).await.unwrap().unwrap().segments, 1);
        assert_eq!(read.session_tab_find(session_id(0), 0).await.unwrap().unwrap().next_n, 1);
    }
}

#[tokio::test]
async fn a_touch_adds_and_keeps_extremes() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.tenant(tenant).await.unwrap();
        let late = SessionTouch {
            segments: 1,
            events: 5,
            bytes_stored: 100,
            bytes_raw: 900,
            errors: 0,
            gaps: 1,
            first_event_at: Some(at(20)),
            last_event_at: Some(at(30)),
            received_at: at(31),
            finish_hint: true,
            validation: Validation::Gaps,
            last_page: Some(vec![1]),
        };
        assert!(tx.session_touch(session_id(0), &late).await.unwrap());
        let session = tx.session_find(session_id(0)).await.unwrap().unwrap();
        assert_eq!((session.finish_hint_at, session.duration_ms, session.has_error), (Some(at(31)), 10_000, false));
        // An earlier part from another tab arrives later, by a clock that stands behind.
        let early = SessionTouch {
            errors: 2,
            first_event_at: Some(at(10)),
            last_event_at: Some(at(12)),
            received_at: at(30),
            finish_hint: false,
            validation: Validation::Repaired,
            last_page: None,
            ..late
        };
        assert!(tx.session_touch(session_id(0), &early).await.unwrap());
        let session = tx.session_find(session_id(0)).await.unwrap().unwrap();
        assert_eq!((session.segments, session.events, session.bytes_stored, session.bytes_raw), (2, 10, 200, 1_800));
        assert_eq!(
            (session.first_event_at, session.last_event_at, session.duration_ms),
            (Some(at(10)), Some(at(30)), 20_000)
        );
        assert_eq!((session.last_received_at, session.changed_at), (at(31), at(31)), "time does not run back");
        assert_eq!((session.errors, session.has_error, session.gaps), (2, true, 2));
        assert_eq!(session.finish_hint_at, None, "something came after the hint");
        assert_eq!((session.validation, session.last_page_sealed), (Validation::Gaps, Some(vec![1])));
    }
}

#[tokio::test]
async fn a_session_closes_once_per_manifest_and_an_erased_one_takes_nothing() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.tenant(tenant).await.unwrap();
        let touch = SessionTouch { segments: 1, received_at: at(1), ..SessionTouch::default() };
        assert!(tx.session_touch(session_id(0), &touch).await.unwrap());
        let seal = |rev, reason, seconds| Seal {
            rev,
            hash: hash(9),
            sealed_segments: u64::from(rev),
            reason,
            at: at(seconds),
        };
        assert!(
            !tx.session_seal(session_id(0), &seal(2, CloseReason::Idle, 2)).await.unwrap(),
            "no manifest is skipped"
        );
        assert!(tx.session_seal(session_id(0), &seal(1, CloseReason::Idle, 2)).await.unwrap());
        assert!(!tx.session_seal(session_id(0), &seal(1, CloseReason::Idle, 3)).await.unwrap(), "nor written twice");
        assert_eq!(tx.session_tab_open(session_id(0), 10, at(4)).await.unwrap(), None, "a closed session opens no tab");
        assert!(!tx.session_finish_hint(session_id(0), at(4)).await.unwrap());
        assert!(tx.session_touch(session_id(0), &touch).await.unwrap(), "late segments are taken");
        let due = tx.session_due(at(61), &limits(), 10).await.unwrap();
        assert_eq!(due.iter().map(|due| due.reason).collect::<Vec<_>>(), [CloseReason::Late]);
        assert!(tx.session_seal(session_id(0), &seal(2, CloseReason::Late, 62)).await.unwrap());
        let session = tx.session_find(session_id(0)).await.unwrap().unwrap();
        assert_eq!(
            (session.state, session.closed_at, session.close_reason),
            (SessionState::Closed, Some(at(2)), Some(CloseReason::Idle))
        );
        assert_eq!((session.manifest_rev, session.sealed_segments), (2, 2));
        assert_eq!(tx.session_due(at(999), &limits(), 10).await.unwrap(), []);
        tx.commit().await.unwrap();
        erase(&database).await;
        let tx = store.tenant(tenant).await.unwrap();
        assert!(!tx.session_touch(session_id(0), &touch).await.unwrap());
        assert!(!tx.session_seal(session_id(0), &seal(3, CloseReason::Late, 70)).await.unwrap());
        assert_eq!(tx.session_list(&SessionFilter::default(), None, 10).await.unwrap(), []);
    }
}

#[tokio::test]
async fn sessions_fall_due_by_hint_silence_and_length() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.tenant(tenant).await.unwrap();
        for number in 1..4 {
            tx.session_insert(fixture::session(tenant, number)).await.unwrap();
        }
        // 0 is silent; 1 said it was done; 2 goes on and on; 3 is fresh.
        let received = |seconds| SessionTouch { received_at: at(seconds), ..SessionTouch::default() };
        tx.session_finish_hint(session_id(1), at(14_400)).await.unwrap();
        tx.session_touch(session_id(2), &received(14_402)).await.unwrap();
        tx.session_touch(session_id(3), &received(14_402)).await.unwrap();
        let due = |now: Timestamp| {
            let tx = &tx;
            async move {
                let due = tx.session_due(now, &limits(), 10).await.unwrap();
                due.into_iter().map(|due| (due.id, due.reason)).collect::<Vec<_>>()
            }
        };
        assert_eq!(due(at(60)).await, [], "nothing is due yet");
        assert_eq!(due(at(1_800)).await, [(session_id(0), CloseReason::Idle)]);
        // Session 1 was hinted, but is also long silent; at 14 459 s the hint is not old enough, the silence is.
        let all = due(at(14_402)).await;
        assert_eq!(
            all,
            [
                (session_id(0), CloseReason::Length),
                (session_id(1), CloseReason::Length),
                (session_id(2), CloseReason::Length)
            ]
        );
        let hinted = due(at(14_460)).await;
        assert!(hinted.contains(&(session_id(1), CloseReason::Finished)), "{hinted:?}");
        assert_eq!(tx.session_due(at(14_460), &limits(), 2).await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn a_key_is_not_stored_under_a_parent_that_is_no_longer_active() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let sql = "UPDATE tenant_kek SET state = 'retiring'";
        database.admin().await.execute_unprepared(sql).await.unwrap();
        for kind in 0..3 {
            let tx = store.tenant(tenant).await.unwrap();
            let refused = match kind {
                0 => tx.person_key_insert(fixture::person_key(tenant, 5, 1)).await,
                1 => tx.session_key_insert(fixture::session_key(tenant, 0, 2, 1)).await,
                _ => tx.tenant_purpose_key_insert(fixture::purpose_key(tenant, "search", 1, 1, KeyState::Active)).await,
            };
            assert!(matches!(refused, Err(StoreError::ParentKey)), "{refused:?}");
        }
        let gone = "UPDATE session_key SET state = 'shredded', wrapped = NULL, shredded_at = 1";
        let tx = store.tenant(tenant).await.unwrap();
        assert!(tx.session_key_share(session_id(0), 1).await.unwrap());
        drop(tx);
        database.admin().await.execute_unprepared(gone).await.unwrap();
        let tx = store.tenant(tenant).await.unwrap();
        assert!(!tx.session_key_share(session_id(0), 1).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shred_waits_for_the_commit_that_relies_on_the_key() {
    let database = TestDatabase::postgres().await;
    let store = database.store().await;
    let tenant = populate(&store, 1).await;
    let tx = store.tenant(tenant).await.unwrap();
    assert!(tx.session_key_share(session_id(0), 1).await.unwrap());
    let admin = database.admin().await;
    admin.execute_unprepared("SET lock_timeout = '200ms'").await.unwrap();
    let shred = "UPDATE session_key SET state = 'shredded', wrapped = NULL, shredded_at = 1";
    let blocked = admin.execute_unprepared(shred).await.unwrap_err().to_string();
    assert!(blocked.contains("lock timeout"), "{blocked}");
    tx.commit().await.unwrap();
    admin.execute_unprepared(shred).await.unwrap();
}

#[tokio::test]
async fn a_batch_refuses_the_failing_item_alone() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let (one, two) = (populate(&store, 1).await, populate(&store, 2).await);
        let mut batch = store.batch();
        for (tenant, n, good) in [(one, 0, true), (one, 5, false), (two, 0, true), (two, 1, true), (one, 1, true)] {
            let item = batch.item(tenant).await.unwrap();
            if good {
                assert!(item.session_tab_advance(session_id(0), 0, n, &hash(1)).await.unwrap());
                item.segment_insert(fixture::segment(tenant, 0, 0, n)).await.unwrap();
                item.commit().await.unwrap();
            } else {
                // A key generation nobody has: the database refuses the row, and the savepoint goes.
                let mut segment = fixture::segment(tenant, 0, 0, n);
                segment.generation = 99;
                let refused = item.segment_insert(segment).await;
                assert!(matches!(refused, Err(StoreError::MissingParent)), "{refused:?}");
                drop(item);
            }
        }
        // Nothing is visible before the batch commits, at least not the last tenant's.
        let outcome = batch.commit().await;
        assert!(outcome.committed(one) && outcome.committed(two), "{outcome:?}");
        for tenant in [one, two] {
            let read = store.tenant_read(tenant).await.unwrap();
            let numbers: Vec<_> =
                read.segment_list(session_id(0), None, 10).await.unwrap().iter().map(|row| row.n).collect();
            assert_eq!(numbers, [0, 1]);
            assert!(
                read.segment_list(session_id(0), None, 10).await.unwrap().iter().all(|row| row.tenant_id == tenant)
            );
        }
    }
}

#[tokio::test]
async fn a_batch_or_transaction_that_is_dropped_leaves_nothing() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let mut batch = store.batch();
        let item = batch.item(tenant).await.unwrap();
        item.subject_insert(fixture::subject(tenant, 1)).await.unwrap();
        item.commit().await.unwrap();
        drop(batch);
        let tx = store.tenant(tenant).await.unwrap();
        tx.project_insert(fixture::project(tenant, 1, "gone")).await.unwrap();
        drop(tx);
        let tx = store.tenant(tenant).await.unwrap();
        assert_eq!(tx.project_list().await.unwrap().len(), 1);
        tx.subject_insert(fixture::subject(tenant, 1)).await.expect("the id is still free");
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn readers_do_not_wait_for_the_writer_and_see_one_moment() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let writer = store.tenant(tenant).await.unwrap();
        writer.project_insert(fixture::project(tenant, 1, "second")).await.unwrap();
        let reader = store.tenant_read(tenant).await.unwrap();
        assert_eq!(reader.project_list().await.unwrap().len(), 1);
        writer.commit().await.unwrap();
        assert_eq!(reader.project_list().await.unwrap().len(), 1, "still the moment it began");
        drop(reader);
        let reader = store.tenant_read(tenant).await.unwrap();
        assert_eq!(reader.project_list().await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn tokens_narrow_the_list_and_pages_do_not_overlap() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.tenant(tenant).await.unwrap();
        for number in 1..8 {
            let mut session = fixture::session(tenant, number);
            session.started_at = at(number / 2); // pairs that start together
            tx.session_insert(session).await.unwrap();
            let mut tokens = vec![("origin".to_owned(), hash(1))];
            if number % 2 == 0 {
                tokens.push(("path".to_owned(), hash(2)));
            }
            tx.search_token_put(session_id(number), &tokens).await.unwrap();
            tx.search_token_put(session_id(number), &tokens).await.expect("again is fine");
        }
        let ids = |rows: Vec<store::SessionRow>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
        let both = vec![("origin".to_owned(), hash(1)), ("path".to_owned(), hash(2))];
        let filter = SessionFilter { tokens: both, ..SessionFilter::default() };
        let found = tx.session_list(&filter, None, 10).await.unwrap();
        assert_eq!(ids(found), [session_id(6), session_id(4), session_id(2)]);
        let all = ids(tx.session_list(&SessionFilter::default(), None, 100).await.unwrap());
        let mut paged = Vec::new();
        let mut after = None;
        loop {
            let page = tx.session_list(&SessionFilter::default(), after, 3).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(store::SessionCursor { started_at: last.started_at, id: last.id });
            paged.extend(ids(page));
        }
        assert_eq!(paged, all);
        assert_eq!(all.len(), 8);
    }
}

#[tokio::test]
async fn only_one_subject_fits_a_session() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.tenant(tenant).await.unwrap();
        for number in 0..2 {
            tx.subject_insert(fixture::subject(tenant, number)).await.unwrap();
        }
        assert!(tx.session_subject_set(session_id(0), subject_id(0), at(1)).await.unwrap());
        assert!(tx.session_subject_set(session_id(0), subject_id(0), at(2)).await.unwrap(), "the same again");
        assert!(!tx.session_subject_set(session_id(0), subject_id(1), at(3)).await.unwrap());
    }
}

#[tokio::test]
async fn overwritten_bytes_do_not_stay_in_the_file() {
    let database = TestDatabase::sqlite().await;
    let store = database.store().await;
    let tenant = populate(&store, 1).await;
    let canary = "canary-of-a-password-hash-0123456789";
    let tx = store.tenant(tenant).await.unwrap();
    assert!(tx.member_password_rehash(member_id(0), "$argon2id$first", canary, &[9]).await.unwrap());
    tx.commit().await.unwrap();
    assert!(on_disk(&database, canary.as_bytes()), "or the search below proves nothing");
    let tx = store.tenant(tenant).await.unwrap();
    assert!(
        !tx.member_password_rehash(member_id(0), "$argon2id$first", "late", &[9]).await.unwrap(),
        "it changed meanwhile"
    );
    assert!(tx.member_password_rehash(member_id(0), canary, "x", &[9]).await.unwrap());
    tx.commit().await.unwrap();
    store.close().await.unwrap();
    assert!(!on_disk(&database, canary.as_bytes()));
}

fn on_disk(database: &TestDatabase, needle: &[u8]) -> bool {
    let folder = database.file().unwrap().parent().unwrap().to_owned();
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}

/// Issue E brings erasure; until then the state is reached by hand.
async fn erase(database: &TestDatabase) {
    database.admin().await.execute_unprepared("UPDATE session SET state = 'erased'").await.unwrap();
}

/// Runs the same work `count` times at once.
async fn parallel<T, F, W>(store: &Store, count: u64, work: W) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = Result<T, StoreError>> + Send + 'static,
    W: Fn(Store, u64) -> F,
{
    let mut running = tokio::task::JoinSet::new();
    for number in 0..count {
        running.spawn(work(store.clone(), number));
    }
    running.join_all().await.into_iter().map(|outcome| outcome.expect("works")).collect()
}
