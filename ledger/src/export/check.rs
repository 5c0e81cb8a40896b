//! Whether an export is what was signed and, if not, from which entry on.

use std::cmp::Ordering;

use domain::TenantId;
use serde::Deserialize;

use super::{FORMAT, Head, Line, LineError, TileLine, line::EntryLine};
use crate::{
    checkpoint::{Checkpoint, CheckpointError},
    note::{SignedNote, Verifier},
    tree::{Frontier, FrontierError, Hash, Tile, TreeHead, proof, proof::ProofError},
};

/// Checks one export, line by line, and holds no more than a tile of hashes and the edges of two trees.
#[derive(Debug)]
pub struct Check<'a> {
    origin: &'a str,
    trusted: &'a [Verifier],
    /// Heads of checkpoints that somebody kept, the smallest first.
    older: Vec<TreeHead>,
    state: State,
}

#[derive(Debug)]
enum State {
    Start,
    Within(Box<Body>),
    Ended(Checked),
}

/// What was read so far.
#[derive(Debug)]
struct Body {
    head: TreeHead,
    note: String,
    tenant: Option<TenantId>,
    entries: u64,
    /// The first entry that is of another tenant, or of none.
    foreign: Option<u64>,
    of: Of,
}

#[derive(Debug)]
enum Of {
    Everything(Box<Whole>),
    /// The place behind the last entry.
    Some(u64),
}

/// An export of everything: two trees grow, one of the entries and one of the hashes kept for them.
#[derive(Debug, Default)]
struct Whole {
    entries: Frontier,
    kept: Frontier,
    /// The hashes kept for the entries that come, from this place on.
    tile: (u64, Vec<Hash>),
    /// The first entry that does not fit the hash kept for it.
    unfit: Option<u64>,
    /// The first entry of the first tile that does not fit the hash above it.
    torn: Option<u64>,
    /// Up to here the entries are those of an older checkpoint.
    holds: u64,
    /// The first older checkpoint that has another root.
    breaks: Option<u64>,
}

/// What holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The log, its size and root.
    pub checkpoint: Checkpoint,
    /// Entries in the file.
    pub entries: u64,
    /// Whether these are all of the log; an export with a filter proves what it holds, and not what it lacks.
    pub complete: bool,
    /// Size of the newest kept checkpoint that the same entries lead to.
    pub continues: Option<u64>,
}

/// What does not hold.
#[derive(Debug, thiserror::Error)]
pub enum Flaw {
    /// The line is none of an export.
    #[error("not an export: {0}")]
    Line(#[from] LineError),
    /// Lines are not in the order of an export.
    #[error("not an export: its lines are not in their order")]
    Order,
    /// Another form, or another version of it.
    #[error("an export in a form that this program does not know")]
    Format,
    /// Its checkpoint is not believed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The first line names another size than the checkpoint.
    #[error("the file is of another size than its checkpoint, which has {0} entries")]
    Size(u64),
    /// No end.
    #[error("the file was cut off behind {0} entries: it does not end with its checkpoint")]
    Cut(u64),
    /// An entry is not there.
    #[error("entry {0} is missing")]
    Missing(u64),
    /// An entry comes where none should.
    #[error("entry {0} is there a second time, or beyond the checkpoint")]
    Surplus(u64),
    /// The hashes kept by the log lead to what was signed, and this entry is not the one that they are of.
    #[error("entry {0} is not the one that was signed; it is the first that is not")]
    Entry(u64),
    /// The entries lead to what was signed, and the hashes beside them are wrong.
    #[error(
        "all entries are those that were signed, but the hash that the log keeps for entry {0} is not its hash: the log's hashes were changed"
    )]
    Kept(u64),
    /// The file is in itself consistent, or nearly so, and not what was signed.
    #[error("{}", rebuilt(*.first, *.holds, *.breaks))]
    Rebuilt {
        /// The first entry that does not even fit the hash beside it.
        first: Option<u64>,
        /// Up to here the entries are those of a kept checkpoint.
        holds: u64,
        /// Before this place something was changed; the log's size when nobody kept an earlier checkpoint that shows it.
        breaks: u64,
    },
    /// Another log than was signed, and no hashes to tell where.
    #[error(
        "the entries are not those that were signed: something was changed between entries {holds} and {breaks}; a `log` export says where"
    )]
    Altered {
        /// Up to here the entries are those of a kept checkpoint.
        holds: u64,
        /// Before this place something was changed.
        breaks: u64,
    },
    /// What was signed now is not what was signed then.
    #[error(
        "the log was signed anew with the same key after entries from {holds} on and before {breaks} were changed: the kept checkpoint of {breaks} entries has another root"
    )]
    Resigned {
        /// Up to here the entries are those of a kept checkpoint.
        holds: u64,
        /// Size of the kept checkpoint that does not fit.
        breaks: u64,
    },
    /// An entry of somebody else's.
    #[error("entry {0} is not an entry of this tenant's log")]
    Foreign(u64),
    /// The proof beside an entry proves nothing.
    #[error("entry {index} is not proved to be in the log that was signed: {source}")]
    Proof {
        /// Its place.
        index: u64,
        /// Why.
        source: ProofError,
    },
    /// A kept checkpoint is of a longer log.
    #[error(
        "a kept checkpoint has {kept} entries and this export {size}: it is an earlier export, or entries from {size} on are gone"
    )]
    Shorter {
        /// Entries of the kept checkpoint.
        kept: u64,
        /// Entries of the log in the file.
        size: u64,
    },
    /// Some entries do not tell an older tree's root.
    #[error("an export with a filter cannot be compared with older checkpoints; compare the checkpoints themselves")]
    Filtered,
    /// No tree is that large.
    #[error(transparent)]
    Tree(#[from] FrontierError),
}

