//! How long a decision takes, next to casbin's own `enforce` and to Cedar, on the same questions in the same run.
//!
//! A question is: may this member view this session? Members hold built-in roles and roles of the tenant's own; every third
//! binding is for sessions of one environment only. Ours answers from what is kept per member, as a request does: find it,
//! decide, admit. Casbin knows no conditions, so a binding for `staging` stands in the domain `<tenant>#staging`, which is
//! asked second; that is in casbin's favour. Cedar has a role entity per role and environment, and a policy for each.
//! All three must give the same answers.
//!
//! Run by `make bench NAME=decisions`; writes `target/bench/decisions.json`.

#![expect(clippy::print_stdout, reason = "a benchmark's figures go to its terminal")]

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    hint::black_box,
    str::FromStr,
    time::Instant,
};

use casbin::{CoreApi as _, DefaultModel, Enforcer, MgmtApi as _, StringAdapter};
use cedar_policy::{
    Authorizer as CedarAuthorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request,
    RestrictedExpression,
};
use domain::{Environment, MemberId, ProjectId, RoleId, Sensitivity, TenantId, Timestamp};
use policy::access::{Action, Authorizer, CustomRole, Held, Holdings, Predicate, Role, RoleKey, SessionFacts, Test};
use serde_json::{Map, Value, json};
use uuid::Uuid;

const MODEL: &str = include_str!("../src/access/model.conf");
const POLICY: &str = include_str!("../src/access/policy.csv");
/// Bindings of one member.
const OF_MEMBER: usize = 2;
/// Roles of its own that a tenant has.
const OWN_ROLES: u128 = 4;

/// SplitMix64: the same world in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (sides as u64)).unwrap_or(0)
    }
}

#[derive(Clone, Copy)]
struct Binding {
    role: RoleKey,
    staging_only: bool,
}

/// Who holds what, before anybody compiles it.
struct World {
    tenants: Vec<TenantId>,
    members: Vec<(TenantId, MemberId, Vec<Binding>)>,
}

/// One question.
struct Question {
    tenant: TenantId,
    member: MemberId,
    session: SessionFacts,
}

fn own_role(n: u128) -> CustomRole {
    let actions: &[Action] = match n {
        0 => &[Action::SessionList, Action::SessionView],
        1 => &[Action::SessionList, Action::ProjectList],
        2 => &[Action::SessionViewers, Action::SessionManifest],
        _ => &[Action::ProjectList],
    };
    CustomRole {
        id: RoleId::from_uuid(Uuid::from_u128(0x0190 << 112 | n)),
        actions: actions.iter().copied().collect(),
        denies: BTreeSet::new(),
        unmasked: true,
    }
}

impl World {
    fn new(tenants: usize, bindings: usize) -> Self {
        let mut dice = Dice(3);
        let roles: Vec<RoleKey> = [Role::Engineer, Role::Support, Role::Viewer, Role::Auditor, Role::Security]
            .into_iter()
            .map(RoleKey::BuiltIn)
            .chain((0..OWN_ROLES).map(|n| RoleKey::Custom(own_role(n).id)))
            .collect();
        let ids: Vec<TenantId> =
            (0..tenants).map(|n| TenantId::from_uuid(Uuid::from_u128(0x0191 << 112 | n as u128))).collect();
        let mut members = Vec::new();
        for tenant in &ids {
            for _ in 0..bindings.div_ceil(OF_MEMBER) {
                let id = MemberId::from_uuid(Uuid::from_u128(0x0192 << 112 | members.len() as u128));
                let binding =
                    |dice: &mut Dice| Binding { role: roles[dice.roll(roles.len())], staging_only: dice.roll(3) == 0 };
                members.push((*tenant, id, (0..OF_MEMBER).map(|_| binding(&mut dice)).collect()));
            }
        }
        Self { tenants: ids, members }
    }

