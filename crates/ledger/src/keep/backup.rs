//! Backups of a ledger in use: its database as it was at one moment, and every photo that it names.
//!
//! A folder of backups holds `databases/<name>/` with a database and its manifest, and one store of
//! photos for all of them, so that a second backup copies only what is new. The manifest is written
//! last: what has none is no backup. See `docs/design/ledger.md`.

mod evidence;
mod manifest;
mod place;
mod snapshot;

use std::fs::{self, File};
use std::path::Path;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use serde::Serialize;
use words::Key;

use crate::error::{Error, ErrorKind, Result};
use crate::reader::Reader;

pub use evidence::{Inventory, NamedFile};
pub(crate) use evidence::{each_named, hash_of, is_whole};
pub use manifest::{Damaged, Held, Manifest};
pub(crate) use manifest::{Difference, difference, rows_of_tables};
pub(crate) use place::sync_dir;
pub use place::{BackupFolder, BackupView, backups};
pub use snapshot::Snapshot;
pub(crate) use snapshot::{copy_database, prove, stopped};

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
        let snapshot = self.snapshot(&part, options.at, options.stop)?;
        let proven = before.first().map_or(0, |b| b.manifest.photos.last_row);
        let tally = evidence::copy(self, &snapshot, &place, proven, options.stop)?;
        let copied = tally.new;
        let manifest = snapshot.manifest(tally)?;
        seal(&part, &manifest, folder)?;
        place.publish(&part, &name)?;
        let pruned = place.prune(options.keep)?;
        Ok(BackedUp {
            name,
            manifest,
            copied,
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
