//! Verifying a whole log and proving entries, next to `ct-merkle`, which keeps the same tree.

use std::{hint::black_box, time::Instant};

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use domain::{AuditId, Entropy as _, MemberId, RequestId, SeededEntropy, SessionId, TenantId, Timestamp};
use ledger::{
    Actor, Leaf, Object, Outcome,
    tree::{
        Frontier, Hash, TileSet, TreeHead,
        proof::{Inclusions, check_inclusion},
    },
};
use policy::access::POLICY_NAME;
use sha2::Sha256;

use crate::report::{Report, Target, count};

/// Leaves of the log.
const LEAVES: usize = 200_000;
/// Proofs that are made of it.
const PROOFS: usize = 50_000;
/// Rounds, each side in turn.
const ROUNDS: usize = 3;

/// Seconds of each thing that is measured, over all rounds.
#[derive(Debug, Default)]
struct Seconds {
    verify: f64,
    hash: f64,
    rebuild: f64,
    recheck: f64,
    prove_first: f64,
    prove: f64,
    prove_theirs: f64,
    check: f64,
    check_theirs: f64,
}

pub(super) fn measure(report: &mut Report) {
    let entries = entries();
    let log: Vec<u8> = entries.iter().flat_map(|entry| bundled(entry)).collect();
    report.figure("tree_bytes_of_a_leaf", count(log.len()) / count(LEAVES) - 2.0);
    let mut seconds = Seconds::default();
    for _ in 0..ROUNDS {
        round(&entries, &log, &mut seconds);
    }
    let per_second = |many: usize, seconds: f64| count(many * ROUNDS) / seconds;
    report.figure("tree_verify_leaves_per_s", per_second(LEAVES, seconds.verify));
    report.figure("tree_hash_leaves_per_s", per_second(LEAVES, seconds.hash));
    report.figure("tree_ct_merkle_rebuild_leaves_per_s", per_second(LEAVES, seconds.rebuild));
    report.figure("tree_ct_merkle_self_check_leaves_per_s", per_second(LEAVES, seconds.recheck));
    report.target("tree_verify_to_ct_merkle_rebuild_ratio", seconds.rebuild / seconds.verify, Target::AtLeast(0.7));
    report.figure("tree_hash_to_ct_merkle_rebuild_ratio", seconds.rebuild / seconds.hash);
    // Its own tree once more: as many hashes as ours, and nothing is read.
    report.figure("tree_hash_to_ct_merkle_self_check_ratio", seconds.recheck / seconds.hash);
    report.figure("tree_verify_to_ct_merkle_self_check_ratio", seconds.recheck / seconds.verify);
    report.figure("tree_first_proofs_per_s", per_second(LEAVES / STEP, seconds.prove_first));
    report.figure("tree_proofs_per_s", per_second(PROOFS, seconds.prove));
    report.figure("tree_ct_merkle_proofs_per_s", per_second(PROOFS, seconds.prove_theirs));
    report.target("tree_proofs_to_ct_merkle_ratio", seconds.prove_theirs / seconds.prove, Target::AtLeast(1.0));
    report.figure("tree_proof_checks_per_s", per_second(PROOFS, seconds.check));
    report.figure("tree_proof_checks_to_ct_merkle_ratio", seconds.check_theirs / seconds.check);
}

/// Entries between two of which the first proofs are made: each reads another tile.
const STEP: usize = 256;

