//! What a stream under a grant asks before every segment: whether the grant still holds.

use std::{io, sync::Arc, time::Duration};

use domain::{MemberId, SessionId, TenantId};
use store::SessionRow;
use tokio::time::{Instant, timeout};

use super::{Parts, access::By};
use crate::{
    AppError,
    grants::in_force::{self, InForce},
};

/// Segments that follow each other faster than this share an answer.
const SHARED: Duration = Duration::from_millis(500);
/// An answer that takes longer is a no.
const PATIENCE: Duration = Duration::from_secs(2);

/// The grant that a stream stands on.
pub(super) struct Guard {
    parts: Arc<Parts>,
    tenant: TenantId,
    member: MemberId,
    session: SessionId,
    grant: InForce,
    asked: Instant,
}

impl Guard {
    /// A guard for a stream that a grant opened; roles are asked for by whoever holds the caller.
    pub(super) fn new(parts: &Arc<Parts>, member: MemberId, row: &SessionRow, by: By) -> Option<Self> {
        let By::Grant(grant) = by else { return None };
        let parts = Arc::clone(parts);
        Some(Self { parts, tenant: row.tenant_id, member, session: row.id, grant, asked: Instant::now() })
    }

    /// # Errors
    /// When the grant holds no more, or nobody can say.
    pub(super) async fn check(&mut self) -> io::Result<()> {
        if self.asked.elapsed() < SHARED {
            return Ok(());
        }
        self.asked = Instant::now();
        match timeout(PATIENCE, self.holds()).await {
            Ok(Ok(true)) => Ok(()),
            _ => Err(io::Error::new(io::ErrorKind::PermissionDenied, "the grant holds no more")),
        }
    }

    async fn holds(&self) -> Result<bool, AppError> {
        let Parts { store, authorizer, clock, .. } = &*self.parts;
        let read = store.tenant_read(self.tenant).await?;
        let Some(row) = read.session_find(self.session).await? else { return Ok(false) };
        in_force::holds(&read, authorizer, self.grant, self.member, &row, clock.now()).await
    }
}
