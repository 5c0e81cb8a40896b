//! What a grant allows, and for what purpose.

use std::{fmt, str::FromStr};

use domain::UnknownName;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoEnumIterator as _};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ })+) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// The stored and published name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownName;
            fn from_str(s: &str) -> Result<Self, UnknownName> {
                Self::iter().find(|word| word.as_str() == s).ok_or(UnknownName)
            }
        }
    )+ };
}
pub(crate) use words;

words! {
    /// How a grant came to be.
    Kind {
        /// Asked for and approved.
        Request = "request",
        /// Taken, to be reviewed afterwards.
        BreakGlass = "break-glass",
    }

    /// What a reviewer made of a broken glass.
    ReviewOutcome {
        /// There was a reason.
        Justified = "justified",
        /// There was none.
        Unjustified = "unjustified",
    }

    /// What a grant lets its holder do with its sessions.
    Verb {
        /// Watch, with the masking that the holder's roles see.
        View = "view",
        /// Watch without view-time masking.
        ViewUnmasked = "view-unmasked",
        /// Take the sessions out of the system.
        Export = "export",
    }

    /// Why somebody asks: a code that can be counted. The story is free text, and sealed.
    Purpose {
        /// Reproducing and mending a failure.
        Debugging = "debugging",
        /// Helping the recorded person, who asked for it.
        Support = "support",
        /// Looking into an attack or abuse.
        SecurityIncident = "security-incident",
        /// Answering a data subject's request.
        DataRequest = "data-request",
        /// A claim, an authority's question, a court.
        Legal = "legal",
        /// Checking the quality of a release or a flow.
        Quality = "quality",
    }
}

impl Verb {
    /// Whether a grant of this verb suffices for `asked`. Exporting is apart: neither follows from the other.
    #[must_use]
    pub const fn covers(self, asked: Self) -> bool {
        matches!(
            (self, asked),
            (Self::View | Self::ViewUnmasked, Self::View)
                | (Self::ViewUnmasked, Self::ViewUnmasked)
                | (Self::Export, Self::Export)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_serialise_as_they_are_stored() {
        for verb in Verb::iter() {
            assert_eq!(verb.as_str().parse(), Ok(verb));
            assert_eq!(serde_json::to_value(verb).expect("serialises"), verb.as_str());
        }
        for kind in Kind::iter() {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        for purpose in Purpose::iter() {
            assert_eq!(purpose.as_str().parse(), Ok(purpose));
            assert_eq!(serde_json::to_value(purpose).expect("serialises"), purpose.as_str());
        }
        assert_eq!("View".parse::<Verb>(), Err(UnknownName));
    }

    #[test]
    fn only_unmasked_viewing_covers_more_than_itself() {
        let table: Vec<(Verb, Verb)> =
            Verb::iter().flat_map(|a| Verb::iter().filter(move |b| a.covers(*b)).map(move |b| (a, b))).collect();
        assert_eq!(
            table,
            [
                (Verb::View, Verb::View),
                (Verb::ViewUnmasked, Verb::View),
                (Verb::ViewUnmasked, Verb::ViewUnmasked),
                (Verb::Export, Verb::Export)
            ]
        );
    }
}
