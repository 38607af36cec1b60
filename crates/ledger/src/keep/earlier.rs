//! The ledger as it was before a migration, kept beside it, so that the program before can go on with it
//! when the new one does not work. Only the database is copied: a migration touches no photo.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use rusqlite::Connection;
use words::{Key, Said};

use crate::error::{Error, ErrorKind, Result};
use crate::keep::backup::{copy_database, sync_dir};
use crate::keep::space::Space;

/// Below the data folder.
const FOLDER: &str = "before-migration";
const SUFFIX: &str = ".sqlite3";
/// Copies that stay: that of the last migration, and of the one before.
const KEPT: usize = 2;
/// A migration writes at most about as much as it finds, and some room must be left to record in.
const MARGIN_BYTES: u64 = 64 << 20;

/// A start is ended by its signal, which leaves the ledger as it was.
static NEVER: AtomicBool = AtomicBool::new(false);

/// A copy of before a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Earlier {
    pub(crate) path: PathBuf,
    /// The version that it has.
    pub(crate) schema: usize,
    /// When it was made, as its name says it.
    made: String,
}

/// Where they are.
pub(crate) fn folder(data: &Path) -> PathBuf {
    data.join(FOLDER)
}

/// Keeps a copy of the ledger, which has this version and is about to be migrated.
pub(crate) fn keep(from: &Connection, data: &Path, schema: usize, at: Timestamp) -> Result<()> {
    let folder = folder(data);
    fs::create_dir_all(&folder)
        .map_err(|e| Error::io("could not make a folder for the copy", &folder, e))?;
    room(from, &folder)?;
    let made = at.strftime("%Y%m%dT%H%M%SZ");
    let path = folder.join(format!("schema-{schema}-{made}{SUFFIX}"));
    let part = folder.join("copy.part");
    clear(&part)?;
    copy_database(from, &part, &NEVER)?;
    fs::rename(&part, &path)
        .and_then(|()| sync_dir(&folder))
        .map_err(|e| Error::io("could not keep the copy", &path, e))?;
    tracing::info!(schema, path = %path.display(), "ledger copied before its migration");
    for old in all(data)?.into_iter().skip(KEPT) {
        clear(&old.path)?;
    }
    Ok(())
}

/// The copies that are there, the newest first.
pub(crate) fn all(data: &Path) -> Result<Vec<Earlier>> {
    let folder = folder(data);
    let entries = match fs::read_dir(&folder) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|e| Error::io("could not look for copies", &folder, e))?,
    };
    let named = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().ok()?;
        let rest = name.strip_prefix("schema-")?.strip_suffix(SUFFIX)?;
        let (schema, made) = rest.split_once('-')?;
        Some(Earlier {
            path: entry.path(),
            schema: schema.parse().ok()?,
            made: made.to_owned(),
        })
    };
    let mut found: Vec<_> = entries.flatten().filter_map(named).collect();
    found.sort_by(|a, b| (&b.made, b.schema).cmp(&(&a.made, a.schema)));
    Ok(found)
}

/// Removes a file that may not be there.
pub(crate) fn clear(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io("could not remove an old copy", path, e))
        }
        _ => Ok(()),
    }
}

/// Whether there is room for the copy and for the migration after it.
fn room(of: &Connection, folder: &Path) -> Result<()> {
    let pragma = |name: &str| {
        of.pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .map(i64::unsigned_abs)
            .map_err(|e| Error::sql("could not measure the ledger", folder, e))
    };
    let size = pragma("page_count")?.saturating_mul(pragma("page_size")?);
    let needed = size.saturating_mul(2).saturating_add(MARGIN_BYTES);
    let free = Space::of(folder)?.free_bytes;
    if needed > free {
        let why = Said::with(Key::LedgerNoRoomBefore, "needed", needed / 1_000_000);
        let why = why.and("free", free / 1_000_000);
        return Err(Error::refused(ErrorKind::DiskFull, why).at(folder));
    }
    Ok(())
}
