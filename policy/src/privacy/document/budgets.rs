//! `budgets`: what the agent may cost the page and the visitor.
//!
//! Budgets bound work, not what may be seen, and have no order: the guardrail sets them where it says them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::{
    FindingCode, Findings, Pointer,
    macros::section,
    orders::{Lower, Set, ordered},
    setting::{Setting, Strictness},
};

ordered! {
    /// What the agent can stop recording when its budget is used up.
    pub enum Stream {
        /// `<canvas>` content.
        Canvas = "canvas",
        /// Long tasks and web vitals.
        Performance = "performance",
        /// The application's state.
        State = "state",
        /// Bodies of requests.
        NetworkBodies = "network-bodies",
        /// Console messages.
        Console = "console",
        /// Mouse moves.
        MouseMoves = "mouse-moves",
        /// Scrolling.
        Scroll = "scroll",
        /// Requests.
        Network = "network",
        /// Changes of the page, until a later snapshot.
        Mutations = "mutations",
    }
}

/// Streams in the order in which they are left out; one that is not named is never left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shed(pub Vec<Stream>);

impl Setting for Shed {
    fn strictness() -> Strictness {
        Strictness::Set
    }
    fn schema() -> Value {
        json!({ "type": "array", "uniqueItems": true, "items": Stream::schema() })
    }
    fn read(value: &Value, at: &Pointer, findings: &mut Findings) -> Option<Self> {
        let Some(items) = value.as_array() else {
            findings.wrong_type(at, "a list");
            return None;
        };
        let mut read = Vec::new();
        for (i, item) in items.iter().take(Stream::ALL.len() + 1).enumerate() {
            let stream = Stream::read(item, &at.item(i), findings)?;
            if read.contains(&stream) {
                findings.say(&at.item(i), FindingCode::Duplicate, "this stands in the list already", "remove it");
                return None;
            }
            read.push(stream);
        }
        Some(Self(read))
    }
    fn strictest(&self, other: &Self) -> Self {
        self.max(other).clone()
    }
}

section! {
    /// What the agent may cost. The guardrail sets these where it says them; they do not merge.
    Budgets, FullBudgets {
        /// Milliseconds of main-thread time in each second.
        "cpuMsPerSecond" => cpu_ms_per_second: Set<Lower<1, 200>, true>,
        /// Milliseconds that one piece of work may take.
        "longestBlockMs" => longest_block_ms: Set<Lower<1, 200>, true>,
        /// KiB uploaded in each minute.
        "uploadKibPerMinute" => upload_kib_per_minute: Set<Lower<10, 10_240>, true>,
        /// What is left out first when a budget is used up.
        "shed" => shed: Set<Shed, true>,
    }
}
