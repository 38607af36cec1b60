//! Backups of a ledger in use: its database as it was at one moment, and every photo that it names.
//!
//! A folder of backups holds `databases/<name>/` with a database and its manifest, and one store of
//! photos for all of them, so that a second backup copies only what is new. The manifest is written
//! last: what has none is no backup. See `docs/design/ledger.md`.

mod evidence;
mod manifest;
mod place;

use std::fs::{self, File};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use serde::Serialize;
use words::{Key, Said};

use crate::error::{Error, ErrorKind, Result};
use crate::open;
use crate::proof::chain;
use crate::reader::Reader;
use crate::schema;

pub(crate) use evidence::{Source, each_named, hash_of, pour_file};
pub use manifest::{Damaged, Held, Manifest};
pub(crate) use manifest::{Difference, difference, rows_of_tables};
pub use place::{BackupView, backups};
pub(crate) use place::{backup_folder, sync_dir};

/// Pages of the database that are copied at a time; between two of them a stop is noticed.
const PAGES: i32 = 4096;

/// How a backup is made.
#[derive(Debug)]
pub struct BackupOptions<'a> {
    /// The wall time now.
    pub at: Timestamp,
    /// How many databases are kept; photos are never removed from backups.
    pub keep: usize,
    /// Make a new or empty folder one of backups; otherwise it must be one.
    pub prepare: bool,
    /// Set to true from elsewhere, the backup ends unfinished as soon as it can.
    pub stop: &'a AtomicBool,
}

/// What was backed up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackedUp {
    /// Name of the backup.
    pub name: String,
    /// What it says about itself.
    pub manifest: Manifest,
    /// Photos and files that were copied this time.
    pub copied: Held,
    /// Old databases that were removed.
    pub pruned: usize,
}

impl Reader {
    /// Makes a backup into `folder` beside a writer, which it holds up at no time. Photos that are
    /// there already are not copied again. What is damaged or missing here is left out and named.
    ///
    /// # Errors
    /// `Invalid` when the folder is no folder of backups, `Locked` when another backup is running,
    /// `DiskFull`, `ReadOnly`; see [`ErrorKind`]. After any error there is no new backup, and the
    /// old ones are as they were.
    pub fn back_up(&self, folder: &Path, options: &BackupOptions<'_>) -> Result<BackedUp> {
        self.keep_apart(folder)?;
        let place = place::Place::open(folder, options.prepare)?;
        let before = backups(folder)?;
        let wish = options.at.strftime("%Y%m%dT%H%M%SZ").to_string();
        let name = place.free_name(&wish);
        let part = place.part().join(&name);
        fs::create_dir(&part).map_err(|e| Error::io("could not begin a backup", &part, e))?;
        let database = open::database(&part);
        copy_database(self.connection(), &database, options.stop)?;
        let copy = open::for_reading(&part)?;
        let failed = |e| Error::sql("could not read the copied ledger", &database, e);
        prove(&copy, &database)?;

        let proven = before.first().map_or(0, |b| b.manifest.photos.last_row);
        let copied = evidence::copy(self, &copy, &place, proven, options.stop)?;
        let (links, head) = chain::head(&copy).map_err(failed)?;
        let tables = manifest::rows_of_tables(&copy).map_err(failed)?;
        drop(copy);
        let (size_bytes, sha256) = hash_of(&database)
            .map_err(|e| Error::io("could not read the copied ledger", &database, e))?;
        let manifest = Manifest {
            format: manifest::FORMAT,
            program: concat!("menjin ", env!("CARGO_PKG_VERSION")).to_owned(),
            schema: schema::VERSION,
            made_at: options.at,
            sha256,
            size_bytes,
            tables,
            links,
            head,
            photos: copied.photos,
            files: copied.files,
            damaged: copied.damaged,
            damaged_count: copied.damaged_count,
        };
        seal(&part, &manifest, folder)?;
        place.publish(&part, &name)?;
        let pruned = place.prune(options.keep)?;
        Ok(BackedUp {
            name,
            manifest,
            copied: copied.new,
            pruned,
        })
    }

    /// A backup inside the data folder would be swept away with it, and the other way round.
    fn keep_apart(&self, folder: &Path) -> Result<()> {
        let real = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| real(path));
        let (data, backup) = (real(self.folder()), real(folder));
        if data.starts_with(&backup) || backup.starts_with(&data) {
            let why = Key::LedgerBackupInData;
            return Err(Error::refused(ErrorKind::Invalid, why).at(folder));
        }
        Ok(())
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

/// Writes the manifest once everything else is on the medium.
fn seal(part: &Path, manifest: &Manifest, folder: &Path) -> Result<()> {
    let path = part.join(manifest::MANIFEST);
    let failed = |e| Error::io("could not finish a backup", &path, e);
    // Photos were written without syncing each; this brings all of them to the medium.
    let whole = File::open(folder).map_err(failed)?;
    rustix::fs::syncfs(&whole).map_err(|e| failed(e.into()))?;
    let bytes = serde_json::to_vec_pretty(manifest)
        .map_err(|e| Error::new(ErrorKind::Io, "could not write a manifest").because(e))?;
    fs::write(&path, bytes).map_err(failed)?;
    File::open(&path)
        .and_then(|file| file.sync_all())
        .and_then(|()| place::sync_dir(part))
        .map_err(failed)
}
