//! Which columns of which rows give authority; what their MACs cover.

use domain::{MemberId, ProjectId, RoleBindingId, TenantId, Timestamp};
use store::{
    AccessGrantRow, AccessGrantVoteRow, AgentKeyRow, ApiKeyRow, CustomRoleRow, InvitationRow, LoginRow, MemberRow,
    MemberState, PasswordResetRow, ProposalRow, RoleBindingRow, SinkRow,
};
use vault::authority::{Authority, AuthorityRow};

/// Hands over what the MAC of a member covers: what opens the account, and whether it may be opened.
pub(crate) fn member<T>(row: &MemberRow, with: impl FnOnce(&AuthorityRow<'_>) -> T) -> T {
    let columns = [Some(row.password_hash.as_bytes()), Some(row.state.as_str().as_bytes())];
    let (tenant, id, version) = (row.tenant_id, row.id.uuid(), row.password_epoch);
    with(&AuthorityRow { table: "member", tenant, id, version, columns: &columns })
}

/// The MAC of an active member once the password of this row is hashed anew.
pub(crate) fn rehash_mac(authority: &Authority, row: &MemberRow, password_hash: &str) -> [u8; 32] {
    let row = MemberRow { password_hash: password_hash.to_owned(), state: MemberState::Active, ..row.clone() };
    member(&row, |of| authority.mac(of))
}

/// The MAC of an active member once another password is set in the place of this row's.
pub(crate) fn password_mac(authority: &Authority, row: &MemberRow, password_hash: &str) -> [u8; 32] {
    let row = MemberRow { password_epoch: row.password_epoch + 1, ..row.clone() };
    rehash_mac(authority, &row, password_hash)
}

/// Hands over what the MAC of a sign-in covers: whose it is, which token renews it from where and until when, and how lately its
/// holder proved who they are.
pub(crate) fn login<T>(row: &LoginRow, with: impl FnOnce(&AuthorityRow<'_>) -> T) -> T {
    let member = row.member_id.uuid();
    let times = [row.created_at, row.last_used_at, row.expires_at].map(|at| at.as_micros().to_be_bytes());
    let proofs = [row.authenticated_at, row.mfa_at].map(|at| at.map(|at| at.as_micros().to_be_bytes()));
    let columns = [
        Some(member.as_bytes().as_slice()),
        Some(row.refresh_hash.as_slice()),
        Some(times[0].as_slice()),
        Some(times[1].as_slice()),
        Some(times[2].as_slice()),
        proofs[0].as_ref().map(<[u8; 8]>::as_slice),
        proofs[1].as_ref().map(<[u8; 8]>::as_slice),
        row.place_mac.as_ref().map(<[u8; 32]>::as_slice),
    ];
    let (tenant, id) = (row.tenant_id, row.id.uuid());
    with(&AuthorityRow { table: "login", tenant, id, version: 0, columns: &columns })
}

/// A sign-in's row with its MAC.
pub(crate) fn sealed_login(authority: &Authority, row: LoginRow) -> LoginRow {
    let mac = login(&row, |of| authority.mac(of)).to_vec();
    LoginRow { mac, ..row }
}

/// Hands over what the MAC of an invitation covers: who becomes what, by whose word, with which token.
pub(crate) fn invitation<T>(row: &InvitationRow, with: impl FnOnce(&AuthorityRow<'_>) -> T) -> T {
    let (person, by) = (row.person_key_id.uuid(), row.invited_by.uuid());
    let (roles, expires) = (row.roles.join(" "), row.expires_at.as_micros().to_be_bytes());
    let columns = [
        Some(person.as_bytes().as_slice()),
        Some(row.email_hash.as_slice()),
        Some(row.token_hash.as_slice()),
        Some(roles.as_bytes()),
        Some(by.as_bytes().as_slice()),
        Some(expires.as_slice()),
    ];
    let (tenant, id) = (row.tenant_id, row.id.uuid());
    with(&AuthorityRow { table: "invitation", tenant, id, version: 0, columns: &columns })
}

/// An invitation's row with its MAC.
pub(crate) fn sealed_invitation(authority: &Authority, row: InvitationRow) -> InvitationRow {
    let mac = invitation(&row, |of| authority.mac(of)).to_vec();
    InvitationRow { mac, ..row }
}

/// Hands over what the MAC of a reset covers: whose password may be set anew, with which token.
pub(crate) fn password_reset<T>(row: &PasswordResetRow, with: impl FnOnce(&AuthorityRow<'_>) -> T) -> T {
    let (member, expires) = (row.member_id.uuid(), row.expires_at.as_micros().to_be_bytes());
    let columns = [Some(member.as_bytes().as_slice()), Some(row.token_hash.as_slice()), Some(expires.as_slice())];
    let (tenant, id, version) = (row.tenant_id, row.id.uuid(), row.password_epoch);
    with(&AuthorityRow { table: "password_reset", tenant, id, version, columns: &columns })
}

/// Hands over what the MAC of a binding covers.
pub(crate) fn binding<T>(row: &RoleBindingRow, with: impl FnOnce(&AuthorityRow<'_>) -> T) -> T {
    let member = row.member_id.uuid();
    let condition = row.condition.as_deref().map(str::as_bytes);
    let columns = [Some(member.as_bytes().as_slice()), Some(row.role.as_bytes()), condition];
    with(&AuthorityRow { table: "role_binding", tenant: row.tenant_id, id: row.id, version: 0, columns: &columns })
}

/// Hands over what the MAC of a tenant's own role covers.
pub(crate) fn custom_role<T>(row: &CustomRoleRow, with: impl FnOnce(&AuthorityRow<'_>) -> T) -> T {
    let unmasked = [u8::from(row.unmasked)];
    let columns = [
        Some(row.name.as_bytes()),
        Some(row.actions.as_bytes()),
        Some(row.denies.as_bytes()),
        Some(unmasked.as_slice()),
    ];
    let (tenant, id, version) = (row.tenant_id, row.id.uuid(), row.revision);
    with(&AuthorityRow { table: "custom_role", tenant, id, version, columns: &columns })
}

/// Hands over what the MAC of an agent key covers: also that it ended, so that nobody wakes it.
pub(crate) fn agent_key<T>(row: &AgentKeyRow, with: impl FnOnce(&AuthorityRow<'_>) -> T) -> T {
    let (project, origins) = (row.project_id.uuid(), row.origins.join(" "));
    let revoked = row.revoked_at.map(|at| at.as_micros().to_be_bytes());
    let columns = [
        Some(project.as_bytes().as_slice()),
        Some(row.public_key.as_bytes()),
        Some(origins.as_bytes()),
        revoked.as_ref().map(<[u8; 8]>::as_slice),
    ];
    let (tenant, id) = (row.tenant_id, row.id.uuid());
    with(&AuthorityRow { table: "agent_key", tenant, id, version: 0, columns: &columns })
}

/// An agent key's row with its MAC.
pub(crate) fn sealed_agent_key(authority: &Authority, row: AgentKeyRow) -> AgentKeyRow {
    let mac = agent_key(&row, |of| authority.mac(of));
    AgentKeyRow { mac: mac.to_vec(), ..row }
}

/// Hands over what the MAC of an API key covers: all but when it was last used.
pub(crate) fn api_key<T>(row: &ApiKeyRow, with: impl FnOnce(&AuthorityRow<'_>) -> T) -> T {
    let (member, project) = (row.member_id.uuid(), row.project_id.map(ProjectId::uuid));
    let (scopes, networks) = (row.scopes.join(" "), row.networks.join(" "));
    let expires = row.expires_at.as_micros().to_be_bytes();
    let revoked = row.revoked_at.map(|at| at.as_micros().to_be_bytes());
    let columns = [
        Some(member.as_bytes().as_slice()),
        Some(row.key_hash.as_slice()),
        Some(scopes.as_bytes()),
        project.as_ref().map(|project| project.as_bytes().as_slice()),
        Some(networks.as_bytes()),
        Some(expires.as_slice()),
        revoked.as_ref().map(<[u8; 8]>::as_slice),
    ];
    let (tenant, id) = (row.tenant_id, row.id.uuid());
    with(&AuthorityRow { table: "api_key", tenant, id, version: 0, columns: &columns })
}

/// An API key's row with its MAC.
pub(crate) fn sealed_api_key(authority: &Authority, row: ApiKeyRow) -> ApiKeyRow {
    let mac = api_key(&row, |of| authority.mac(of));
    ApiKeyRow { mac: mac.to_vec(), ..row }
}

/// Hands over what the MAC of a receiver of the audit log covers: what it gets, and where that goes.
pub(crate) fn sink<T>(row: &SinkRow, with: impl FnOnce(&AuthorityRow<'_>) -> T) -> T {
    let acts = row.acts.as_ref().map(|acts| acts.join(" "));
    let columns =
        [Some(row.kind.as_str().as_bytes()), acts.as_deref().map(str::as_bytes), Some(row.settings_sealed.as_slice())];
    let (tenant, id, version) = (row.tenant_id, row.id.uuid(), row.revision);
    with(&AuthorityRow { table: "sink", tenant, id, version, columns: &columns })
}

/// A receiver's row with its MAC.
pub(crate) fn sealed_sink(authority: &Authority, row: SinkRow) -> SinkRow {
    let mac = sink(&row, |of| authority.mac(of));
    SinkRow { mac: mac.to_vec(), ..row }
}

/// Hands over what the MAC of somebody's vote on an access request covers.
pub(crate) fn vote<T>(row: &AccessGrantVoteRow, with: impl FnOnce(&AuthorityRow<'_>) -> T) -> T {
    let (member, requester, at) = (row.member_id.uuid(), row.requester_id.uuid(), row.at.as_micros().to_be_bytes());
    let columns = [
        Some(member.as_bytes().as_slice()),
        Some(requester.as_bytes().as_slice()),
        Some(row.vote.as_str().as_bytes()),
        Some(row.seen.as_slice()),
        Some(at.as_slice()),
    ];
    let (tenant, id) = (row.tenant_id, row.grant_id.uuid());
    with(&AuthorityRow { table: "access_grant_vote", tenant, id, version: 0, columns: &columns })
}

/// A vote's row with its MAC.
pub(crate) fn sealed_vote(authority: &Authority, row: AccessGrantVoteRow) -> AccessGrantVoteRow {
    let mac = vote(&row, |of| authority.mac(of));
    AccessGrantVoteRow { mac: mac.to_vec(), ..row }
}

/// Hands over what the MAC of a grant covers; `content` is what was asked for, with its sessions.
pub(crate) fn grant<T>(row: &AccessGrantRow, content: &[u8; 32], with: impl FnOnce(&AuthorityRow<'_>) -> T) -> T {
    let micros = |at: Option<Timestamp>| at.map(|at| at.as_micros().to_be_bytes());
    let (approved, expires) = (micros(row.approved_at), micros(row.expires_at));
    let columns = [
        Some(content.as_slice()),
        row.needs.as_deref().map(str::as_bytes),
        approved.as_ref().map(<[u8; 8]>::as_slice),
        expires.as_ref().map(<[u8; 8]>::as_slice),
    ];
    let (tenant, id) = (row.tenant_id, row.id.uuid());
    with(&AuthorityRow { table: "access_grant", tenant, id, version: 0, columns: &columns })
}

/// A grant's row with its MAC.
pub(crate) fn sealed_grant(authority: &Authority, row: AccessGrantRow, content: &[u8; 32]) -> AccessGrantRow {
    let mac = grant(&row, content, |of| authority.mac(of));
    AccessGrantRow { mac: Some(mac.to_vec()), ..row }
}

/// Hands over what the MAC of a proposal covers: who proposed what, and when it may come true.
pub(crate) fn proposal<T>(row: &ProposalRow, with: impl FnOnce(&AuthorityRow<'_>) -> T) -> T {
    let member = row.member_id.uuid();
    let after = row.execute_after.map(|at| at.as_micros().to_be_bytes());
    let times = [row.created_at, row.expires_at].map(|at| at.as_micros().to_be_bytes());
    let columns = [
        Some(member.as_bytes().as_slice()),
        Some(row.kind.as_bytes()),
        Some(row.change.as_bytes()),
        Some(row.change_hash.as_slice()),
        after.as_ref().map(<[u8; 8]>::as_slice),
        Some(times[0].as_slice()),
        Some(times[1].as_slice()),
    ];
    let (tenant, id) = (row.tenant_id, row.id.uuid());
    with(&AuthorityRow { table: "proposal", tenant, id, version: 0, columns: &columns })
}

/// A proposal's row with its MAC.
pub(crate) fn sealed_proposal(authority: &Authority, row: ProposalRow) -> ProposalRow {
    let mac = proposal(&row, |of| authority.mac(of));
    ProposalRow { mac: mac.to_vec(), ..row }
}

/// Hands over what the MAC of a tenant's approval rules covers.
pub(crate) fn rules<T>(
    tenant: TenantId,
    revision: u64,
    document: &str,
    with: impl FnOnce(&AuthorityRow<'_>) -> T,
) -> T {
    let columns = [Some(document.as_bytes())];
    with(&AuthorityRow { table: "access_rules", tenant, id: tenant.uuid(), version: revision, columns: &columns })
}

/// A binding that counts.
pub(crate) fn new_binding(
    authority: &Authority,
    tenant: TenantId,
    (id, member): (RoleBindingId, MemberId),
    role: String,
    condition: Option<String>,
    now: Timestamp,
) -> RoleBindingRow {
    let row = RoleBindingRow {
        tenant_id: tenant,
        id: id.uuid(),
        member_id: member,
        role,
        created_at: now,
        condition,
        mac: Vec::new(),
    };
    let mac = binding(&row, |of| authority.mac(of));
    RoleBindingRow { mac: mac.to_vec(), ..row }
}

/// A role's row with its MAC.
pub(crate) fn sealed_role(authority: &Authority, row: CustomRoleRow) -> CustomRoleRow {
    let mac = custom_role(&row, |of| authority.mac(of));
    CustomRoleRow { mac, ..row }
}
