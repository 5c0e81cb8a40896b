//! Attack 50 as a walk: whatever people do in whatever order, a session is open to its asker exactly while enough others,
//! who may still approve, agreed to exactly what is stored, and nobody ended it.
//!
//! `SEALTAPE_PROVE_WALKS` sets how many walks; `make prove` takes 100.

use std::collections::{BTreeMap, BTreeSet};

use policy::access::Role;
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use sealtape_tests::acceptance::{Client, TestApp};
use serde_json::json;

use super::{ask, rules::set, using};

/// Somebody who may review, so that voting for themselves is refused for that alone.
const ASKER: Role = Role::Admin;
const VOTERS: [Role; 3] = [Role::Owner, Role::PrivacyOfficer, Role::Security];
/// What the request is edited to: another each time, since going back to what somebody agreed to would be no edit.
const EDITS: [&str; 5] = ["support", "security-incident", "data-request", "legal", "quality"];

/// What may happen next. Numbers choose one of the voters.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// The voter approves what they are shown.
    Approve(usize),
    /// The asker votes for themselves.
    ApproveOwn,
    Deny(usize),
    /// The asker takes it back, or gives it up.
    Cancel,
    Revoke(usize),
    /// The voter loses the role that lets them approve, or has it again.
    Demote(usize),
    Promote(usize),
    /// Somebody with the database's files makes the request ask for more.
    Edit,
    Pass(u64),
    /// The job that writes ends down.
    Sweep,
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..VOTERS.len();
    prop_oneof![
        8 => who.clone().prop_map(Step::Approve),
        1 => Just(Step::ApproveOwn),
        1 => who.clone().prop_map(Step::Deny),
        1 => Just(Step::Cancel),
        1 => who.clone().prop_map(Step::Revoke),
        2 => who.clone().prop_map(Step::Demote),
        3 => who.prop_map(Step::Promote),
        1 => Just(Step::Edit),
        3 => (1..1_000_u64).prop_map(Step::Pass),
        2 => Just(Step::Sweep),
    ]
}

/// What must hold, said in other words than the service's.
#[derive(Debug, Default)]
struct Model {
    now: u64,
    /// Who approved the request as it is stored.
    agreed: BTreeSet<usize>,
    /// Whoever voted at all votes no second time.
    voted: BTreeSet<usize>,
    demoted: BTreeSet<usize>,
    /// When the second approval came that made it a grant.
    granted_at: Option<u64>,
    over: bool,
}

const NEEDED: usize = 2;
const HOUR: u64 = 3_600;

impl Model {
    fn counting(&self) -> usize {
        self.agreed.difference(&self.demoted).count()
    }

    fn waits(&self) -> bool {
        !self.over && self.granted_at.is_none() && self.now < HOUR
    }

    fn holds(&self) -> bool {
        !self.over && self.granted_at.is_some_and(|at| self.now < at + HOUR) && self.counting() >= NEEDED
    }

    /// What the step does, if it may be done.
    fn take(&mut self, step: Step) {
        match step {
            Step::Approve(who) => {
                if self.waits() && !self.demoted.contains(&who) && self.voted.insert(who) {
                    self.agreed.insert(who);
                    if self.counting() >= NEEDED {
                        self.granted_at = Some(self.now);
                    }
                }
            }
            Step::Deny(who) => self.over |= self.waits() && !self.demoted.contains(&who),
            Step::Cancel => self.over = true,
            Step::Revoke(who) => self.over |= self.granted_at.is_some() && !self.demoted.contains(&who),
            Step::Demote(who) => drop(self.demoted.insert(who)),
            Step::Promote(who) => drop(self.demoted.remove(&who)),
            Step::Edit => self.agreed.clear(),
            Step::Pass(seconds) => self.now += seconds,
            // Whatever it finds not to hold is over for good, also when a right comes back later.
            Step::Sweep => self.over |= !self.waits() && !self.holds(),
            Step::ApproveOwn => {}
        }
    }
}

