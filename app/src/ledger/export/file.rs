//! The bytes of an export, page by page.

use std::{io, ops::Range};

use async_stream::try_stream;
use bytes::Bytes;
use domain::TenantId;
use futures::Stream;
use ledger::{
    Leaf,
    export::{EntryLine, Filter, Head, Line, TileLine, csv, ocsf},
    tree::{
        Hash, Place, Tile, TileSet,
        proof::{Inclusions, inclusion_ranges},
    },
};
use store::{AuditCheckpointRow, AuditExportFormat, Store, TenantRead};

use super::super::{read::contradicted, tiles};
use crate::AppError;

/// Entries of one page: whole tiles, so that a page can be written without the one before it.
pub(super) const PAGE: u64 = 4 * Tile::WIDTH;

/// What decides every byte of a file.
pub(super) struct File {
    tenant: TenantId,
    format: AuditExportFormat,
    head: Head,
}

/// A page of a file.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) text: String,
    pub(super) entries: u64,
}

impl File {
    pub(super) fn new(
        origin: String,
        tenant: TenantId,
        format: AuditExportFormat,
        filter: Option<Filter>,
        signed: AuditCheckpointRow,
    ) -> Self {
        Self { tenant, format, head: Head::new(origin, signed.size, filter, signed.note) }
    }

    /// The places of the page that begins with `start`.
    pub(super) fn page(&self, start: u64) -> Range<u64> {
        start..start.saturating_add(PAGE).min(self.head.size)
    }

    /// The lines of `places`, with the first and the last line of the file where they belong.
    ///
    /// # Errors
    /// [`AppError::Conflict`] `integrity-fail` when what is stored cannot be written in this form; a `log` holds anything.
    pub(super) async fn write(&self, read: &TenantRead, places: Range<u64>) -> Result<Written, AppError> {
        let mut written = Written::default();
        if places.start == 0 {
            written.text.push_str(&self.first());
        }
        let mut entries = read.audit_entries(places.clone()).await?;
        if let Some(filter) = &self.head.filter {
            entries.retain(|(_, entry)| filter.takes(entry));
        }
        let mut rest = entries.as_slice();
        let kept = self.kept(read, &places, rest).await?;
        let inclusions = Inclusions::of(&kept, self.head.size);
        for number in places.start / Tile::WIDTH..places.end.div_ceil(Tile::WIDTH) {
            if self.format == AuditExportFormat::Log && self.head.filter.is_none() {
                let above = kept.hash(Place { level: 1, index: number });
                let line = TileLine::new(number, kept.hashes(0, number).unwrap_or_default(), above);
                written.text.push_str(&Line::Tile(line).to_text());
            }
            let (below, later) = rest.split_at(rest.partition_point(|(index, _)| *index < (number + 1) * Tile::WIDTH));
            rest = later;
            for (index, entry) in below {
                written.text.push_str(&self.entry(*index, entry, &inclusions)?);
                written.entries += 1;
            }
        }
        if places.end == self.head.size {
            written.text.push_str(&self.last());
        }
        Ok(written)
    }

    /// The hashes that these lines tell: those of the entries, or those of their proofs.
    async fn kept(
        &self,
        read: &TenantRead,
        places: &Range<u64>,
        entries: &[(u64, Vec<u8>)],
    ) -> Result<TileSet, AppError> {
        let size = self.head.size;
        match (self.format, &self.head.filter) {
            (AuditExportFormat::Csv, _) | (AuditExportFormat::Ocsf, None) => Ok(TileSet::default()),
            (AuditExportFormat::Log, None) => {
                let numbers = places.start / Tile::WIDTH..places.end.div_ceil(Tile::WIDTH);
                let below = numbers.clone().map(|number| Place { level: 0, index: number * Tile::WIDTH });
                let above = numbers.map(|number| Place { level: 1, index: number });
                let mut wanted: Vec<Tile> = below.chain(above).filter_map(|place| Tile::holding(place, size)).collect();
                wanted.dedup();
                tiles::load(read, wanted).await
            }
            (AuditExportFormat::Log | AuditExportFormat::Ocsf, Some(_)) => {
                let ranges = entries.iter().filter_map(|(index, _)| inclusion_ranges(*index, size).ok());
                tiles::needed(read, &ranges.flatten().collect::<Vec<_>>(), size).await
            }
        }
    }

    fn first(&self) -> String {
        match self.format {
            AuditExportFormat::Log => Line::Log(self.head.clone()).to_text(),
            AuditExportFormat::Ocsf => ocsf::begin(&self.head),
            AuditExportFormat::Csv => csv::header(),
        }
    }

    fn entry(&self, index: u64, entry: &[u8], kept: &Inclusions<'_, TileSet>) -> Result<String, AppError> {
        if self.format == AuditExportFormat::Log {
            return Ok(Line::Entry(EntryLine::new(index, entry, self.proof(index, kept))).to_text());
        }
        let leaf = Leaf::from_bytes(entry).map_err(|_| contradicted(index))?;
        Ok(match self.format {
            AuditExportFormat::Csv => csv::row(index, &leaf),
            _ => ocsf::event(&self.head.origin, index, entry, &leaf, self.proof(index, kept).as_deref()),
        })
    }

    /// The entry's proof, where not all entries are there. One whose hashes are gone has none, and is not proved.
    fn proof(&self, index: u64, kept: &Inclusions<'_, TileSet>) -> Option<Vec<Hash>> {
        self.head.filter.as_ref()?;
        Some(kept.prove(index).ok().flatten().unwrap_or_default())
    }

    fn last(&self) -> String {
        match self.format {
            AuditExportFormat::Log => Line::Checkpoint(self.head.checkpoint.clone()).to_text(),
            AuditExportFormat::Ocsf => ocsf::end(&self.head),
            AuditExportFormat::Csv => String::new(),
        }
    }

    /// All pages, each read by itself: a download may take longer than a transaction.
    pub(super) fn stream(self, store: Store) -> impl Stream<Item = io::Result<Bytes>> {
        try_stream! {
            let mut start = 0;
            while start < self.head.size {
                let places = self.page(start);
                start = places.end;
                let written = async {
                    let read = store.tenant_read(self.tenant).await?;
                    self.write(&read, places).await
                };
                // A file that ends early has no last line.
                yield Bytes::from(written.await.map_err(io::Error::other)?.text);
            }
        }
    }
}
