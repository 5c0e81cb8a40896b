//! Removes what has no use any more.

use app::tidy::{Tidied, TidyTenant};
use policy::access::can;

use crate::{Job, JobCx, JobError, Outcome, Sweep};

impl Job for TidyTenant {
    type Report = Tidied;
    // The next hour adds it again.
    const ATTEMPTS: u32 = 3;

    async fn run(self, cx: &JobCx) -> Result<Outcome<Tidied>, JobError> {
        let permit = cx.permit::<can::Tidy>()?;
        Ok(Outcome::Report(cx.app().tidy().tenant(&permit).await?))
    }
}

impl Sweep for TidyTenant {
    // Sweeps are jobs of the deployment, and leave runs there.
    const DEPLOYMENT_TOO: bool = true;
}
