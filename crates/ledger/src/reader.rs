//! Readers of a ledger.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use rusqlite::{Connection, params};

use crate::error::{Error, ErrorKind, Result};
use crate::evidence::sha256;
use crate::id::{PassageId, PassageKey, RecordId, RecordKey};
use crate::open;
use crate::passages::query;
use crate::passages::search::{self, Cursor, Filter, Page};
use crate::passages::view::{Counts, PassageView, PhotoView, SinkCounters};
use crate::passages::visits::{self, Visit};
use crate::proof::chain::{self, Anchor, Verdict, VerifyOptions};
use crate::proof::check::{self, CheckOptions, Finding};
use crate::registers::{self, FileView, RecordView, Register};

/// Passages that [`Reader::each`] holds at a time.
const EACH: usize = 200;

/// A read-only connection. Open as many as you like; none keeps the writer waiting.
#[derive(Debug)]
pub struct Reader {
    folder: PathBuf,
    connection: Connection,
}

impl Reader {
    /// Opens the ledger in `folder` for reading. The folder may be read-only.
    ///
    /// # Errors
    /// `Missing`, `NewerSchema`, `OlderSchema`, `Corrupt`.
    pub fn open(folder: &Path) -> Result<Self> {
        let connection = open::for_reading(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            connection,
        })
    }

    /// The newest passages, newest first.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn recent(&self, limit: usize) -> Result<Vec<PassageView>> {
        self.read(|from| query::passages(from, "ORDER BY p.id DESC LIMIT ?", [rows_of(limit)]))
    }

    /// One passage.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn passage(&self, id: PassageId) -> Result<Option<PassageView>> {
        self.read(|from| query::passage_of(from, id))
    }

    /// Up to `limit` passages decided from `from_time` (included) to `until` (not included), oldest
    /// first.
    ///
    /// # Errors
    /// See [`ErrorKind`].
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
    /// See [`ErrorKind`].
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
    /// See [`ErrorKind`].
    pub fn open_passages(&self) -> Result<Vec<PassageView>> {
        self.read(|from| {
            query::passages(
                from,
                "WHERE p.id IN (SELECT passage_id FROM open_passages) ORDER BY p.id",
                [],
            )
        })
    }

    /// Figures of the ledger.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn counts(&self) -> Result<Counts> {
        self.read(query::counts)
    }

    /// Delivery figures of every sink that ever had a row, by name.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn sinks(&self) -> Result<Vec<SinkCounters>> {
        self.read(query::sinks)
    }

    /// Delivery figures of one sink; zeros when it never had a row.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn counters(&self, sink: &str) -> Result<SinkCounters> {
        let all = self.sinks()?;
        let found = all.into_iter().find(|counters| counters.sink == sink);
        Ok(found.unwrap_or_else(|| SinkCounters {
            sink: sink.to_owned(),
            ..Default::default()
        }))
    }

    /// A page of the passages that meet every condition of `filter`, after where the page before
    /// ended.
    ///
    /// # Errors
    /// `Invalid` for a filter that can't be met quickly, in words; else see [`ErrorKind`].
    pub fn search(&self, filter: &Filter, after: Option<Cursor>, limit: usize) -> Result<Page> {
        search::check(filter)?;
        self.read(|from| search::page(from, filter, after, limit))
    }

    /// Hands every such passage to `take` until it answers false, a few at a time: a month needs no
    /// more memory than a page, and the log can be cut back meanwhile.
    ///
    /// # Errors
    /// As [`Reader::search`].
    pub fn each(&self, filter: &Filter, mut take: impl FnMut(PassageView) -> bool) -> Result<()> {
        let mut after = None;
        loop {
            let page = self.search(filter, after, EACH)?;
            for passage in page.passages {
                if !take(passage) {
                    return Ok(());
                }
            }
            after = match page.next {
                Some(next) => Some(next),
                None => return Ok(()),
            };
        }
    }

    /// Up to `limit` visits with an entry or exit from `from_time` (included) to `until` (not
    /// included), oldest first.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn visits(
        &self,
        from_time: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Visit>> {
        self.read(|from| visits::between(from, from_time, until, rows_of(limit)))
    }

    /// The entry that belongs to an exit, when it was seen.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn entry_of(&self, exit: PassageId) -> Result<Option<PassageKey>> {
        self.read(|on| visits::entry_of(on, exit))
    }

    /// The newest revision of one record.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn record(&self, key: RecordKey) -> Result<Option<RecordView>> {
        self.read(|from| registers::by_key(from, key))
    }

    /// The newest revision of the record that is called so and is not retired.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn record_called(&self, register: Register, identity: &str) -> Result<Option<RecordView>> {
        self.read(|from| registers::by_identity(from, register, identity))
    }

    /// Up to `limit` records of a register, each in its newest revision, in the order in which
    /// they were made, after `after`; 0 is before the first.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn records(
        &self,
        register: Register,
        after: RecordId,
        limit: usize,
    ) -> Result<Vec<RecordView>> {
        self.read(|from| registers::page(from, register, after, rows_of(limit)))
    }

    /// Every revision of one record, oldest first.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn record_history(&self, key: RecordKey) -> Result<Vec<RecordView>> {
        self.read(|from| registers::history(from, key))
    }

    /// The revision that held at `at` for what is called so: the last one approved by then, or,
    /// for a thing registered only later, the first; none once it was retired.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn record_at(
        &self,
        register: Register,
        identity: &str,
        at: Timestamp,
    ) -> Result<Option<RecordView>> {
        self.read(|from| registers::at_time(from, register, identity, at))
    }

    /// The bytes of a register's file, proved against its hash.
    ///
    /// # Errors
    /// `Missing`, or `Corrupt` when they differ.
    pub fn file_bytes(&self, file: &FileView) -> Result<Vec<u8>> {
        self.proved(&file.path, &file.sha256, "file")
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
    pub fn photo_bytes(&self, photo: &PhotoView) -> Result<Vec<u8>> {
        self.proved(&photo.path, &photo.sha256, "photo")
    }

    fn proved(&self, path: &str, expected: &str, what: &str) -> Result<Vec<u8>> {
        let path = self.folder.join(path);
        let bytes = std::fs::read(&path)
            .map_err(|e| Error::io(&format!("could not read a {what}"), &path, e))?;
        if sha256(&bytes) == expected {
            return Ok(bytes);
        }
        let text = format!("a {what} is not what its row says");
        Err(Error::new(ErrorKind::Corrupt, text).at(path))
    }

    /// Compares the rows with the photos and with each other.
    ///
    /// # Errors
    /// Only when looking itself fails; what it finds is in the answer.
    pub fn check(&self, options: &CheckOptions) -> Result<Vec<Finding>> {
        check::run(&self.folder, &self.connection, options)
    }

    /// Compares the photos with their rows, and nothing else: what [`Reader::check`] finds of photos.
    ///
    /// # Errors
    /// Only when looking itself fails; what it finds is in the answer.
    pub fn check_photos(&self, options: &CheckOptions) -> Result<Vec<Finding>> {
        check::run_on_photos(&self.folder, &self.connection, options)
    }

    /// Goes through the chain of hashes: rows that were changed, removed or inserted past the
    /// program, and whether anchors kept elsewhere still fit. Photos are
    /// [`Reader::check_photos`]'s: the chain holds their hashes.
    ///
    /// # Errors
    /// Only when looking itself fails; what it finds is in the answer.
    pub fn verify(&self, options: &VerifyOptions) -> Result<Verdict> {
        chain::verify(&self.folder, &self.connection, options)
    }

    /// The chain's anchors, oldest first.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn anchors(&self) -> Result<Vec<Anchor>> {
        self.read(chain::anchors)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Runs several queries on one state of the ledger.
    pub(crate) fn read<T>(
        &self,
        look: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let look = || {
            let snapshot = self.connection.unchecked_transaction()?;
            look(&snapshot)
        };
        look().map_err(|e| {
            Error::sql(
                "could not read the ledger",
                &open::database(&self.folder),
                e,
            )
        })
    }
}

fn rows_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
