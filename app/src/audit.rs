//! Audit rows, written inside the transaction of the act they speak of: either both are durable or neither.

use domain::{AuditId, Clock, Entropy, MemberId, TenantId};
use ledger::{Actor as LeafActor, Leaf, Object, Outcome};
use policy::access::{Actor, Can, POLICY_NAME, Permit};
use store::{AuditOutboxRow, TenantTx};

use crate::{AppError, details::Telling};

/// Writes the leaves of one process.
#[derive(Clone, Copy)]
pub(crate) struct Audit<'a> {
    pub(crate) clock: &'a dyn Clock,
    pub(crate) entropy: &'a dyn Entropy,
}

impl Audit<'_> {
    /// The act `act` on `object` was allowed by `permit` and is being done in `tx`.
    pub(crate) async fn allowed<A: Can>(
        &self,
        tx: &TenantTx,
        permit: &Permit<A>,
        act: &'static str,
        object: Object,
    ) -> Result<(), AppError> {
        self.row(tx, permit, act, object, Outcome::Allow).await
    }

    /// As [`Audit::allowed`], with what is told beside it.
    pub(crate) async fn allowed_telling<A: Can>(
        &self,
        tx: &TenantTx,
        permit: &Permit<A>,
        act: &'static str,
        object: Object,
        telling: Telling,
    ) -> Result<(), AppError> {
        self.insert_telling(tx, self.leaf(permit, act, object, Outcome::Allow), telling).await
    }

    /// As [`Audit::allowed_by`], with what is told beside it.
    pub(crate) async fn allowed_by_telling<A: Can>(
        &self,
        tx: &TenantTx,
        permit: &Permit<A>,
        rule: String,
        act: &'static str,
        object: Object,
        telling: Telling,
    ) -> Result<(), AppError> {
        let leaf = Leaf { rule, ..self.leaf(permit, act, object, Outcome::Allow) };
        self.insert_telling(tx, leaf, telling).await
    }

    /// As [`Audit::allowed`], when the permit alone does not say which rule counted.
    pub(crate) async fn allowed_by<A: Can>(
        &self,
        tx: &TenantTx,
        permit: &Permit<A>,
        rule: String,
        act: &'static str,
        object: Object,
    ) -> Result<(), AppError> {
        self.insert(tx, &Leaf { rule, ..self.leaf(permit, act, object, Outcome::Allow) }).await
    }

    /// Something stored contradicts what protects it; `tx` records that it was noticed.
    pub(crate) async fn integrity_failed<A: Can>(
        &self,
        tx: &TenantTx,
        permit: &Permit<A>,
        object: Object,
    ) -> Result<(), AppError> {
        self.row(tx, permit, "integrity.fail", object, Outcome::Error).await
    }

    /// The leaf of [`Audit::integrity_failed`], for a stream that outlives the permit it was opened with.
    pub(crate) fn integrity_failure<A: Can>(&self, permit: &Permit<A>, object: Object) -> Leaf {
        self.leaf(permit, "integrity.fail", object, Outcome::Error)
    }

    /// A row that gives authority is not what was written; it gives nothing.
    pub(crate) async fn authority_failed(&self, tx: &TenantTx, object: Object) -> Result<(), AppError> {
        self.check_failed(tx, "authority", object).await
    }

    /// The tenant's audit log does not continue what was signed of it.
    pub(crate) async fn log_refused(&self, tx: &TenantTx) -> Result<(), AppError> {
        self.check_failed(tx, "ledger-signer", Object::Tenant(tx.tenant())).await
    }

    /// Whoever runs the deployment did something to the tenant's log, by a command and not over HTTP; `rule` says what.
    pub(crate) async fn by_operator(&self, tx: &TenantTx, act: &'static str, rule: String) -> Result<(), AppError> {
        let now = self.clock.now();
        let leaf = Leaf {
            id: AuditId::mint(now, self.entropy),
            t: now,
            tenant: tx.tenant(),
            actor: LeafActor::Operator,
            act: act.into(),
            obj: Object::Tenant(tx.tenant()),
            out: Outcome::Allow,
            rule,
            req: domain::RequestId::mint(now, self.entropy),
            d: None,
        };
        self.insert(tx, &leaf).await
    }

    /// The signer signed a head of `tenant`'s log, which `rule` names; `tx` is of the deployment's own log.
    pub(crate) async fn signed(&self, tx: &TenantTx, tenant: TenantId, rule: String) -> Result<(), AppError> {
        let now = self.clock.now();
        let leaf = Leaf {
            id: AuditId::mint(now, self.entropy),
            t: now,
            tenant: tx.tenant(),
            actor: LeafActor::Worker("ledger-signer".into()),
            act: ledger::anchor::ACT.into(),
            obj: Object::Tenant(tenant),
            out: Outcome::Allow,
            rule,
            req: domain::RequestId::mint(now, self.entropy),
            d: None,
        };
        self.insert(tx, &leaf).await
    }

    /// Nobody acted: a check of our own, by this name, found that something stored is not what was written.
    async fn check_failed(&self, tx: &TenantTx, check: &'static str, object: Object) -> Result<(), AppError> {
        let now = self.clock.now();
        let leaf = Leaf {
            id: AuditId::mint(now, self.entropy),
            t: now,
            tenant: tx.tenant(),
            actor: LeafActor::Worker(check.into()),
            act: "integrity.fail".into(),
            obj: object,
            out: Outcome::Error,
            rule: format!("{POLICY_NAME}/{check}"),
            req: domain::RequestId::mint(now, self.entropy),
            d: None,
        };
        self.insert(tx, &leaf).await
    }

    /// Records `leaf` as noticed now.
    pub(crate) async fn noticed(&self, tx: &TenantTx, leaf: &Leaf) -> Result<(), AppError> {
        let now = self.clock.now();
        self.insert(tx, &Leaf { id: AuditId::mint(now, self.entropy), t: now, ..leaf.clone() }).await
    }

    async fn row<A: Can>(
        &self,
        tx: &TenantTx,
        permit: &Permit<A>,
        act: &'static str,
        object: Object,
        out: Outcome,
    ) -> Result<(), AppError> {
        self.insert(tx, &self.leaf(permit, act, object, out)).await
    }

    fn leaf<A: Can>(&self, permit: &Permit<A>, act: &'static str, object: Object, out: Outcome) -> Leaf {
        Leaf {
            id: AuditId::mint(self.clock.now(), self.entropy),
            t: self.clock.now(),
            tenant: permit.tenant(),
            actor: leaf_actor(permit.actor()),
            act: act.into(),
            obj: object,
            out,
            rule: permit.rule(),
            req: permit.request(),
            d: None,
        }
    }

    /// An act of a member that comes before any permit, because what makes them known is the very password or token that
    /// it takes; `by` names it (lower-case letters, hyphens and slashes).
    pub(crate) async fn proven(
        &self,
        tx: &TenantTx,
        member: MemberId,
        act: &'static str,
        object: Object,
        by: &str,
        request: domain::RequestId,
    ) -> Result<(), AppError> {
        self.of_member(tx, member, act, object, Outcome::Allow, format!("{POLICY_NAME}/{by}"), request).await
    }

    /// The same, with what the member tells beside it.
    #[expect(clippy::too_many_arguments, reason = "what a leaf says, and nothing else")]
    pub(crate) async fn proven_telling(
        &self,
        tx: &TenantTx,
        member: MemberId,
        act: &'static str,
        object: Object,
        by: &str,
        request: domain::RequestId,
        telling: Telling,
    ) -> Result<(), AppError> {
        let leaf = self.leaf_of(tx, member, act, object, Outcome::Allow, format!("{POLICY_NAME}/{by}"), request);
        self.insert_telling(tx, leaf, telling).await
    }

    /// The same, refused.
    pub(crate) async fn refused(
        &self,
        tx: &TenantTx,
        member: MemberId,
        act: &'static str,
        object: Object,
        by: &str,
        request: domain::RequestId,
    ) -> Result<(), AppError> {
        self.of_member(tx, member, act, object, Outcome::Deny, format!("{POLICY_NAME}/{by}"), request).await
    }

    /// Somebody gave a wrong proof for `member`: of a second factor, or of the password while signed in.
    pub(crate) async fn proof_refused(
        &self,
        tx: &TenantTx,
        member: MemberId,
        tried: &'static str,
        request: domain::RequestId,
    ) -> Result<(), AppError> {
        let rule = format!("{POLICY_NAME}/{tried}");
        self.of_member(tx, member, "login.prove", Object::Member(member), Outcome::Deny, rule, request).await
    }

    /// A recovery code of `member` was spent.
    pub(crate) async fn recovery_code_used(
        &self,
        tx: &TenantTx,
        member: MemberId,
        request: domain::RequestId,
    ) -> Result<(), AppError> {
        let rule = format!("{POLICY_NAME}/recovery-code");
        self.of_member(tx, member, "recovery-code.use", Object::Member(member), Outcome::Allow, rule, request).await
    }

    /// An act of somebody who is being made known by it.
    #[expect(clippy::too_many_arguments, reason = "what a leaf says, and nothing else")]
    async fn of_member(
        &self,
        tx: &TenantTx,
        member: MemberId,
        act: &'static str,
        obj: Object,
        out: Outcome,
        rule: String,
        req: domain::RequestId,
    ) -> Result<(), AppError> {
        self.insert(tx, &self.leaf_of(tx, member, act, obj, out, rule, req)).await
    }

    #[expect(clippy::too_many_arguments, reason = "what a leaf says, and nothing else")]
    fn leaf_of(
        &self,
        tx: &TenantTx,
        member: MemberId,
        act: &'static str,
        obj: Object,
        out: Outcome,
        rule: String,
        req: domain::RequestId,
    ) -> Leaf {
        Leaf {
            id: AuditId::mint(self.clock.now(), self.entropy),
            t: self.clock.now(),
            tenant: tx.tenant(),
            actor: LeafActor::User(member),
            act: act.into(),
            obj,
            out,
            rule,
            req,
            d: None,
        }
    }

    async fn insert_telling(&self, tx: &TenantTx, leaf: Leaf, telling: Telling) -> Result<(), AppError> {
        let (stored, commitment) = telling.seal(leaf.tenant, leaf.id, self.entropy)?.unzip();
        insert(tx, &Leaf { d: commitment, ..leaf }, stored).await
    }

    /// How far a live tab has come: (tab, n, chain) in the rule field's place for numbers, as a word of its own.
    pub(crate) async fn progress<A: Can>(
        &self,
        tx: &TenantTx,
        permit: &Permit<A>,
        session: domain::SessionId,
        tab: u16,
        n: u32,
        chain: &[u8; 32],
    ) -> Result<(), AppError> {
        let leaf = Leaf {
            id: AuditId::mint(self.clock.now(), self.entropy),
            t: self.clock.now(),
            tenant: permit.tenant(),
            actor: leaf_actor(permit.actor()),
            act: "session.progress".into(),
            obj: Object::Session(session),
            out: Outcome::Allow,
            rule: format!("chain@1/{tab}/{n}/{}", crate::hex(chain)),
            req: permit.request(),
            d: None,
        };
        self.insert(tx, &leaf).await
    }

    /// Adds a leaf that is made already.
    pub(crate) async fn insert(&self, tx: &TenantTx, leaf: &Leaf) -> Result<(), AppError> {
        insert(tx, leaf, None).await
    }
}

async fn insert(tx: &TenantTx, leaf: &Leaf, detail_sealed: Option<Vec<u8>>) -> Result<(), AppError> {
    let row = AuditOutboxRow {
        tenant_id: leaf.tenant,
        id: leaf.id,
        leaf: leaf.to_bytes().map_err(AppError::internal)?,
        detail_sealed,
        leaf_index: None,
        created_at: leaf.t,
    };
    tx.audit_insert(row).await.map_err(AppError::from)
}

/// Who acts, as a leaf names them.
pub(crate) fn leaf_actor(actor: &Actor) -> LeafActor {
    match *actor {
        Actor::Member { id, .. } => LeafActor::User(id),
        Actor::ApiKey { key, .. } => LeafActor::ApiKey(key),
        Actor::Agent { key, .. } => LeafActor::Agent(key),
        Actor::Session { session, .. } => LeafActor::Session(session),
        Actor::Worker { name } => LeafActor::Worker(name.into()),
    }
}