    fn questions(&self, count: usize) -> Vec<Question> {
        let mut dice = Dice(11);
        let question = |dice: &mut Dice| {
            let (tenant, member, _) = &self.members[dice.roll(self.members.len())];
            let environment: Option<Environment> = ["staging", "production"][dice.roll(2)].parse().ok();
            let session = SessionFacts {
                project: ProjectId::from_uuid(Uuid::from_u128(1)),
                sensitivity: Sensitivity::Normal,
                environment,
                started_at: Timestamp::from_millis(0),
                subject: None,
                labels: BTreeSet::new(),
            };
            Question { tenant: *tenant, member: *member, session }
        };
        (0..count).map(|_| question(&mut dice)).collect()
    }
}

/// What is kept in memory for a world.
struct Ours(HashMap<(TenantId, MemberId), Holdings>);

impl Ours {
    async fn compile(authorizer: &Authorizer, world: &World) -> Self {
        // Casbin is asked once for each role; a tenant's own roles differ between tenants in their ids only here.
        let mut says: HashMap<RoleKey, Held> =
            Role::of_members().map(|role| (RoleKey::BuiltIn(role), authorizer.held(role))).collect();
        for role in (0..OWN_ROLES).map(own_role) {
            let answers = role.compile(world.tenants[0]).await.expect("casbin compiles the role");
            says.insert(RoleKey::Custom(role.id), role.held(answers));
        }
        let staging: Environment = "staging".parse().expect("a word");
        let staging = Predicate::Test(Test::EnvironmentIn([staging].into()));
        let holdings = |bindings: &[Binding]| -> Holdings {
            let held = |binding: &Binding| {
                let held = says[&binding.role].clone();
                let condition = if binding.staging_only { staging.clone() } else { Predicate::Always };
                let panes = held.terms.panes;
                held.only(condition, panes)
            };
            authorizer.hold(bindings.iter().map(held))
        };
        Self(world.members.iter().map(|(tenant, id, bound)| ((*tenant, *id), holdings(bound))).collect())
    }

    fn decide(&self, question: &Question) -> bool {
        self.0.get(&(question.tenant, question.member)).is_some_and(|holdings| {
            holdings.decide(Action::SessionView).is_some()
                && holdings.scope(Action::SessionView).admit(&question.session).is_some()
        })
    }
}

struct Casbin(Enforcer);

impl Casbin {
    async fn load(world: &World) -> Self {
        let model = DefaultModel::from_str(MODEL).await.expect("the model loads");
        let mut enforcer = Enforcer::new(model, StringAdapter::new(POLICY)).await.expect("the policy loads");
        enforcer.enable_auto_save(false);
        for role in (0..OWN_ROLES).map(own_role) {
            for action in &role.actions {
                let rule = vec![role.id.to_string(), action.to_string(), "allow".to_owned()];
                enforcer.add_policy(rule).await.expect("adds");
            }
        }
        let mut seen = HashSet::new();
        let mut rules = Vec::new();
        for (tenant, member, bound) in &world.members {
            for binding in bound {
                let domain = if binding.staging_only { format!("{tenant}#staging") } else { tenant.to_string() };
                let rule = vec![member.to_string(), binding.role.to_string(), domain];
                if seen.insert(rule.clone()) {
                    rules.push(rule);
                }
            }
        }
        enforcer.add_grouping_policies(rules).await.expect("binds");
        Self(enforcer)
    }

    fn decide(&self, question: &Question) -> bool {
        let (member, tenant) = (question.member.to_string(), question.tenant.to_string());
        let ask =
            |domain: &str| self.0.enforce((member.as_str(), domain, Action::SessionView.as_str())).expect("decides");
        let staging = question.session.environment.as_ref().is_some_and(|word| word.as_str() == "staging");
        ask(&tenant) || (staging && ask(&format!("{tenant}#staging")))
    }
}

