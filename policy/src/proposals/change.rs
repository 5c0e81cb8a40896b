//! What can be proposed, and the bytes that stand for it.

use std::fmt;

use domain::{MemberId, SinkId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    access::{Action, Role},
    canonical::canonical_json,
    grants::AccessRules,
};

/// A change that nobody makes alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Change {
    /// Give a member a role that decides over others.
    RoleGrant {
        /// Who gets it.
        member: MemberId,
        /// The role's name.
        role: String,
    },
    /// Replace the tenant's access rules by looser ones, or switch `strict` off.
    AccessRules {
        /// The revision that the proposer saw; with another one in force, nothing is done.
        base: u64,
        /// The rules to be.
        rules: AccessRules,
    },
    /// Remove a receiver of the audit log.
    WebhookDelete {
        /// Which.
        webhook: SinkId,
        /// The revision that the proposer saw; with another one, nothing is done.
        base: u64,
        /// What it is called, so that whoever decides, and whoever looks later, knows which it is.
        name: String,
    },
    /// Change a receiver of the audit log so that it hears less, or more about persons.
    WebhookUpdate {
        /// Which.
        webhook: SinkId,
        /// The revision that the proposer saw; with another one, nothing is done.
        base: u64,
        /// What it is called now.
        name: String,
        /// What is to be otherwise.
        then: WebhookThen,
    },
}

/// What is to be otherwise about a receiver of the audit log; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct WebhookThen {
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its address now and its address then, sealed, in base64: for many receivers an address is a password, too. A seal is a
    /// promise of what is in it, so the hash still names one address and no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Acts whose entries it gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acts: Option<WebhookActs>,
    /// Whether nothing is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<bool>,
    /// Whether it gets what lies beside entries, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<bool>,
}

/// Acts whose entries a receiver gets; `None` for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookActs {
    /// Now.
    pub now: Option<Vec<String>>,
    /// Then.
    pub then: Option<Vec<String>>,
}

impl Change {
    /// Whether giving this role takes two people.
    #[must_use]
    pub const fn role_takes_two(role: Role) -> bool {
        matches!(role, Role::Owner | Role::PrivacyOfficer)
    }

    /// The stored and published name of its kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::RoleGrant { .. } => "role-grant",
            Self::AccessRules { .. } => "access-rules",
            Self::WebhookDelete { .. } => "webhook-delete",
            Self::WebhookUpdate { .. } => "webhook-update",
        }
    }

    /// Who gains by it, and so does not decide on it.
    #[must_use]
    pub const fn beneficiary(&self) -> Option<MemberId> {
        match self {
            Self::RoleGrant { member, .. } => Some(*member),
            Self::AccessRules { .. } | Self::WebhookDelete { .. } | Self::WebhookUpdate { .. } => None,
        }
    }

    /// What its proposer must be allowed to do: when it is proposed, and still when it is carried out.
    #[must_use]
    pub const fn action(&self) -> Action {
        match self {
            Self::RoleGrant { .. } => Action::MemberManage,
            Self::AccessRules { .. } => Action::TenantManage,
            Self::WebhookDelete { .. } | Self::WebhookUpdate { .. } => Action::WebhookManage,
        }
    }

    /// The bytes that are stored and that [`Change::hash`] covers.
    #[must_use]
    pub fn canonical_json(&self) -> String {
        canonical_json(self)
    }

    /// SHA-256 of [`Change::canonical_json`]: what a voter approves.
    #[must_use]
    pub fn hash(&self) -> ChangeHash {
        ChangeHash::of(&self.canonical_json())
    }
}

/// Names one change by its content. Prints as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChangeHash([u8; 32]);

impl ChangeHash {
    /// The hash of these canonical bytes.
    #[must_use]
    pub fn of(canonical: &str) -> Self {
        Self(Sha256::digest(canonical).into())
    }
    /// One that was stored or sent.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
    /// The 32 bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for ChangeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes() -> Vec<Change> {
        let member = "0190f3a1-0000-7000-8000-00000000000a".parse().expect("an id");
        let webhook = "0190f3a1-0000-7000-8000-00000000000b".parse().expect("an id");
        vec![
            Change::RoleGrant { member, role: "owner".to_owned() },
            Change::AccessRules { base: 7, rules: AccessRules::default() },
            Change::WebhookDelete { webhook, base: 3, name: "SIEM".to_owned() },
            Change::WebhookUpdate {
                webhook,
                base: 4,
                name: "SIEM".to_owned(),
                then: WebhookThen {
                    name: Some("Archive".to_owned()),
                    address: Some("AAAA".to_owned()),
                    acts: Some(WebhookActs { now: None, then: Some(vec!["session.view".to_owned()]) }),
                    paused: Some(true),
                    detail: Some(false),
                },
            },
            Change::WebhookUpdate {
                webhook,
                base: 4,
                name: "SIEM".to_owned(),
                then: WebhookThen { paused: Some(true), ..WebhookThen::default() },
            },
        ]
    }

    /// Stored proposals are read back by later versions: this text only grows.
    #[test]
    fn canonical_forms() {
        let lines: Vec<String> =
            changes().iter().map(|change| format!("{}\n{}", change.canonical_json(), change.hash())).collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn what_is_stored_is_read_back_and_nothing_more() {
        for change in changes() {
            let json = change.canonical_json();
            let back: Change = serde_json::from_str(&json).expect("reads");
            assert_eq!(back, change);
            assert_eq!(back.hash(), change.hash());
            assert!(json.contains(&format!("\"kind\":\"{}\"", change.kind())));
            let more = json.replacen('{', r#"{"also":1,"#, 1);
            assert!(serde_json::from_str::<Change>(&more).is_err(), "{more}");
        }
    }

    #[test]
    fn any_difference_is_another_hash() {
        let Change::RoleGrant { member, .. } = changes().swap_remove(0) else { panic!("the first is a role") };
        let hash = |role: &str| Change::RoleGrant { member, role: role.to_owned() }.hash();
        assert_ne!(hash("owner"), hash("privacy-officer"));
        assert_ne!(hash("owner"), hash("owner "));
    }
}
