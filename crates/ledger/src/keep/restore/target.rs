//! The data folder that is restored into.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use words::{Key, Said};

use super::{MOST_NAMED, RestoreOptions, Wanted};
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::{FILES, PHOTOS};
use crate::held::Held;
use crate::keep::backup::{BackupView, Damaged, NamedFile, each_named, is_whole};
use crate::keep::space::Space;
use crate::open::{self, RESTORING};

/// Files that are brought at a time: a store far away gives some at once, and all of them lie twice here
/// for a moment.
const AT_ONCE: usize = 64;

/// The data folder that is restored into.
pub(super) struct Target {
    folder: PathBuf,
    /// Held until the restore ends, so that no daemon begins a ledger of its own here.
    _lock: Held,
}

/// What came of copying.
#[derive(Default)]
pub(super) struct Copied {
    pub(super) whole: u64,
    pub(super) missing: Vec<Damaged>,
    pub(super) missing_count: u64,
}

impl Target {
    /// Takes the folder, which holds nothing, or what an interrupted restore left.
    pub(super) fn take(folder: &Path) -> Result<Self> {
        let failed = |e| Error::io("could not use the data folder", folder, e);
        fs::create_dir_all(folder).map_err(failed)?;
        let lock = open::lock(folder)?;
        let restoring = folder.join(RESTORING);
        let holds =
            |name: &Path| fs::read_dir(name).is_ok_and(|mut entries| entries.next().is_some());
        let is_ledger = open::database(folder).exists();
        if is_ledger || (!restoring.exists() && (holds(&folder.join(PHOTOS)))) {
            let why = if is_ledger {
                Key::LedgerHoldsLedger
            } else {
                Key::LedgerHoldsPhotos
            };
            return Err(Error::refused(ErrorKind::Conflict, why).at(folder));
        }
        match fs::create_dir(&restoring) {
            Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => return Err(failed(e)),
            _ => sync_dir(folder).map_err(failed)?,
        }
        Ok(Self {
            folder: folder.to_owned(),
            _lock: lock,
        })
    }

    /// Where the database is worked on, without what a restore that was cut off left there.
    pub(super) fn stage(&self) -> Result<PathBuf> {
        let staged = self.folder.join(RESTORING);
        let database = open::database(&staged);
        for left in ["-wal", "-shm", "-journal"] {
            let mut name = database.clone().into_os_string();
            name.push(left);
            match fs::remove_file(&name) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::io(
                        "could not clear an interrupted restore",
                        &database,
                        e,
                    ));
                }
                _ => {}
            }
        }
        Ok(staged)
    }

    /// Copies every photo and file that the database names, proving each on the way.
    pub(super) fn evidence(&self, database: &Path, options: &RestoreOptions<'_>) -> Result<Copied> {
        let connection = open::for_migrating(database)?;
        let mut copied = Copied::default();
        let mut folder = None;
        each_named(&connection, database, &mut |files| {
            for file in files {
                let to = self.folder.join(&file.path);
                if folder.as_deref() != to.parent()
                    && let Some(parent) = to.parent()
                {
                    fs::create_dir_all(parent)
                        .map_err(|e| Error::io("could not make a folder for photos", parent, e))?;
                    folder = Some(parent.to_owned());
                }
            }
            for some in files.chunks(AT_ONCE) {
                self.some(some, options, &mut copied)?;
            }
            Ok(())
        })?;
        Ok(copied)
    }

    /// Brings some files to their places, whole, and notes what is wrong with the backup's.
    fn some(
        &self,
        files: &[NamedFile],
        options: &RestoreOptions<'_>,
        copied: &mut Copied,
    ) -> Result<()> {
        let part = self.folder.join(RESTORING);
        let missing = files
            .iter()
            .filter(|file| !is_whole(&self.folder.join(&file.path), file));
        let wanted: Vec<_> = missing
            .enumerate()
            .map(|(n, file)| Wanted {
                file,
                to: part.join(format!("photo-{n}")),
            })
            .collect();
        copied.whole += (files.len() - wanted.len()) as u64;
        for (Wanted { file, to }, found) in wanted.iter().zip(options.from.files(&wanted)?) {
            let why = match found {
                Err(why) => Some(why),
                Ok(found) => file.differs(&found),
            };
            let Some(why) = why else {
                let at = self.folder.join(&file.path);
                fs::rename(to, &at).map_err(|e| Error::io("could not restore a photo", &at, e))?;
                copied.whole += 1;
                continue;
            };
            copied.missing_count += 1;
            if copied.missing.len() < MOST_NAMED {
                let path = file.path.clone();
                copied.missing.push(Damaged { path, why });
            }
        }
        Ok(())
    }

    /// Makes the folder a ledger: everything is on the medium, then the database gets its name.
    pub(super) fn publish(self) -> Result<()> {
        let to = open::database(&self.folder);
        let staged = self.folder.join(RESTORING);
        let failed = |e| Error::io("could not finish the restore", &to, e);
        let folder = File::open(&self.folder).map_err(failed)?;
        rustix::fs::syncfs(&folder).map_err(|e| failed(e.into()))?;
        fs::rename(open::database(&staged), &to)
            .and_then(|()| sync_dir(&self.folder))
            .and_then(|()| fs::remove_dir_all(&staged))
            .and_then(|()| sync_dir(&self.folder))
            .map_err(failed)
    }
}

fn sync_dir(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Whether the target has room for all of it.
pub(super) fn room(options: &RestoreOptions<'_>, backup: &BackupView) -> Result<()> {
    let manifest = &backup.manifest;
    let needed = manifest.size_bytes + manifest.photos.size_bytes + manifest.files.size_bytes;
    let free = Space::of(options.to)?.free_bytes + already(options.to)?;
    if needed > free {
        let why = Said::with(Key::LedgerNoRoom, "needed", needed / 1_000_000);
        let why = why.and("free", free / 1_000_000);
        return Err(Error::refused(ErrorKind::DiskFull, why).at(options.to));
    }
    Ok(())
}

/// What a restore that was cut off has brought already.
fn already(to: &Path) -> Result<u64> {
    let mut bytes = 0;
    let mut folders = vec![to.join(PHOTOS), to.join(FILES)];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            other => other.map_err(|e| Error::io("could not look into a folder", &folder, e))?,
        };
        for entry in entries.flatten() {
            match entry.metadata() {
                Ok(meta) if meta.is_dir() => folders.push(entry.path()),
                Ok(meta) => bytes += meta.len(),
                Err(_) => {}
            }
        }
    }
    Ok(bytes)
}