async fn done(
    app: &TestApp,
    voters: &mut BTreeMap<usize, Client>,
    request: &str,
    edits: &mut impl Iterator<Item = &'static str>,
    step: Step,
) {
    let path = format!("/v1/access-requests/{request}");
    let role = |who: usize| VOTERS[who];
    // A sign-in may be known as it was for two seconds; whoever's role changed here signs in again and is known as they are.
    if let Step::Demote(who) | Step::Promote(who) = step {
        voters.remove(&who);
    }
    if matches!(step, Step::Pass(_)) {
        voters.clear();
    }
    let voter = async |voters: &mut BTreeMap<usize, Client>, who: usize| {
        if let Some(voter) = voters.get(&who) {
            return voter.clone();
        }
        let voter = app.signed_in(&app.ours.members[&VOTERS[who]]).await;
        voters.insert(who, voter.clone());
        voter
    };
    let rebind = async |who: usize, to: Role| {
        let member = app.id(&app.ours.members[&role(who)].id);
        app.tamper(&[&format!("UPDATE role_binding SET role = '{to}' WHERE member_id = {member}")]).await;
    };
    let approve = async |client: Client| {
        let shown = client.get(&path).await;
        let seen = if shown.status == 200 { shown.json()["seen"].clone() } else { json!(null) };
        let seen = seen.as_str().map_or_else(|| "0".repeat(64), str::to_owned);
        client.post(&format!("{path}/approve"), &json!({ "seen": seen })).await;
    };
    match step {
        Step::Approve(who) => approve(voter(voters, who).await).await,
        Step::ApproveOwn => approve(app.as_role(ASKER).await).await,
        Step::Deny(who) => drop(voter(voters, who).await.post(&format!("{path}/deny"), &json!({})).await),
        Step::Cancel => {
            drop(app.as_role(ASKER).await.post(&format!("{path}/cancel"), &json!({})).await);
        }
        Step::Revoke(who) => {
            drop(voter(voters, who).await.post(&format!("/v1/grants/{request}/revoke"), &json!({})).await);
        }
        Step::Demote(who) => rebind(who, Role::Viewer).await,
        Step::Promote(who) => rebind(who, role(who)).await,
        Step::Edit => {
            let purpose = edits.next().expect("as many as the walk has");
            app.tamper(&[&format!("UPDATE access_grant SET purpose = '{purpose}' WHERE id = {}", app.id(request))])
                .await;
        }
        Step::Pass(seconds) => app.pass(seconds),
        Step::Sweep => drop(using::expire(app).await),
    }
}

/// Whether the asker may open the session now.
async fn is_open(app: &TestApp, session: &str) -> bool {
    let answer = app.as_role(ASKER).await.get(&format!("/v1/sessions/{session}")).await;
    match answer.status {
        200 => true,
        403 => {
            assert_eq!(answer.code(), "access-required");
            false
        }
        other => panic!("{other}: {}", answer.text()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_50_no_walk_of_acts_opens_what_was_not_agreed_to() {
    let app = TestApp::new().await;
    app.expect_damage();
    let session = using::restricted(&app).await.id;
    set(&app, |rules| rules["approvals"] = json!(NEEDED)).await;
    let mut runner = TestRunner::deterministic();
    let (mut open, mut closed_again) = (0, 0);
    let mut voters = BTreeMap::new();
    let walks = std::env::var("SEALTAPE_PROVE_WALKS").map_or(6, |count| count.parse().expect("a number"));
    for walk in 0..walks {
        for who in 0..VOTERS.len() {
            done(&app, &mut voters, "", &mut std::iter::empty(), Step::Promote(who)).await;
        }
        let request = ask(&app.as_role(ASKER).await, &session).await;
        let steps = prop::collection::vec(step(), 12..20).new_tree(&mut runner).unwrap().current();
        let (mut model, mut edits, mut left) = (Model::default(), EDITS.into_iter(), EDITS.len());
        let mut was_open = false;
        for (n, step) in steps.iter().copied().enumerate() {
            if matches!(step, Step::Edit) {
                let Some(fewer) = left.checked_sub(1) else { continue };
                left = fewer;
            }
            done(&app, &mut voters, &request, &mut edits, step).await;
            model.take(step);
            let holds = model.holds();
            assert_eq!(is_open(&app, &session).await, holds, "walk {walk}: {:?} {model:?}", &steps[..=n]);
            open += usize::from(holds && !was_open);
            closed_again += usize::from(was_open && !holds);
            was_open = holds;
        }
        done(&app, &mut voters, &request, &mut edits, Step::Cancel).await;
    }
    assert!(
        open * 4 >= walks && closed_again * 6 >= walks,
        "walks that prove something: {open} opened, {closed_again} closed"
    );
}
