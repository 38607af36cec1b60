//! The database of a ledger in use, as it was at one moment.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use words::{Key, Said};

use super::evidence::{Inventory, NamedFile, each_named, hash_of};
use super::manifest::{self, Manifest, rows_of_tables};
use crate::error::{Error, ErrorKind, Result};
use crate::open;
use crate::proof::chain;
use crate::reader::Reader;
use crate::schema;

/// Pages of the database that are copied at a time; between two of them a stop is noticed.
const PAGES: i32 = 4096;

/// A proved copy of the database; what it names is still to be kept.
#[derive(Debug)]
pub struct Snapshot {
    database: PathBuf,
    copy: Connection,
    made_at: Timestamp,
}

impl Reader {
    /// Copies the database into the new folder `part`, holding up no writer, and proves the copy.
    ///
    /// # Errors
    /// `Corrupt` when the ledger is damaged; `Io` when it was stopped; `DiskFull`; see [`ErrorKind`].
    pub fn snapshot(&self, part: &Path, at: Timestamp, stop: &AtomicBool) -> Result<Snapshot> {
        fs::create_dir(part).map_err(|e| Error::io("could not begin a backup", part, e))?;
        let database = open::database(part);
        copy_database(self.connection(), &database, stop)?;
        let copy = open::for_reading(part)?;
        prove(&copy, &database)?;
        Ok(Snapshot {
            database,
            copy,
            made_at: at,
        })
    }
}

impl Snapshot {
    /// The copied database, one file.
    #[must_use]
    pub fn database(&self) -> &Path {
        &self.database
    }

    /// Calls `take` with every photo and register's file that it names and that retention has not removed,
    /// some at a time.
    ///
    /// # Errors
    /// `Corrupt` when a path leads out of the data folder; what `take` gives.
    pub fn each_named(&self, take: &mut dyn FnMut(&[NamedFile]) -> Result<()>) -> Result<()> {
        each_named(&self.copy, &self.database, take)
    }

    /// What the backup says about itself, once everything has been counted.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn manifest(self, tally: Inventory) -> Result<Manifest> {
        let Self {
            database,
            copy,
            made_at,
        } = self;
        let failed = |e| Error::sql("could not read the copied ledger", &database, e);
        let (links, head) = chain::head(&copy).map_err(failed)?;
        let tables = rows_of_tables(&copy).map_err(failed)?;
        drop(copy);
        let (size_bytes, sha256) = hash_of(&database)
            .map_err(|e| Error::io("could not read the copied ledger", &database, e))?;
        Ok(Manifest {
            format: manifest::FORMAT,
            program: concat!("menjin ", env!("CARGO_PKG_VERSION")).to_owned(),
            schema: schema::VERSION,
            made_at,
            sha256,
            size_bytes,
            tables,
            links,
            head,
            photos: tally.photos,
            files: tally.files,
            damaged: tally.damaged,
            damaged_count: tally.damaged_count,
        })
    }
}

/// Copies a database as it is at this moment. A reader holds up no writer; the log grows by what is
/// written meanwhile.
pub(crate) fn copy_database(from: &Connection, to: &Path, stop: &AtomicBool) -> Result<()> {
    let step = "could not copy the ledger";
    let sql = |e| Error::sql(step, to, e);
    let state = from.unchecked_transaction().map_err(sql)?;
    // The first read settles which state this transaction sees: that is the one that is copied,
    // however long it takes.
    state
        .query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
        .map_err(sql)?;
    let mut copy = Connection::open(to).map_err(sql)?;
    copy.pragma_update(None, "synchronous", "OFF")
        .map_err(sql)?;
    {
        let backup = Backup::new(&state, &mut copy).map_err(sql)?;
        loop {
            stopped(stop)?;
            match backup.step(PAGES).map_err(sql)? {
                StepResult::Done => break,
                StepResult::More => {}
                _ => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }
    drop(state);
    // One file without a log, which can be read on a read-only disk.
    copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
        .map_err(sql)?;
    copy.close().map_err(|(_, e)| sql(e))?;
    let synced = File::open(to).and_then(|file| file.sync_all());
    synced.map_err(|e| Error::io(step, to, e))
}

/// Ends a backup that is no longer wanted.
pub(crate) fn stopped(stop: &AtomicBool) -> Result<()> {
    if stop.load(Ordering::Relaxed) {
        return Err(Error::refused(ErrorKind::Io, Key::LedgerBackupStopped));
    }
    Ok(())
}

/// Reads through all of a copy.
pub(crate) fn prove(copy: &Connection, path: &Path) -> Result<()> {
    let verdict: String = copy
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|e| Error::sql("could not check the copied ledger", path, e))?;
    if verdict == "ok" {
        return Ok(());
    }
    let why = Said::with(Key::LedgerBackupOfDamaged, "why", verdict);
    Err(Error::refused(ErrorKind::Corrupt, why).at(path))
}
