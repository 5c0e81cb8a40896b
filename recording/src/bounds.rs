//! Limits of everything that is read from an agent.

use serde::{Deserialize, Serialize};

/// All limits of one upload and one tab. [`Bounds::default`] are the documented ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bounds {
    /// Bytes of a body as it comes over the wire.
    pub compressed_bytes: usize,
    /// Bytes of a body after decoding.
    pub decoded_bytes: usize,
    /// Decoded bytes for one byte on the wire …
    pub ratio: usize,
    /// … beyond these many decoded bytes, because small bodies of repeated text are honest.
    pub ratio_allowance_bytes: usize,
    /// Base-2 logarithm of the largest window that a zstd frame may ask for.
    pub zstd_window_log: u32,
    /// Arrays and objects inside each other.
    pub depth: usize,
    /// Bytes of one string, as written.
    pub string_bytes: usize,
    /// Elements of one array or members of one object.
    pub array_elements: usize,
    /// JSON values and names in one event.
    pub tokens_per_event: usize,
    /// Bytes of one event.
    pub event_bytes: usize,
    /// Events of one segment.
    pub events: usize,
    /// Nodes that a tab may hold.
    pub nodes: usize,
    /// Milliseconds that an event may be older than the newest one before it; what is older is clamped.
    pub time_tolerance_ms: i64,
    /// Milliseconds that an event may lie after its arrival; what is later is clamped.
    pub time_ahead_ms: i64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            compressed_bytes: 4 << 20,
            decoded_bytes: 16 << 20,
            ratio: 100,
            ratio_allowance_bytes: 256 << 10,
            zstd_window_log: 23,
            depth: 512,
            string_bytes: 4 << 20,
            array_elements: 250_000,
            tokens_per_event: 2_000_000,
            event_bytes: 8 << 20,
            events: 20_000,
            nodes: 500_000,
            time_tolerance_ms: 5_000,
            time_ahead_ms: 300_000,
        }
    }
}

impl Bounds {
    /// For what is stored already: it was within bounds when it came, and rewriting can make it longer by its masks.
    pub(crate) fn stored() -> Self {
        Self {
            depth: 4_096,
            string_bytes: usize::MAX,
            event_bytes: usize::MAX,
            array_elements: usize::MAX,
            tokens_per_event: usize::MAX,
            ..Self::default()
        }
    }
}
