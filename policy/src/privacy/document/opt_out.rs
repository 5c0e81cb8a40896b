//! `optOut`: how people stay out of recordings.

use super::super::{
    FindingCode, Findings, Pointer,
    gate::Country,
    macros::section,
    orders::{Required, Union, ordered},
};

ordered! {
    /// What a browser's own signal does.
    pub enum Signal {
        /// Nothing.
        Ignore = "ignore",
        /// All text and input is masked.
        MaskAll = "mask-all",
        /// Nothing is recorded.
        NoRecord = "no-record",
    }
}

ordered! {
    /// Who is asked before anything is recorded.
    pub enum Consent {
        /// Nobody.
        NotAsked = "not-asked",
        /// Visitors from the countries of `consentIn`, and those from nobody knows where.
        ByRegion = "by-region",
        /// Everybody.
        Always = "always",
    }
}

section! {
    /// How people stay out.
    OptOut, FullOptOut {
        /// Global Privacy Control.
        "gpc" => gpc: Signal,
        /// Do Not Track.
        "dnt" => dnt: Signal,
        /// Whether the page's consent hook must have said yes.
        "consent" => consent: Consent,
        /// Countries whose visitors are asked under `consent: by-region`.
        "consentIn" => consent_in: Union<Country>,
        /// Whether the page offers each person a switch of their own.
        "ownSwitch" => own_switch: Required,
        /// Whether the list of people who are not to be recorded is obeyed. The floor says so.
        "doNotRecordList" => do_not_record_list: Required,
    }
}

impl OptOut {
    pub(super) fn check(&self, at: &Pointer, findings: &mut Findings) {
        if self.consent == Some(Consent::ByRegion) && self.consent_in.as_ref().is_none_or(|list| list.0.is_empty()) {
            let what = "`consent: by-region` needs the countries in which people are asked";
            let mend = "list them in `consentIn`, or write `always`";
            findings.say(&at.member("consent"), FindingCode::Contradiction, what, mend);
        }
    }
}
