//! Recovery codes: sixteen characters of Crockford's alphabet, in fours. 80 random bits cannot be guessed, and only their
//! MAC under the member's own key is stored: who has the database cannot even try one.

use domain::{Entropy, MemberId, Secret, TenantId};
use unicode_normalization::UnicodeNormalization as _;
use vault::{Key32, chain::RowKey};

/// Codes of one set.
pub(super) const SET: u16 = 10;
/// Characters of one code; each carries five bits.
const CHARACTERS: usize = 16;
/// No I, L, O and U: nobody has to ask which of two look-alikes is meant.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A fresh code, as it is shown once.
pub(super) fn mint(entropy: &dyn Entropy) -> Secret<String> {
    let mut random = [0_u8; CHARACTERS];
    entropy.fill(&mut random);
    let mut code = String::with_capacity(CHARACTERS + 3);
    for (place, byte) in random.iter().enumerate() {
        if place > 0 && place % 4 == 0 {
            code.push('-');
        }
        // 256 is a multiple of 32: every character is equally likely.
        code.push(char::from(ALPHABET[usize::from(byte % 32)]));
    }
    Secret::new(code)
}

/// What is stored of a code; none when the text cannot be one.
pub(super) fn hash(person: &Key32, tenant: TenantId, member: MemberId, typed: &str) -> Option<[u8; 32]> {
    let code = normal(typed)?;
    let mut named = b"sealtape/recovery-code/v1".to_vec();
    named.extend_from_slice(&tenant.bytes());
    named.extend_from_slice(&member.bytes());
    named.extend_from_slice(code.expose().as_bytes());
    Some(RowKey::derive(person).body_mac(&vault::chain::sha256(&named)))
}

/// The sixteen characters of what somebody typed: full-width ones, lower case, spaces, hyphens and look-alikes put right.
fn normal(typed: &str) -> Option<Secret<String>> {
    let mut code = String::with_capacity(CHARACTERS);
    for character in typed.nfkc().take(4 * CHARACTERS) {
        if character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}' | '_') {
            continue;
        }
        let upper = character.to_ascii_uppercase();
        let read = match upper {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if !u8::try_from(read).is_ok_and(|byte| ALPHABET.contains(&byte)) {
            return None;
        }
        code.push(read);
    }
    (code.len() == CHARACTERS).then(|| Secret::new(code))
}

#[cfg(test)]
mod tests {
    use domain::SeededEntropy;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn of(key: u8, member: u128, typed: &str) -> Option<[u8; 32]> {
        let (tenant, member) = (TenantId::from_uuid(Uuid::nil()), MemberId::from_uuid(Uuid::from_u128(member)));
        hash(&Key32::from_bytes([key; 32]), tenant, member, typed)
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let right = of(1, 1, "0123-4567-89AB-CDEF").expect("is a code");
        for typed in [
            "0123456789ABCDEF",
            " 0123 4567 89ab cdef\n",
            "O123-4567-89AB-CDEF",
            "oi23-4567-89ab-cdef",
            "o-L-2-3-4-5-6-7-8-9-a-b-c-d-e-f",
            "\u{ff10}\u{ff11}\u{ff12}\u{ff13}\u{3000}4567 89AB CDEF",
            "0123\u{2011}4567\u{2013}89AB\u{2014}CDEF",
        ] {
            assert_eq!(of(1, 1, typed), Some(right), "{typed:?}");
        }
        for typed in ["", "0123-4567-89AB-CDE", "0123-4567-89AB-CDEF-0", "0123-4567-89AB-CDEU", "0123-4567-89AB-CDEé"]
        {
            assert_eq!(of(1, 1, typed), None, "{typed:?}");
        }
        assert_eq!(of(1, 1, &"-".repeat(10_000)), None, "no more is read than a code could be long");
        assert_ne!(of(2, 1, "0123456789ABCDEF"), Some(right), "another person's key");
        assert_ne!(of(1, 2, "0123456789ABCDEF"), Some(right), "another member");
    }

    proptest! {
        #[test]
        fn every_minted_code_is_read_back_and_no_two_are_alike(seed: u64) {
            let entropy = SeededEntropy::new(seed);
            let (one, two) = (mint(&entropy), mint(&entropy));
            prop_assert_eq!(one.expose().len(), 19);
            prop_assert!(of(1, 1, one.expose()).is_some());
            prop_assert_eq!(of(1, 1, one.expose()), of(1, 1, &one.expose().to_lowercase().replace('-', " ")));
            prop_assert_ne!(of(1, 1, one.expose()), of(1, 1, two.expose()));
        }
    }
}
