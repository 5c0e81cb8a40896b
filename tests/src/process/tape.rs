//! The recordings of real applications, cut into the bodies that an agent would send.

use std::{io::Write as _, path::Path};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

/// What an agent sends: events as one JSON array, gzipped.
#[derive(Debug, Clone)]
pub struct Body {
    /// The bytes on the wire.
    pub gzip: Bytes,
    /// SHA-256 of them.
    pub digest: [u8; 32],
    /// Bytes before compression.
    pub decoded: usize,
    /// Events in it.
    pub events: usize,
}

impl Body {
    /// The body of these events.
    ///
    /// # Panics
    /// Never: memory takes all that is written.
    #[must_use]
    pub fn of<'a>(events: impl IntoIterator<Item = &'a str>) -> Self {
        let events: Vec<&str> = events.into_iter().collect();
        let json = format!("[{}]", events.join(","));
        // What CompressionStream of browsers does.
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
        encoder.write_all(json.as_bytes()).expect("memory takes it");
        let gzip = encoder.finish().expect("memory takes it");
        Self { digest: Sha256::digest(&gzip).into(), gzip: gzip.into(), decoded: json.len(), events: events.len() }
    }
}

/// A recording that can be played again and again, each round later in time.
#[derive(Debug, Clone)]
pub struct Tape {
    events: Vec<Event>,
    length_ms: i64,
    /// Index of the first event of each cut.
    cuts: Vec<usize>,
}

#[derive(Debug, Clone, Deserialize)]
struct Event {
    r#type: u8,
    data: Box<RawValue>,
    timestamp: i64,
}

impl Tape {
    /// The recording `name` of `tests/data/recordings`, starting at 0.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn load(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("data/recordings/{name}.json.zst"));
        let packed = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let json = zstd::decode_all(&*packed).expect("a recording");
        let mut events: Vec<Event> = serde_json::from_slice(&json).expect("a recording");
        events.sort_by_key(|event| event.timestamp);
        let start = events.first().expect("has events").timestamp;
        for event in &mut events {
            event.timestamp -= start;
        }
        // A second of silence between two rounds.
        let length_ms = events.last().map_or(0, |event| event.timestamp) + 1_000;
        Self { cuts: vec![0], events, length_ms }
    }

    /// Cut after every `count` events.
    #[must_use]
    pub fn cut_by_count(mut self, count: usize) -> Self {
        self.cuts = (0..self.events.len()).step_by(count).collect();
        self
    }

    /// Cut every `ms` milliseconds, as an agent does.
    #[must_use]
    pub fn cut_by_time(mut self, ms: i64) -> Self {
        let mut slot = i64::MIN;
        self.cuts.clear();
        for (index, event) in self.events.iter().enumerate() {
            if event.timestamp / ms != slot {
                slot = event.timestamp / ms;
                self.cuts.push(index);
            }
        }
        self
    }

    /// Cut so that bodies come to about `bytes` when compressed.
    #[must_use]
    pub fn cut_by_size(mut self, bytes: usize) -> Self {
        let whole = Body::of(self.texts(0..self.events.len(), 0).iter().map(String::as_str));
        let parts = ((whole.gzip.len() + bytes / 2) / bytes).max(1);
        let most = whole.decoded / parts + 1;
        let mut size = usize::MAX;
        self.cuts.clear();
        for (index, event) in self.events.iter().enumerate() {
            let len = event.data.get().len();
            if size.saturating_add(len) > most {
                self.cuts.push(index);
                size = 0;
            }
            size += len;
        }
        self
    }

    /// How many bodies one round has.
    #[must_use]
    pub const fn round(&self) -> usize {
        self.cuts.len()
    }

    /// When body `n` begins, in milliseconds after the stream's start.
    #[must_use]
    pub fn start_of(&self, n: usize) -> i64 {
        self.events[self.cuts[n % self.cuts.len()]].timestamp + self.round_ms(n)
    }

    fn round_ms(&self, n: usize) -> i64 {
        self.length_ms * i64::try_from(n / self.cuts.len()).unwrap_or(i64::MAX / self.length_ms)
    }

    /// Body `n` of a stream that starts at `start_ms`: round after round, always the same for the same arguments.
    #[must_use]
    pub fn body(&self, n: usize, start_ms: i64) -> Body {
        let part = n % self.cuts.len();
        let shift = start_ms + self.round_ms(n);
        let end = self.cuts.get(part + 1).copied().unwrap_or(self.events.len());
        Body::of(self.texts(self.cuts[part]..end, shift).iter().map(String::as_str))
    }

    fn texts(&self, range: std::ops::Range<usize>, shift: i64) -> Vec<String> {
        let text = |event: &Event| {
            let Event { r#type, data, timestamp } = event;
            format!(r#"{{"type":{type},"data":{data},"timestamp":{}}}"#, timestamp + shift)
        };
        self.events[range].iter().map(text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_have_all_events_once_and_come_later() {
        let tape = Tape::load("todo-5min").cut_by_time(5_000);
        let events: usize = (0..tape.round()).map(|n| tape.body(n, 0).events).sum();
        assert_eq!(events, tape.events.len());
        assert_eq!(tape.body(3, 7).digest, tape.body(3, 7).digest);
        assert_ne!(tape.body(3, 7).digest, tape.body(3 + tape.round(), 7).digest);
        assert_eq!(tape.body(3, 7).events, tape.body(3 + tape.round(), 7).events);
    }

    #[test]
    fn bodies_come_to_the_size_asked_for() {
        let tape = Tape::load("swagger-5min").cut_by_size(60_000);
        let sizes: Vec<usize> = (0..tape.round()).map(|n| tape.body(n, 0).gzip.len()).collect();
        assert!(sizes.len() >= 3 && sizes.iter().all(|size| *size < 120_000), "{sizes:?}");
    }
}