fn rebuilt(first: Option<u64>, holds: u64, breaks: u64) -> String {
    let what =
        "the entries are not those that were signed, and neither are the hashes beside them: the log was rebuilt";
    match first {
        Some(first) => format!("{what}; entry {first} is the first that contradicts itself"),
        None if holds > 0 || breaks > 0 => {
            format!("{what}; something was changed between entries {holds} and {breaks}")
        }
        None => what.to_owned(),
    }
}

impl<'a> Check<'a> {
    /// Checks an export of the log `origin` by the word of `trusted`, and against checkpoints that somebody kept.
    #[must_use]
    pub fn new(origin: &'a str, trusted: &'a [Verifier], older: &[Checkpoint]) -> Self {
        let mut older: Vec<TreeHead> = older.iter().map(|kept| kept.head).collect();
        older.sort_unstable_by_key(|head| head.size);
        Self { origin, trusted, older, state: State::Start }
    }

    /// Takes the next line.
    ///
    /// # Errors
    /// [`Flaw`]; nothing more is to be read then.
    pub fn line(&mut self, line: &Line) -> Result<(), Flaw> {
        match (&mut self.state, line) {
            (State::Start, Line::Log(head)) => {
                self.state = State::Within(Box::new(self.begin(head)?));
                Ok(())
            }
            (State::Within(body), Line::Tile(tile)) => match &mut body.of {
                Of::Everything(whole) => whole.tile(tile, body.head.size),
                Of::Some(_) => Err(Flaw::Order),
            },
            (State::Within(body), Line::Entry(entry)) => body.entry(entry, &self.older),
            (State::Within(body), Line::Checkpoint(note)) => {
                if *note != body.note {
                    return Err(Flaw::Order);
                }
                let checkpoint = Checkpoint { origin: self.origin.to_owned(), head: body.head };
                self.state = State::Ended(body.end(checkpoint, &self.older)?);
                Ok(())
            }
            _ => Err(Flaw::Order),
        }
    }

    /// Entries that were read so far.
    #[must_use]
    pub fn entries(&self) -> u64 {
        match &self.state {
            State::Start => 0,
            State::Within(body) => body.entries,
            State::Ended(checked) => checked.entries,
        }
    }

    /// What holds, behind the last line.
    ///
    /// # Errors
    /// [`Flaw::Cut`] when the last line was not the last of an export.
    pub fn finish(self) -> Result<Checked, Flaw> {
        match self.state {
            State::Ended(checked) => Ok(checked),
            State::Within(body) => Err(Flaw::Cut(body.entries)),
            State::Start => Err(Flaw::Cut(0)),
        }
    }

    fn begin(&self, head: &Head) -> Result<Body, Flaw> {
        if head.format != FORMAT {
            return Err(Flaw::Format);
        }
        let note = SignedNote::parse(&head.checkpoint).map_err(CheckpointError::from)?;
        let signed = Checkpoint::open(&note, self.origin, self.trusted)?;
        if signed.head.size != head.size || head.origin != self.origin {
            return Err(Flaw::Size(signed.head.size));
        }
        let filtered = head.filter.is_some();
        if filtered && !self.older.is_empty() {
            return Err(Flaw::Filtered);
        }
        if let Some(kept) = self.older.last().filter(|kept| kept.size > head.size) {
            return Err(Flaw::Shorter { kept: kept.size, size: head.size });
        }
        Ok(Body {
            head: signed.head,
            note: head.checkpoint.clone(),
            tenant: tenant_in(self.origin),
            entries: 0,
            foreign: None,
            of: if filtered { Of::Some(0) } else { Of::Everything(Box::default()) },
        })
    }
}

impl Body {
    fn entry(&mut self, line: &EntryLine, older: &[TreeHead]) -> Result<(), Flaw> {
        let (bytes, index) = (line.bytes()?, line.index);
        let hash = Hash::of_leaf(&bytes);
        match &mut self.of {
            Of::Everything(whole) => whole.entry(index, hash, self.head.size, older)?,
            Of::Some(next) => {
                if index < *next {
                    return Err(Flaw::Surplus(index));
                }
                let hashes = line.proof.as_deref().unwrap_or_default();
                proof::check_inclusion(self.head, index, hash, hashes)
                    .map_err(|source| Flaw::Proof { index, source })?;
                *next = index + 1;
            }
        }
        if self.tenant.is_some_and(|tenant| tenant_of(&bytes) != Some(tenant)) {
            self.foreign.get_or_insert(index);
        }
        self.entries += 1;
        Ok(())
    }

