//! Readers of a ledger.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use words::Key;

use crate::error::{Error, ErrorKind, Result};
use crate::evidence::sha256;
use crate::open;

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

    /// The bytes of a file of the data folder, which must have this hash.
    ///
    /// # Errors
    /// `Missing`, or `Corrupt` when they differ.
    pub(crate) fn proved(&self, path: &str, expected: &str, what: &str) -> Result<Vec<u8>> {
        let path = self.folder.join(path);
        let bytes = std::fs::read(&path)
            .map_err(|e| Error::io(&format!("could not read a {what}"), &path, e))?;
        if sha256(&bytes) == expected {
            return Ok(bytes);
        }
        Err(Error::refused(ErrorKind::Corrupt, Key::LedgerFileChanged).at(path))
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

/// A limit as SQLite takes it.
pub(crate) fn rows_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
