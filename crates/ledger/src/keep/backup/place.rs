//! A folder of backups: several databases, one store of photos for all of them.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;
use words::{Key, Language};

use super::evidence::pour_file;
use super::manifest::{MANIFEST, Manifest};
use crate::error::{Error, ErrorKind, Result};
use crate::held::Held;
use crate::keep::restore::{BackupSource, Found, Wanted};
use crate::open;

/// The file that makes a folder one of backups. Without it nothing is written there: where a disk
/// should be mounted, an empty folder must not fill the system's own disk.
const MARKER: &str = "menjin-backup.txt";
const DATABASES: &str = "databases";
const PART: &str = ".part";
const LOCK: &str = "backup.lock";

/// One whole backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupView {
    /// Its name: when it was made, in UTC.
    pub name: String,
    /// What it says about itself.
    pub manifest: Manifest,
}

/// Every whole backup in `folder`, newest first.
///
/// # Errors
/// `Invalid` when this is not a folder of backups: its disk may not be mounted.
pub fn backups(folder: &Path) -> Result<Vec<BackupView>> {
    if !folder.join(MARKER).is_file() {
        return Err(unprepared(folder));
    }
    let mut found = Vec::new();
    for name in names(&folder.join(DATABASES))? {
        // One whose manifest can't be read must not hide the others.
        match Manifest::read(&folder.join(DATABASES).join(&name)) {
            Ok(Some(manifest)) => found.push(BackupView { name, manifest }),
            Ok(None) => {}
            Err(error) => tracing::warn!(name, %error, "this backup can't be used"),
        }
    }
    // Of two with the same time the name decides, which counts up.
    found.sort_by(|a, b| (b.manifest.made_at, &b.name).cmp(&(a.manifest.made_at, &a.name)));
    Ok(found)
}

/// A folder of backups that is restored from.
#[derive(Debug)]
pub struct BackupFolder(pub PathBuf);

impl BackupSource for BackupFolder {
    fn backups(&self) -> Result<Vec<BackupView>> {
        backups(&self.0)
    }

    fn database(&self, backup: &BackupView, to: &Path) -> Result<()> {
        let from = open::database(&backup_folder(&self.0, &backup.name));
        fs::copy(&from, to)
            .map(drop)
            .map_err(|e| Error::io("could not copy the backup's database", &from, e))
    }

