//! The same meaning on both databases: random sequences of operations give the same answers (`architecture.md`).
//!
//! `SEALTAPE_PROVE_DIFFERENTIAL` sets how many sequences; `make prove` runs 1 000.

use std::fmt::Write as _;

use domain::{CloseReason, RoleBindingId, TenantId, ViewId};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::{
    ChallengePurpose, ChangeCursor, InvitationState, KeyState, LoginRow, MemberRow, MemberState, Pace, Seal,
    SessionCursor, Store, StoreError, TenantTx, ViewCursor,
};
use testkit::TestDatabase;

use crate::fixture::{
    self, T0, agent_key_id, at, factor_id, hash, limits, login_id, member_id, person_key_id, populate, project_id,
    session_id, subject_id, uuid,
};
use crate::operations::{self, Op, VALIDATIONS, op, sensitivity};
use crate::{log, telling};

#[test]
fn differential_sequences_answer_alike() {
    alike(&vec((0..2_u64, op()), 1..40));
}

/// The audit log on its own: among all other calls, those on it would seldom meet each other.
#[test]
fn differential_sequences_of_the_log_answer_alike() {
    alike(&vec((0..2_u64, operations::log()), 1..60));
}

/// Plays sequences of calls, each by one of two tenants, on both databases.
fn alike(sequence: &impl Strategy<Value = Vec<(u64, Op)>>) {
    let cases = std::env::var("SEALTAPE_PROVE_DIFFERENTIAL").map_or(40, |count| count.parse().expect("a number"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let databases = runtime.block_on(TestDatabase::both());
    let stores: Vec<Store> = databases.iter().map(|database| runtime.block_on(database.store())).collect();
    let mut runner =
        TestRunner::new(Config { cases, failure_persistence: None, max_shrink_iters: 300, ..Config::default() });
    let mut fresh = 0;
    let fresh = std::cell::RefCell::new(&mut fresh);
    runner
        .run(sequence, |ops| {
            // Two tenants of their own for every sequence; credentials are told apart by the same number.
            let salt: u64 = {
                let mut fresh = fresh.borrow_mut();
                **fresh += 2;
                **fresh
            };
            let mut answers = stores.iter().map(|store| runtime.block_on(play(store, salt, &ops)));
            let (sqlite, postgres) = (answers.next().unwrap(), answers.next().unwrap());
            for (step, (sqlite, postgres)) in sqlite.iter().zip(&postgres).enumerate() {
                prop_assert_eq!(sqlite, postgres, "step {} of {:#?}", step, &ops);
            }
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

/// The answers of one database, as text.
async fn play(store: &Store, salt: u64, ops: &[(u64, Op)]) -> Vec<String> {
    let tenants = [populate(store, salt).await, populate(store, salt + 1).await];
    let mut answers = Vec::with_capacity(ops.len());
    for (tenant, op) in ops {
        let tenant = tenants[usize::try_from(*tenant).unwrap()];
        let answer = match op {
            Op::Count { .. } => count(store, salt, op).await,
            Op::Credential { hash, slug, action } => credential(store, tenant, salt, *hash, *slug, *action).await,
            Op::Work { now, end } => telling::work(store, tenant, *now, *end).await,
            Op::Place { .. } | Op::Checkpoint { .. } | Op::Alarm { .. } => log::tend(store, tenant, op).await,
            op => step(store, tenant, op).await,
        };
        answers.push(answer.unwrap_or_else(|error| format!("refused: {}", kind(&error))));
    }
    answers
}

/// What a caller can tell errors apart by. The drivers' own words differ.
fn kind(error: &StoreError) -> String {
    match error {
        StoreError::Database(_) => "database".to_owned(),
        other => other.to_string(),
    }
}

async fn step(store: &Store, tenant: TenantId, op: &Op) -> Result<String, StoreError> {
    if let Op::Events { asked } = op {
        return log::read(&store.tenant_read(tenant).await?, asked).await;
    }
    if matches!(op, Op::List { .. } | Op::Read { .. } | Op::Overview { .. }) {
        let tx = store.tenant_read(tenant).await?;
        return read(&tx, op).await;
    }
    let tx = store.tenant(tenant).await?;
    let answer = match op {
        Op::Key { .. } | Op::Project { .. } | Op::AgentKey { .. } | Op::AgentKeyRevoke { .. } => {
            tenancy(&tx, op).await?
        }
        Op::Member { .. }
        | Op::Password { .. }
        | Op::MemberState { .. }
        | Op::Login { .. }
        | Op::Rotate { .. }
        | Op::Revoke { .. } => people(&tx, op).await?,
        Op::Factor { .. } | Op::Recovery { .. } | Op::Challenge { .. } | Op::Attempt { .. } => factors(&tx, op).await?,
        Op::Job { .. } | Op::Notice { .. } | Op::Preference { .. } | Op::Letter { .. } | Op::Tidy { .. } => {
            telling::step(&tx, op).await?
        }
        Op::Invitation { .. } | Op::Reset { .. } | Op::ApiKey { .. } | Op::Unbind { .. } => identity(&tx, op).await?,
        Op::Leaf { .. } | Op::AuditExport { .. } | Op::Sink { .. } | Op::Delivery { .. } => log::step(&tx, op).await?,
        _ => recording(&tx, op).await?,
    };
    tx.commit().await?;
    Ok(answer)
}

async fn tenancy(tx: &TenantTx, op: &Op) -> Result<String, StoreError> {
    let tenant = tx.tenant();
    match op {
        Op::Key { kind, version, state, parent } => {
            let state = [KeyState::Active, KeyState::Retiring, KeyState::Retired][usize::from(*state)];
            match kind {
                0 => tx.tenant_kek_insert(fixture::kek(tenant, *version, state)).await?,
                1 => {
                    let row = fixture::purpose_key(tenant, "search", *version, *parent, state);
                    tx.tenant_purpose_key_insert(row).await?;
                }
                2 => tx.person_key_insert(fixture::person_key(tenant, u64::from(*version), *parent)).await?,
                _ => tx.session_key_insert(fixture::session_key(tenant, 0, *version, *parent)).await?,
            }
            Ok(format!("{:?} {:?}", tx.tenant_kek_active().await?, tx.tenant_purpose_key_list("search").await?))
        }
        Op::Project { i, name } => {
            tx.project_insert(fixture::project(tenant, *i, name)).await?;
            Ok(format!("{:?}", tx.project_list().await?))
        }
        Op::AgentKey { i, project, origin } => {
            let mut row = fixture::agent_key(tenant, *i, *project);
            row.origins.push(origin.clone());
            tx.agent_key_insert(row).await?;
            Ok(format!("{:?}", tx.agent_key_list(project_id(*project)).await?))
        }
        Op::AgentKeyRevoke { i, project, now } => {
            let key = fixture::agent_key(tenant, *i, *project);
            let key = store::AgentKeyRow { revoked_at: Some(at(*now)), mac: vec![6; 32], ..key };
            let won = tx.agent_key_revoke(&key).await?;
            Ok(format!("{won} {:?}", tx.agent_key_find(agent_key_id(*i)).await?))
        }
        other => unreachable!("{other:?}"),
    }
}

async fn people(tx: &TenantTx, op: &Op) -> Result<String, StoreError> {
    let tenant = tx.tenant();
    match op {
        Op::Member { i, person, role } => {
            if tx.member_find(member_id(*i)).await?.is_none() {
                tx.member_insert(fixture::member(tenant, *i, *person)).await?;
            }
            let number = tx.role_binding_list(member_id(*i)).await?.len() as u64 * 10 + i;
            tx.role_binding_insert(fixture::role_binding(tenant, number, *i, role)).await?;
            Ok(format!("{:?} {:?}", tx.member_list().await?, tx.role_binding_list(member_id(*i)).await?))
        }
        Op::Password { i, old, new } => {
            let won = tx.member_password_rehash(member_id(*i), old, new, &[9]).await?;
            let first = tx.member_password_rehash(member_id(*i), "$argon2id$first", new, &[9]).await?;
            Ok(format!("{won} {first}"))
        }
        Op::MemberState { i, from } => {
            let (from, to) = if *from {
                (MemberState::Active, MemberState::Disabled)
            } else {
                (MemberState::Disabled, MemberState::Active)
            };
            let before = fixture::member(tenant, *i, 0);
            let before = tx.member_find(member_id(*i)).await?.unwrap_or(before);
            let moved = tx.member_state_set(&MemberRow { state: from, ..before }, to, &[9]).await?;
            Ok(format!("{moved} {:?}", tx.member_find(member_id(*i)).await?))
        }
        Op::Login { i, member, refresh } => {
            tx.login_insert(fixture::login(tenant, *i, *member, *refresh)).await?;
            Ok(format!("{:?}", tx.login_find(login_id(*i)).await?))
        }
        Op::Rotate { i, presented, successor, now } => {
            let next = LoginRow { last_used_at: at(*now), ..fixture::login(tenant, *i, 0, *successor) };
            let won = tx.login_rotate(&hash(*presented), &next).await?;
            Ok(format!("{won} {:?}", tx.login_find(login_id(*i)).await?))
        }
        Op::Revoke { i, all, now } => {
            if *all {
                return Ok(tx.login_revoke_member(member_id(*i), at(*now)).await?.to_string());
            }
            Ok(tx.login_revoke(login_id(*i), at(*now)).await?.to_string())
        }
        other => unreachable!("{other:?}"),
    }
}

async fn factors(tx: &TenantTx, op: &Op) -> Result<String, StoreError> {
    let tenant = tx.tenant();
    Ok(match op {
        Op::Factor { i, member, counter, action } => {
            let (id, holder, now) = (factor_id(*i), member_id(*member), at(*counter));
            let done = match action {
                0 => tx.factor_insert(fixture::factor(tenant, *i, *member)).await.map(|()| true)?,
                1 => tx.factor_confirm(id, *counter, now).await?,
                2 => tx.factor_totp_use(id, *counter, now).await?,
                3 => tx.factor_key_use(id, *counter, vec![9], now).await?,
                4 => tx.factor_rename(holder, id, vec![8]).await?,
                _ => tx.factor_remove(holder, id).await?,
            };
            format!("{done} {:?} {:?}", tx.factor_list(holder).await?, tx.factor_find(id).await?)
        }
        Op::Recovery { n, member, code, action } => {
            let holder = member_id(*member);
            let done = match action {
                0 => tx.recovery_code_put(fixture::recovery_code(tenant, *n, *member, *code)).await.map(|()| 1)?,
                1 => u64::from(tx.recovery_code_use(holder, &hash(*code), at(u64::from(*n))).await?),
                _ => tx.recovery_code_end(holder, at(*code)).await?,
            };
            format!("{done} {:?}", tx.recovery_code_list(holder).await?)
        }
        Op::Challenge { i, member, now, action } => {
            let done = match action {
                0 => tx.challenge_insert(fixture::challenge(tenant, *i, *member, *now)).await.map(|()| true)?,
                1 => tx.challenge_try(&hash(*i), at(*now), 2).await?,
                2 => tx.challenge_use(&hash(*i), at(*now)).await?,
                _ => {
                    let mut gone = tx.challenge_over(Some(member_id(*member)), at(*now), 2).await?;
                    gone.extend(tx.challenge_beyond(member_id(*member), ChallengePurpose::SignIn, 1).await?);
                    let mut removed = 0;
                    for hash in &gone {
                        removed += u64::from(tx.challenge_remove(hash).await?);
                    }
                    removed > 0
                }
            };
            format!("{done} {:?}", tx.challenge_find(&hash(*i)).await?)
        }
        Op::Attempt { member, now, most, clear } => {
            let window = std::time::Duration::from_secs(10);
            let taken = tx.factor_attempt_take(member_id(*member), at(*now), window, *most).await?;
            if *clear {
                tx.factor_attempt_clear(member_id(*member)).await?;
            }
            format!("{taken} {}", tx.member_lock(member_id(*member)).await?)
        }
        other => unreachable!("{other:?}"),
    })
}

async fn identity(tx: &TenantTx, op: &Op) -> Result<String, StoreError> {
    let tenant = tx.tenant();
    match op {
        Op::Invitation { i, email, token, action } => {
            let id = fixture::invitation(tenant, *i, 0, 0, 0).id;
            let done = match action {
                0 => tx.invitation_insert(fixture::invitation(tenant, *i, 0, *email, *token)).await.map(|()| true)?,
                1 => tx.invitation_renew(id, &hash(*token), &hash(*email), at(*i), at(*email), &[9]).await?,
                2 => tx.invitation_end(id, &hash(*token), InvitationState::Accepted).await?,
                _ => tx.invitation_end(id, &hash(*token), InvitationState::Withdrawn).await?,
            };
            Ok(format!("{done} {:?} {:?}", tx.invitation_find(id).await?, tx.invitation_page(Some(id), 2).await?))
        }
        Op::Reset { i, member, now, all } => {
            let row = fixture::password_reset(tenant, *i, *member);
            if tx.password_reset_find(row.id).await?.is_none() {
                tx.password_reset_insert(row.clone()).await?;
            }
            let used = if *all {
                let ended = tx.password_reset_end(member_id(*member), at(*now)).await?;
                let mut removed = 0;
                for over in tx.password_reset_over(at(*now), 2).await? {
                    removed += u64::from(tx.password_reset_remove(over).await?);
                }
                ended + removed
            } else {
                u64::from(tx.password_reset_use(row.id, at(*now)).await?)
            };
            let set = tx.member_password_set(member_id(*member), 1, "$argon2id$set", &[9]).await?;
            Ok(format!("{used} {set} {:?}", tx.password_reset_open(member_id(*member)).await?.len()))
        }
        Op::ApiKey { i, member, now, action } => {
            let row = fixture::api_key(tenant, *i, *member);
            let done = match action {
                0 => tx.api_key_insert(row.clone()).await.map(|()| true)?,
                1 => tx.api_key_used(row.id, at(*now)).await?,
                _ => tx.api_key_revoke(&store::ApiKeyRow { revoked_at: Some(at(*now)), ..row.clone() }).await?,
            };
            Ok(format!(
                "{done} {} {:?} {:?}",
                tx.api_key_count(member_id(*member), at(*now)).await?,
                tx.api_key_page(None, None, 5).await?,
                tx.api_key_page(Some(member_id(*member)), Some(row.id), 2).await?
            ))
        }
        Op::Unbind { i, member } => {
            let rows = tx.role_binding_page(Some(member_id(*member)), None, 3).await?;
            let taken = match rows.first() {
                Some(row) => tx.role_binding_delete(RoleBindingId::from_uuid(row.id)).await?,
                None => false,
            };
            let after = RoleBindingId::from_uuid(uuid(9, *i));
            Ok(format!(
                "{taken} {:?} {:?} {:?} {:?} {:?}",
                tx.role_binding_page(None, Some(after), 2).await?,
                tx.role_binding_of(&[member_id(0), member_id(*member)]).await?.len(),
                tx.member_page(Some(member_id(*i)), 2).await?,
                tx.member_hold_role("viewer").await?,
                tx.login_list(member_id(*member), at(*i)).await?,
            ))
        }
        other => unreachable!("{other:?}"),
    }
}

async fn count(store: &Store, salt: u64, op: &Op) -> Result<String, StoreError> {
    let Op::Count { kind, key, burst, every, now } = op else { unreachable!("{op:?}") };
    let tx = store.tenant(TenantId::DEPLOYMENT).await?;
    let pace = Pace { burst: *burst, every: std::time::Duration::from_secs(*every) };
    let counted = tx.attempt_admit(&format!("kind-{kind}"), &hash(salt * 10 + key), pace, at(*now)).await?;
    tx.commit().await?;
    Ok(format!("{counted:?}"))
}

async fn recording(tx: &TenantTx, op: &Op) -> Result<String, StoreError> {
    let tenant = tx.tenant();
    Ok(match op {
        Op::Subject { i, token, session } => {
            if tx.subject_find_by_identifier("email", &hash(*token)).await?.is_none() {
                tx.subject_insert(fixture::subject(tenant, *i)).await?;
                tx.subject_identifier_insert(fixture::identifier(tenant, *token, *i)).await?;
            }
            let set = tx.session_subject_set(session_id(*session), subject_id(*i), at(*i)).await?;
            format!("{set} {:?}", tx.subject_find_by_identifier("email", &hash(*token)).await?)
        }
        Op::Session { i, project, release, browser, started, normal } => {
            let mut row = fixture::session(tenant, *i);
            row.project_id = project_id(*project);
            row.agent_key_id = agent_key_id(*project);
            row.release.clone_from(release);
            row.browser = Some(browser.clone());
            row.started_at = at(*started);
            row.sensitivity = sensitivity(*normal);
            tx.session_insert(row).await?;
            tx.session_key_insert(fixture::session_key(tenant, *i, 1, 1)).await?;
            format!("{:?}", tx.session_lock(session_id(*i)).await?)
        }
        Op::Tab { session, now, declare } => {
            let tab = tx.session_tab_open(session_id(*session), 3, at(*now)).await?;
            let declared = match declare {
                Some(segments) => tx.session_tab_declare(session_id(*session), 0, *segments).await?,
                None => {
                    tx.session_tab_state_set(session_id(*session), 0, u32::try_from(*now).unwrap(), "state").await?
                }
            };
            format!("{tab:?} {declared} {:?}", tx.session_tab_list(session_id(*session)).await?)
        }
        Op::Segment { session, tab, n, seconds, span, generation, snapshot } => {
            let shared = tx.session_key_share(session_id(*session), *generation).await?;
            let advanced = tx.session_tab_advance(session_id(*session), *tab, *n, &hash(*seconds)).await?;
            if advanced {
                let mut row = fixture::segment(tenant, *session, *tab, *n);
                row.generation = *generation;
                row.first_ms = T0 + i64::try_from(*seconds).unwrap() * 1_000;
                row.last_ms = row.first_ms + span;
                row.full_snapshot = *snapshot;
                row.facts_sealed = snapshot.then(|| n.to_be_bytes().to_vec());
                tx.segment_insert(row).await?;
            }
            format!("{shared} {advanced} {:?}", tx.segment_last(session_id(*session), *tab).await?)
        }
        Op::Touch { session, touch } => {
            let touched = tx.session_touch(session_id(*session), touch).await?;
            format!("{touched} {:?}", tx.session_find(session_id(*session)).await?)
        }
        Op::Hint { session, now } => {
            let hinted = tx.session_finish_hint(session_id(*session), at(*now)).await?;
            let noted = tx.session_progress_set(session_id(*session), at(*now)).await?;
            let summed = tx.session_summary_set(session_id(*session), vec![3], 1, at(*now)).await?;
            format!("{hinted} {noted} {summed} {:?}", tx.session_find(session_id(*session)).await?)
        }
        Op::Gap { session, i, validation, detail } => {
            let mut row = fixture::gap(tenant, *session, *i);
            row.detail.clone_from(detail);
            tx.gap_insert(row).await?;
            let worst = VALIDATIONS[usize::from(*validation)];
            let added = tx.session_gaps_add(session_id(*session), 1, worst, at(*i)).await?;
            format!("{added} {:?}", tx.gap_list(session_id(*session)).await?)
        }
        Op::Seal { session, rev, segments, now } => {
            let reason = if *rev == 1 { CloseReason::Idle } else { CloseReason::Late };
            let seal = Seal { rev: *rev, hash: hash(*now), sealed_segments: *segments, reason, at: at(*now) };
            let sealed = tx.session_seal(session_id(*session), &seal).await?;
            if sealed {
                tx.manifest_insert(fixture::manifest(tenant, *session, *rev)).await?;
            }
            format!(
                "{sealed} {:?} {:?}",
                tx.session_find(session_id(*session)).await?,
                tx.manifest_latest(session_id(*session)).await?
            )
        }
        Op::Tokens { session, tokens } => {
            let tokens: Vec<_> = tokens.iter().map(|(kind, token)| (kind.clone(), hash(*token))).collect();
            tx.search_token_put(session_id(*session), &tokens).await?;
            String::new()
        }
        Op::View { session, i, now } => {
            tx.session_view_insert(fixture::view(tenant, *i, *session, 0, *now)).await?;
            tx.audit_insert(fixture::audit(tenant, *i)).await?;
            let after = Some(ViewCursor { at: at(20), id: ViewId::from_uuid(uuid(11, 4)) });
            format!(
                "{:?} {:?}",
                tx.session_view_list(session_id(*session), None, 3).await?,
                tx.session_view_list(session_id(*session), after, 3).await?
            )
        }
        other => unreachable!("{other:?}"),
    })
}

async fn read(tx: &store::TenantRead, op: &Op) -> Result<String, StoreError> {
    Ok(match op {
        Op::List { filter, after, limit } => {
            let after = after.map(|(started, id)| SessionCursor { started_at: at(started), id: session_id(id) });
            format!("{:?}", tx.session_list(filter, after, *limit).await?)
        }
        Op::Read { session, tab, n, seconds } => {
            let session = session_id(*session);
            let ms = T0 + i64::try_from(*seconds).unwrap() * 1_000;
            format!(
                "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
                tx.segment_facts(session, 2).await?,
                tx.segment_find(session, *tab, *n).await?,
                tx.segment_list(session, Some((*tab, *n)), 3).await?,
                tx.segment_list_tab(session, *tab, Some(*n), 2).await?,
                tx.segment_snapshot_at(session, *tab, ms).await?,
                tx.session_tab_spans(session).await?,
                tx.session_key_find(session, 1).await?,
                tx.session_key_newest(session).await?,
                tx.manifest_find(session, *n).await?,
            )
        }
        Op::Overview { only } => {
            let mut text = format!(
                "{:?} {:?} {:?} {:?} {:?}",
                tx.tenant_find().await?,
                tx.session_progress_due(at(20), 5).await?,
                tx.session_due(at(1_820), &limits(), 5).await?,
                tx.session_changed_since(ChangeCursor { changed_at: at(5), id: session_id(1) }, only, 5).await?,
                tx.person_key_find(person_key_id(1)).await?,
            );
            let projects: Vec<_> = (0..3).map(project_id).collect();
            let mut named = tx.project_list_of(&projects).await?;
            named.sort_by_key(|row| row.id);
            write!(text, "{:?} {named:?}", tx.project_counts(&projects, only).await?).unwrap();
            text
        }
        other => unreachable!("{other:?}"),
    })
}

async fn credential(
    store: &Store,
    tenant: TenantId,
    salt: u64,
    number: u64,
    slug: Option<u8>,
    action: u8,
) -> Result<String, StoreError> {
    let key = hash(salt * 10 + number);
    let changed = match action {
        0 => {
            let tx = store.tenant(tenant).await?;
            tx.credential_put("agent-key", &key, uuid(3, number)).await?;
            tx.commit().await?;
            true
        }
        1 => {
            let tx = store.tenant(tenant).await?;
            let dropped = tx.credential_drop("agent-key", &key).await?;
            tx.commit().await?;
            dropped
        }
        _ => false,
    };
    let slug = slug.map(|slug| match slug {
        0 => format!("tenant-{salt}"),
        1 => format!("tenant-{}", salt + 1),
        2 => format!("TENANT-{salt}"),
        _ => "%".to_owned(),
    });
    Ok(format!("{changed} {:?}", store.lookup_credential("agent-key", &key, slug.as_deref()).await?))
}
