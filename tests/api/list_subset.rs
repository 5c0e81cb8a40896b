//! Case 5 as a law: whatever roles somebody has, under whatever conditions, every session that they find can be opened by
//! them, and no count, search or page tells of more.
//!
//! `SEALTAPE_PROVE_LIST_SUBSET` sets how many random (roles, conditions, sessions) triples; `make prove` takes 1 000.

use std::collections::BTreeSet;

use policy::access::Role;
use sealtape_tests::acceptance::{Client, Member, TestApp};
use serde_json::{Value, json};

use crate::stories;

const LABELS: [&str; 3] = ["payment", "login", "beta"];
const ENVIRONMENTS: [&str; 2] = ["production", "staging"];
const SESSIONS: usize = 8;

/// `SplitMix64`: the same triples in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (sides as u64)).expect("fits")
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.roll(of.len())]
    }

    fn odds(&mut self, one_in: usize) -> bool {
        self.roll(one_in) == 0
    }
}

struct World {
    app: TestApp,
    projects: [String; 2],
    sessions: Vec<String>,
    roles: Vec<String>,
    member: Member,
    owner: Client,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let owner = app.as_role(Role::Owner).await;
        let other = app.ours.new_project(&owner, "other").await;
        let (_, other_key) = app.ours.new_agent_key(&owner, &other).await;
        let mut sessions = Vec::new();
        for number in 0..SESSIONS {
            let agent = if number % 3 == 0 { app.agent().with_key(&other_key) } else { app.agent() };
            let recording = agent.start().await;
            recording.record(0, 0, &stories::first(&app)).await;
            for (bit, label) in LABELS.iter().enumerate() {
                if number & (1 << bit) != 0 {
                    let path = format!("/v1/sessions/{}/labels", recording.id);
                    owner.post(&path, &json!({ "label": label })).await.is(201);
                }
            }
            sessions.push(recording.id);
        }
        let mut own = Vec::new();
        for (name, actions, denies, unmasked) in [
            ("finds", &["session.list", "project.list"][..], &[][..], false),
            ("opens", &["session.view", "project.list"], &[], true),
            ("both", &["session.list", "session.view", "project.list"], &[], true),
            ("masked", &["session.list", "session.view", "project.list"], &[], false),
            ("restricted", &["session.view-restricted"], &[], false),
            ("shuts", &["project.list"], &["session.view"], false),
            ("hides", &["project.list"], &["session.list", "session.view-restricted"], false),
        ] {
            let body = json!({ "name": name, "actions": actions, "denies": denies, "unmasked": unmasked });
            own.push(crate::grants::id(&owner.post("/v1/roles", &body).await.is(201).json()));
        }
        own.extend(["engineer", "support", "viewer", "security"].map(str::to_owned));
        let member = app.fresh_member(&app.ours, Role::Viewer).await;
        Self { projects: [app.ours.project.clone(), other], sessions, roles: own, member, owner, app }
    }

    /// Other facts for every session.
    async fn shuffle(&self, dice: &mut Dice) {
        let mut changes = Vec::new();
        for session in &self.sessions {
            let sensitivity = if dice.odds(3) { "restricted" } else { "normal" };
            let environment = match dice.roll(3) {
                0 => "NULL".to_owned(),
                n => format!("'{}'", ENVIRONMENTS[n - 1]),
            };
            let started = self.app.now_ms() - i64::try_from(dice.roll(5)).expect("fits") * 3_600_000;
            changes.push(format!(
                "UPDATE session SET sensitivity = '{sensitivity}', environment = {environment}, started_at = {} WHERE id = {}",
                started * 1_000,
                self.app.id(session)
            ));
        }
        let changes: Vec<&str> = changes.iter().map(String::as_str).collect();
        self.app.tamper(&changes).await;
    }

    fn condition(&self, dice: &mut Dice) -> Value {
        let mut condition = json!({});
        if dice.odds(3) {
            condition["projects"] = json!([dice.one(&self.projects)]);
        }
        if dice.odds(3) {
            let rule = if dice.odds(2) { "any" } else { "none" };
            condition["labels"] = json!({ rule: [dice.one(&LABELS)] });
        }
        if dice.odds(4) {
            condition["environments"] = json!([dice.one(&ENVIRONMENTS)]);
        }
        if dice.odds(6) {
            condition["sensitivity"] = (*dice.one(&["normal", "restricted"])).into();
        }
        if dice.odds(5) {
            condition["started"] = json!({ "last_hours": 1 + dice.roll(4) });
        }
        if dice.odds(6) {
            condition["panes"] = json!([dice.one(&["dom", "console", "state"])]);
        }
        if dice.odds(20) {
            condition["own"] = true.into();
        }
        if condition == json!({}) { Value::Null } else { condition }
    }

    /// Gives the member one to three roles and nothing else; who they are then, and what was given.
    async fn given(&self, dice: &mut Dice) -> (Client, Vec<Value>) {
        self.app
            .tamper(&[&format!("DELETE FROM role_binding WHERE member_id = {}", self.app.id(&self.member.id))])
            .await;
        let mut given = Vec::new();
        for _ in 0..=dice.roll(3) {
            let body = json!({
                "member_id": self.member.id, "role": dice.one(&self.roles), "condition": self.condition(dice),
            });
            let answer = self.owner.post("/v1/role-bindings", &body).await;
            assert!(matches!(answer.status, 201 | 409), "{body}: {}", answer.text());
            given.push(body);
        }
        (self.app.signed_in(&self.member).await, given)
    }

    /// Every session that a list shows, page by page; none when the list is refused.
    async fn listed(&self, client: &Client, query: &str) -> Vec<String> {
        let mut ids = Vec::new();
        let mut cursor = String::new();
        loop {
            let answer = client.get(&format!("/v1/sessions?limit=3{query}{cursor}")).await;
            if answer.status == 403 {
                return ids;
            }
            let page = answer.is(200).json();
            ids.extend(page["items"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap().to_owned()));
            let Some(next) = page["next_cursor"].as_str() else { return ids };
            cursor = format!("&cursor={next}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_05_list_subset_view() {
    let triples = std::env::var("SEALTAPE_PROVE_LIST_SUBSET").map_or(25, |count| count.parse().expect("a number"));
    let world = World::new().await;
    let mut dice = Dice(7);
    let (mut shown, mut shut, mut partly) = (0, 0, 0);
    for triple in 0..triples {
        if triple % 4 == 0 {
            world.shuffle(&mut dice).await;
        }
        let (client, given) = world.given(&mut dice).await;
        let list = world.listed(&client, "").await;
        let listed: BTreeSet<&String> = list.iter().collect();
        assert_eq!(listed.len(), list.len(), "no session twice: {given:?}");
        for session in &world.sessions {
            let opened = client.get(&format!("/v1/sessions/{session}")).await.status == 200;
            assert!(
                opened || !listed.contains(session),
                "triple {triple}: {session} is found and not opened: {given:?}"
            );
            shut += u32::from(!opened);
        }
        for query in ["&label=payment", "&url=/cart", "&has_error=false", "&origin=https://shop.example", "&state=live"]
        {
            let found = world.listed(&client, query).await;
            assert!(found.iter().all(|id| listed.contains(id)), "triple {triple}: {query} finds more: {given:?}");
        }
        let projects = client.get("/v1/projects").await;
        if projects.status == 200 {
            let projects = projects.json();
            let totals = projects["items"].as_array().unwrap().iter().map(|p| p["sessions_total"].as_u64().unwrap());
            assert_eq!(totals.sum::<u64>(), list.len() as u64, "triple {triple}: counts tell of others: {given:?}");
        }
        shown += list.len();
        partly += u32::from(!list.is_empty() && list.len() < SESSIONS);
    }
    assert!(shown > triples && shut > 0 && partly * 6 > u32::try_from(triples).unwrap(), "{shown} {shut} {partly}");
}
