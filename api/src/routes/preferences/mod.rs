//! One's own preferences.

pub(crate) mod change;
pub(crate) mod view;

use app::{
    notices::{Delivery, NoticeMail, Preferences},
    settings::Locale,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What I chose, and what holds where I did not.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreferencesView {
    /// The language of letters to me.
    language: LanguageName,
    /// Every kind of notice.
    notices: Vec<NoticePreference>,
}

/// One kind of notice.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticePreference {
    #[schema(example = "access-requested")]
    kind: &'static str,
    /// Whether the inbox shows it.
    inbox: bool,
    /// Whether and when it is mailed.
    mail: MailChoice,
    /// Whether the inbox shows it whatever I choose, because it warns of somebody else's hand.
    mandatory: bool,
    /// What holds for my roles while I choose nothing.
    default: DeliveryView,
}

/// How somebody is told.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryView {
    inbox: bool,
    mail: MailChoice,
}

/// Whether and when a notice is mailed.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum MailChoice {
    /// At once.
    Now,
    /// Once a day, with others, and only what is still unread then.
    Digest,
    /// Never.
    Off,
}

/// A language, by its code.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LanguageName {
    /// English.
    En,
    /// German.
    De,
}

impl From<NoticeMail> for MailChoice {
    fn from(mail: NoticeMail) -> Self {
        match mail {
            NoticeMail::Now => Self::Now,
            NoticeMail::Digest => Self::Digest,
            NoticeMail::Off => Self::Off,
        }
    }
}

impl From<MailChoice> for NoticeMail {
    fn from(choice: MailChoice) -> Self {
        match choice {
            MailChoice::Now => Self::Now,
            MailChoice::Digest => Self::Digest,
            MailChoice::Off => Self::Off,
        }
    }
}

impl From<Locale> for LanguageName {
    fn from(locale: Locale) -> Self {
        match locale {
            Locale::En => Self::En,
            Locale::De => Self::De,
        }
    }
}

impl From<LanguageName> for Locale {
    fn from(name: LanguageName) -> Self {
        match name {
            LanguageName::En => Self::En,
            LanguageName::De => Self::De,
        }
    }
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        Self { inbox: delivery.inbox, mail: delivery.mail.into() }
    }
}

impl From<Preferences> for PreferencesView {
    fn from(preferences: Preferences) -> Self {
        let notices = preferences.notices.into_iter().map(|preference| NoticePreference {
            kind: preference.kind.as_str(),
            inbox: preference.delivery.inbox,
            mail: preference.delivery.mail.into(),
            mandatory: preference.kind.is_mandatory(),
            default: preference.default.into(),
        });
        Self { language: preferences.language.into(), notices: notices.collect() }
    }
}
