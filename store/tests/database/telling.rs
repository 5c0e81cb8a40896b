//! `differential.rs`, continued: background work, notices and mail.

use domain::{JobId, MailId, NoticeId, TenantId};
use store::{
    JobEnd, MailRow, MailState, NewJob, NoticeMail, NoticePreferenceRow, NoticeRow, Store, StoreError, TenantTx,
};

use crate::fixture::{at, member_id, person_key_id, uuid};
use crate::operations::Op;

const MAILS: [NoticeMail; 3] = [NoticeMail::Now, NoticeMail::Digest, NoticeMail::Off];

/// Claims one job, begins it, and ends it in one of five ways; the last is dying in between.
pub(crate) async fn work(store: &Store, tenant: TenantId, now: u64, end: u8) -> Result<String, StoreError> {
    let system = store.system("test").await?;
    let claim = system.job_claim(tenant, uuid(14, 0), at(now), at(now + 10), 2).await?;
    let Some(claim) = claim else { return Ok("nothing is due".to_owned()) };
    let kept = system.job_keep(uuid(14, 0), &[claim.id, JobId::from_uuid(uuid(13, 99))], at(now + 20)).await?;
    system.commit().await?;
    let tx = store.tenant(tenant).await?;
    let begun = tx.job_begin(claim.id, claim.attempt, at(now)).await?;
    let late = tx.job_begin(claim.id, claim.attempt, at(now)).await?;
    let end = match end {
        0 => Some(JobEnd::Done { report: "{}".to_owned(), quiet: now.is_multiple_of(2) }),
        1 => Some(JobEnd::Failed { reason: "refused/test".to_owned() }),
        2 => Some(JobEnd::Again { due: at(now + 5), reason: Some("retry/test".to_owned()) }),
        3 => Some(JobEnd::Again { due: at(now), reason: None }),
        _ => None,
    };
    let mut ended = None;
    if let Some(end) = end {
        let stale = tx.job_end(claim.id, claim.attempt + 1, &end, at(now)).await?;
        ended = Some((stale, tx.job_end(claim.id, claim.attempt, &end, at(now)).await?));
    }
    let found = tx.job_run_find(claim.id).await?;
    tx.commit().await?;
    Ok(format!("{claim:?} {kept:?} {begun:?} {late:?} {ended:?} {found:?}"))
}

pub(crate) async fn step(tx: &TenantTx, op: &Op) -> Result<String, StoreError> {
    match op {
        Op::Notice { .. } | Op::Preference { .. } => notices(tx, op).await,
        Op::Letter { .. } => letters(tx, op).await,
        _ => jobs(tx, op).await,
    }
}

async fn jobs(tx: &TenantTx, op: &Op) -> Result<String, StoreError> {
    Ok(match op {
        Op::Job { i, slot, due, payload } => {
            let slot = match slot {
                0 => None,
                1 => Some(NewJob::while_unfinished()),
                _ => Some(format!("once/{i}")),
            };
            let job = NewJob {
                id: JobId::from_uuid(uuid(13, i * 100 + due)),
                kind: "test",
                slot,
                payload: payload.clone(),
                created_at: at(0),
                due_at: at(*due),
            };
            let added = tx.job_insert(job).await?;
            format!("{added} {:?}", tx.job_run_list(None, Some(JobId::from_uuid(uuid(13, 250))), 4).await?)
        }
        Op::Tidy { now } => {
            let logins = tx.login_untidied(at(*now), 5).await?;
            let mut forgotten = 0;
            for login in &logins {
                tx.login_tidied(*login, at(*now)).await?;
                forgotten += tx.credential_forget("refresh", login.uuid()).await?;
            }
            forgotten += tx.credential_forget("agent-key", uuid(3, *now)).await?;
            let jobs = tx.job_run_prune(at(*now), at(now / 2), 3).await?;
            let notices = tx.notice_prune(at(*now), at(now / 2), 3).await?;
            let mails = tx.mail_prune(at(*now), at(now / 2), 3).await?;
            format!("{logins:?} {forgotten} {jobs} {notices} {mails}")
        }
        other => unreachable!("{other:?}"),
    })
}

