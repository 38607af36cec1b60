//! The one writer of a ledger.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use passage::{NewPhoto, PassageKey};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::watch;

use crate::committed::{Commits, Signal, Topic};
use crate::error::{Error, Result};
use crate::evidence::disk::{CutPoint, Disk, RealDisk};
use crate::evidence::{Evidence, KeptFile, StoredPhoto};
use crate::held::Held;
use crate::open;
use crate::options::{Options, OutboxSink};
use crate::outbox;
use crate::proof::chain;
use crate::reader::Reader;
use crate::registers::{self, NewFile};

/// The one writer of a ledger. Give it to one thread; readers have connections of their own.
///
/// Its calls return after the commit has reached the medium. Times given to it are kept to the
/// millisecond; it asks a clock itself only to name the copy that it keeps before a migration.
#[derive(Debug)]
pub struct Writer {
    folder: PathBuf,
    database: PathBuf,
    connection: Connection,
    evidence: Evidence,
    sinks: Vec<OutboxSink>,
    signal: Signal,
    /// Held until the writer is dropped or its process ends, however it ends.
    _lock: Held,
}

impl Writer {
    /// Opens the ledger in `folder`, which must exist; creates or migrates the database, takes the
    /// folder's lock, puts rows that were being sent back into the queue and clears half-written
    /// photos.
    ///
    /// # Errors
    /// `Locked` when another process writes here, `NewerSchema`, `ReadOnly`, `DiskFull`, `Corrupt`.
    pub fn open(folder: &Path, options: Options) -> Result<Self> {
        Self::open_on(folder, options, Box::new(RealDisk))
    }

    pub(crate) fn open_on(folder: &Path, options: Options, disk: Box<dyn Disk>) -> Result<Self> {
        let lock = open::lock(folder)?;
        let database = open::database(folder);
        let connection = open::for_writing(folder, &options)?;
        let evidence = Evidence::open(folder, options.zone, disk)?;
        let recovered = outbox::recover(&connection).map_err(|e| {
            Error::sql("could not put deliveries back into the queue", &database, e)
        })?;
        if recovered > 0 {
            tracing::info!(recovered, "deliveries without an answer are sent again");
        }
        let mut writer = Self {
            folder: folder.to_owned(),
            database,
            connection,
            evidence,
            sinks: options.sinks,
            signal: Signal::new(),
            _lock: lock,
        };
        let sinks = writer.sinks.clone();
        writer.transacted("could not queue register records", &[Topic::Outbox], |to| {
            registers::write::queue_missing(to, &sinks)
        })?;
        Ok(writer)
    }

    /// A reader of the same ledger.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn reader(&self) -> Result<Reader> {
        Reader::open(&self.folder)
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Folders of days may have been removed.
    pub(crate) fn forget_day(&mut self) {
        self.evidence.forget_day();
    }

    pub(crate) fn commits(&self) -> watch::Receiver<Commits> {
        self.signal.subscribe()
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn sinks(&self) -> &[OutboxSink] {
        &self.sinks
    }

    /// Steps 1 to 4 for the photos of a correction or of paper.
    pub(crate) fn keep_photos(
        &mut self,
        key: PassageKey,
        day: Timestamp,
        revision: u32,
        photos: &[NewPhoto<'_>],
    ) -> Result<Vec<StoredPhoto>> {
        self.evidence.keep(key, day, revision, photos)
    }

    pub(crate) fn keep_file(&mut self, file: &NewFile) -> Result<KeptFile> {
        self.evidence.keep_file(file)
    }

    pub(crate) fn looked_up<T>(
        &self,
        step: &str,
        look: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        look(&self.connection).map_err(|e| Error::sql(step, &self.database, e))
    }

    /// Step 5: a transaction with the cut points around it. Who waits for commits about these topics
    /// is woken, unless no row was changed.
    pub(crate) fn committed<T>(
        &mut self,
        step: &str,
        about: &[Topic],
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let cut = |e| Error::io(step, &self.database, e);
        let disk = self.evidence.disk();
        let sql = |e| Error::sql(step, &self.database, e);
        disk.pass(CutPoint::BeforeTransaction).map_err(cut)?;
        let before = self.connection.total_changes();
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(sql)?;
        let written = write(&transaction).map_err(sql)?;
        chain::extend(&transaction).map_err(sql)?;
        disk.pass(CutPoint::BeforeCommit).map_err(cut)?;
        transaction.commit().map_err(sql)?;
        self.signal.tell(changed(&self.connection, before, about));
        disk.pass(CutPoint::AfterCommit).map_err(cut)?;
        Ok(written)
    }

    /// A transaction of its own, without cut points.
    pub(crate) fn transacted<T>(
        &mut self,
        step: &str,
        about: &[Topic],
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let sql = |e| Error::sql(step, &self.database, e);
        let before = self.connection.total_changes();
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(sql)?;
        let written = write(&transaction).map_err(sql)?;
        chain::extend(&transaction).map_err(sql)?;
        transaction.commit().map_err(sql)?;
        self.signal.tell(changed(&self.connection, before, about));
        Ok(written)
    }
}

/// What there is to tell of a commit: nothing, when no row has changed since `before`.
fn changed<'a>(connection: &Connection, before: u64, about: &'a [Topic]) -> &'a [Topic] {
    if connection.total_changes() == before {
        return &[];
    }
    about
}
