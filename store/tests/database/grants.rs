//! Access requests, grants, rules and proposals: the same answers on both databases, nothing of another tenant, and steps
//! that win once.

use domain::{GrantId, MemberId, ProposalId, TenantId};
use policy::{
    grants::{EndReason, GrantState, Kind, Purpose, ReviewOutcome, Verb},
    proposals::ProposalState,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use store::{
    AccessGrantFilter, AccessGrantRow, AccessGrantSessionRow, AccessGrantVoteRow, Influence, ProposalRow, Store,
    StoreError, TenantTx, Vote,
};
use testkit::TestDatabase;

use crate::fixture::{self, at, hash, member_id, populate, session_id, uuid};

fn grant_id(number: u64) -> GrantId {
    GrantId::from_uuid(uuid(20, number))
}

fn proposal_id(number: u64) -> ProposalId {
    ProposalId::from_uuid(uuid(21, number))
}

/// A request of member 0; every third is broken glass.
fn grant(tenant: TenantId, number: u64) -> AccessGrantRow {
    let broken = number % 3 == 2;
    AccessGrantRow {
        tenant_id: tenant,
        id: grant_id(number),
        kind: if broken { Kind::BreakGlass } else { Kind::Request },
        state: if broken { GrantState::Active } else { GrantState::Pending },
        member_id: member_id(0),
        verb: Verb::View,
        purpose: Purpose::Debugging,
        reason_sealed: vec![1],
        filter: None,
        duration_s: 3_600,
        created_at: at(number),
        decide_by: at(3_600 + number),
        needs: None,
        approved_at: broken.then(|| at(number)),
        activated_at: broken.then(|| at(number)),
        expires_at: broken.then(|| at(number + 3_600)),
        ended_at: None,
        ended_reason: None,
        ended_by: None,
        role: broken.then(|| "admin".to_owned()),
        review_due_at: broken.then(|| at(number + 100)),
        reminded_at: None,
        reviewed_at: None,
        reviewed_by: None,
        review_outcome: None,
        review_sealed: None,
        mac: None,
    }
}

fn vote(tenant: TenantId, grant: u64, member: u64) -> AccessGrantVoteRow {
    AccessGrantVoteRow {
        tenant_id: tenant,
        grant_id: grant_id(grant),
        member_id: member_id(member),
        requester_id: member_id(0),
        vote: Vote::Approve,
        seen: hash(grant),
        comment_sealed: None,
        at: at(member),
        mac: vec![7; 32],
    }
}

fn proposal(tenant: TenantId, number: u64) -> ProposalRow {
    ProposalRow {
        tenant_id: tenant,
        id: proposal_id(number),
        member_id: member_id(0),
        kind: "role-grant".to_owned(),
        change: "{}".to_owned(),
        change_hash: hash(number),
        state: ProposalState::Open,
        created_at: at(0),
        execute_after: (number == 1).then(|| at(10)),
        expires_at: at(20),
        decided_at: None,
        decided_by: None,
        mac: vec![9],
    }
}

/// A row in each table of this part.
pub(crate) async fn fill(tx: &TenantTx) {
    let tenant = tx.tenant();
    tx.member_insert(fixture::member(tenant, 1, 0)).await.unwrap();
    tx.access_rules_lock("{}", at(0)).await.unwrap();
    tx.access_grant_insert(grant(tenant, 0)).await.unwrap();
    let row = AccessGrantSessionRow { tenant_id: tenant, grant_id: grant_id(0), session_id: session_id(0) };
    tx.access_grant_session_insert(row).await.unwrap();
    tx.access_grant_vote_insert(vote(tenant, 0, 1)).await.unwrap();
    tx.proposal_insert(proposal(tenant, 0)).await.unwrap();
    tx.member_influence_put(member_id(1), member_id(0), Influence::Invited, at(0)).await.unwrap();
}

#[derive(Debug, Clone)]
enum Op {
    Member(u64),
    Ask(u64),
    Name(u64, u64),
    Vote(u64, u64),
    Approve(u64, u64),
    Activate(u64, u64),
    End(u64, u8, u8, Option<u64>, u64),
    Review(u64, u64, u64),
    Remind(u64, u64),
    Rules(u64, u64),
    Propose(u64),
    Decide(u64, u8, Option<u64>, u64),
    Influence(u64, u64, u8, u64),
    Look(u64, u8, Option<u64>),
}

fn op() -> impl Strategy<Value = Op> {
    let (n, m, s) = (0..4_u64, 0..3_u64, 0..40_u64);
    prop_oneof![
        m.clone().prop_map(Op::Member),
        n.clone().prop_map(Op::Ask),
        (n.clone(), 0..2_u64).prop_map(|(grant, session)| Op::Name(grant, session)),
        (n.clone(), m.clone()).prop_map(|(grant, member)| Op::Vote(grant, member)),
        (n.clone(), s.clone()).prop_map(|(grant, now)| Op::Approve(grant, now)),
        (n.clone(), s.clone()).prop_map(|(grant, now)| Op::Activate(grant, now)),
        (n.clone(), 0..7_u8, 0..7_u8, prop::option::of(m.clone()), s.clone())
            .prop_map(|(grant, from, to, by, now)| Op::End(grant, from, to, by, now)),
        (n.clone(), m.clone(), s.clone()).prop_map(|(grant, by, now)| Op::Review(grant, by, now)),
        (n.clone(), s.clone()).prop_map(|(grant, now)| Op::Remind(grant, now)),
        (0..3_u64, s.clone()).prop_map(|(base, now)| Op::Rules(base, now)),
        n.clone().prop_map(Op::Propose),
        (n.clone(), 0..6_u8, prop::option::of(m.clone()), s.clone())
            .prop_map(|(proposal, to, by, now)| Op::Decide(proposal, to, by, now)),
        (m.clone(), m.clone(), 0..3_u8, s.clone())
            .prop_map(|(member, by, kind, now)| Op::Influence(member, by, kind, now)),
        (m, 0..8_u8, prop::option::of(n)).prop_map(|(member, state, after)| Op::Look(member, state, after)),
    ]
}

const STATES: [GrantState; 7] = [
    GrantState::Pending,
    GrantState::Approved,
    GrantState::Active,
    GrantState::Expired,
    GrantState::Revoked,
    GrantState::Denied,
    GrantState::Lapsed,
];
const ENDS: [ProposalState; 6] = [
    ProposalState::Open,
    ProposalState::Executed,
    ProposalState::Rejected,
    ProposalState::Cancelled,
    ProposalState::Expired,
    ProposalState::Void,
];
const INFLUENCES: [Influence; 3] = [Influence::Invited, Influence::Promoted, Influence::Reset];

async fn write(tx: &TenantTx, op: &Op) -> Result<String, StoreError> {
    let tenant = tx.tenant();
    Ok(match op {
        Op::Member(number) => {
            tx.member_insert(fixture::member(tenant, *number, 0)).await?;
            format!("{}", tx.member_share(member_id(*number)).await?)
        }
        Op::Ask(number) => {
            tx.access_grant_insert(grant(tenant, *number)).await?;
            format!("{:?}", tx.access_grant_lock(grant_id(*number)).await?)
        }
        Op::Name(number, session) => {
            let row = AccessGrantSessionRow {
                tenant_id: tenant,
                grant_id: grant_id(*number),
                session_id: session_id(*session),
            };
            tx.access_grant_session_insert(row).await?;
            format!("{:?}", tx.access_grant_session_list(&[grant_id(0), grant_id(*number)]).await?)
        }
        Op::Vote(number, member) => {
            tx.access_grant_vote_insert(vote(tenant, *number, *member)).await?;
            format!("{:?}", tx.access_grant_vote_list(&[grant_id(0), grant_id(*number)]).await?)
        }
        Op::Approve(number, now) => {
            let won = tx.access_grant_approve(grant_id(*number), "[]", at(*now), at(now + 3_600), &[9]).await?;
            format!("{won} {:?}", tx.access_grant_find(grant_id(*number)).await?)
        }
        Op::Activate(number, now) => {
            let won = tx.access_grant_activate(grant_id(*number), at(*now)).await?;
            format!("{won} {:?}", tx.access_grant_find(grant_id(*number)).await?)
        }
        Op::End(number, from, to, by, now) => {
            let (from, to) = (STATES[usize::from(*from)], STATES[usize::from(*to)]);
            let by = by.map(member_id);
            let won = tx.access_grant_end(grant_id(*number), from, to, EndReason::Revoked, by, at(*now)).await?;
            format!("{won} {:?}", tx.access_grant_find(grant_id(*number)).await?)
        }
        Op::Review(number, by, now) => {
            let outcome = ReviewOutcome::Justified;
            let won =
                tx.access_grant_review(grant_id(*number), member_id(*by), outcome, Some(vec![7]), at(*now)).await?;
            format!("{won} {:?}", tx.access_grant_find(grant_id(*number)).await?)
        }
        Op::Remind(number, now) => tx.access_grant_reminded(grant_id(*number), at(*now)).await?.to_string(),
        Op::Rules(base, now) => {
            let row = tx.access_rules_lock("{}", at(*now)).await?;
            let won = tx.access_rules_replace(*base, "[]", at(*now), &[9]).await?;
            format!("{row:?} {won} {:?}", tx.access_rules_find().await?)
        }
        Op::Propose(number) => {
            tx.proposal_insert(proposal(tenant, *number)).await?;
            format!("{:?}", tx.proposal_lock(proposal_id(*number)).await?)
        }
        Op::Decide(number, to, by, now) => {
            let (to, by) = (ENDS[usize::from(*to)], by.map(member_id));
            let won = tx.proposal_end(proposal_id(*number), to, by, at(*now)).await?;
            format!("{won} {:?}", tx.proposal_find(proposal_id(*number)).await?)
        }
        Op::Influence(member, by, kind, now) => {
            let kind = INFLUENCES[usize::from(*kind)];
            tx.member_influence_put(member_id(*member), member_id(*by), kind, at(*now)).await?;
            let mut rows = tx.member_influence_by(member_id(*by), at(10)).await?;
            rows.sort_by_key(|row| (row.member_id, row.kind.as_str()));
            format!("{rows:?}")
        }
        Op::Look(..) => unreachable!("reads"),
    })
}

async fn look(store: &Store, tenant: TenantId, op: &Op) -> Result<String, StoreError> {
    let Op::Look(member, state, after) = op else { unreachable!("writes") };
    let tx = store.tenant_read(tenant).await?;
    let after = after.map(grant_id);
    let wanted = AccessGrantFilter {
        member: (*member > 0).then(|| member_id(*member - 1)),
        states: STATES.get(usize::from(*state)).copied().into_iter().collect(),
        kind: (state % 2 == 0).then_some(Kind::Request),
        approved: state % 3 == 0,
        unreviewed: *state == 7,
    };
    let decided = ENDS.get(usize::from(*state)).copied();
    Ok(format!(
        "{:?} {:?} {:?} {} {:?} {:?}",
        tx.access_grant_list(&wanted, after, 2).await?,
        tx.access_grant_usable(member_id(*member), session_id(0)).await?,
        tx.access_grant_live(after, 3).await?,
        tx.access_grant_broken_since(at(u64::from(*state))).await?,
        tx.access_grant_unreviewed().await?,
        tx.proposal_list(decided, after.map(|_| proposal_id(2)), 2).await?,
    ))
}

async fn play(store: &Store, salt: u64, ops: &[(u64, Op)]) -> Vec<String> {
    let tenants = [populate(store, salt).await, populate(store, salt + 1).await];
    let mut answers = Vec::with_capacity(ops.len());
    for (tenant, op) in ops {
        let tenant = tenants[usize::try_from(*tenant).unwrap()];
        let answer = async {
            if matches!(op, Op::Look(..)) {
                return look(store, tenant, op).await;
            }
            let tx = store.tenant(tenant).await?;
            let answer = write(&tx, op).await?;
            tx.commit().await?;
            Ok(answer)
        };
        answers.push(answer.await.unwrap_or_else(|error| match error {
            // The drivers' own words differ.
            StoreError::Database(_) => "refused".to_owned(),
            other => other.to_string(),
        }));
    }
    answers
}

#[test]
fn grant_sequences_answer_alike() {
    let cases = std::env::var("SEALTAPE_PROVE_DIFFERENTIAL").map_or(40, |count| count.parse().expect("a number"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let databases = runtime.block_on(TestDatabase::both());
    let stores: Vec<Store> = databases.iter().map(|database| runtime.block_on(database.store())).collect();
    let mut runner =
        TestRunner::new(Config { cases, failure_persistence: None, max_shrink_iters: 300, ..Config::default() });
    let fresh = std::cell::Cell::new(0_u64);
    let seen = std::cell::RefCell::new(String::new());
    runner
        .run(&vec((0..2_u64, op()), 1..60), |ops| {
            fresh.set(fresh.get() + 2);
            let mut answers = stores.iter().map(|store| runtime.block_on(play(store, fresh.get(), &ops)));
            let (sqlite, postgres) = (answers.next().unwrap(), answers.next().unwrap());
            for (step, (sqlite, postgres)) in sqlite.iter().zip(&postgres).enumerate() {
                prop_assert_eq!(sqlite, postgres, "step {} of {:#?}", step, &ops);
            }
            seen.borrow_mut().extend(sqlite);
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
    // Steps that win and steps that are refused: otherwise two silent databases would agree.
    for word in ["true Some(AccessGrantRow", "false Some(AccessGrantRow", "already exists", "does not exist", "refused"]
    {
        assert!(seen.borrow().contains(word), "{word}");
    }
}

#[tokio::test]
async fn another_tenants_requests_are_like_unknown_ones() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let (one, two) = (populate(&store, 1).await, populate(&store, 2).await);
        let tx = store.tenant(one).await.unwrap();
        tx.access_grant_insert(grant(one, 0)).await.unwrap();
        tx.proposal_insert(proposal(one, 0)).await.unwrap();
        tx.commit().await.unwrap();
        let tx = store.tenant(two).await.unwrap();
        assert_eq!(tx.access_grant_find(grant_id(0)).await.unwrap(), None);
        assert_eq!(tx.access_grant_lock(grant_id(0)).await.unwrap(), None);
        assert_eq!(tx.access_grant_list(&AccessGrantFilter::default(), None, 9).await.unwrap(), []);
        assert!(!tx.access_grant_approve(grant_id(0), "[]", at(1), at(2), &[9]).await.unwrap());
        assert!(
            !tx.access_grant_end(grant_id(0), GrantState::Pending, GrantState::Denied, EndReason::Denied, None, at(1))
                .await
                .unwrap()
        );
        assert_eq!(tx.proposal_lock(proposal_id(0)).await.unwrap(), None);
        assert!(!tx.proposal_end(proposal_id(0), ProposalState::Executed, Some(member_id(0)), at(1)).await.unwrap());
        drop(tx);
        // Naming the other tenant's request is naming none.
        let tx = store.tenant(two).await.unwrap();
        let refused = tx.access_grant_vote_insert(vote(two, 0, 0)).await;
        assert!(refused.is_err(), "{refused:?}");
    }
}

/// What no statement of anybody may write, whoever wrote the service.
#[tokio::test]
async fn the_tables_refuse_what_rules_forbid() {
    for database in TestDatabase::both().await {
        let store = database.store().await;
        let tenant = populate(&store, 1).await;
        let tx = store.tenant(tenant).await.unwrap();
        tx.member_insert(fixture::member(tenant, 1, 0)).await.unwrap();
        tx.access_grant_insert(grant(tenant, 0)).await.unwrap();
        tx.access_grant_insert(grant(tenant, 2)).await.unwrap();
        tx.proposal_insert(proposal(tenant, 0)).await.unwrap();
        tx.proposal_insert(proposal(tenant, 1)).await.unwrap();
        tx.commit().await.unwrap();
        let admin = database.admin().await;
        let own = |column: &str| format!("{column} = member_id");
        for (sql, why) in [
            ("UPDATE access_grant SET state = 'active' WHERE kind = 'request'".to_owned(), "active, never approved"),
            ("UPDATE access_grant SET state = 'granted'".to_owned(), "no such state"),
            ("UPDATE access_grant SET state = 'denied'".to_owned(), "over without an end"),
            ("UPDATE access_grant SET ended_at = 1, ended_reason = 'revoked'".to_owned(), "ended and not over"),
            ("UPDATE access_grant SET verb = 'export' WHERE kind = 'break-glass'".to_owned(), "broken glass exports"),
            ("UPDATE access_grant SET duration_s = 3601 WHERE kind = 'break-glass'".to_owned(), "longer than an hour"),
            ("UPDATE access_grant SET duration_s = 28801".to_owned(), "longer than eight hours"),
            ("UPDATE access_grant SET expires_at = approved_at + 28800000001 WHERE kind = 'break-glass'".to_owned(), "later"),
            (
                format!("UPDATE access_grant SET reviewed_at = 1, review_outcome = 'justified', {}", own("reviewed_by")),
                "reviewed by its user",
            ),
            ("UPDATE access_grant SET reviewed_at = 1".to_owned(), "reviewed by nobody"),
            (
                format!("UPDATE proposal SET state = 'executed', decided_at = 30000000, {}", own("decided_by")),
                "executed by its proposer",
            ),
            (
                "UPDATE proposal SET state = 'executed', decided_at = 1 WHERE execute_after IS NULL".to_owned(),
                "executed by nobody",
            ),
            (
                "UPDATE proposal SET state = 'executed', decided_at = execute_after - 1 WHERE execute_after IS NOT NULL"
                    .to_owned(),
                "executed before its day was over",
            ),
        ] {
            assert!(admin.execute_unprepared(&sql).await.is_err(), "{why}: {sql}");
        }
    }
}

/// PostgreSQL: a vote and the loss of the right to vote, at once. Whoever comes second waits for the first and sees what it
/// did, so no vote is counted by rights that are gone (write skew).
#[tokio::test]
async fn attack_50_a_vote_and_a_demotion_do_not_pass_each_other() {
    let database = TestDatabase::postgres().await;
    let store = database.store().await;
    let tenant = populate(&store, 1).await;
    let setting = format!("SET LOCAL app.tenant_id = '{tenant}'; SET LOCAL lock_timeout = '200ms'");
    let demote = "UPDATE member SET authz_epoch = authz_epoch + 1";
    let other = testkit::connect(&database.config().url).await;

    // The vote came first: the demotion waits.
    let voting = store.tenant(tenant).await.unwrap();
    assert!(voting.member_share(member_id(0)).await.unwrap());
    let demoting = other.begin().await.unwrap();
    demoting.execute_unprepared(&setting).await.unwrap();
    let waits = demoting.execute_unprepared(demote).await.unwrap_err();
    assert!(waits.to_string().contains("lock timeout"), "{waits}");
    demoting.rollback().await.unwrap();
    voting.commit().await.unwrap();

    // The demotion came first: the vote waits, and reads what it did.
    let demoting = other.begin().await.unwrap();
    demoting.execute_unprepared(&setting).await.unwrap();
    demoting.execute_unprepared(demote).await.unwrap();
    demoting.execute_unprepared("DELETE FROM role_binding").await.unwrap();
    let voting = store.tenant(tenant).await.unwrap();
    let held = async {
        assert!(voting.member_share(member_id(0)).await.unwrap());
        voting.role_binding_list(member_id(0)).await.unwrap()
    };
    let committed = async {
        // Nothing tells when the other has begun to wait; it may as well come later.
        tokio::task::yield_now().await;
        demoting.commit().await.unwrap();
    };
    let (bindings, ()) = tokio::join!(held, committed);
    assert_eq!(bindings, [], "the right is gone");
}

/// PostgreSQL: votes on one request come one after the other; the second sees the first.
#[tokio::test]
async fn attack_50_two_votes_do_not_pass_each_other() {
    let database = TestDatabase::postgres().await;
    let store = database.store().await;
    let tenant = populate(&store, 1).await;
    let tx = store.tenant(tenant).await.unwrap();
    for number in 1..3 {
        tx.member_insert(fixture::member(tenant, number, 0)).await.unwrap();
    }
    tx.access_grant_insert(grant(tenant, 0)).await.unwrap();
    tx.commit().await.unwrap();
    let first = store.tenant(tenant).await.unwrap();
    first.access_grant_lock(grant_id(0)).await.unwrap();
    first.access_grant_vote_insert(vote(tenant, 0, 1)).await.unwrap();
    let second = async {
        let tx = store.tenant(tenant).await.unwrap();
        tx.access_grant_lock(grant_id(0)).await.unwrap();
        let before: Vec<MemberId> =
            tx.access_grant_vote_list(&[grant_id(0)]).await.unwrap().iter().map(|vote| vote.member_id).collect();
        tx.access_grant_vote_insert(vote(tenant, 0, 2)).await.unwrap();
        tx.commit().await.unwrap();
        before
    };
    let (seen, ()) = tokio::join!(second, async {
        tokio::task::yield_now().await;
        first.commit().await.unwrap();
    });
    assert_eq!(seen, [member_id(1)]);
}
