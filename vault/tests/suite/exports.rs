//! Exports open with their own key and with no other.

use domain::{ExportId, SeededEntropy};
use uuid::Uuid;
use vault::{
    OpenError,
    export::{ExportKey, NotAKey},
    seal::{Codec, HEADER_LEN, Layout, Opener},
};

use crate::{THREE_CHUNKS, key, pattern, tenant};

fn export(n: u128) -> ExportId {
    ExportId::from_uuid(Uuid::from_u128(0xe00 + n))
}

fn file(key: &ExportKey) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut sealer = key.sealer(tenant(1), &SeededEntropy::new(1), &mut bytes);
    for piece in pattern(THREE_CHUNKS).chunks(1_000) {
        sealer.push(piece, &mut bytes);
    }
    sealer.finish(&mut bytes);
    bytes
}

fn opener(key: &ExportKey, file: &[u8]) -> Result<Opener, OpenError> {
    key.opener(file.first_chunk::<HEADER_LEN>().expect("a header"))
}

#[test]
fn whoever_has_the_text_of_the_key_opens_the_file() {
    let key = ExportKey::derive(&key(1), export(1));
    let (file, text) = (file(&key), key.text());
    let read = ExportKey::parse(&format!(" {}\n", text.expose())).expect("reads");
    let (opener, layout) = (opener(&read, &file).expect("opens"), Layout::of_sealed(file.len() as u64).expect("whole"));
    assert_eq!(opener.codec(), Codec::Raw);
    let mut plaintext = Vec::new();
    for index in 0..layout.chunks() {
        let range = layout.chunk_range(index);
        let range = usize::try_from(range.start).expect("small")..usize::try_from(range.end).expect("small");
        plaintext.extend(opener.open_chunk(&layout, index, &file[range]).expect("opens"));
    }
    assert!(plaintext == pattern(THREE_CHUNKS));
}

#[test]
fn no_other_key_opens_it() {
    let mine = ExportKey::derive(&key(1), export(1));
    let file = file(&mine);
    assert_eq!(opener(&ExportKey::derive(&key(1), export(2)), &file).err(), Some(OpenError::Context), "another export");
    assert_eq!(
        opener(&ExportKey::derive(&key(2), export(1)), &file).err(),
        Some(OpenError::Commitment),
        "another session"
    );
    let mut moved = file;
    moved[12] ^= 1;
    assert_eq!(opener(&mine, &moved).err(), Some(OpenError::Commitment), "another tenant's name on it");
}

#[test]
fn what_is_no_key_is_said_to_be_none() {
    let text = ExportKey::derive(&key(1), export(1)).text().expose().clone();
    for bad in ["", "st_export_", &text.replace("export", "api"), &text[..text.len() - 1], &text.replacen('0', "1", 1)]
    {
        assert_eq!(ExportKey::parse(bad).err(), Some(NotAKey), "{bad}");
    }
}
