//! What somebody may do, as the rows say at this moment.
//!
//! **Purpose.** One way from stored bindings to [`Holdings`], for sign-ins, keys, grants and notices alike.
//!
//! **Design.** A binding counts when its MAC is right ([`rows`]): its role is a built-in one or one of the tenant's own, its
//! condition becomes the predicate that lists and single sessions share. What cannot be trusted or read gives nothing, and
//! what it would have taken away is taken away everywhere. Casbin's answers for a tenant's own role are kept by the MAC of
//! its row: another content is another entry, so that nothing kept is ever out of date.
//!
//! **How to add one more row that gives authority.** A function in [`rows`] that names its columns, its MAC where the row is
//! written, and the check where it is loaded, with [`Rights::distrust`] when it fails.

pub(crate) mod bindings;
pub(crate) mod explain;
pub(crate) mod roles;
pub(crate) mod rows;

pub use bindings::{Given, RoleBindingView};
pub use explain::{Held as HeldFor, MatrixRole, MemberPermissions, Permission, Reason};
pub use roles::{RoleInput, RoleView, Roles};

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    ops::Deref,
    sync::Arc,
    time::Duration,
};

use domain::{Clock, Entropy, LoginId, MemberId, RoleBindingId, RoleId, SubjectId, TenantId, Timestamp};
use ledger::Object;
use moka::future::Cache;
use policy::access::{
    Action, Answers, Authorizer, Condition, Held, Holdings, Panes, Predicate, Role, RoleKey, RoleSet, Terms, Test,
    condition::Known,
};
use store::{LoginRow, MemberRow, MemberState, RoleBindingRow, Store, TenantRead, TenantTx};
use vault::{
    Key32,
    authority::Authority,
    blind::{BlindIndex, IdentifierKind, SearchTokens},
    seal,
    wrap::Purpose,
};

use crate::{
    AppError,
    audit::Audit,
    auth::member_context,
    columns,
    keys::{Keys, open_error},
};

/// Compiled roles that are kept; each is some hundred bytes.
const KEPT_ROLES: u64 = 50_000;
/// A row that cannot be trusted is put on record once in this time.
const TOLD_AGAIN: Duration = Duration::from_secs(3_600);

/// Reads rights. Decisions about them are the [`Authorizer`]'s, which it stands for.
pub(crate) struct Rights {
    store: Store,
    keys: Keys,
    authorizer: Arc<Authorizer>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    compiled: Cache<(TenantId, RoleId, [u8; 32]), Answers>,
    told: Cache<(TenantId, String), ()>,
}

impl std::fmt::Debug for Rights {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rights").finish_non_exhaustive()
    }
}

impl Deref for Rights {
    type Target = Authorizer;
    fn deref(&self) -> &Authorizer {
        &self.authorizer
    }
}

/// One role that somebody has.
#[derive(Debug, Clone)]
pub(crate) struct Bound {
    pub(crate) id: RoleBindingId,
    pub(crate) role: RoleKey,
    /// What people call it.
    pub(crate) name: String,
    /// For which sessions; for all of them without one.
    pub(crate) condition: Option<Condition>,
    /// Whether everything that says so can be trusted and read.
    pub(crate) sound: bool,
    /// What it comes to.
    pub(crate) held: Held,
}

/// What a role says, for one who holds it everywhere.
struct Says {
    name: String,
    held: Held,
    sound: bool,
}

impl Rights {
    pub(crate) fn new(
        store: Store,
        keys: Keys,
        authorizer: Arc<Authorizer>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let compiled = Cache::builder().max_capacity(KEPT_ROLES).build();
        let told = Cache::builder().max_capacity(KEPT_ROLES).time_to_live(TOLD_AGAIN).build();
        Self { store, keys, authorizer, clock, entropy, compiled, told }
    }

    /// Everything a member holds. Whether they are active is for the caller to ask.
    ///
    /// # Errors
    /// When the store does not answer or a key is not to be had: then nobody may do anything.
    pub(crate) async fn of(&self, read: &TenantRead, member: MemberId) -> Result<Holdings, AppError> {
        Ok(self.authorizer.hold(self.bound(read, member).await?.into_iter().map(|bound| bound.held)))
    }

