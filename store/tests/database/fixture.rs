//! Rows with everything filled in, so that a test names only what it is about.

use std::time::Duration;

use domain::{
    AgentKeyId, ApiKeyId, AuditId, FactorId, GapId, InvitationId, LabelId, LoginId, MemberId, PasswordResetId,
    PersonKeyId, ProjectId, RoleId, Sensitivity, SessionId, SessionState, SubjectId, TenantId, Timestamp, Validation,
    ViewId,
};
use store::{
    AgentKeyRow, ApiKeyRow, AuditOutboxRow, ChallengePurpose, CloseLimits, CustomRoleRow, FactorChallengeRow,
    FactorKind, FactorRow, FactorState, GapRow, InvitationRow, InvitationState, KeyState, LoginRow, ManifestRow,
    MemberRow, MemberState, PasswordResetRow, PersonKeyRow, ProjectRow, RecoveryCodeRow, RoleBindingRow, SegmentRow,
    SessionKeyRow, SessionLabelRow, SessionRow, SessionViewRow, Store, StoreError, SubjectIdentifierRow, SubjectRow,
    TenantKekRow, TenantPurposeKeyRow, TenantRow, TenantState,
};
use uuid::Uuid;

/// 2026-11-22T00:00:00Z, near the test machine's month so that rows fall into a real partition.
pub(crate) const T0: i64 = 1_795_305_600_000;

/// `seconds` after [`T0`].
pub(crate) fn at(seconds: u64) -> Timestamp {
    Timestamp::from_millis(T0).plus(Duration::from_secs(seconds))
}

/// A UUIDv7 at [`T0`] told apart by kind and number.
pub(crate) fn uuid(kind: u16, number: u64) -> Uuid {
    let mut random = [0_u8; 10];
    random[..2].copy_from_slice(&kind.to_be_bytes());
    random[2..].copy_from_slice(&number.to_be_bytes());
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(T0).unwrap(), &random).into_uuid()
}

/// 32 bytes told apart by a number.
pub(crate) fn hash(number: u64) -> [u8; 32] {
    let mut hash = [7; 32];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    hash
}

pub(crate) fn tenant_id(number: u64) -> TenantId {
    TenantId::from_uuid(uuid(1, number))
}
pub(crate) fn project_id(number: u64) -> ProjectId {
    ProjectId::from_uuid(uuid(2, number))
}
pub(crate) fn agent_key_id(number: u64) -> AgentKeyId {
    AgentKeyId::from_uuid(uuid(3, number))
}
pub(crate) fn person_key_id(number: u64) -> PersonKeyId {
    PersonKeyId::from_uuid(uuid(4, number))
}
pub(crate) fn member_id(number: u64) -> MemberId {
    MemberId::from_uuid(uuid(5, number))
}
pub(crate) fn session_id(number: u64) -> SessionId {
    SessionId::from_uuid(uuid(6, number))
}
pub(crate) fn subject_id(number: u64) -> SubjectId {
    SubjectId::from_uuid(uuid(7, number))
}
pub(crate) fn login_id(number: u64) -> LoginId {
    LoginId::from_uuid(uuid(8, number))
}

pub(crate) fn factor_id(number: u64) -> FactorId {
    FactorId::from_uuid(uuid(13, number))
}

pub(crate) fn limits() -> CloseLimits {
    CloseLimits {
        after_finish: Duration::from_secs(60),
        idle: Duration::from_secs(1_800),
        length: Duration::from_secs(14_400),
    }
}

/// A tenant row; the slug carries the number.
pub(crate) fn tenant(number: u64) -> TenantRow {
    TenantRow {
        id: tenant_id(number),
        slug: format!("tenant-{number}"),
        name: format!("Tenant {number}"),
        state: TenantState::Active,
        demo: false,
        key_epoch: 0,
        created_at: at(0),
    }
}

pub(crate) fn kek(tenant: TenantId, version: u32, state: KeyState) -> TenantKekRow {
    TenantKekRow {
        tenant_id: tenant,
        version,
        root_id: "root-1".to_owned(),
        wrapped: vec![1, 2, 3],
        state,
        created_at: at(0),
    }
}

