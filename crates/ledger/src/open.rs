//! Opening a ledger's database.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};
use words::{Key, Said};

use crate::error::{Error, ErrorKind, Result};
use crate::held::Held;
use crate::keep::earlier;
use crate::options::Options;
use crate::proof::chain;
use crate::schema;

/// Marks a data folder whose restore has not ended, and holds the database until it has.
pub(crate) const RESTORING: &str = ".restoring";

const CANNOT_OPEN: &str = "could not open the ledger";
/// The log is cut back to this size when it has been copied into the database.
const WAL_BYTES: i64 = 64 << 20;
const READER_WAIT: Duration = Duration::from_secs(5);
/// Two years of passages have some hundred megabytes of indexes; their upper levels fit in here.
const READER_CACHE_KIB: i64 = 16 << 10;

/// How often, and after which pause, a lock is tried again that a starting program still holds.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// The database of a data folder.
pub(crate) fn database(folder: &Path) -> PathBuf {
    folder.join("ledger.sqlite3")
}

/// Takes the folder for this process, or says who has it.
pub(crate) fn lock(folder: &Path) -> Result<Held> {
    let path = folder.join("ledger.lock");
    let failed = |e| Error::io("could not lock the data folder", &path, e);
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(failed)?;
    let mut locked = file.try_lock();
    for _ in 0..LOCK_TRIES {
        if !matches!(locked, Err(TryLockError::WouldBlock)) || !was_ours(&mut file) {
            break;
        }
        std::thread::sleep(LOCK_PAUSE);
        locked = file.try_lock();
    }
    match locked {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut owner = String::new();
            // Who it is makes the message better; without it the message still holds.
            let _ = file.read_to_string(&mut owner);
            let why = match owner.trim() {
                "" => Said::plain(Key::LedgerLocked),
                pid => Said::with(Key::LedgerLockedBy, "pid", pid),
            };
            return Err(Error::refused(ErrorKind::Locked, why).at(folder));
        }
        Err(TryLockError::Error(e)) => return Err(failed(e)),
    }
    let mut held = Held(file);
    let file = &mut held.0;
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(failed)?;
    Ok(held)
}

/// Whether this very process had the lock. Then a program that it is just starting may hold on to a
/// copy of it for the moment until it is started.
fn was_ours(file: &mut File) -> bool {
    let mut owner = String::new();
    let read = file.rewind().and_then(|()| file.read_to_string(&mut owner));
    let ours = read.is_ok() && owner.trim() == std::process::id().to_string();
    // The next reader begins at the beginning.
    file.rewind().is_ok() && ours
}

/// A connection that writes, on a ledger of this program's version.
pub(crate) fn for_writing(folder: &Path, options: &Options) -> Result<Connection> {
    let path = database(folder);
    let sql = |e| Error::sql(CANNOT_OPEN, &path, e);
    let restoring = folder.join(RESTORING);
    if restoring.exists() {
        if !path.exists() {
            let why = Key::LedgerRestoreCutOff;
            return Err(Error::refused(ErrorKind::Conflict, why).at(folder));
        }
        // Cut off after its last step: the ledger is there, only this was left.
        std::fs::remove_dir_all(&restoring)
            .map_err(|e| Error::io("could not clear a finished restore", &restoring, e))?;
    }
    let mut connection = Connection::open_with_flags(
        &path,
        OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(sql)?;
    connection.busy_timeout(options.busy_timeout).map_err(sql)?;
    schema::version(&connection, &path)?;
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
        .map_err(sql)?;
    if mode != "wal" {
        let why = Said::with(Key::LedgerNoWal, "mode", mode);
        return Err(Error::refused(ErrorKind::Io, why).at(path));
    }
    connection
        .pragma_update(None, "synchronous", "FULL")
        .map_err(sql)?;
    connection
        .pragma_update(None, "foreign_keys", true)
        .map_err(sql)?;
    connection
        .pragma_update(None, "journal_size_limit", WAL_BYTES)
        .map_err(sql)?;
    if options.quick_check {
        prove(&connection, &path)?;
    }
    let found = schema::version(&connection, &path)?;
    if found > 0 && found < schema::VERSION {
        earlier::keep(&connection, folder, found, Timestamp::now())?;
    }
    schema::migrate(&mut connection, &path)?;
    chain::watch(&connection).map_err(sql)?;
    Ok(connection)
}

/// A connection to a database of any version that this program knows, brought up to its own.
pub(crate) fn for_migrating(path: &Path) -> Result<Connection> {
    let mut connection = Connection::open(path).map_err(|e| Error::sql(CANNOT_OPEN, path, e))?;
    schema::migrate(&mut connection, path)?;
    Ok(connection)
}

fn prove(connection: &Connection, path: &Path) -> Result<()> {
    let sql = |e| Error::sql(CANNOT_OPEN, path, e);
    let verdict: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(sql)?;
    if verdict == "ok" {
        return Ok(());
    }
    let why = Said::with(Key::LedgerDamaged, "why", verdict);
    Err(Error::refused(ErrorKind::Corrupt, why).at(path))
}

/// A connection that only reads.
pub(crate) fn for_reading(folder: &Path) -> Result<Connection> {
    let path = database(folder);
    if !path.is_file() {
        return Err(Error::refused(ErrorKind::Missing, Key::LedgerNoneHere).at(path));
    }
    let connection = read_only(&path)?;
    let found = match schema::version(&connection, &path) {
        Ok(found) => return current(connection, found, &path),
        Err(e) => e,
    };
    // On a read-only disk SQLite can't make the files in which it tells writers of readers.
    // There are no writers there, so a log that is empty or absent can be done without.
    let log = std::fs::metadata(folder.join("ledger.sqlite3-wal")).map_or(0, |meta| meta.len());
    if log > 0 || matches!(found.kind(), ErrorKind::NewerSchema | ErrorKind::Corrupt) {
        return Err(found);
    }
    let connection = immutable(&path)?;
    let version = schema::version(&connection, &path)?;
    current(connection, version, &path)
}

fn current(connection: Connection, version: usize, path: &Path) -> Result<Connection> {
    if version == schema::VERSION {
        connection
            .pragma_update(None, "cache_size", -READER_CACHE_KIB)
            .map_err(|e| Error::sql(CANNOT_OPEN, path, e))?;
        return Ok(connection);
    }
    let why = Said::with(Key::LedgerSchema, "found", version).and("known", schema::VERSION);
    Err(Error::refused(ErrorKind::OlderSchema, why).at(path))
}

fn read_only(path: &Path) -> Result<Connection> {
    let sql = |e| Error::sql(CANNOT_OPEN, path, e);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(sql)?;
    connection.busy_timeout(READER_WAIT).map_err(sql)?;
    Ok(connection)
}

fn immutable(path: &Path) -> Result<Connection> {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                uri.push(char::from(*byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(uri, flags).map_err(|e| Error::sql(CANNOT_OPEN, path, e))
}