    /// The built-in roles a member has, for whatever sessions.
    pub(crate) async fn roles(&self, read: &TenantRead, member: MemberId) -> Result<RoleSet, AppError> {
        let rows = read.role_binding_list(member).await?;
        Ok(built_in(&self.sound(read, rows).await?))
    }

    /// What the tenant calls its own roles among these bindings, in their order, each once.
    pub(crate) async fn own_names(
        &self,
        read: &TenantRead,
        bindings: &[(RoleBindingRow, bool)],
    ) -> Result<BTreeMap<MemberId, Vec<String>>, AppError> {
        let mut names: BTreeMap<MemberId, Vec<String>> = BTreeMap::new();
        let own = |row: &RoleBindingRow| match row.role.parse() {
            Ok(RoleKey::Custom(id)) => Some(id),
            _ => None,
        };
        if !bindings.iter().any(|(row, _)| own(row).is_some()) {
            return Ok(names);
        }
        let called: BTreeMap<RoleId, String> =
            read.custom_role_list().await?.into_iter().map(|row| (row.id, row.name)).collect();
        for (row, _) in bindings.iter().filter(|(_, sound)| *sound) {
            let Some(name) = own(row).and_then(|id| called.get(&id)) else { continue };
            let held = names.entry(row.member_id).or_default();
            if !held.contains(name) {
                held.push(name.clone());
            }
        }
        Ok(names)
    }

    /// Whether an active member may do this now, somewhere.
    pub(crate) async fn may(&self, read: &TenantRead, member: MemberId, action: Action) -> Result<bool, AppError> {
        Ok(self.active(read, member).await?.is_some() && self.of(read, member).await?.decide(action).is_some())
    }

    /// A member who may act, by a row that is ours; one that is not goes on record and is nobody.
    pub(crate) async fn active(&self, read: &TenantRead, member: MemberId) -> Result<Option<MemberRow>, AppError> {
        let row = read.member_find(member).await?.filter(|row| row.state == MemberState::Active);
        let Some(row) = row else { return Ok(None) };
        let authority = self.authority_by(read).await?;
        if rows::member(&row, |of| authority.holds(of, &row.mac)) {
            return Ok(Some(row));
        }
        self.distrust(read.tenant(), Object::Member(member), &row.mac).await;
        Ok(None)
    }

    /// A sign-in that has not been ended, by a row that is ours; one that is not goes on record and is nobody's.
    pub(crate) async fn login(&self, read: &TenantRead, id: LoginId) -> Result<Option<LoginRow>, AppError> {
        let row = read.login_find(id).await?.filter(|row| row.revoked_at.is_none());
        let Some(row) = row else { return Ok(None) };
        let authority = self.authority_by(read).await?;
        if rows::login(&row, |of| authority.holds(of, &row.mac)) {
            return Ok(Some(row));
        }
        self.distrust(read.tenant(), Object::Login(id), &row.mac).await;
        Ok(None)
    }

    /// The same, which nothing changes until `tx` ends.
    pub(crate) async fn login_held(&self, tx: &TenantTx, id: LoginId) -> Result<Option<LoginRow>, AppError> {
        tx.login_lock(id).await?;
        self.login(tx, id).await
    }

    /// The holder of a sign-in has just proved who they are, by a second factor when `mfa`; none when it had ended.
    pub(crate) async fn proved(
        &self,
        tx: &TenantTx,
        id: LoginId,
        now: Timestamp,
        mfa: bool,
    ) -> Result<Option<LoginRow>, AppError> {
        let Some(row) = self.login_held(tx, id).await? else { return Ok(None) };
        let row = LoginRow { authenticated_at: Some(now), mfa_at: if mfa { Some(now) } else { row.mfa_at }, ..row };
        let row = rows::sealed_login(&self.authority_by(tx).await?, row);
        Ok(tx.login_prove(&row).await?.then_some(row))
    }

