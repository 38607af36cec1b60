//! Where backups go: a folder, a store elsewhere, or both.

use std::fmt;
use std::path::{Path, PathBuf};

use ledger::{
    BackedUp, BackupFolder, BackupOptions, BackupSource, BackupView, Reader, Result, backups,
};
use offsite::{S3Settings, S3Store};

use crate::BackupPlan;

/// One place of backups. Shown, it is where it is.
#[derive(Debug, Clone)]
pub enum BackupPlace {
    /// A folder, best on another disk.
    Folder(PathBuf),
    /// A store elsewhere.
    Store(Box<S3Settings>),
}

impl BackupPlan {
    /// Everywhere a backup of each day goes.
    #[must_use]
    pub fn places(&self) -> Vec<BackupPlace> {
        let folder = self.folder.iter().cloned().map(BackupPlace::Folder);
        let store = self.s3.iter().cloned().map(Box::new);
        folder.chain(store.map(BackupPlace::Store)).collect()
    }
}

impl BackupPlace {
    /// Makes a backup of the ledger in `data`.
    ///
    /// # Errors
    /// As [`Reader::back_up`] and [`S3Store::back_up`].
    pub fn back_up(&self, data: &Path, options: &BackupOptions<'_>) -> Result<BackedUp> {
        match self {
            Self::Folder(folder) => Reader::open(data)?.back_up(folder, options),
            Self::Store(settings) => S3Store::open(settings)?.back_up(data, options),
        }
    }

    /// Every whole backup, newest first.
    ///
    /// # Errors
    /// `Invalid` when this is no place of backups; what a store answers.
    pub fn backups(&self) -> Result<Vec<BackupView>> {
        match self {
            Self::Folder(folder) => backups(folder),
            Self::Store(settings) => S3Store::open(settings)?.backups(),
        }
    }

    /// The same for somebody who waits: a store that is away is asked only once.
    pub(crate) fn backups_at_once(&self) -> Result<Vec<BackupView>> {
        match self {
            Self::Folder(folder) => backups(folder),
            Self::Store(settings) => S3Store::open(settings)?.asked_once().backups(),
        }
    }

    /// The place to restore from.
    ///
    /// # Errors
    /// `Invalid` when the settings of a store can't be used.
    pub fn source(&self) -> Result<Box<dyn BackupSource>> {
        Ok(match self {
            Self::Folder(folder) => Box::new(BackupFolder(folder.clone())),
            Self::Store(settings) => Box::new(S3Store::open(settings)?),
        })
    }
}

impl fmt::Display for BackupPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            Self::Store(settings) => f.write_str(&settings.shown()),
        }
    }
}