struct Cedar {
    authorizer: CedarAuthorizer,
    policies: PolicySet,
    entities: Entities,
    action: EntityUid,
    sessions: [(EntityUid, &'static str); 2],
}

fn uid(kind: &str, id: &str) -> EntityUid {
    EntityUid::from_str(&format!("{kind}::\"{id}\"")).expect("a name")
}

impl Cedar {
    fn load(world: &World, authorizer: &Authorizer) -> Self {
        let mut text = String::new();
        let mut allowed: Vec<(String, Vec<Action>)> = Role::of_members()
            .map(|role| {
                let actions = policy_actions().filter(|action| authorizer.answers(role).allows(*action)).collect();
                (role.to_string(), actions)
            })
            .collect();
        allowed.extend((0..OWN_ROLES).map(own_role).map(|r| (r.id.to_string(), r.actions.into_iter().collect())));
        for (role, actions) in &allowed {
            let actions: Vec<String> = actions.iter().map(|action| format!("Action::\"{action}\"")).collect();
            let actions = actions.join(", ");
            text.push_str(&format!("permit(principal in Role::\"{role}\", action in [{actions}], resource);\n"));
            text.push_str(&format!(
                "permit(principal in Role::\"{role}@staging\", action in [{actions}], resource) \
                 when {{ resource.environment == \"staging\" }};\n"
            ));
        }
        let policies = PolicySet::from_str(&text).expect("the policies parse");
        let mut entities = Vec::new();
        for (_, member, bound) in &world.members {
            let parents = bound
                .iter()
                .map(|b| uid("Role", &if b.staging_only { format!("{}@staging", b.role) } else { b.role.to_string() }));
            entities.push(Entity::new_no_attrs(uid("Member", &member.to_string()), parents.collect()));
        }
        let sessions = ["staging", "production"].map(|word| (uid("Session", word), word));
        for (session, word) in &sessions {
            let attributes =
                HashMap::from([("environment".to_owned(), RestrictedExpression::new_string((*word).to_owned()))]);
            entities.push(Entity::new(session.clone(), attributes, HashSet::new()).expect("an entity"));
        }
        let entities = Entities::from_entities(entities, None).expect("the entities load");
        let action = uid("Action", Action::SessionView.as_str());
        Self { authorizer: CedarAuthorizer::new(), policies, entities, action, sessions }
    }

    fn decide(&self, question: &Question) -> bool {
        let word = question.session.environment.as_ref().map_or("", Environment::as_str);
        let session = self.sessions.iter().find(|(_, name)| *name == word).expect("is known").0.clone();
        let member = uid("Member", &question.member.to_string());
        let request = Request::new(member, self.action.clone(), session, Context::empty(), None).expect("a request");
        self.authorizer.is_authorized(&request, &self.policies, &self.entities).decision() == Decision::Allow
    }
}

fn policy_actions() -> impl Iterator<Item = Action> {
    POLICY
        .lines()
        .filter_map(|line| line.split(", ").nth(2))
        .filter_map(Action::from_name)
        .collect::<BTreeSet<_>>()
        .into_iter()
}

/// Nanoseconds of single decisions: half are below the first, 99 of 100 below the second.
fn timed(questions: &[Question], decide: impl Fn(&Question) -> bool) -> (f64, f64) {
    // Once to warm up, once to count; the clock's own cost is in the figures.
    for question in questions {
        black_box(decide(black_box(question)));
    }
    let mut nanos: Vec<u64> = questions
        .iter()
        .map(|question| {
            let begun = Instant::now();
            black_box(decide(black_box(question)));
            u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX)
        })
        .collect();
    nanos.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "nanoseconds of one decision")]
    let at = |share: usize| nanos[(nanos.len() - 1) * share / 100] as f64;
    (at(50), at(99))
}

/// Resident memory in megabytes.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

struct Report {
    figures: Map<String, Value>,
    targets: Map<String, Value>,
}

impl Report {
    fn figure(&mut self, name: &str, value: f64) {
        println!("  {name:<52} {value:>12.1}");
        self.figures.insert(name.to_owned(), json!(value));
    }

