//! The one error of this crate.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use words::{Key, Said};

/// What went wrong, for callers that act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Another connection held the database longer than the time allowed; try again.
    Busy,
    /// Another process already writes this data folder.
    Locked,
    /// No space is left; nothing was half-written; try again when there is space.
    DiskFull,
    /// The data folder can't be written.
    ReadOnly,
    /// The data folder or its database is not there.
    Missing,
    /// The database or a photo is damaged.
    Corrupt,
    /// A newer version of the program has written this ledger.
    NewerSchema,
    /// The ledger waits for its migration by the daemon.
    OlderSchema,
    /// The request contradicts what is recorded: unknown row, or finished before.
    Conflict,
    /// The request itself is impossible, such as a passage without a photo.
    Invalid,
    /// The ledger was closed meanwhile.
    Closed,
    /// Any other failure of file system or database.
    Io,
}

impl ErrorKind {
    /// True when the same call may succeed later without anybody changing the request.
    #[must_use]
    pub const fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Busy | Self::DiskFull | Self::ReadOnly | Self::Io
        )
    }

    /// What it is, for what has no better text.
    const fn key(self) -> Key {
        match self {
            Self::Busy => Key::LedgerBusy,
            Self::Locked => Key::LedgerLocked,
            Self::DiskFull => Key::LedgerDiskFull,
            Self::ReadOnly => Key::LedgerReadOnly,
            Self::Missing => Key::LedgerMissing,
            Self::Corrupt => Key::LedgerCorrupt,
            Self::NewerSchema => Key::LedgerNewer,
            Self::OlderSchema => Key::LedgerOlder,
            Self::Conflict => Key::LedgerConflict,
            Self::Invalid => Key::LedgerInvalid,
            Self::Closed => Key::LedgerClosed,
            Self::Io => Key::LedgerFailed,
        }
    }

    const fn next_step(self) -> Option<Key> {
        Some(match self {
            Self::Busy => Key::LedgerNextBusy,
            Self::Locked => Key::LedgerNextLocked,
            Self::DiskFull => Key::LedgerNextDiskFull,
            Self::ReadOnly => Key::LedgerNextReadOnly,
            Self::Missing => Key::LedgerNextMissing,
            Self::Corrupt => Key::LedgerNextCorrupt,
            Self::NewerSchema => Key::LedgerNextNewer,
            Self::OlderSchema => Key::LedgerNextOlder,
            Self::Conflict | Self::Invalid | Self::Closed | Self::Io => return None,
        })
    }
}

/// A step of the ledger that failed or was refused, with the place where it happened. Printed it is
/// English, for logs; a person reads [`Error::said`].
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    step: Step,
    path: Option<PathBuf>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What was done, or why it was not.
#[derive(Debug)]
enum Step {
    /// In a developer's words; a person is told the kind.
    Failed(String),
    /// Refused, for a reason that a person understands.
    Refused(Said),
}

/// Result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The file or folder it is about.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    pub(crate) fn new(kind: ErrorKind, step: impl Into<String>) -> Self {
        Self {
            kind,
            step: Step::Failed(step.into()),
            path: None,
            source: None,
        }
    }

    /// What a place of backups elsewhere answers, for [`BackupSource`](crate::BackupSource).
    #[must_use]
    pub fn elsewhere(kind: ErrorKind, why: impl Into<Said>) -> Self {
        Self::refused(kind, why)
    }

    pub(crate) fn refused(kind: ErrorKind, why: impl Into<Said>) -> Self {
        Self {
            kind,
            step: Step::Refused(why.into()),
            path: None,
            source: None,
        }
    }

    /// For a person: what is wrong, where, and what to do.
    #[must_use]
    pub fn said(&self) -> Said {
        let mut said = match &self.step {
            Step::Failed(_) => Said::plain(self.kind.key()),
            Step::Refused(why) => why.clone(),
        };
        if let Some(path) = &self.path {
            said = Said::about(path.display(), said);
        }
        match self.kind.next_step() {
            Some(next) => said.then(next),
            None => said,
        }
    }

    /// The same with what failed within, for whoever has to mend it.
    #[must_use]
    pub fn explained(&self) -> Said {
        match self.details() {
            Some(details) => Said::plain(Key::SaidDetails)
                .and_said("what", self.said())
                .and("details", details),
            None => self.said(),
        }
    }

    /// What failed within, in English; nothing where [`Error::said`] says it all.
    fn details(&self) -> Option<String> {
        let Step::Failed(step) = &self.step else {
            return None;
        };
        let mut details = step.clone();
        let mut source = self.source();
        while let Some(error) = source {
            details += &format!(": {error}");
            source = error.source();
        }
        Some(details)
    }

    pub(crate) fn closed() -> Self {
        Self::new(ErrorKind::Closed, "the ledger is closed")
    }

    pub(crate) fn at(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }

    pub(crate) fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) fn io(step: &str, path: &Path, source: io::Error) -> Self {
        Self::new(kind_of_io(&source), step)
            .at(path)
            .because(source)
    }

    pub(crate) fn sql(step: &str, path: &Path, source: rusqlite::Error) -> Self {
        Self::new(kind_of_sql(&source), step)
            .at(path)
            .because(source)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.step {
            Step::Failed(step) => f.write_str(step)?,
            Step::Refused(why) => write!(f, "{why}")?,
        }
        if let Some(path) = &self.path {
            write!(f, " ({})", path.display())?;
        }
        if let Some(next) = self.kind.next_step() {
            write!(f, "; {}", Said::plain(next))?;
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

fn kind_of_io(error: &io::Error) -> ErrorKind {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorKind::DiskFull,
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => ErrorKind::ReadOnly,
        io::ErrorKind::NotFound => ErrorKind::Missing,
        _ => ErrorKind::Io,
    }
}

fn kind_of_sql(error: &rusqlite::Error) -> ErrorKind {
    let rusqlite::Error::SqliteFailure(failure, _) = error else {
        return match error {
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..) => ErrorKind::Corrupt,
            rusqlite::Error::QueryReturnedNoRows => ErrorKind::Conflict,
            _ => ErrorKind::Io,
        };
    };
    match failure.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => ErrorKind::Busy,
        ErrorCode::DiskFull => ErrorKind::DiskFull,
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => ErrorKind::ReadOnly,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => ErrorKind::Corrupt,
        ErrorCode::ConstraintViolation => ErrorKind::Conflict,
        // The shared-memory index could not grow: the same full disk, reported differently.
        _ if failure.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE => ErrorKind::DiskFull,
        _ => ErrorKind::Io,
    }
}