fn round(entries: &[Vec<u8>], log: &[u8], seconds: &mut Seconds) {
    let verified = timed(&mut seconds.verify, || verify(log));
    let (head, tiles) = timed(&mut seconds.hash, || hash(entries));
    let mut theirs = MemoryBackedTree::<Sha256, &[u8]>::new();
    timed(&mut seconds.rebuild, || entries.iter().for_each(|entry| theirs.push(entry)));
    let root = theirs.root();
    assert_eq!((head.size, &head.root.as_bytes()[..]), (root.num_leaves(), &root.as_bytes()[..]), "one tree");
    assert_eq!(verified, head);
    timed(&mut seconds.recheck, || theirs.self_check().expect("is whole"));

    let inclusions = timed(&mut seconds.prove, || Inclusions::of(&tiles, head.size));
    let prove = |place: usize| inclusions.prove(place as u64).expect("all there").expect("is inside");
    timed(&mut seconds.prove_first, || (0..LEAVES).step_by(STEP).for_each(|place| drop(black_box(prove(place)))));
    let places = places();
    let ours: Vec<_> = timed(&mut seconds.prove, || places.iter().map(|&place| prove(place)).collect());
    let other: Vec<_> =
        timed(&mut seconds.prove_theirs, || places.iter().map(|&place| theirs.prove_inclusion(place)).collect());
    for (ours, other) in ours.iter().zip(&other) {
        let ours: Vec<u8> = ours.iter().flat_map(|hash| *hash.as_bytes()).collect();
        assert_eq!(ours, other.as_bytes(), "one proof");
    }
    timed(&mut seconds.check, || {
        for (&place, proof) in places.iter().zip(&ours) {
            check_inclusion(head, place as u64, Hash::of_leaf(&entries[place]), proof).expect("holds");
        }
    });
    timed(&mut seconds.check_theirs, || {
        for (&place, proof) in places.iter().zip(&other) {
            root.verify_inclusion(&&*entries[place], place as u64, proof).expect("holds");
        }
    });
}

/// What an auditor does with a whole log: reads each entry, refuses what is no leaf in its one form, hashes it.
fn verify(mut log: &[u8]) -> TreeHead {
    let mut frontier = Frontier::default();
    while let Some((length, rest)) = log.split_first_chunk::<2>() {
        let (entry, rest) = rest.split_at(usize::from(u16::from_be_bytes(*length)));
        black_box(Leaf::from_bytes(entry).expect("a leaf"));
        frontier.append(Hash::of_leaf(entry), &mut Nothing).expect("far from full");
        log = rest;
    }
    frontier.head()
}

/// Hashing alone, and keeping what proofs are made from.
fn hash(entries: &[Vec<u8>]) -> (TreeHead, TileSet) {
    let (mut frontier, mut tiles) = (Frontier::default(), TileSet::default());
    for entry in entries {
        frontier.append(Hash::of_leaf(entry), &mut tiles).expect("far from full");
    }
    (frontier.head(), tiles)
}

/// Who verifies keeps no tiles.
struct Nothing;

impl<T> Extend<T> for Nothing {
    fn extend<I: IntoIterator<Item = T>>(&mut self, _: I) {}
}

fn timed<T>(seconds: &mut f64, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = black_box(work());
    *seconds += begun.elapsed().as_secs_f64();
    done
}

/// An entry as bundles have it (C2SP tlog-tiles).
fn bundled(entry: &[u8]) -> Vec<u8> {
    let length = u16::try_from(entry.len()).expect("a leaf is short");
    [&length.to_be_bytes(), entry].concat()
}

/// Entries of a log as the server writes it.
fn entries() -> Vec<Vec<u8>> {
    let entropy = SeededEntropy::new(1);
    let mut now = Timestamp::from_millis(1_795_305_600_000);
    let (tenant, member) = (TenantId::mint(now, &entropy), MemberId::mint(now, &entropy));
    let entry = |_| {
        now = now.plus(std::time::Duration::from_millis(7));
        let leaf = Leaf {
            id: AuditId::mint(now, &entropy),
            t: now,
            tenant,
            actor: Actor::User(member),
            act: "session.view".into(),
            obj: Object::Session(SessionId::mint(now, &entropy)),
            out: Outcome::Allow,
            rule: format!("{POLICY_NAME}/engineer/session.view"),
            req: RequestId::mint(now, &entropy),
            d: None,
        };
        leaf.to_bytes().expect("a leaf")
    };
    (0..LEAVES).map(entry).collect()
}

/// Entries from all over the log.
fn places() -> Vec<usize> {
    let entropy = SeededEntropy::new(2);
    let place = |_| {
        let mut bytes = [0; 4];
        entropy.fill(&mut bytes);
        u32::from_be_bytes(bytes) as usize % LEAVES
    };
    (0..PROOFS).map(place).collect()
}