    /// What every member of the tenant holds, as far as it matters whether an action is given somewhere: for which sessions
    /// exactly is left open.
    pub(crate) async fn everybody(&self, read: &TenantRead) -> Result<BTreeMap<MemberId, Holdings>, AppError> {
        let rows = self.sound(read, read.role_binding_list_all().await?).await?;
        let mut says: BTreeMap<RoleKey, Option<Says>> = BTreeMap::new();
        let mut held: BTreeMap<MemberId, Vec<Held>> = BTreeMap::new();
        for (row, _) in rows.into_iter().filter(|(_, sound)| *sound) {
            let Ok(role) = row.role.parse::<RoleKey>() else { continue };
            if let Entry::Vacant(entry) = says.entry(role) {
                entry.insert(self.says(read, role).await?);
            }
            let Some(Some(says)) = says.get(&role) else { continue };
            let somewhere = Predicate::Test(Test::StartedFrom(self.clock.now()));
            let condition = if row.condition.is_some() { somewhere } else { Predicate::Always };
            held.entry(row.member_id).or_default().push(says.held.clone().only(condition, Panes::ALL));
        }
        Ok(held.into_iter().map(|(member, held)| (member, held.into_iter().collect())).collect())
    }

    /// Every role a member has, with why it counts or does not.
    pub(crate) async fn bound(&self, read: &TenantRead, member: MemberId) -> Result<Vec<Bound>, AppError> {
        let rows = self.sound(read, read.role_binding_list(member).await?).await?;
        let conditional = rows.iter().any(|(row, _)| row.condition.is_some());
        let moment = if conditional { Some(self.moment(read, member).await?) } else { None };
        let mut says: BTreeMap<RoleKey, Option<Says>> = BTreeMap::new();
        let mut bound = Vec::with_capacity(rows.len());
        for (row, sound) in rows {
            // A role that nobody can hold gives nothing.
            let Ok(role) = row.role.parse::<RoleKey>() else { continue };
            if let Entry::Vacant(entry) = says.entry(role) {
                entry.insert(self.says(read, role).await?);
            }
            let Some(Some(role_says)) = says.get(&role) else { continue };
            bound.push(of_binding(&row, role, role_says, sound, moment.as_ref()));
        }
        Ok(bound)
    }

