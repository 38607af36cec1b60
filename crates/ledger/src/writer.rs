//! The one writer of a ledger.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

use crate::error::{Error, ErrorKind, Result};
use crate::id::{OutboxId, PassageId};
use crate::model::{Finished, NewPassage, NewPhoto};
use crate::options::{Claim, Options};
use crate::reader::Reader;
use crate::view::OutboxItem;

/// The one writer of a ledger. Give it to one thread; readers have connections of their own.
#[derive(Debug)]
pub struct Writer {
    folder: PathBuf,
}

fn not_yet() -> Error {
    Error::new(ErrorKind::Io, "not built yet")
}

impl Writer {
    /// Opens the ledger in `folder`, which must exist; creates or migrates the database, takes the
    /// folder's lock, puts rows that were being sent back into the queue and clears half-written
    /// photos.
    ///
    /// # Errors
    /// `Locked` when another process writes here, `NewerSchema`, `ReadOnly`, `DiskFull`, `Corrupt`.
    pub fn open(_folder: &Path, _options: Options) -> Result<Self> {
        Err(not_yet())
    }

    /// A reader of the same ledger.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn reader(&self) -> Result<Reader> {
        Reader::open(&self.folder)
    }

    /// Commits a decided passage: its photos first, then its row, the photos' rows and one outbox
    /// row per sink in one transaction. On success all of it survives a power cut. The same key
    /// again changes nothing and gives the same id.
    ///
    /// # Errors
    /// `Invalid` without a photo of the head or with two of one kind; else see [`ErrorKind`].
    /// After any error nothing of the passage is committed, or, when the commit itself was cut
    /// off, all of it; deciding again with the same key settles which.
    pub fn decide(&mut self, _passage: &NewPassage, _photos: &[NewPhoto<'_>]) -> Result<PassageId> {
        Err(not_yet())
    }

    /// Appends how a passage ended, with further photos, and makes its deliveries due: a row not
    /// yet claimed is sent at once with the outcome in it, otherwise a `PassageFinished` row
    /// follows. The same end again changes nothing.
    ///
    /// # Errors
    /// `Conflict` for an unknown passage or one that ended differently.
    pub fn finish(
        &mut self,
        _id: PassageId,
        _end: &Finished,
        _photos: &[NewPhoto<'_>],
    ) -> Result<()> {
        Err(not_yet())
    }

    /// Counts a passage that was lost before its decision.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn record_lost(&mut self, _lane: &str, _at: Timestamp, _reason: &str) -> Result<()> {
        Err(not_yet())
    }

    /// Takes due rows of one sink for sending: live ones before backlog, each in the order of
    /// commit. They stay `sending` until answered or until the ledger is opened again. What a
    /// passage ended with waits until the passage itself has been answered.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn claim_due(&mut self, _claim: &Claim<'_>) -> Result<Vec<OutboxItem>> {
        Err(not_yet())
    }

    /// The sink has it. `answer` is kept.
    ///
    /// # Errors
    /// `Conflict` when the row isn't being sent.
    pub fn ack(&mut self, _id: OutboxId, _at: Timestamp, _answer: &str) -> Result<()> {
        Err(not_yet())
    }

    /// It did not arrive; it is due again at `next_at`, at most [`crate::MAX_DELAY`] from `at`.
    ///
    /// # Errors
    /// `Conflict` when the row isn't being sent.
    pub fn retry_later(
        &mut self,
        _id: OutboxId,
        _at: Timestamp,
        _error: &str,
        _next_at: Timestamp,
    ) -> Result<()> {
        Err(not_yet())
    }

    /// The sink refused the data with these words; the row is parked until a person acts.
    ///
    /// # Errors
    /// `Conflict` when the row isn't being sent.
    pub fn refuse(&mut self, _id: OutboxId, _at: Timestamp, _words: &str) -> Result<()> {
        Err(not_yet())
    }

    /// A person sends a refused row again.
    ///
    /// # Errors
    /// `Conflict` when the row isn't refused.
    pub fn requeue(&mut self, _id: OutboxId, _at: Timestamp) -> Result<()> {
        Err(not_yet())
    }

    /// Removes photos that no row points at and that are older than `age`; gives how many.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn sweep_orphans(&mut self, _age: Duration) -> Result<usize> {
        Err(not_yet())
    }
}
