//! Who signs the audit log: reading and checking the section `[ledger]`.

use app::ledger::{NoWitness, OutsideWitness};
use serde::Deserialize;

use super::validate::Finding;

/// The audit log.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// Whether this process places leaves, signs heads and asks witnesses.
    pub sign: bool,
    /// Who is asked to sign the deployment's own log besides us, with commas between them.
    pub witnesses: String,
}

impl Ledger {
    pub(super) fn check(&self) -> Result<(), Finding> {
        let witnesses = self.witnesses().map_err(|error| ("ledger.witnesses", error.to_string()))?;
        let name = |at: usize| witnesses[at].key.name();
        // Two lines of one name could not be told apart.
        match (1..witnesses.len()).find(|&at| (0..at).any(|before| name(before) == name(at))) {
            Some(at) => Err(("ledger.witnesses", format!("names {} twice", name(at)))),
            None => Ok(()),
        }
    }

    /// Who is asked.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn witnesses(&self) -> Result<Vec<OutsideWitness>, NoWitness> {
        self.witnesses.split(',').map(str::trim).filter(|witness| !witness.is_empty()).map(str::parse).collect()
    }
}

#[cfg(test)]
mod tests {
    use ledger::note::Witness;

    use super::*;

    fn of(witnesses: &str) -> Ledger {
        Ledger { sign: true, witnesses: witnesses.to_owned() }
    }

    #[test]
    fn witnesses_are_a_key_and_an_address() {
        let key = |name: &str| Witness::new(name.parse().expect("a name"), [7; 32]).to_string();
        let (one, two) = (key("one.example/w"), key("two.example/w"));
        assert!(of("").witnesses().expect("none").is_empty());
        let both = of(&format!("{one} https://one.example/submit , {two} http://10.1.2.3:8080"));
        assert_eq!(both.witnesses().expect("two").len(), 2);
        both.check().expect("are two");
        let own = ledger::note::Verifier::new("one.example/w".parse().expect("a name"), [7; 32]);
        for bad in [
            one.clone(),
            format!("{one}https://one.example"),
            format!("{one} ftp://one.example"),
            format!("{one} https://user@one.example"),
            format!("{one} https://one.example/?a"),
            // A log's key and not a witness's: it signs something else.
            format!("{own} https://one.example"),
        ] {
            assert_eq!(of(&bad).check().expect_err(&bad).0, "ledger.witnesses");
        }
        let twice = of(&format!("{one} https://one.example, {one} https://two.example"));
        assert_eq!(twice.check().expect_err("one name").1, "names one.example/w twice");
    }
}