    fn target(&mut self, name: &str, value: f64, met: bool, target: &str) {
        println!("  {name:<52} {value:>12.2}  {}: {target}", if met { "met" } else { "NOT MET" });
        self.targets.insert(name.to_owned(), json!({ "value": value, "target": target, "met": met }));
    }
}

async fn one_tenant(report: &mut Report, authorizer: &Authorizer, bindings: usize) {
    let world = World::new(1, bindings);
    let questions = world.questions(20_000);
    let ours = Ours::compile(authorizer, &world).await;
    let casbin = Casbin::load(&world).await;
    let cedar = Cedar::load(&world, authorizer);
    let mut allowed = 0;
    for question in &questions[..1_000] {
        let answer = ours.decide(question);
        assert_eq!(answer, casbin.decide(question), "casbin says otherwise");
        assert_eq!(answer, cedar.decide(question), "Cedar says otherwise");
        allowed += u32::from(answer);
    }
    assert!(allowed > 100 && allowed < 900, "both answers occur");
    let (p50, p99) = timed(&questions, |question| ours.decide(question));
    let (casbin_p50, casbin_p99) = timed(&questions[..1_000], |question| casbin.decide(question));
    let (cedar_p50, cedar_p99) = timed(&questions[..5_000], |question| cedar.decide(question));
    for (name, value) in [
        ("p50_ns", p50),
        ("p99_ns", p99),
        ("casbin_p50_ns", casbin_p50),
        ("casbin_p99_ns", casbin_p99),
        ("cedar_p50_ns", cedar_p50),
        ("cedar_p99_ns", cedar_p99),
    ] {
        report.figure(&format!("bindings_{bindings}_{name}"), value);
    }
    report.target(&format!("bindings_{bindings}_p50_ns"), p50, p50 <= 1_000.0, "at most 1000");
    let faster = cedar_p50 / p50;
    report.target(&format!("bindings_{bindings}_cedar_over_ours"), faster, faster >= 20.0, "at least 20");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let authorizer = Authorizer::builtin().await.expect("the built-in policy compiles");
    let mut report = Report { figures: Map::new(), targets: Map::new() };
    // First, while nothing else has been allocated.
    let before = resident();
    let world = World::new(10_000, 20);
    let world_alone = resident();
    let ours = Ours::compile(&authorizer, &world).await;
    let questions = world.questions(100_000);
    let (p50, p99) = timed(&questions, |question| ours.decide(question));
    let kept = resident() - world_alone;
    report.figure("tenants_10000_members", f64::from(u32::try_from(world.members.len()).unwrap_or(u32::MAX)));
    report.figure("tenants_10000_p50_ns", p50);
    report.figure("tenants_10000_p99_ns", p99);
    report.figure("tenants_10000_world_mb", world_alone - before);
    report.target("tenants_10000_kept_mb", kept, kept <= 200.0, "at most 200");
    drop((world, ours, questions));

    let mut medians = Vec::new();
    for tenants in [1, 1_000] {
        let world = World::new(tenants, 20);
        let ours = Ours::compile(&authorizer, &world).await;
        let (p50, p99) = timed(&world.questions(100_000), |question| ours.decide(question));
        report.figure(&format!("tenants_{tenants}_p50_ns"), p50);
        report.figure(&format!("tenants_{tenants}_p99_ns"), p99);
        medians.push(p50);
    }
    let ratio = medians[1] / medians[0];
    report.target("tenants_1000_over_1", ratio, ratio <= 1.5, "at most 1.5");

    for bindings in [10, 1_000, 100_000] {
        one_tenant(&mut report, &authorizer, bindings).await;
    }
    let result = json!({ "name": "decisions", "figures": report.figures, "targets": report.targets });
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/bench");
    std::fs::create_dir_all(folder).expect("a folder for the result");
    std::fs::write(format!("{folder}/decisions.json"), format!("{result:#}\n")).expect("writes the result");
}
