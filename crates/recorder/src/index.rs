//! Which video there is: a database of its own beside the ledger. It says where to look; that what lies there is what was
//! recorded, the files and the ledger's chain say.

mod folders;
mod read;
mod rows;
mod write;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::error::{Error, Result};

pub use read::{VideoSpan, VideoTotal};
pub use rows::{NewVideo, VideoRow};

/// The index, in the ledger's folder.
pub const INDEX_FILE: &str = "video.sqlite3";

const SCHEMA: &str = include_str!("index/schema.sql");
const VERSION: i64 = 1;
const APPLICATION_ID: i64 = 0x4D4A_5649;
/// Others hold it for a row or a page of answers.
const PATIENCE: Duration = Duration::from_secs(10);

/// The index of video; may be shared by threads.
#[derive(Debug)]
pub struct VideoIndex {
    connection: Mutex<Connection>,
    path: PathBuf,
}

impl VideoIndex {
    /// Opens the index in the ledger's folder `data` for writing, and makes it where there is none.
    ///
    /// # Errors
    /// When it can't be opened, or is none that this version knows.
    pub fn open(data: &Path) -> Result<Self> {
        let path = data.join(INDEX_FILE);
        let failed = Error::index("opening", &path);
        let mut connection = Connection::open(&path).map_err(&failed)?;
        prepare(&connection).map_err(&failed)?;
        if version(&connection).map_err(&failed)? == (0, 0) {
            let making = connection.transaction().map_err(&failed)?;
            making.execute_batch(SCHEMA).map_err(&failed)?;
            let pragma = |name, value| making.pragma_update(None, name, value).map_err(&failed);
            pragma("application_id", APPLICATION_ID)?;
            pragma("user_version", VERSION)?;
            making.commit().map_err(&failed)?;
        }
        Self::known(connection, &path)
    }

    /// Opens an index that is there, to read it beside whoever writes.
    ///
    /// # Errors
    /// When it can't be opened, or is none that this version knows.
    pub fn open_to_read(data: &Path) -> Result<Self> {
        let path = data.join(INDEX_FILE);
        let failed = Error::index("opening", &path);
        // Not read-only: beside a writer that died its log has to be taken over.
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE);
        let connection = connection.map_err(&failed)?;
        connection.busy_timeout(PATIENCE).map_err(&failed)?;
        connection
            .pragma_update(None, "query_only", true)
            .map_err(&failed)?;
        Self::known(connection, &path)
    }

    fn known(connection: Connection, path: &Path) -> Result<Self> {
        let found = version(&connection).map_err(Error::index("opening", path))?;
        let path = path.to_owned();
        if found != (APPLICATION_ID, VERSION) {
            return Err(Error::Foreign { path });
        }
        Ok(Self {
            connection: Mutex::new(connection),
            path,
        })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn ask<T>(
        &self,
        step: &'static str,
        question: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        question(&mut self.locked()).map_err(Error::index(step, &self.path))
    }

    fn locked(&self) -> MutexGuard<'_, Connection> {
        // A transaction that a panic left is rolled back by its own end.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// A row that a loss of power takes is found again by its file, so each need not be waited for.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)
}

fn version(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    Ok((pragma("application_id")?, pragma("user_version")?))
}
