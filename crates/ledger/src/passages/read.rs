//! What readers ask of passages and their photos.

use std::path::PathBuf;

use jiff::Timestamp;
use passage::{PassageId, PassageView, PhotoView};
use rusqlite::params;
use serde::Serialize;

use crate::error::Result;
use crate::passages::query;
use crate::reader::{Reader, rows_of};
use crate::rows;

/// Figures of the whole ledger, cheap enough to read at every scrape.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Passages ever committed.
    pub passages: u64,
    /// Passages decided and not finished.
    pub open: u64,
    /// Passages counted as lost before their decision.
    pub lost: u64,
    /// Photos ever committed, without those that were removed.
    pub photos: u64,
}

impl Reader {
    /// The newest passages, newest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn recent(&self, limit: usize) -> Result<Vec<PassageView>> {
        self.read(|from| query::passages(from, "ORDER BY p.id DESC LIMIT ?", [rows_of(limit)]))
    }

    /// One passage.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn passage(&self, id: PassageId) -> Result<Option<PassageView>> {
        self.read(|from| query::passage_of(from, id))
    }

    /// Up to `limit` passages decided from `from_time` (included) to `until` (not included), oldest
    /// first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn passages_between(
        &self,
        from_time: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<PassageView>> {
        self.read(|from| {
            query::passages(
                from,
                "WHERE p.decided_at_ms >= ? AND p.decided_at_ms < ?
                 ORDER BY p.decided_at_ms, p.id LIMIT ?",
                params![
                    from_time.as_millisecond(),
                    until.as_millisecond(),
                    rows_of(limit)
                ],
            )
        })
    }

    /// Passages committed after `after`, oldest first: what a live display asks again and again.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn since(&self, after: PassageId, limit: usize) -> Result<Vec<PassageView>> {
        self.read(|from| {
            query::passages(
                from,
                "WHERE p.id > ? ORDER BY p.id LIMIT ?",
                params![after.0, rows_of(limit)],
            )
        })
    }

    /// Passages that are decided and not finished, oldest first; after a restart a vehicle still
    /// standing is matched to one of these.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn open_passages(&self) -> Result<Vec<PassageView>> {
        self.read(|from| {
            query::passages(
                from,
                "WHERE p.id IN (SELECT passage_id FROM open_passages) ORDER BY p.id",
                [],
            )
        })
    }

    /// Passages that were corrected from `from` (included) to `until` (not included), oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn corrected_during(
        &self,
        from: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<PassageView>> {
        self.read(|on| {
            query::passages(
                on,
                "WHERE p.id IN (SELECT passage_id FROM corrections WHERE at_ms >= ? AND at_ms < ?)
                 ORDER BY p.id LIMIT ?",
                params![
                    from.as_millisecond(),
                    until.as_millisecond(),
                    rows_of(limit)
                ],
            )
        })
    }

    /// When the first passage was decided, wherever it was read; `None` before there is one.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn first_passage_at(&self) -> Result<Option<Timestamp>> {
        self.read(|from| {
            from.prepare_cached("SELECT min(decided_at_ms) FROM passages")?
                .query_row([], |row| rows::maybe_time(row, 0))
        })
    }

    /// Figures of the ledger.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn counts(&self) -> Result<Counts> {
        self.read(query::counts)
    }

    /// Where a photo is on disk.
    #[must_use]
    pub fn photo_file(&self, photo: &PhotoView) -> PathBuf {
        self.folder().join(&photo.path)
    }

    /// The bytes of a photo, proved against its recorded size and hash.
    ///
    /// # Errors
    /// `Missing`, or `Corrupt` when they differ.
    pub fn photo_bytes(&self, photo: &PhotoView) -> Result<Vec<u8>> {
        self.proved(&photo.path, &photo.sha256, "photo")
    }
}
