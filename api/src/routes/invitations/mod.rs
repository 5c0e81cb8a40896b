//! Invitations to become a member.

pub(crate) mod accept;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod look;
pub(crate) mod resend;
pub(crate) mod withdraw;

use domain::{InvitationId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// An invitation with its link, which is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitationLink {
    #[schema(value_type = Uuid)]
    id: InvitationId,
    /// Hand it to the invited person. Whoever holds it can become the member.
    #[schema(example = "https://sealtape.example.com/invitation#…")]
    link: String,
    /// When it ends; the invitation can be sent again.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl From<&app::members::InvitationLink> for InvitationLink {
    fn from(invitation: &app::members::InvitationLink) -> Self {
        Self { id: invitation.id, link: invitation.url.expose().clone(), expires_at: invitation.expires_at }
    }
}
