//! How a member wants to be told.

use ledger::Object;
use policy::access::{Permit, can};
use store::{NoticePreferenceRow, TenantRead};

use super::{Delivery, NoticeKind, Notices};
use crate::{AppError, auth::member_of, settings::Locale};

/// One kind's setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preference {
    /// Of which kind.
    pub kind: NoticeKind,
    /// What is in force.
    pub delivery: Delivery,
    /// What is in force while nothing is chosen.
    pub default: Delivery,
}

/// Everything that a member can choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// The language of letters.
    pub language: Locale,
    /// Every kind.
    pub notices: Vec<Preference>,
}

/// What a member chooses now; the rest stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PreferenceChange {
    /// The language of letters.
    pub language: Option<Locale>,
    /// Kinds, by the names they were sent with.
    pub notices: Vec<(String, Delivery)>,
}

impl Notices {
    /// The caller's own preferences.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn preferences(&self, permit: &Permit<can::MeRead>) -> Result<Preferences, AppError> {
        let read = self.store().tenant_read(permit.tenant()).await?;
        self.preferences_of(&read, member_of(permit.actor())?).await
    }

    /// Changes the caller's own preferences and answers with all of them.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a kind that is none or twice, and for switching off what cannot be.
    pub async fn change_preferences(
        &self,
        permit: &Permit<can::MeManage>,
        change: PreferenceChange,
    ) -> Result<Preferences, AppError> {
        let (tenant, member, now) = (permit.tenant(), member_of(permit.actor())?, self.now());
        let chosen = checked(change.notices)?;
        let tx = self.store().tenant(tenant).await?;
        let before = self.preferences_of(&tx, member).await?;
        for (kind, Delivery { inbox, mail }) in chosen {
            let kind = kind.as_str().to_owned();
            let row = NoticePreferenceRow { tenant_id: tenant, member_id: member, kind, inbox, mail, changed_at: now };
            tx.notice_preference_put(row).await?;
        }
        if let Some(language) = change.language {
            tx.member_language_put(member, language.as_str(), now).await?;
        }
        let after = self.preferences_of(&tx, member).await?;
        if after != before {
            self.audit().allowed(&tx, permit, "preference.change", Object::Member(member)).await?;
        }
        tx.commit().await?;
        Ok(after)
    }

    async fn preferences_of(&self, read: &TenantRead, member: domain::MemberId) -> Result<Preferences, AppError> {
        let roles = self.authorizer.roles(read, member).await?;
        let chosen = read.notice_preference_list(Some(member), None).await?;
        let notices = NoticeKind::ALL.iter().map(|kind| {
            let default = kind.default_for(roles);
            let chosen = chosen.iter().find(|row| row.kind == kind.as_str());
            let mut delivery = chosen.map_or(default, |row| Delivery { inbox: row.inbox, mail: row.mail });
            delivery.inbox |= kind.is_mandatory();
            Preference { kind: *kind, delivery, default }
        });
        Ok(Preferences { language: self.post.locale_for(read, Some(member)).await?, notices: notices.collect() })
    }
}

fn checked(chosen: Vec<(String, Delivery)>) -> Result<Vec<(NoticeKind, Delivery)>, AppError> {
    let mut kinds: Vec<(NoticeKind, Delivery)> = Vec::with_capacity(chosen.len().min(NoticeKind::ALL.len()));
    for (index, (name, delivery)) in chosen.into_iter().enumerate() {
        let pointer = format!("/notices/{index}");
        let kind = NoticeKind::from_name(&name)
            .ok_or_else(|| AppError::invalid(&format!("{pointer}/kind"), "is no kind of notice"))?;
        if kinds.iter().any(|(known, _)| *known == kind) {
            return Err(AppError::invalid(&format!("{pointer}/kind"), "is there twice"));
        }
        if kind.is_mandatory() && !delivery.inbox {
            let reason = "must stay on: this kind warns of somebody else's hand";
            return Err(AppError::invalid(&format!("{pointer}/inbox"), reason));
        }
        kinds.push((kind, delivery));
    }
    Ok(kinds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notices::NoticeMail;

    #[test]
    fn what_warns_of_another_hand_cannot_be_switched_off() {
        let off = Delivery { inbox: false, mail: NoticeMail::Off };
        let one = |name: &str| checked(vec![(name.to_owned(), off)]);
        assert!(one("grant-expired").is_ok());
        for name in ["password-changed", "break-glass-used", "solo-delay-started", "no-such", ""] {
            assert!(matches!(one(name), Err(AppError::Invalid { .. })), "{name}");
        }
        let twice = vec![("grant-expired".to_owned(), off), ("grant-expired".to_owned(), off)];
        assert!(matches!(checked(twice), Err(AppError::Invalid { .. })));
    }
}