    fn end(&self, checkpoint: Checkpoint, older: &[TreeHead]) -> Result<Checked, Flaw> {
        let mut continues = None;
        if let Of::Everything(whole) = &self.of {
            whole.end(self.head)?;
            continues = older.last().map(|kept| kept.size);
        }
        if let Some(index) = self.foreign {
            return Err(Flaw::Foreign(index));
        }
        let complete = matches!(self.of, Of::Everything(_));
        Ok(Checked { checkpoint, entries: self.entries, complete, continues })
    }
}

impl Whole {
    fn tile(&mut self, line: &TileLine, size: u64) -> Result<(), Flaw> {
        let hashes = line.hashes()?;
        let first = line.number.checked_mul(Tile::WIDTH).ok_or(Flaw::Order)?;
        // Behind all entries of the one before, and before its own.
        match first.cmp(&self.entries.size()) {
            Ordering::Greater => return Err(self.gap()),
            Ordering::Less => return Err(Flaw::Order),
            Ordering::Equal => {}
        }
        // Hashes that are gone leave the entries to be checked: by the root alone.
        if hashes.len() as u64 != size.saturating_sub(first).min(Tile::WIDTH) {
            self.torn.get_or_insert(first);
        }
        let mut below = Frontier::default();
        for hash in &hashes {
            below.append(*hash, &mut Nowhere)?;
            self.kept.append(*hash, &mut Nowhere)?;
        }
        if line.above.is_some_and(|above| above != below.root()) {
            self.torn.get_or_insert(first);
        }
        self.tile = (first, hashes);
        Ok(())
    }

    fn entry(&mut self, index: u64, hash: Hash, size: u64, older: &[TreeHead]) -> Result<(), Flaw> {
        let next = self.entries.size();
        if index > next {
            return Err(self.gap());
        }
        if index < next || index >= size {
            return Err(self.unfit.map_or(Flaw::Surplus(index), Flaw::Entry));
        }
        if next == 0 {
            self.reach(older);
        }
        self.entries.append(hash, &mut Nowhere)?;
        // The events of security tools carry no hashes beside them.
        let (first, hashes) = &self.tile;
        let within = usize::try_from(index.saturating_sub(*first)).unwrap_or(usize::MAX);
        if hashes.get(within).is_some_and(|kept| *kept != hash) {
            self.unfit.get_or_insert(index);
        }
        self.reach(older);
        Ok(())
    }

    /// Compares with the kept checkpoints of this size.
    fn reach(&mut self, older: &[TreeHead]) {
        let reached = self.entries.size();
        // There are a few of them, sorted.
        let from = older.partition_point(|kept| kept.size < reached);
        for kept in older[from..].iter().take_while(|kept| kept.size == reached) {
            if kept.root != self.entries.root() {
                self.breaks.get_or_insert(reached);
            } else if self.breaks.is_none() {
                self.holds = reached;
            }
        }
    }

    /// The next entry is not there, unless one before it is wrong already.
    fn gap(&self) -> Flaw {
        self.unfit.map_or(Flaw::Missing(self.entries.size()), Flaw::Entry)
    }

    fn end(&self, head: TreeHead) -> Result<(), Flaw> {
        if self.entries.size() != head.size {
            return Err(self.gap());
        }
        let (entries, kept) = (self.entries.root() == head.root, self.kept.head() == head);
        match (entries, kept) {
            (true, _) => {
                if let Some(breaks) = self.breaks {
                    return Err(Flaw::Resigned { holds: self.holds, breaks });
                }
                self.unfit.or(self.torn).map_or(Ok(()), |index| Err(Flaw::Kept(index)))
            }
            (false, false) if self.kept.size() == 0 => {
                Err(Flaw::Altered { holds: self.holds, breaks: self.breaks.unwrap_or(head.size) })
            }
            (false, true) => Err(self.unfit.map_or(Flaw::Order, Flaw::Entry)),
            (false, false) => {
                let first = [self.unfit, self.torn].into_iter().flatten().min();
                Err(Flaw::Rebuilt { first, holds: self.holds, breaks: self.breaks.unwrap_or(head.size) })
            }
        }
    }
}

/// Hashes of nodes that nobody needs to keep.
struct Nowhere;

impl<T> Extend<T> for Nowhere {
    fn extend<I: IntoIterator<Item = T>>(&mut self, _: I) {}
}

/// Whose log this is, by the names that we give them.
fn tenant_in(origin: &str) -> Option<TenantId> {
    let mut parts = origin.strip_prefix("sealtape/")?.split('/');
    parts.nth(1)?.parse().ok()
}

/// Whose entry this says it is. Entries of kinds that this program does not know yet are read, too.
fn tenant_of(entry: &[u8]) -> Option<TenantId> {
    #[derive(Deserialize)]
    struct OfTenant {
        tenant: TenantId,
    }
    serde_json::from_slice::<OfTenant>(entry).ok().map(|entry| entry.tenant)
}
