//! Laws that hold for every input.

use domain::SeededEntropy;
use proptest::prelude::*;
use vault::{
    Key32, OpenError,
    manifest::Manifest,
    seal::{Codec, HEADER_LEN, Layout, Opener, Sealer, open, seal, sealed_len},
    wrap::{self, OVERHEAD, WrapContext, WrapKind},
};

use crate::{key, pattern, segment, session, tenant};

fn sealed(plaintext: &[u8], seed: u64) -> Vec<u8> {
    seal(&key(1), &segment(), Codec::Zstd, plaintext, &SeededEntropy::new(seed))
}

#[test]
fn sizes_around_a_chunk_round_trip() {
    for (len, chunks) in [(0, 1), (1, 1), (16_383, 1), (16_384, 2), (16_385, 2), (32_768, 3), (100_000, 7)] {
        let plaintext = pattern(len);
        let sealed = sealed(&plaintext, 1);
        assert_eq!(sealed.len() as u64, sealed_len(len as u64), "{len}");
        let opened = open(&key(1), &segment(), &sealed).expect("opens");
        assert!(opened.plaintext == plaintext && opened.codec == Codec::Zstd, "{len}");
        let layout = Layout::of_sealed(sealed.len() as u64).expect("a length we made");
        assert_eq!((layout.chunks(), layout.plaintext_len()), (chunks, len as u64), "{len}");
    }
}

#[test]
fn a_length_at_a_chunk_boundary_is_a_truncation() {
    for chunks in 0..4 {
        let boundary = HEADER_LEN as u64 + chunks * 16_400;
        for len in boundary..boundary + 16 {
            assert_eq!(Layout::of_sealed(len), Err(OpenError::Truncated), "{len}");
        }
        assert!(Layout::of_sealed(boundary + 16).is_ok());
    }
    assert!(Layout::of_sealed(u64::MAX).is_ok_and(|layout| layout.chunk_range(u64::MAX).is_empty()));
}

proptest! {
    #![proptest_config(crate::cases(64))]

    #[test]
    fn what_is_sealed_opens(len in 0_usize..50_000, seed: u64) {
        let plaintext = pattern(len);
        let opened = open(&key(1), &segment(), &sealed(&plaintext, seed)).expect("opens");
        prop_assert!(opened.plaintext == plaintext);
    }

    /// However the plaintext comes, the object is the one that it makes as a whole.
    #[test]
    fn sealing_while_it_comes_is_sealing_it_whole(pieces in prop::collection::vec(0_usize..40_000, 0..6), seed: u64) {
        let plaintext = pattern(pieces.iter().sum());
        let (mut streamed, mut rest) = (Vec::new(), plaintext.as_slice());
        let entropy = SeededEntropy::new(seed);
        let mut sealer = Sealer::new(&key(1), &segment(), Codec::Zstd, &entropy, &mut streamed);
        for len in pieces {
            let (now, later) = rest.split_at(len);
            sealer.push(now, &mut streamed);
            rest = later;
        }
        prop_assert!(open(&key(1), &segment(), &streamed).is_err(), "not before it is finished");
        sealer.finish(&mut streamed);
        prop_assert!(streamed == sealed(&plaintext, seed));
    }

    #[test]
    fn one_flipped_bit_is_an_error(len in 0_usize..40_000, at: prop::sample::Index, bit in 0..8_u32) {
        let mut sealed = sealed(&pattern(len), 1);
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        prop_assert!(open(&key(1), &segment(), &sealed).is_err());
    }

    #[test]
    fn any_range_reads_like_the_whole(len in 1_usize..60_000, from: prop::sample::Index) {
        let plaintext = pattern(len);
        let sealed = sealed(&plaintext, 1);
        let offset = from.index(len);
        let layout = Layout::of_sealed(sealed.len() as u64).expect("a length we made");
        let opener = Opener::new(&key(1), &segment(), sealed.first_chunk().expect("a header")).expect("ours");
        let (chunk, inside) = layout.locate(offset as u64);
        let range = layout.chunk_range(chunk);
        let bytes = &sealed[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()];
        let opened = opener.open_chunk(&layout, chunk, bytes).expect("opens");
        let inside = usize::try_from(inside).unwrap();
        prop_assert_eq!(&opened[inside..], &plaintext[offset..offset + opened.len() - inside]);
        prop_assert!(opener.open_chunk(&layout, chunk + 1, bytes).is_err(), "at another place");
    }

    #[test]
    fn opening_anything_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..40_000)) {
        prop_assert!(open(&key(1), &segment(), &bytes).is_err());
        prop_assert!(wrap::unwrap(&key(1), &wrap_context(), &bytes).is_err());
        prop_assert!(Manifest::from_canonical(&bytes).is_err());
    }

    #[test]
    fn a_good_beginning_with_any_end_never_panics(
        keep in 0_usize..300, rest in prop::collection::vec(any::<u8>(), 1..20_000),
    ) {
        let mut bytes = sealed(&pattern(100), 1);
        bytes.truncate(keep);
        bytes.extend(rest);
        prop_assert!(open(&key(1), &segment(), &bytes).is_err());
    }

    #[test]
    fn secrets_of_any_length_wrap(secret in prop::collection::vec(any::<u8>(), 0..200), seed: u64) {
        let wrapped = wrap::wrap_bytes(&key(1), &wrap_context(), &secret, &SeededEntropy::new(seed));
        prop_assert_eq!(wrapped.len(), secret.len() + OVERHEAD);
        let opened = wrap::unwrap_bytes(&key(1), &wrap_context(), &wrapped).expect("opens");
        prop_assert_eq!(&*opened, &secret);
        prop_assert_eq!(wrap::unwrap(&key(1), &wrap_context(), &wrapped).is_ok(), secret.len() == 32);
    }

    #[test]
    fn one_flipped_bit_in_a_wrapped_key_is_an_error(at in 0..72_usize, bit in 0..8_u32) {
        let mut wrapped = wrap::wrap(&key(1), &wrap_context(), &key(9), &SeededEntropy::new(1));
        prop_assert_eq!(wrapped.len(), 72);
        wrapped[at] ^= 1 << bit;
        prop_assert_eq!(wrap::unwrap(&key(1), &wrap_context(), &wrapped).err(), Some(OpenError::Unwrap));
    }
}

fn wrap_context() -> WrapContext {
    WrapContext { tenant: tenant(1), kind: WrapKind::Session, object: session(1).uuid(), generation: 1, kek_version: 1 }
}

#[test]
fn a_fresh_key_is_not_zero() {
    assert!(!Key32::generate(&domain::SystemEntropy).same_as(&key(0)));
}
