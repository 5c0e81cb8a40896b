//! `kill -9` while leaves get their places and heads their signatures: afterwards the log is one tree, with everything that was
//! acknowledged in it once, and the signer goes on from what it signed.

use std::{collections::BTreeMap, time::Duration};

use domain::{Clock as _, SeededEntropy, SystemClock};
use ledger::{
    Leaf,
    checkpoint::Checkpoint,
    note::{SignedNote, Verifier},
    tree::{Frontier, Hash, Tile, TreeHead, proof},
};
use sealtape_tests::process::{Agent, Deployment, Member};

use crate::{
    deployment,
    kill::{TellSeed, draw, number},
};

/// Sessions that are started between two kills; each start is a leaf.
const BURST: usize = 40;
/// Longest time between the last ack of a burst and the kill: gathering, placing and signing all lie within it.
const AFTER_ACK_US: u64 = 3_500_000;
/// Between two looks at the newest checkpoint.
const LOOK: Duration = Duration::from_millis(50);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_while_the_log_grows() {
    let kills = number("SEALTAPE_PROVE_KILL").unwrap_or(3);
    let seed = number("SEALTAPE_PROVE_SEED").unwrap_or_else(|| SystemClock.now().as_micros().unsigned_abs());
    let _told = TellSeed(seed);
    let moments = SeededEntropy::new(seed);
    let deployment = deployment();
    let mut running = deployment.start().await;
    let mut auditor = Auditor::of(&deployment).await;
    let (mut sessions, mut kept) = (Vec::new(), vec![auditor.beyond(0).await]);
    for kill in 0..kills {
        sessions.extend(burst(&deployment.agent().await).await);
        // Every other kill waits until something of the burst is signed: the signer is at work then, and has to remember.
        if kill % 2 == 1 {
            kept.push(auditor.beyond(kept.last().expect("one at least").size).await);
        }
        tokio::time::sleep(Duration::from_micros(draw(&moments, AFTER_ACK_US))).await;
        running.kill().await;
        running = deployment.start().await;
        auditor = Auditor::of(&deployment).await;
    }

    let (head, leaves) = auditor.with_all(&sessions).await;
    let mut started: BTreeMap<String, u32> = BTreeMap::new();
    for leaf in leaves.iter().filter(|leaf| leaf.act == "session.start") {
        *started.entry(leaf.obj.parts().1).or_default() += 1;
    }
    assert!(started.values().all(|times| *times == 1), "each once: {started:?}");
    assert!(sessions.iter().all(|session| started.contains_key(session)), "everything acknowledged is in it");
    for earlier in kept {
        auditor.check_consistency(earlier, head).await;
    }
    assert!(leaves.iter().all(|leaf| leaf.act != "integrity.fail"), "nothing was refused");
    assert!(!deployment.log().contains("the head of an audit log is refused"));
    running.stop().await;
}

/// Starts sessions; the ids of those that were acknowledged.
async fn burst(agent: &Agent) -> Vec<String> {
    let mut started = Vec::new();
    for _ in 0..BURST {
        started.push(agent.start("https://shop.example/", "Shop").await.expect("starts").id);
    }
    started
}

/// Somebody who reads the log and believes its key alone.
pub(crate) struct Auditor {
    member: Member,
    key: Verifier,
}

impl Auditor {
    async fn of(deployment: &Deployment) -> Self {
        Self::signed_in(deployment.member(&deployment.sheet().await.auditor).await).await
    }

    /// A member who may read the log, once it has a key.
    pub(crate) async fn signed_in(member: Member) -> Self {
        let key = loop {
            let answer = member.ask("/v1/audit/key").await;
            if answer.status().is_success() {
                break answer.text().await.expect("a key").trim_end().parse().expect("a verifier key");
            }
            tokio::time::sleep(LOOK).await;
        };
        Self { member, key }
    }

    fn opened(&self, note: &str) -> TreeHead {
        let note = SignedNote::parse(note).expect("a note");
        let origin = self.key.name().to_string();
        Checkpoint::open(&note, &origin, std::slice::from_ref(&self.key)).expect("is signed").head
    }

    /// The newest head, once it has more leaves than `size`.
    pub(crate) async fn beyond(&self, size: u64) -> TreeHead {
        let patience = tokio::time::Instant::now() + Duration::from_secs(60);
        loop {
            let answer = self.member.ask("/v1/audit/checkpoint").await;
            if answer.status().is_success() {
                let head = self.opened(&answer.text().await.expect("a text"));
                if head.size > size {
                    return head;
                }
            }
            assert!(tokio::time::Instant::now() < patience, "nothing beyond {size} leaves is signed");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// A signed head whose log has all of `sessions`, and that log.
    async fn with_all(&self, sessions: &[String]) -> (TreeHead, Vec<Leaf>) {
        let mut size = 0;
        loop {
            let head = self.beyond(size).await;
            let leaves = self.leaves(head).await;
            let has = |session: &String| leaves.iter().any(|leaf| leaf.obj.parts().1 == *session);
            if sessions.iter().all(has) {
                return (head, leaves);
            }
            size = head.size;
        }
    }

    /// All leaves of a head, whose root they must lead to.
    pub(crate) async fn leaves(&self, head: TreeHead) -> Vec<Leaf> {
        let (mut frontier, mut leaves) = (Frontier::default(), Vec::new());
        for index in 0..head.size.div_ceil(Tile::WIDTH) {
            let width = (head.size - index * Tile::WIDTH).min(Tile::WIDTH);
            let path = Tile { level: 0, index, width }.entries_path();
            let answer = self.member.ask(&format!("/v1/audit/tile/{path}")).await;
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
            let bundle = answer.bytes().await.expect("a bundle");
            let mut rest = &bundle[..];
            while let Some((length, behind)) = rest.split_first_chunk::<2>() {
                let (entry, behind) = behind.split_at(usize::from(u16::from_be_bytes(*length)));
                frontier.append(Hash::of_leaf(entry), &mut Vec::new()).expect("far from full");
                leaves.push(Leaf::from_bytes(entry).expect("a leaf"));
                rest = behind;
            }
        }
        assert_eq!(frontier.head(), head, "contiguous, and the tree that was signed");
        leaves
    }

    pub(crate) async fn check_consistency(&self, earlier: TreeHead, later: TreeHead) {
        let path = format!("/v1/audit/proof/consistency?from={}&to={}", earlier.size, later.size);
        let proof = self.member.json(&path).await;
        assert_eq!(self.opened(proof["checkpoint"].as_str().expect("a note")), later);
        let hashes = proof["hashes"].as_array().expect("hashes").iter();
        let hashes: Vec<Hash> = hashes.map(|hash| hash.as_str().expect("text").parse().expect("a hash")).collect();
        proof::check_consistency(earlier, later, &hashes).expect("one continues the other");
    }
}
