//! The one writer of a ledger.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior};

use crate::error::{Error, ErrorKind, Result};
use crate::evidence::disk::{CutPoint, Disk, RealDisk};
use crate::evidence::orphans;
use crate::evidence::{self, Evidence, Kept, KeptFile};
use crate::held::Held;
use crate::id::{PassageId, PassageKey};
use crate::open;
use crate::options::{Options, Sink};
use crate::outbox;
use crate::passages::facts;
use crate::passages::model::{Finished, NewPassage, NewPhoto};
use crate::passages::query;
use crate::proof::chain::{self, Anchor};
use crate::reader::Reader;
use crate::registers::{self, NewFile};
use crate::rows;

/// The one writer of a ledger. Give it to one thread; readers have connections of their own.
///
/// Its calls return after the commit has reached the medium. Times given to it are kept to the
/// millisecond; it never asks a clock itself.
#[derive(Debug)]
pub struct Writer {
    folder: PathBuf,
    database: PathBuf,
    connection: Connection,
    evidence: Evidence,
    sinks: Vec<Sink>,
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
            _lock: lock,
        };
        let sinks = writer.sinks.clone();
        writer.transacted("could not queue register records", |to| {
            registers::queue_missing(to, &sinks)
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

    /// Commits a decided passage: its photos first, then its row, the photos' rows and one outbox
    /// row per sink in one transaction. On success all of it survives a power cut. The same key
    /// again changes nothing and gives the same id.
    ///
    /// # Errors
    /// `Invalid` without a photo of the head or with two of one kind; else see [`ErrorKind`].
    /// After any error nothing of the passage is committed, or, when the commit itself was cut
    /// off, all of it; deciding again with the same key settles which.
    pub fn decide(&mut self, passage: &NewPassage, photos: &[NewPhoto<'_>]) -> Result<PassageId> {
        evidence::validate(photos, true)?;
        let known = self.looked_up(
            &format!("could not commit passage {}", passage.key),
            |from| {
                from.prepare_cached("SELECT id FROM passages WHERE key = ?")?
                    .query_row([passage.key.to_string()], |row| row.get(0).map(PassageId))
                    .optional()
            },
        )?;
        if let Some(id) = known {
            return Ok(id);
        }
        let kept = self
            .evidence
            .keep(passage.key, passage.decided_at, 0, photos)?;
        let sinks = self.sinks.clone();
        self.committed(&format!("could not commit passage {}", passage.key), |to| {
            let id = rows::insert_passage(to, passage)?;
            rows::insert_reading(to, id, "decided", &passage.reading)?;
            rows::insert_photos(to, id, &kept)?;
            to.execute("INSERT INTO open_passages VALUES (?)", [id.0])?;
            outbox::queue_decided(to, id, &sinks, passage.decided_at)?;
            facts::refresh(to, id)?;
            Ok(id)
        })
    }

    /// Appends how a passage ended, with further photos, and makes its deliveries due: a row not
    /// yet claimed is sent at once with the outcome in it, otherwise a `PassageFinished` row
    /// follows. The same end again changes nothing.
    ///
    /// # Errors
    /// `Invalid` with two photos of one kind; `Conflict` for an unknown passage, one that ended
    /// differently, or a photo of a kind that it has.
    pub fn finish(&mut self, id: PassageId, end: &Finished, photos: &[NewPhoto<'_>]) -> Result<()> {
        evidence::validate(photos, false)?;
        let step = format!("could not finish passage {id}");
        let known = self.looked_up(&step, |from| query::passage_of(from, id))?;
        let Some(known) = known else {
            return Err(Error::new(
                ErrorKind::Conflict,
                format!("{step}: there is none"),
            ));
        };
        if let Some(before) = known.finished {
            let same = before.outcome == end.outcome
                && before.at.as_millisecond() == end.at.as_millisecond();
            return if same {
                Ok(())
            } else {
                let text = format!("{step}: it {} at {}", before.outcome, before.at);
                Err(Error::new(ErrorKind::Conflict, text))
            };
        }
        if let Some(twice) = photos
            .iter()
            .find(|photo| known.photo(photo.kind).is_some())
        {
            let text = format!("{step}: it has a {} photo", twice.kind);
            return Err(Error::new(ErrorKind::Conflict, text));
        }
        let kept = self.evidence.keep(known.key, known.decided_at, 0, photos)?;
        let sinks = self.sinks.clone();
        self.committed(&step, |to| append_end(to, id, end, &kept, &sinks))
    }

    /// Sets down what the chain of hashes is at the end of `day`, once; `None` when that day has
    /// its anchor already, or the ledger is empty. Let a copy leave the computer.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn anchor(&mut self, day: jiff::civil::Date, at: Timestamp) -> Result<Option<Anchor>> {
        self.transacted(&format!("could not anchor {day}"), |to| {
            chain::anchor(to, day, at)
        })
    }

    /// Counts a passage that was lost before its decision.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn record_lost(&mut self, lane: &str, at: Timestamp, reason: &str) -> Result<()> {
        self.committed(&format!("could not count a passage lost on {lane}"), |to| {
            to.execute(
                "INSERT INTO lost_passages (lane, at_ms, reason) VALUES (?, ?, ?)",
                (lane, at.as_millisecond(), reason),
            )?;
            Ok(())
        })
    }

    /// Removes photos that no row points at and that are older than `age`; gives how many. What
    /// is under `photos/` belongs to the ledger: strange files are removed too.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn sweep_orphans(&mut self, age: Duration) -> Result<usize> {
        // Nothing can be on its way: this is the one writer, and it is busy here.
        orphans::sweep(&self.folder, &self.connection, age)
    }

    #[cfg(test)]
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Folders of days may have been removed.
    pub(crate) fn forget_day(&mut self) {
        self.evidence.forget_day();
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn sinks(&self) -> &[Sink] {
        &self.sinks
    }

    /// Steps 1 to 4 for the photos of a correction or of paper.
    pub(crate) fn keep_photos(
        &mut self,
        key: PassageKey,
        day: Timestamp,
        revision: u32,
        photos: &[NewPhoto<'_>],
    ) -> Result<Vec<Kept>> {
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

    /// Step 5: a transaction with the cut points around it.
    pub(crate) fn committed<T>(
        &mut self,
        step: &str,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let cut = |e| Error::io(step, &self.database, e);
        let disk = self.evidence.disk();
        let sql = |e| Error::sql(step, &self.database, e);
        disk.pass(CutPoint::BeforeTransaction).map_err(cut)?;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(sql)?;
        let written = write(&transaction).map_err(sql)?;
        chain::extend(&transaction).map_err(sql)?;
        disk.pass(CutPoint::BeforeCommit).map_err(cut)?;
        transaction.commit().map_err(sql)?;
        disk.pass(CutPoint::AfterCommit).map_err(cut)?;
        Ok(written)
    }

    /// A transaction of its own.
    pub(crate) fn transacted<T>(
        &mut self,
        step: &str,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let sql = |e| Error::sql(step, &self.database, e);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(sql)?;
        let written = write(&transaction).map_err(sql)?;
        chain::extend(&transaction).map_err(sql)?;
        transaction.commit().map_err(sql)?;
        Ok(written)
    }
}

fn append_end(
    to: &Transaction<'_>,
    id: PassageId,
    end: &Finished,
    kept: &[Kept],
    sinks: &[Sink],
) -> rusqlite::Result<()> {
    to.execute(
        "INSERT INTO passage_outcomes VALUES (?, ?, ?)",
        (id.0, end.outcome.as_str(), end.at.as_millisecond()),
    )?;
    if let Some(reading) = &end.reading {
        rows::insert_reading(to, id, "final", reading)?;
        facts::refresh(to, id)?;
    }
    rows::insert_photos(to, id, kept)?;
    to.execute("DELETE FROM open_passages WHERE passage_id = ?", [id.0])?;
    outbox::queue_finished(to, id, sinks, end.at)
}
