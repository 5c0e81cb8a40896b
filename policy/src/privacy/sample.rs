//! Which sessions are recorded: the same answer everywhere, from the session's id alone.
//!
//! `bucket(purpose, id)` is a number from 0 to 9 999; a session is in when its bucket is lower than its rate in 10 000. So
//! a session that is in at 1 % is in at 10 %, and a lower rate only takes sessions out.
//!
//! **The function**, for whoever writes it again: FNV-1a over the bytes of `purpose`, `:` and the id as UTF-8 in 32 bits,
//! then the finaliser of `MurmurHash3` (whose last bits, unlike those of FNV, depend on every bit of the text), then
//! `⌊hash · 10 000 / 2³²⌋`. It is a dozen lines of JavaScript without dependency and is no secret: nobody is kept from
//! choosing an id, and nothing but the load depends on it. `vectors/sampling.vectors.txt` holds the buckets of 10 000
//! ids, by which the agent's function is tested too.

/// What is chosen; each purpose chooses on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Sessions that are recorded.
    Sessions,
    /// Sessions that are recorded from an error on.
    Errors,
    /// Devices that get a version which is being rolled out; by the device's id.
    RollOut,
}

impl Purpose {
    const fn text(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::Errors => "errors",
            Self::RollOut => "roll-out",
        }
    }
}

/// The bucket of an id, from 0 to 9 999.
#[must_use]
pub fn bucket(purpose: Purpose, id: &str) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for byte in purpose.text().bytes().chain([b':']).chain(id.bytes()) {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^= hash >> 16;
    // Below 10 000 because the hash is below 2³².
    u32::try_from((u64::from(hash) * 10_000) >> 32).unwrap_or(0)
}

/// Whether the session of this id is in at this rate.
#[must_use]
pub fn sampled(purpose: Purpose, id: &str, per_10000: u32) -> bool {
    bucket(purpose, id) < per_10000
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// Shared with `frontend/agent/src/privacy/sample.test.ts`.
    const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/sampling.vectors.txt");

    /// The ids of the vectors, made alike in both languages so that the file holds the answers alone.
    fn id(i: u32) -> String {
        let mixed = i.wrapping_mul(0x9e37_79b1);
        format!("0190f3a1-{:04x}-7000-8000-{mixed:08x}{:04x}", i >> 3, i & 0xffff)
    }

    fn vectors() -> String {
        let mut text = String::from(
            "# Line i (from 0) is of the id 0190f3a1-AAAA-7000-8000-BBBBBBBBCCCC, where A is i >> 3, B is i * 0x9e3779b1 in 32\n\
             # bits and C is i, in hexadecimal digits: its buckets for sessions, errors and roll-out.\n",
        );
        for i in 0..10_000 {
            let id = id(i);
            let [session, error, roll] =
                [Purpose::Sessions, Purpose::Errors, Purpose::RollOut].map(|purpose| bucket(purpose, &id));
            writeln!(text, "{session} {error} {roll}").expect("writes to a string");
        }
        text
    }

    #[test]
    fn ten_thousand_ids_fall_as_the_vectors_say() {
        if std::env::var_os("UPDATE_VECTORS").is_some() {
            std::fs::write(VECTORS, vectors()).expect("writes the vectors");
        }
        let written =
            std::fs::read_to_string(VECTORS).expect("the vectors are in the tree; UPDATE_VECTORS=1 writes them");
        assert!(written == vectors(), "the function changed: every agent that is out there samples by the old one");
    }

    #[test]
    fn rates_are_met_and_purposes_are_apart() {
        let count = |test: &dyn Fn(&str) -> bool| (0..10_000).map(id).filter(|id| test(id)).count();
        for (rate, least, most) in [(100, 70, 130), (1000, 900, 1100), (5000, 4800, 5200)] {
            let found = count(&|id| sampled(Purpose::Sessions, id, rate));
            assert!((least..=most).contains(&found), "{found} of 10 000 at {rate}");
        }
        let both = count(&|id| sampled(Purpose::Sessions, id, 5000) && sampled(Purpose::Errors, id, 5000));
        assert!((2300..=2700).contains(&both), "{both} are in both halves");
        assert!(!sampled(Purpose::Sessions, "x", 0) && sampled(Purpose::Sessions, "x", 10_000));
    }
}
