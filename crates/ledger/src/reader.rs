//! Readers of a ledger.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::check::{CheckOptions, Finding};
use crate::error::{Error, ErrorKind, Result};
use crate::id::PassageId;
use crate::view::{Counts, PassageView, PhotoView, SinkCounters};

/// A read-only connection. Open as many as you like; none keeps the writer waiting.
#[derive(Debug)]
pub struct Reader {
    folder: PathBuf,
}

fn not_yet() -> Error {
    Error::new(ErrorKind::Io, "not built yet")
}

impl Reader {
    /// Opens the ledger in `folder` for reading. The folder may be read-only.
    ///
    /// # Errors
    /// `Missing`, `NewerSchema`, `OlderSchema`, `Corrupt`.
    pub fn open(_folder: &Path) -> Result<Self> {
        Err(not_yet())
    }

    /// The newest passages, newest first.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn recent(&self, _limit: usize) -> Result<Vec<PassageView>> {
        Err(not_yet())
    }

    /// One passage.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn passage(&self, _id: PassageId) -> Result<Option<PassageView>> {
        Err(not_yet())
    }

    /// Up to `limit` passages decided from `from` (included) to `until` (not included), oldest
    /// first.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn passages_between(
        &self,
        _from: Timestamp,
        _until: Timestamp,
        _limit: usize,
    ) -> Result<Vec<PassageView>> {
        Err(not_yet())
    }

    /// Passages committed after `after`, oldest first: what a live display asks again and again.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn since(&self, _after: PassageId, _limit: usize) -> Result<Vec<PassageView>> {
        Err(not_yet())
    }

    /// Passages that are decided and not finished, oldest first; after a restart a vehicle still
    /// standing is matched to one of these.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn open_passages(&self) -> Result<Vec<PassageView>> {
        Err(not_yet())
    }

    /// Figures of the ledger.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn counts(&self) -> Result<Counts> {
        Err(not_yet())
    }

    /// Delivery figures of every sink that ever had a row, by name.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn sinks(&self) -> Result<Vec<SinkCounters>> {
        Err(not_yet())
    }

    /// Delivery figures of one sink; zeros when it never had a row.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn counters(&self, _sink: &str) -> Result<SinkCounters> {
        Err(not_yet())
    }

    /// Where a photo is on disk.
    #[must_use]
    pub fn photo_file(&self, photo: &PhotoView) -> PathBuf {
        self.folder.join(&photo.path)
    }

    /// The bytes of a photo, proved against its recorded size and hash.
    ///
    /// # Errors
    /// `Missing`, or `Corrupt` when they differ.
    pub fn photo_bytes(&self, _photo: &PhotoView) -> Result<Vec<u8>> {
        Err(not_yet())
    }

    /// Compares the rows with the photos and with each other.
    ///
    /// # Errors
    /// Only when looking itself fails; what it finds is in the answer.
    pub fn check(&self, _options: &CheckOptions) -> Result<Vec<Finding>> {
        Err(not_yet())
    }
}