pub(crate) fn purpose_key(
    tenant: TenantId,
    purpose: &str,
    version: u32,
    kek_version: u32,
    state: KeyState,
) -> TenantPurposeKeyRow {
    TenantPurposeKeyRow {
        tenant_id: tenant,
        purpose: purpose.to_owned(),
        version,
        kek_version,
        wrapped: vec![4],
        state,
        created_at: at(0),
    }
}

pub(crate) fn person_key(tenant: TenantId, number: u64, kek_version: u32) -> PersonKeyRow {
    PersonKeyRow {
        tenant_id: tenant,
        id: person_key_id(number),
        kind: "member".to_owned(),
        kek_version,
        wrapped: Some(vec![5]),
        state: KeyState::Active,
        created_at: at(0),
    }
}

pub(crate) fn project(tenant: TenantId, number: u64, name: &str) -> ProjectRow {
    ProjectRow {
        tenant_id: tenant,
        id: project_id(number),
        name: name.to_owned(),
        created_at: at(0),
        sensitivity: Sensitivity::Normal,
        environment: None,
    }
}

pub(crate) fn agent_key(tenant: TenantId, number: u64, project: u64) -> AgentKeyRow {
    AgentKeyRow {
        tenant_id: tenant,
        id: agent_key_id(number),
        project_id: project_id(project),
        public_key: format!("st_agent_{number}"),
        origins: vec!["https://shop.example".to_owned()],
        created_at: at(0),
        revoked_at: None,
        mac: vec![8; 32],
    }
}

pub(crate) fn member(tenant: TenantId, number: u64, person: u64) -> MemberRow {
    MemberRow {
        tenant_id: tenant,
        id: member_id(number),
        person_key_id: person_key_id(person),
        email_sealed: vec![6],
        name_sealed: vec![7],
        password_hash: "$argon2id$first".to_owned(),
        state: MemberState::Active,
        authz_epoch: 0,
        created_at: at(0),
        password_epoch: 1,
        mac: vec![8],
    }
}

pub(crate) fn role_binding(tenant: TenantId, number: u64, member: u64, role: &str) -> RoleBindingRow {
    RoleBindingRow {
        tenant_id: tenant,
        id: uuid(9, number),
        member_id: member_id(member),
        role: role.to_owned(),
        created_at: at(0),
        condition: None,
        mac: vec![9; 32],
    }
}

pub(crate) fn custom_role(tenant: TenantId, number: u64) -> CustomRoleRow {
    CustomRoleRow {
        tenant_id: tenant,
        id: RoleId::from_uuid(uuid(19, number)),
        name: format!("role-{number}"),
        actions: "[\"session.list\"]".to_owned(),
        denies: "[]".to_owned(),
        unmasked: false,
        revision: 1,
        created_at: at(0),
        changed_at: at(0),
        mac: hash(number),
    }
}

pub(crate) fn login(tenant: TenantId, number: u64, member: u64, refresh: u64) -> LoginRow {
    LoginRow {
        tenant_id: tenant,
        id: login_id(number),
        member_id: member_id(member),
        refresh_hash: hash(refresh),
        previous_hash: None,
        rotated_at: None,
        created_at: at(0),
        last_used_at: at(0),
        expires_at: at(43_200),
        revoked_at: None,
        authenticated_at: None,
        mfa_at: None,
        place_mac: None,
        place_sealed: None,
        mac: vec![1],
    }
}

/// A TOTP (even numbers) or security key (odd numbers) that waits for its first proof.
pub(crate) fn factor(tenant: TenantId, number: u64, member: u64) -> FactorRow {
    let key = number % 2 == 1;
    FactorRow {
        tenant_id: tenant,
        id: factor_id(number),
        member_id: member_id(member),
        kind: if key { FactorKind::SecurityKey } else { FactorKind::Totp },
        state: FactorState::Pending,
        name_sealed: key.then(|| vec![1]),
        secret_sealed: vec![2],
        credential_hash: key.then(|| hash(number)),
        counter: 0,
        created_at: at(number),
        confirmed_at: None,
        last_used_at: None,
    }
}

pub(crate) fn recovery_code(tenant: TenantId, n: u16, member: u64, code: u64) -> RecoveryCodeRow {
    RecoveryCodeRow {
        tenant_id: tenant,
        member_id: member_id(member),
        n,
        hash: hash(code),
        created_at: at(code),
        used_at: None,
    }
}

