//! Second factors: authenticator apps, security keys, recovery codes; asked for at sign-in and again for what matters.
//!
//! **Purpose.** Somebody who knows a member's password is not that member. A member who has enrolled a factor is signed in
//! only with it, and use cases that a stolen token must not reach ask for a proof that is minutes old.
//!
//! **Design.** A proof is looked at outside any transaction ([`proof`]) and spent by one conditional update inside the
//! transaction of the act it allows, so that it counts once whatever runs in parallel. Tries are taken, durably, before a
//! proof is looked at: per challenge and per member ([`challenge`]). Sign-in is two halves ([`sign_in`]): the password hands
//! out a challenge, the factor answers it. [`step_up`] notes on the sign-in when its holder last proved who they are, and
//! [`Factors::require`] asks for that. Secrets and credentials are sealed under the member's own key; of recovery codes only a
//! MAC under it is stored ([`codes`]).
//!
//! **How to ask for a fresh proof.** `factors.require(permit, Demand::Factor, within)` first thing in the use case; the
//! caller gets 403 `step-up-required` with what is needed, proves it at `/v1/auth/step-up`, and asks again.

mod challenge;
mod codes;
mod enrol;
mod proof;
mod security_key;
mod sign_in;
mod step_up;
mod totp;
mod webauthn;

use std::sync::Arc;

use domain::{FactorId, TenantId};
use vault::seal::{Kind, ObjectContext};

pub use challenge::Challenge;
pub(crate) use challenge::forget as forget_challenge;
pub use enrol::{Overview, RecoveryCodesView, SecurityKeyView, TotpEnrolment, TotpView};
pub use proof::Proof;
pub use security_key::Registration;
pub use sign_in::{MfaAnswer, SignIn};
pub use step_up::{Demand, Needs, StepUp, StepUpInput};
pub(crate) use webauthn::RelyingParty;
pub use webauthn::{Assertion, AssertionResponse, Attestation, AttestationResponse};

use crate::{AppError, auth::Parts};

/// Use cases of second factors.
#[derive(Clone)]
pub struct Factors {
    parts: Arc<Parts>,
}

impl Factors {
    pub(crate) const fn new(parts: Arc<Parts>) -> Self {
        Self { parts }
    }
}

/// A way to prove a second factor, named like the member of the request that carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// An authenticator app.
    Totp,
    /// A security key or passkey.
    Webauthn,
    /// A recovery code.
    RecoveryCode,
}

impl Method {
    /// The published name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Webauthn => "webauthn",
            Self::RecoveryCode => "recovery_code",
        }
    }

    /// The same as a word of an audit rule.
    pub(crate) const fn rule_word(self) -> &'static str {
        match self {
            Self::RecoveryCode => "recovery-code",
            other => other.as_str(),
        }
    }
}

/// A conflict with nothing to say about its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refusal {
    code: &'static str,
    detail: &'static str,
}

impl Refusal {
    pub(crate) fn error(self) -> AppError {
        AppError::Conflict { code: self.code, detail: self.detail.to_owned(), next: None }
    }
}

pub(crate) const NO_FACTOR: Refusal =
    Refusal { code: "no-factor", detail: "there is no second factor; the password is what proves this member" };

/// The context of a factor's sealed column; it is sealed under the member's person key and opens in its own row only.
const fn factor_context(column: u64, tenant: TenantId, factor: FactorId) -> ObjectContext {
    ObjectContext { kind: Kind::Metadata, tenant, object: factor.uuid(), number: column, generation: 1 }
}
