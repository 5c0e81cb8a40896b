//! What a leaf commits to of the parts beside it: all of them, in their order, under whose key; and each can go on its own.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{PersonKeyId, SeededEntropy, Timestamp};
use ledger::{Commitment, Detail, Part, Parts};
use proptest::{collection::vec, prelude::*};

use crate::cases;

/// One part: its plaintext, and what the leaf knows of it.
#[derive(Debug, Clone)]
struct Told {
    detail: Detail,
    part: Part,
}

fn key(seed: u64) -> PersonKeyId {
    PersonKeyId::mint(Timestamp::from_millis(1_790_000_000_000), &SeededEntropy::new(seed))
}

fn told() -> impl Strategy<Value = Told> {
    (any::<u64>(), 0..u64::MAX, vec(any::<u8>(), 0..200)).prop_map(|(seed, owner, text)| {
        let detail = Detail::new(&text, &SeededEntropy::new(seed));
        let part = Part { key: key(owner), commitment: detail.commitment() };
        Told { detail, part }
    })
}

fn of(actor: Option<&Told>, subject: Option<&Told>) -> Parts {
    Parts { actor: actor.map(|told| told.part), subject: subject.map(|told| told.part) }
}

/// The same part with one bit of its plaintext or its salt turned.
fn turned(told: &Told, bit: usize) -> Part {
    let mut salted = told.detail.to_seal().to_vec();
    let bit = bit % (salted.len() * 8);
    salted[bit / 8] ^= 1 << (bit % 8);
    Part { commitment: Detail::from_opened(salted).expect("as long as before").commitment(), ..told.part }
}

proptest! {
    #![proptest_config(cases(64))]

    /// What leaves committed to before there were two parts: the same bytes.
    #[test]
    fn a_lone_part_of_the_actor_stands_for_itself(actor in told()) {
        prop_assert_eq!(of(Some(&actor), None).commitment(), Some(actor.detail.commitment()));
    }

    /// One part is gone: its commitment is left, and the other part still is what the leaf says.
    #[test]
    fn either_part_is_checked_without_the_other(actor in told(), subject in told()) {
        let leaf = of(Some(&actor), Some(&subject)).commitment();
        for (left, erased) in [(&actor, subject.part), (&subject, actor.part)] {
            let opened = Detail::from_opened(left.detail.to_seal().to_vec()).expect("was sealed");
            let part = Part { key: left.part.key, commitment: opened.commitment() };
            let checked = if left.part == actor.part { (part, erased) } else { (erased, part) };
            let checked = Parts { actor: Some(checked.0), subject: Some(checked.1) };
            prop_assert_eq!(checked.commitment(), leaf);
        }
    }

    #[test]
    fn no_bit_of_a_part_can_be_turned(actor in told(), subject in told(), bit in any::<usize>()) {
        for parts in [of(Some(&actor), Some(&subject)), of(None, Some(&subject)), of(Some(&actor), None)] {
            let leaf = parts.commitment();
            if parts.actor.is_some() {
                prop_assert_ne!(Parts { actor: Some(turned(&actor, bit)), ..parts }.commitment(), leaf);
            }
            if parts.subject.is_some() {
                prop_assert_ne!(Parts { subject: Some(turned(&subject, bit)), ..parts }.commitment(), leaf);
            }
        }
    }

    /// Otherwise whoever writes to the database could say of a part that it is somebody's whose key is destroyed.
    #[test]
    fn whose_key_seals_a_part_cannot_be_changed(actor in told(), subject in told(), another in told()) {
        prop_assume!(another.part.key != actor.part.key && another.part.key != subject.part.key);
        let parts = of(Some(&actor), Some(&subject));
        let to_another = |part: Part| Some(Part { key: another.part.key, ..part });
        prop_assert_ne!(Parts { actor: to_another(actor.part), ..parts }.commitment(), parts.commitment());
        prop_assert_ne!(Parts { subject: to_another(subject.part), ..parts }.commitment(), parts.commitment());
    }

    #[test]
    fn parts_cannot_be_swapped_moved_or_left_out(actor in told(), subject in told()) {
        prop_assume!(actor.part != subject.part);
        let all = [
            of(None, None),
            of(Some(&actor), None),
            of(Some(&subject), None),
            of(None, Some(&actor)),
            of(None, Some(&subject)),
            of(Some(&actor), Some(&subject)),
            of(Some(&subject), Some(&actor)),
        ];
        for (n, one) in all.iter().enumerate() {
            for other in &all[n + 1..] {
                prop_assert_ne!(one.commitment(), other.commitment());
            }
        }
    }

    /// Nothing sealed as a lone part can pass for two: it would have to begin with the tag, and end as hashes do.
    #[test]
    fn what_two_parts_are_joined_to_is_no_lone_part(actor in told(), subject in told()) {
        let mut joined = b"sealtape/audit-detail-parts/v1\0\0".to_vec();
        for (about, told) in [(1, &actor), (2, &subject)] {
            joined.push(about);
            joined.extend(told.part.key.uuid().as_bytes());
            joined.extend(URL_SAFE_NO_PAD.decode(told.part.commitment.to_text()).expect("as it stands in a leaf"));
        }
        let read = Detail::from_opened(joined).expect("longer than a salt");
        // The bytes are the documented ones; read as a lone part they are no JSON, and no part is anything else.
        prop_assert_eq!(of(Some(&actor), Some(&subject)).commitment(), Some(read.commitment()));
        prop_assert!(serde_json::from_slice::<serde_json::Value>(read.detail()).is_err());
        prop_assert_eq!(Commitment::from_text(&read.commitment().to_text()), Some(read.commitment()));
    }
}