/// A challenge of a sign-in that ends 300 seconds after `seconds`.
pub(crate) fn challenge(tenant: TenantId, number: u64, member: u64, seconds: u64) -> FactorChallengeRow {
    FactorChallengeRow {
        tenant_id: tenant,
        hash: hash(number),
        member_id: member_id(member),
        login_id: None,
        purpose: ChallengePurpose::SignIn,
        tries: 0,
        password_mark: Some(hash(1)),
        state_sealed: Some(vec![3]),
        created_at: at(seconds),
        expires_at: at(seconds + 300),
        used_at: None,
    }
}

/// An invitation of the address `email` with the token `token`, by member 0.
pub(crate) fn invitation(tenant: TenantId, number: u64, person: u64, email: u64, token: u64) -> InvitationRow {
    InvitationRow {
        tenant_id: tenant,
        id: InvitationId::from_uuid(uuid(13, number)),
        person_key_id: person_key_id(person),
        email_sealed: vec![10],
        email_hash: hash(email),
        token_hash: hash(token),
        roles: vec!["viewer".to_owned()],
        invited_by: member_id(0),
        state: InvitationState::Pending,
        created_at: at(0),
        sent_at: at(0),
        expires_at: at(60),
        mac: vec![8],
    }
}

pub(crate) fn password_reset(tenant: TenantId, number: u64, member: u64) -> PasswordResetRow {
    PasswordResetRow {
        tenant_id: tenant,
        id: PasswordResetId::from_uuid(uuid(14, number)),
        member_id: member_id(member),
        token_hash: hash(number),
        password_epoch: 1,
        created_at: at(0),
        expires_at: at(20),
        used_at: None,
        mac: vec![8],
    }
}

pub(crate) fn api_key(tenant: TenantId, number: u64, member: u64) -> ApiKeyRow {
    ApiKeyRow {
        tenant_id: tenant,
        id: ApiKeyId::from_uuid(uuid(15, number)),
        member_id: member_id(member),
        name: format!("key {number}"),
        key_hash: hash(number),
        scopes: vec!["session.list".to_owned()],
        project_id: number.is_multiple_of(2).then(|| project_id(0)),
        networks: vec!["203.0.113.0/24".to_owned()],
        created_at: at(0),
        expires_at: at(30),
        last_used_at: None,
        revoked_at: None,
        mac: vec![5; 32],
    }
}

pub(crate) fn subject(tenant: TenantId, number: u64) -> SubjectRow {
    SubjectRow { tenant_id: tenant, id: subject_id(number), created_at: at(0) }
}

pub(crate) fn identifier(tenant: TenantId, token: u64, subject: u64) -> SubjectIdentifierRow {
    SubjectIdentifierRow {
        tenant_id: tenant,
        kind: "email".to_owned(),
        token: hash(token),
        subject_id: subject_id(subject),
        verified: false,
    }
}

/// A live session of project 0 and agent key 0, started `number` seconds after [`T0`].
pub(crate) fn session(tenant: TenantId, number: u64) -> SessionRow {
    SessionRow {
        tenant_id: tenant,
        id: session_id(number),
        project_id: project_id(0),
        agent_key_id: agent_key_id(0),
        state: SessionState::Live,
        started_at: at(number),
        first_event_at: None,
        last_event_at: None,
        last_received_at: at(number),
        finish_hint_at: None,
        closed_at: None,
        close_reason: None,
        duration_ms: 0,
        tabs: 0,
        segments: 0,
        events: 0,
        bytes_stored: 0,
        bytes_raw: 0,
        errors: 0,
        gaps: 0,
        has_error: false,
        release: Some("1.2.3".to_owned()),
        browser: Some("Firefox".to_owned()),
        os: Some("Linux".to_owned()),
        policy_version: 1,
        policy_hash: hash(1),
        agent_name: "@sealtape/agent".to_owned(),
        agent_version: "0.1.0".to_owned(),
        validation: Validation::Valid,
        subject_id: None,
        previous_session: None,
        summary_sealed: None,
        summary_generation: 0,
        last_page_sealed: None,
        progress_at: None,
        manifest_rev: 0,
        manifest_hash: None,
        sealed_segments: 0,
        changed_at: at(number),
        sensitivity: Sensitivity::Normal,
        environment: None,
        subject_verified: false,
    }
}