async fn notices(tx: &TenantTx, op: &Op) -> Result<String, StoreError> {
    let tenant = tx.tenant();
    Ok(match op {
        Op::Notice { i, member, mail, inbox, mark, now } => {
            let id = NoticeId::from_uuid(uuid(15, *i));
            let row = NoticeRow {
                tenant_id: tenant,
                id,
                member_id: member_id(*member),
                kind: "test".to_owned(),
                about_kind: inbox.then(|| "session".to_owned()),
                about_id: inbox.then(|| "7".to_owned()),
                inbox: *inbox,
                mail: MAILS[usize::from(*mail)],
                created_at: at(*now),
                read_at: None,
                mailed_at: None,
            };
            let marked = match mark {
                0 => {
                    tx.notice_insert(vec![row]).await?;
                    0
                }
                1 => tx.notice_read(member_id(*member), None, at(*now)).await?,
                2 => tx.notice_read(member_id(*member), Some(&[id]), at(*now)).await?,
                _ => u64::from(tx.notice_mailed(id, at(*now)).await?),
            };
            format!(
                "{marked} {} {:?} {:?} {:?}",
                tx.notice_unread(member_id(*member)).await?,
                tx.notice_list(member_id(*member), *inbox, Some(NoticeId::from_uuid(uuid(15, 4))), 3).await?,
                tx.notice_unmailed(NoticeMail::Now, 2).await?,
                tx.notice_unmailed(NoticeMail::Digest, 2).await?,
            )
        }
        Op::Preference { member, kind, inbox, mail, now } => {
            let row = NoticePreferenceRow {
                tenant_id: tenant,
                member_id: member_id(*member),
                kind: kind.clone(),
                inbox: *inbox,
                mail: MAILS[usize::from(*mail)],
                changed_at: at(*now),
            };
            tx.notice_preference_put(row).await?;
            tx.member_language_put(member_id(*member), if *inbox { "en" } else { "de" }, at(*now)).await?;
            let mut kept: Vec<String> = tx
                .notice_preference_list(Some(member_id(*member)), None)
                .await?
                .iter()
                .map(|r| format!("{r:?}"))
                .collect();
            kept.sort();
            format!("{kept:?} {:?}", tx.member_language(member_id(*member)).await?)
        }
        other => unreachable!("{other:?}"),
    })
}

async fn letters(tx: &TenantTx, op: &Op) -> Result<String, StoreError> {
    let tenant = tx.tenant();
    Ok(match op {
        Op::Letter { i, to_member, settle, now } => {
            let id = MailId::from_uuid(uuid(16, *i));
            if tx.mail_find(id).await?.is_none() {
                tx.mail_insert(MailRow {
                    tenant_id: tenant,
                    id,
                    kind: "test".to_owned(),
                    notice_kind: None,
                    member_id: to_member.then(|| member_id(0)),
                    person_key_id: (!to_member).then(|| person_key_id(0)),
                    sealed: (!to_member).then(|| vec![1, 2]),
                    state: MailState::Queued,
                    reason: None,
                    created_at: at(*now),
                    settled_at: None,
                })
                .await?;
            }
            let to = [MailState::Kept, MailState::Sent, MailState::Failed].get(usize::from(*settle)).copied();
            let settled = match to {
                Some(to) => tx.mail_settle(id, to, Some("test"), at(*now)).await?,
                None => false,
            };
            let outbox = tx.mail_outbox(Some(MailId::from_uuid(uuid(16, 2))), 3).await?;
            format!("{settled} {:?} {outbox:?}", tx.mail_find(id).await?)
        }
        other => unreachable!("{other:?}"),
    })
}
