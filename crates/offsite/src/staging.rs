//! Where the database is copied to while it is sent.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use ledger::{Error, ErrorKind, Result, Space};
use words::{Key, Said};

use crate::store::S3Store;

/// What must stay free beside the copy of the database: days of passages.
const ROOM_BYTES: u64 = 1 << 30;

impl S3Store {
    /// The folder for the copy of the database, cleared, and held until the backup ends.
    pub(crate) fn staging(&self, data: &Path) -> Result<Staging> {
        let folder = data.join(".offsite");
        let failed = |e: &io::Error| {
            let said = Said::about(folder.display(), Said::of_io(e));
            Error::elsewhere(ErrorKind::Io, said)
        };
        fs::create_dir_all(&folder).map_err(|e| failed(&e))?;
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join("lock"))
            .map_err(|e| failed(&e))?;
        if lock.try_lock().is_err() {
            let running = Key::OffsiteRunning;
            return Err(self.wire.error(ErrorKind::Locked, running));
        }
        let staging = Staging {
            copy: folder.join("copy"),
            _lock: lock,
        };
        staging.clear();
        let database = fs::metadata(data.join("ledger.sqlite3")).map_or(0, |meta| meta.len());
        let (free, needed) = (Space::of(data)?.free_bytes, database + ROOM_BYTES);
        if free < needed {
            let why = Said::with(Key::LedgerNoRoom, "needed", needed / 1_000_000);
            let why = why.and("free", free / 1_000_000);
            let said = Said::about(data.display(), why);
            return Err(Error::elsewhere(ErrorKind::DiskFull, said));
        }
        Ok(staging)
    }
}

/// Where the database is copied to; cleared however the backup ends.
pub(crate) struct Staging {
    pub(crate) copy: PathBuf,
    _lock: File,
}

impl Staging {
    fn clear(&self) {
        if let Err(error) = fs::remove_dir_all(&self.copy)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(path = %self.copy.display(), %error, "could not remove the copy");
        }
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        self.clear();
    }
}