/// A label of a session, told apart from its others by `label`.
pub(crate) fn session_label(tenant: TenantId, session: u64, label: u64) -> SessionLabelRow {
    SessionLabelRow {
        tenant_id: tenant,
        session_id: session_id(session),
        id: LabelId::from_uuid(uuid(12, session * 100 + label)),
        token: hash(label),
        sealed: vec![9],
        generation: 1,
        created_by: member_id(0),
        created_at: at(label),
    }
}

pub(crate) fn session_key(tenant: TenantId, session: u64, generation: u32, kek_version: u32) -> SessionKeyRow {
    SessionKeyRow {
        tenant_id: tenant,
        session_id: session_id(session),
        generation,
        kek_version,
        wrapped: Some(vec![8]),
        state: KeyState::Active,
        created_at: at(0),
        shredded_at: None,
    }
}

pub(crate) fn segment(tenant: TenantId, session: u64, tab: u16, n: u32) -> SegmentRow {
    let first_ms = T0 + i64::from(n) * 5_000;
    SegmentRow {
        tenant_id: tenant,
        session_id: session_id(session),
        tab,
        n,
        generation: 1,
        blob: format!("segments/{session}/{tab}/{n}"),
        ciphertext_len: 1_000,
        ciphertext_sha256: hash(u64::from(n)),
        plaintext_len: 10_000,
        first_ms,
        last_ms: first_ms + 4_999,
        events: 10,
        full_snapshot: n.is_multiple_of(12),
        chain: hash(u64::from(n) + 1),
        body_mac: hash(u64::from(n) + 2),
        facts_sealed: None,
        received_at: at(u64::from(n) * 5),
    }
}

pub(crate) fn gap(tenant: TenantId, session: u64, number: u64) -> GapRow {
    GapRow {
        tenant_id: tenant,
        session_id: session_id(session),
        id: GapId::from_uuid(uuid(10, number)),
        tab: 0,
        from_ms: T0,
        to_ms: T0 + 5,
        reason: "offline-overflow".to_owned(),
        detail: None,
    }
}

pub(crate) fn manifest(tenant: TenantId, session: u64, rev: u32) -> ManifestRow {
    ManifestRow {
        tenant_id: tenant,
        session_id: session_id(session),
        rev,
        hash: hash(u64::from(rev)),
        blob: format!("manifests/{session}/{rev}"),
        cause: "finished".to_owned(),
        created_at: at(0),
    }
}

pub(crate) fn view(tenant: TenantId, number: u64, session: u64, member: u64, seconds: u64) -> SessionViewRow {
    SessionViewRow {
        tenant_id: tenant,
        id: ViewId::from_uuid(uuid(11, number)),
        session_id: session_id(session),
        member_id: member_id(member),
        at: at(seconds),
        from_ms: Some(T0),
        to_ms: None,
        panes: "dom,console".to_owned(),
    }
}

pub(crate) fn audit(tenant: TenantId, number: u64) -> AuditOutboxRow {
    AuditOutboxRow {
        tenant_id: tenant,
        id: AuditId::from_uuid(uuid(12, number)),
        leaf: vec![9],
        detail_sealed: None,
        leaf_index: None,
        created_at: at(0),
    }
}

/// A tenant with T 1, a project, an agent key, a person key, a member and a live session with key and tab; all number 0.
pub(crate) async fn populate(store: &Store, number: u64) -> TenantId {
    let system = store.system("test fixture").await.expect("begins");
    system.tenant_insert(tenant(number)).await.expect("inserts");
    system.commit().await.expect("commits");
    let id = tenant_id(number);
    fill(store, id).await.expect("fills");
    id
}

async fn fill(store: &Store, tenant: TenantId) -> Result<(), StoreError> {
    let tx = store.tenant(tenant).await?;
    tx.tenant_kek_insert(kek(tenant, 1, KeyState::Active)).await?;
    tx.person_key_insert(person_key(tenant, 0, 1)).await?;
    tx.project_insert(project(tenant, 0, "shop")).await?;
    tx.agent_key_insert(agent_key(tenant, 0, 0)).await?;
    tx.member_insert(member(tenant, 0, 0)).await?;
    tx.session_insert(session(tenant, 0)).await?;
    tx.session_key_insert(session_key(tenant, 0, 1, 1)).await?;
    assert_eq!(tx.session_tab_open(session_id(0), 100, at(0)).await?, Some(0));
    tx.commit().await
}