    /// Bindings with whether their MAC is right; one that is not goes on record.
    pub(crate) async fn sound(
        &self,
        read: &TenantRead,
        rows: Vec<RoleBindingRow>,
    ) -> Result<Vec<(RoleBindingRow, bool)>, AppError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let authority = self.authority_by(read).await?;
        let mut checked = Vec::with_capacity(rows.len());
        for row in rows {
            let sound = rows::binding(&row, |of| authority.holds(of, &row.mac));
            if !sound {
                self.distrust(read.tenant(), Object::RoleBinding(RoleBindingId::from_uuid(row.id)), &row.mac).await;
            }
            checked.push((row, sound));
        }
        Ok(checked)
    }

    /// What makes and checks the MACs of a tenant.
    pub(crate) async fn authority(&self, tenant: TenantId) -> Result<Authority, AppError> {
        let key = self.keys.purpose(tenant, Purpose::Authority).await?;
        Ok(Authority::new(Key32::from_bytes(*key.expose())))
    }

    /// The same for somebody who reads already.
    pub(crate) async fn authority_by(&self, read: &TenantRead) -> Result<Authority, AppError> {
        let key = self.keys.purpose_by(read, Purpose::Authority).await?;
        Ok(Authority::new(Key32::from_bytes(*key.expose())))
    }

    /// Puts on record that a row which gives authority is not what was written, in a transaction of its own: the row may have
    /// been met in one that is only read from.
    pub(crate) async fn distrust(&self, tenant: TenantId, object: Object, mac: &[u8]) {
        let (kind, id) = object.parts();
        let known = (tenant, format!("{kind} {id} {}", crate::hex(mac)));
        if self.told.contains_key(&known) {
            return;
        }
        self.told.insert(known.clone(), ()).await;
        tracing::error!(tenant.id = %tenant, object.kind = kind, object.id = %id, "a row that gives authority is not ours");
        metrics::counter!("sealtape_integrity_failures_total", "kind" => "authority").increment(1);
        let (store, told) = (self.store.clone(), self.told.clone());
        let (clock, entropy) = (Arc::clone(&self.clock), Arc::clone(&self.entropy));
        tokio::spawn(async move {
            let written = async {
                let tx = store.tenant(tenant).await?;
                Audit { clock: &*clock, entropy: &*entropy }.authority_failed(&tx, object).await?;
                Ok::<(), AppError>(tx.commit().await?)
            };
            if let Err(error) = written.await {
                tracing::error!(error = ?error, "an integrity failure could not be put on record");
                told.invalidate(&known).await;
            }
        });
    }

    /// What a role says; `None` for one that the tenant has not.
    async fn says(&self, read: &TenantRead, role: RoleKey) -> Result<Option<Says>, AppError> {
        let id = match role {
            RoleKey::BuiltIn(role) => {
                let held = self.authorizer.held(role);
                return Ok(Some(Says { name: role.to_string(), held, sound: true }));
            }
            RoleKey::Custom(id) => id,
        };
        let Some(row) = read.custom_role_find(id).await? else { return Ok(None) };
        let authority = self.authority_by(read).await?;
        let trusted = rows::custom_role(&row, |of| authority.holds(of, &row.mac));
        let Some(parsed) = trusted.then(|| roles::parse(&row)).flatten() else {
            self.distrust(read.tenant(), Object::Role(id), &row.mac).await;
            let held = Held { role, terms: Terms::everywhere(Answers::untrusted(), true) };
            return Ok(Some(Says { name: row.name, held, sound: false }));
        };
        let key = (read.tenant(), id, row.mac);
        let answers = if let Some(answers) = self.compiled.get(&key).await {
            answers
        } else {
            let answers = parsed.compile(read.tenant()).await.map_err(AppError::internal)?;
            self.compiled.insert(key, answers).await;
            answers
        };
        Ok(Some(Says { name: row.name, held: parsed.held(answers), sound: true }))
    }

    /// What conditions ask of this moment and this member.
    async fn moment(&self, read: &TenantRead, member: MemberId) -> Result<Moment, AppError> {
        let key = self.keys.purpose_by(read, Purpose::Search).await?;
        Ok(Moment {
            now: self.clock.now(),
            own: self.recorded_as(read, member).await?,
            tokens: SearchTokens::new(Key32::from_bytes(*key.expose())),
        })
    }

    /// Who a member is as a recorded person: whom the tenant vouched for under the member's own address.
    async fn recorded_as(&self, read: &TenantRead, member: MemberId) -> Result<BTreeSet<SubjectId>, AppError> {
        let tenant = read.tenant();
        let Some(row) = read.member_find(member).await? else { return Ok(BTreeSet::new()) };
        let key = self.keys.person_by(read, row.person_key_id).await?;
        let context = member_context(columns::MEMBER_EMAIL, tenant, row.person_key_id);
        let email = seal::open(&key, &context, &row.email_sealed).map_err(open_error)?.plaintext;
        let email = String::from_utf8(email).map_err(AppError::internal)?;
        let key = self.keys.purpose_by(read, Purpose::BlindIndex).await?;
        let index = BlindIndex::new(vec![Key32::from_bytes(*key.expose())]).ok_or(AppError::KEY_MISSING)?;
        let token = index.token(IdentifierKind::Email, &email);
        let found = read.subject_find_by_identifier(IdentifierKind::Email.as_str(), &token).await?;
        Ok(found.filter(|row| row.verified).map(|row| row.subject_id).into_iter().collect())
    }
}

/// The built-in roles among these bindings.
pub(crate) fn built_in(bindings: &[(RoleBindingRow, bool)]) -> RoleSet {
    bindings.iter().filter(|(_, sound)| *sound).filter_map(|(row, _)| row.role.parse::<Role>().ok()).collect()
}

struct Moment {
    now: domain::Timestamp,
    own: BTreeSet<SubjectId>,
    tokens: SearchTokens,
}

fn of_binding(row: &RoleBindingRow, role: RoleKey, says: &Says, sound: bool, moment: Option<&Moment>) -> Bound {
    let condition = row.condition.as_deref().map(serde_json::from_str::<Condition>);
    let id = RoleBindingId::from_uuid(row.id);
    let held = match (&condition, moment) {
        _ if !sound => None,
        (None, _) => Some(says.held.clone()),
        (Some(Ok(condition)), Some(moment)) => {
            let token = |label: &domain::Label| moment.tokens.label(label.as_str()).token;
            let known = Known { now: moment.now, own: &moment.own, token: &token };
            Some(says.held.clone().only(condition.predicate(&known), condition.panes()))
        }
        _ => None,
    };
    Bound {
        id,
        role,
        name: says.name.clone(),
        condition: condition.and_then(Result::ok),
        sound: says.sound && held.is_some(),
        held: held.unwrap_or_else(|| says.held.clone().shut()),
    }
}
