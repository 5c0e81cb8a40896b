//! Looking at a proof, and making it count once.
//!
//! The two are apart: a proof is looked at outside any transaction, since keys must be opened for it, and what it found is
//! then spent by one conditional update inside the transaction of the act that it allows. Of any number of parallel requests
//! with the same proof exactly one spends it.

use domain::{FactorId, Secret, Timestamp};
use store::{FactorKind, FactorRow, FactorState, MemberRow, TenantTx};
use vault::seal;

use super::{Method, codes, factor_context, totp, webauthn::Assertion};
use crate::{AppError, auth::Parts, columns, keys::open_error};

/// What somebody gives to prove a second factor.
#[derive(Debug)]
pub enum Proof {
    /// The six digits of an authenticator app.
    Totp(Secret<String>),
    /// A recovery code.
    RecoveryCode(Secret<String>),
    /// What a security key signed.
    Webauthn(Box<Assertion>),
}

impl Proof {
    pub(super) const fn method(&self) -> Method {
        match self {
            Self::Totp(_) => Method::Totp,
            Self::RecoveryCode(_) => Method::RecoveryCode,
            Self::Webauthn(_) => Method::Webauthn,
        }
    }
}

/// A right proof, and what must be spent so that it counts.
#[derive(Debug)]
pub(super) enum Right {
    Totp { factor: FactorId, step: u64 },
    RecoveryCode { hash: [u8; 32] },
    Webauthn { factor: FactorId, counter: u64, sealed: Vec<u8> },
}

impl Right {
    pub(super) const fn method(&self) -> Method {
        match self {
            Self::Totp { .. } => Method::Totp,
            Self::RecoveryCode { .. } => Method::RecoveryCode,
            Self::Webauthn { .. } => Method::Webauthn,
        }
    }

    /// Spends it; false when somebody else has, or it is spent from before.
    pub(super) async fn spend(self, tx: &TenantTx, member: &MemberRow, now: Timestamp) -> Result<bool, AppError> {
        Ok(match self {
            Self::Totp { factor, step } => tx.factor_totp_use(factor, step, now).await?,
            Self::RecoveryCode { hash } => tx.recovery_code_use(member.id, &hash, now).await?,
            Self::Webauthn { factor, counter, sealed } => tx.factor_key_use(factor, counter, sealed, now).await?,
        })
    }
}

impl Parts {
    /// Whether a proof is right for this member; `asked` is what a challenge asked the security keys. Nothing is spent.
    pub(super) async fn weigh(
        &self,
        member: &MemberRow,
        proof: &Proof,
        asked: Option<&[u8]>,
    ) -> Result<Option<Right>, AppError> {
        let key = self.keys.person(member.tenant_id, member.person_key_id).await?;
        match proof {
            Proof::Totp(code) => {
                let factors = self.active_factors(member).await?;
                let Some(factor) = factors.iter().find(|factor| factor.kind == FactorKind::Totp) else {
                    return Ok(None);
                };
                let context = factor_context(columns::FACTOR_SECRET, member.tenant_id, factor.id);
                let secret = seal::open(&key, &context, &factor.secret_sealed).map_err(open_error)?.plaintext;
                let step = totp::step(&secret, code.expose(), self.clock.now());
                Ok(step.map(|step| Right::Totp { factor: factor.id, step }))
            }
            Proof::RecoveryCode(code) => {
                let hash = codes::hash(&key, member.tenant_id, member.id, code.expose());
                Ok(hash.map(|hash| Right::RecoveryCode { hash }))
            }
            Proof::Webauthn(assertion) => {
                let (Some(party), Some(asked)) = (self.relying_party.as_ref(), asked) else { return Ok(None) };
                let factors = self.active_factors(member).await?;
                let Some(factor) = key_of(&factors, assertion.credential_hash()) else { return Ok(None) };
                let context = factor_context(columns::FACTOR_SECRET, member.tenant_id, factor.id);
                let stored = seal::open(&key, &context, &factor.secret_sealed).map_err(open_error)?.plaintext;
                let Some(used) = party.check_assertion(asked, &stored, assertion)? else { return Ok(None) };
                let sealed = seal::seal(&key, &context, seal::Codec::Raw, &used.credential, &*self.entropy);
                Ok(Some(Right::Webauthn { factor: factor.id, counter: used.counter, sealed }))
            }
        }
    }

    /// The member's factors that count.
    pub(crate) async fn active_factors(&self, member: &MemberRow) -> Result<Vec<FactorRow>, AppError> {
        let read = self.store.tenant_read(member.tenant_id).await?;
        let factors = read.factor_list(member.id).await?;
        Ok(factors.into_iter().filter(|factor| factor.state == FactorState::Active).collect())
    }
}

/// The security key whose credential has this hash. A credential without one is nobody's: factors of other kinds have none
/// either.
fn key_of(factors: &[FactorRow], hash: Option<[u8; 32]>) -> Option<&FactorRow> {
    let hash = hash?;
    factors.iter().find(|factor| factor.kind == FactorKind::SecurityKey && factor.credential_hash == Some(hash))
}

#[cfg(test)]
mod tests {
    use domain::{MemberId, SeededEntropy, TenantId};

    use super::*;

    fn factor(kind: FactorKind, credential_hash: Option<[u8; 32]>) -> FactorRow {
        let (now, entropy) = (Timestamp::from_millis(1_790_000_000_000), SeededEntropy::new(1));
        FactorRow {
            tenant_id: TenantId::mint(now, &entropy),
            id: FactorId::mint(now, &entropy),
            member_id: MemberId::mint(now, &entropy),
            kind,
            state: FactorState::Active,
            name_sealed: None,
            secret_sealed: Vec::new(),
            credential_hash,
            counter: 0,
            created_at: now,
            confirmed_at: Some(now),
            last_used_at: None,
        }
    }

    #[test]
    fn attack_16_a_credential_without_a_hash_is_no_factor_s() {
        let factors = [factor(FactorKind::Totp, None), factor(FactorKind::SecurityKey, Some([7; 32]))];
        assert_eq!(key_of(&factors, None), None);
        assert_eq!(key_of(&factors, Some([8; 32])), None);
        assert_eq!(key_of(&factors, Some([7; 32])), Some(&factors[1]));
    }
}
