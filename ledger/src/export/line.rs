//! The lines of a `log` export: NDJSON, one object with one member a line.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::{FORMAT, Filter};
use crate::tree::{Hash, Tile};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// The first: which log, how far, what of it.
    Log(Head),
    /// The hashes kept for the entries that follow; before the first of each [`Tile::WIDTH`] entries of an export of everything.
    Tile(TileLine),
    /// An entry.
    Entry(EntryLine),
    /// The last: the checkpoint of the first line again. A file that was cut has none.
    Checkpoint(String),
}

/// What the file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// [`FORMAT`].
    pub format: String,
    /// The log's name.
    pub origin: String,
    /// Entries of the log up to the checkpoint.
    pub size: u64,
    /// What was asked for; null for everything.
    pub filter: Option<Filter>,
    /// The signed note of the checkpoint.
    pub checkpoint: String,
}

/// Hashes of entries, as the log keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TileLine {
    /// Number of the tile: its first entry's place, divided by [`Tile::WIDTH`].
    pub number: u64,
    /// The hashes, one after the other, in base64.
    hashes: String,
    /// The hash that the log keeps for all of them together, once there are [`Tile::WIDTH`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub above: Option<Hash>,
}

/// An entry in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryLine {
    /// Its place.
    pub index: u64,
    /// Its exact bytes, as the text that they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<String>,
    /// Its exact bytes in base64, when they are no ASCII text; then they were never written by us.
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
    /// With a filter: the hashes from the entry's sibling up to the checkpoint's root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Vec<Hash>>,
}

/// The text is no line of an export.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// Not JSON, or of another form.
    #[error("it is not a line of an export")]
    Json(#[from] serde_json::Error),
    /// An entry or hashes that cannot be decoded.
    #[error("its bytes cannot be read")]
    Bytes,
    /// An event of another kind.
    #[error("it is an event of another kind")]
    Kind,
}

impl Head {
    /// The first line of an export of the log `origin`.
    #[must_use]
    pub fn new(origin: String, size: u64, filter: Option<Filter>, checkpoint: String) -> Self {
        Self { format: FORMAT.to_owned(), origin, size, filter, checkpoint }
    }
}

impl TileLine {
    /// The hashes of the tile with this number, and the one above them.
    #[must_use]
    pub fn new(number: u64, hashes: &[Hash], above: Option<Hash>) -> Self {
        let bytes: Vec<u8> = hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
        Self { number, hashes: STANDARD.encode(bytes), above }
    }

    /// The hashes.
    ///
    /// # Errors
    /// [`LineError::Bytes`] when they are none, or more than a tile holds.
    pub fn hashes(&self) -> Result<Vec<Hash>, LineError> {
        let bytes = STANDARD.decode(&self.hashes).map_err(|_| LineError::Bytes)?;
        let (hashes, rest) = bytes.as_chunks::<{ Hash::LENGTH }>();
        if !rest.is_empty() || hashes.len() as u64 > Tile::WIDTH {
            return Err(LineError::Bytes);
        }
        Ok(hashes.iter().copied().map(Hash::from_bytes).collect())
    }
}

impl EntryLine {
    /// An entry with these bytes.
    #[must_use]
    pub fn new(index: u64, entry: &[u8], proof: Option<Vec<Hash>>) -> Self {
        let text = str::from_utf8(entry).ok().filter(|text| text.is_ascii());
        let base64 = text.is_none().then(|| STANDARD.encode(entry));
        Self { index, entry: text.map(str::to_owned), base64, proof }
    }

    /// Its exact bytes.
    ///
    /// # Errors
    /// [`LineError::Bytes`].
    pub fn bytes(&self) -> Result<Cow<'_, [u8]>, LineError> {
        match (&self.entry, &self.base64) {
            (Some(text), None) => Ok(Cow::Borrowed(text.as_bytes())),
            (None, Some(base64)) => STANDARD.decode(base64).map(Cow::Owned).map_err(|_| LineError::Bytes),
            _ => Err(LineError::Bytes),
        }
    }
}

impl Line {
    /// Its text, with the end of the line.
    ///
    /// # Panics
    /// Never: it holds text and numbers.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("text and numbers") + "\n"
    }

    /// Reads a line.
    ///
    /// # Errors
    /// [`LineError::Json`].
    pub fn parse(text: &[u8]) -> Result<Self, LineError> {
        Ok(serde_json::from_slice(text)?)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever somebody put in an entry's place leaves and comes back as the same bytes, on one line.
        #[test]
        fn any_bytes_survive(index in 0_u64..1 << 53, entry in prop::collection::vec(any::<u8>(), 0..300)) {
            let line = Line::Entry(EntryLine::new(index, &entry, None));
            let text = line.to_text();
            prop_assert_eq!(text.matches(['\n', '\r']).count(), 1);
            prop_assert!(text.is_ascii());
            let Line::Entry(read) = Line::parse(text.as_bytes()).expect("reads") else { panic!("an entry") };
            prop_assert_eq!(read.bytes().expect("decodes").into_owned(), entry);
            prop_assert_eq!(read.index, index);
        }

        #[test]
        fn any_text_survives(entry in any::<String>()) {
            let line = EntryLine::new(0, entry.as_bytes(), None);
            prop_assert_eq!(line.bytes().expect("decodes").into_owned(), entry.into_bytes());
        }
    }

    #[test]
    fn an_entry_has_one_form() {
        for text in [
            r#"{"entry":{"index":0}}"#,
            r#"{"entry":{"index":0,"entry":"x","base64":"eA=="}}"#,
            r#"{"entry":{"index":0,"base64":"x"}}"#,
        ] {
            let Line::Entry(line) = Line::parse(text.as_bytes()).expect("reads") else { panic!("an entry") };
            assert!(line.bytes().is_err(), "{text}");
        }
        assert!(Line::parse(br#"{"other":1}"#).is_err());
        assert!(Line::parse(br#"{"entry":{"index":-1,"entry":""}}"#).is_err());
    }
}
