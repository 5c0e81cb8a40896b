//! The jobs, one file each: take the permit, call the use case, hand back its report.

mod api_key_remind;
mod audit_export;
mod grant_expire;
mod ledger_watch;
mod mail_send;
mod notice_digest;
mod notice_mail;
mod proposal_settle;
mod review_remind;
mod session_finish;
mod sweep;
mod tidy;
mod webhook_deliver;

use std::time::Duration;

use app::{
    api_keys::RemindKeys,
    finisher::FinishSessions,
    grants::{ExpireGrants, RemindReviews},
    ledger::MakeAuditExport,
    ledger::WatchLedger,
    mail::SendLetter,
    notices::{DigestNotices, MailNotices},
    proposals::SettleProposals,
    sinks::DeliverLog,
    tidy::TidyTenant,
};

pub(crate) use sweep::{SweepTenants, slot};

use crate::{Catalogue, Schedule};

/// Digests are written at seven, UTC: before most of Europe's working day.
const DIGEST_AT: Duration = Duration::from_secs(7 * 3_600);
/// How often grants and proposals are looked through. Every use looks at the clock by itself; this is when lists say so too.
const EXPIRE: Duration = Duration::from_secs(60);
/// How often reviews are looked for that somebody should be reminded of.
const REMIND: Duration = Duration::from_secs(900);
/// How often keys are looked for that end soon.
const REMIND_KEYS: Duration = Duration::from_secs(3_600);
/// How often it is looked how audit logs stand.
const WATCH: Duration = Duration::from_secs(60);
/// How often the audit log is handed on. With the time that it takes to be signed, an entry is outside within ten seconds.
const DELIVER: Duration = Duration::from_secs(4);
/// How often tenants are tidied.
const TIDY: Duration = Duration::from_secs(3_600);

/// Every job of Sealtape, and when those that go by the clock are due. Sessions are finished every `finisher`.
#[must_use]
pub fn standard(finisher: Duration) -> (Catalogue, Vec<Schedule>) {
    let catalogue = Catalogue::default()
        .with::<SweepTenants>()
        .with_sweep::<FinishSessions>()
        .with::<SendLetter>()
        .with::<MailNotices>()
        .with::<MakeAuditExport>()
        .with_sweep::<DigestNotices>()
        .with_sweep::<ExpireGrants>()
        .with_sweep::<SettleProposals>()
        .with_sweep::<RemindReviews>()
        .with_sweep::<RemindKeys>()
        .with_sweep::<WatchLedger>()
        .with_sweep::<DeliverLog>()
        .with_sweep::<TidyTenant>();
    let schedules = vec![
        Schedule::every::<FinishSessions>(finisher),
        Schedule::daily::<DigestNotices>(DIGEST_AT),
        Schedule::every::<ExpireGrants>(EXPIRE),
        Schedule::every::<SettleProposals>(EXPIRE),
        Schedule::every::<RemindReviews>(REMIND),
        Schedule::every::<RemindKeys>(REMIND_KEYS),
        Schedule::every::<DeliverLog>(DELIVER),
        Schedule::every::<TidyTenant>(TIDY),
        Schedule::every::<WatchLedger>(WATCH),
    ];
    (catalogue, schedules)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A schedule of something that is no sweep would add sweeps that do nothing.
    #[test]
    fn every_schedule_names_a_sweep() {
        let (catalogue, schedules) = standard(Duration::from_secs(4));
        for schedule in schedules {
            let entry = catalogue.get(schedule.of().as_str());
            assert!(entry.is_some_and(|entry| entry.spread.is_some()), "{schedule:?}");
        }
        for kind in catalogue.kinds() {
            assert!(kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{kind}");
        }
    }
}