    fn files(&self, wanted: &[Wanted<'_>]) -> Result<Vec<Found>> {
        let one = |wanted: &Wanted<'_>| pour_file(&self.0.join(&wanted.file.path), &wanted.to);
        wanted.iter().map(one).collect()
    }

    fn place(&self) -> PathBuf {
        self.0.clone()
    }
}

/// For whoever finds the disk, and in whatever language.
fn marker_text() -> String {
    let lines = Language::ALL.map(|language| language.text(Key::LedgerBackupMarker));
    format!("{}\n", lines.join("\n"))
}

fn unprepared(folder: &Path) -> Error {
    Error::refused(ErrorKind::Invalid, Key::LedgerNotABackupFolder).at(folder)
}

/// Where a backup's files are.
fn backup_folder(folder: &Path, name: &str) -> PathBuf {
    folder.join(DATABASES).join(name)
}

/// Names of what is in a folder; none when it is not there.
pub(super) fn names(folder: &Path) -> Result<Vec<String>> {
    let failed = |e| Error::io("could not look through the backups", folder, e);
    let entries = match fs::read_dir(folder) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(failed)?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(failed)?.file_name();
        names.extend(name.to_str().map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// A folder of backups that is being written to.
pub(super) struct Place {
    pub(super) folder: PathBuf,
    /// Held until the backup ends, however it ends.
    _lock: Held,
}

impl Place {
    /// Takes the folder, or says who has it, and clears what an interrupted backup left. `prepare`
    /// makes a folder one of backups.
    pub(super) fn open(folder: &Path, prepare: bool) -> Result<Self> {
        let failed = |e| Error::io("could not use the folder of backups", folder, e);
        let marker = folder.join(MARKER);
        if !marker.is_file() {
            if !prepare {
                return Err(unprepared(folder));
            }
            fs::create_dir_all(folder).map_err(failed)?;
            if names(folder)?.iter().any(|name| name != "lost+found") {
                let why = Key::LedgerHoldsOther;
                return Err(Error::refused(ErrorKind::Invalid, why).at(folder));
            }
            only_for_us(folder).map_err(failed)?;
        }
        let lock = lock(folder)?;
        let place = Self {
            folder: folder.to_owned(),
            _lock: lock,
        };
        if !marker.is_file() {
            File::create(&marker)
                .and_then(|mut file| {
                    file.write_all(marker_text().as_bytes())?;
                    file.sync_all()
                })
                .map_err(failed)?;
        }
        place.clear()?;
        Ok(place)
    }

    /// Removes what was half-written, and backups whose removal was interrupted.
    fn clear(&self) -> Result<()> {
        let failed = |e| Error::io("could not clear an interrupted backup", &self.folder, e);
        let part = self.part();
        match fs::remove_dir_all(&part) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(failed(e)),
            _ => {}
        }
        fs::create_dir(&part).map_err(failed)?;
        let databases = self.folder.join(DATABASES);
        fs::create_dir_all(&databases).map_err(failed)?;
        for name in names(&databases)? {
            let backup = databases.join(&name);
            if !backup.join(MANIFEST).exists() {
                tracing::info!(name, "the rest of an interrupted backup removed");
                fs::remove_dir_all(&backup).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Where files are written before they get their names.
    pub(super) fn part(&self) -> PathBuf {
        self.folder.join(PART)
    }

    /// Gives a finished backup its name. Everything in it is on the medium.
    pub(super) fn publish(&self, written: &Path, name: &str) -> Result<()> {
        let to = backup_folder(&self.folder, name);
        fs::rename(written, &to)
            .and_then(|()| sync_dir(&self.folder.join(DATABASES)))
            .map_err(|e| Error::io("could not give a backup its name", &to, e))
    }

    /// A name that no backup has.
    pub(super) fn free_name(&self, wish: &str) -> String {
        let taken = |name: &str| backup_folder(&self.folder, name).exists();
        if !taken(wish) {
            return wish.to_owned();
        }
        let numbered = |n: u32| format!("{wish}-{n:03}");
        (1..)
            .map(numbered)
            .find(|name| !taken(name))
            .unwrap_or_else(|| wish.to_owned())
    }

    /// Removes the oldest databases but for `keep`; photos stay. Gives how many.
    pub(super) fn prune(&self, keep: usize) -> Result<usize> {
        let mut removed = 0;
        for backup in backups(&self.folder)?.iter().skip(keep.max(1)) {
            let folder = backup_folder(&self.folder, &backup.name);
            // Without its manifest it is no backup any more, wherever this is cut off.
            fs::remove_file(folder.join(MANIFEST))
                .and_then(|()| fs::remove_dir_all(&folder))
                .map_err(|e| Error::io("could not remove an old backup", &folder, e))?;
            removed += 1;
        }
        Ok(removed)
    }
}

/// Forces the names in a folder to the medium.
pub(crate) fn sync_dir(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Plates and photos are nobody else's business. A file system that knows no owners is fine.
fn only_for_us(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    match fs::set_permissions(folder, fs::Permissions::from_mode(0o700)) {
        Err(e) if e.kind() == std::io::ErrorKind::PermissionDenied => Ok(()),
        other => other,
    }
}

fn lock(folder: &Path) -> Result<Held> {
    let path = folder.join(LOCK);
    let failed = |e| Error::io("could not lock the folder of backups", &path, e);
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Held(file)),
        Err(TryLockError::WouldBlock) => {
            let why = Key::LedgerBackupRunning;
            Err(Error::refused(ErrorKind::Locked, why).at(folder))
        }
        // Some shares know no locks; then the service's own order has to do.
        Err(TryLockError::Error(e)) if e.kind() == std::io::ErrorKind::Unsupported => {
            Ok(Held(file))
        }
        Err(TryLockError::Error(e)) => Err(failed(e)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_backup_does_not_wait_for_a_program_that_is_just_starting() {
        let folder = tempfile::tempdir().expect("a folder");
        drop(Place::open(folder.path(), true).expect("the first"));
        let lock = lock(folder.path()).expect("free again");
        let copy = lock.0.try_clone().expect("a copy");
        let busy = Place::open(folder.path(), true).err().expect("held");
        assert_eq!(busy.kind(), ErrorKind::Locked);
        drop(lock);
        Place::open(folder.path(), true).expect("the next");
        drop(copy);
    }
}
