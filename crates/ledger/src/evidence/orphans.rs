//! Files under `photos/` that no row points at: what a failed or cut-off commit leaves behind.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, OptionalExtension as _};

use crate::error::{Error, Result};
use crate::evidence::PHOTOS;
use crate::open;
use crate::writer::Writer;

impl Writer {
    /// Removes photos that no row points at and that are older than `age`; gives how many. What
    /// is under `photos/` belongs to the ledger: strange files are removed too.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn sweep_orphans(&mut self, age: Duration) -> Result<usize> {
        // Nothing can be on its way: this is the one writer, and it is busy here.
        sweep(self.folder(), self.connection(), age)
    }
}

/// Calls `found` with the path, under the data folder, of each orphan that is older than `age`,
/// until it answers false.
pub(crate) fn each(
    folder: &Path,
    rows: &Connection,
    age: Duration,
    found: &mut dyn FnMut(&str) -> Result<bool>,
) -> Result<()> {
    walk(folder, PHOTOS, rows, age, found).map(|_| ())
}

/// Removes every orphan older than `age`; gives how many.
fn sweep(folder: &Path, rows: &Connection, age: Duration) -> Result<usize> {
    let mut removed = 0;
    each(folder, rows, age, &mut |path| {
        let file = folder.join(path);
        fs::remove_file(&file).map_err(|e| Error::io("could not remove an orphan", &file, e))?;
        tracing::info!(path, "photo without a row removed");
        removed += 1;
        Ok(true)
    })?;
    Ok(removed)
}

fn walk(
    folder: &Path,
    under: &str,
    rows: &Connection,
    age: Duration,
    found: &mut dyn FnMut(&str) -> Result<bool>,
) -> Result<bool> {
    let place = folder.join(under);
    let failed = |e| Error::io("could not look through the photos", &place, e);
    let entries = match fs::read_dir(&place) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(true),
        other => other.map_err(failed)?,
    };
    let mut names: Vec<_> = entries.collect::<Result<_, _>>().map_err(failed)?;
    names.sort_by_key(fs::DirEntry::file_name);
    let mut known: Option<HashSet<String>> = None;
    for entry in names {
        let name = entry.file_name();
        let path = format!("{under}/{}", name.to_string_lossy());
        if entry.file_type().map_err(failed)?.is_dir() {
            if !walk(folder, &path, rows, age, found)? {
                return Ok(false);
            }
            continue;
        }
        if known.is_none() {
            known = Some(rows_under(folder, under, rows)?);
        }
        let has_row = known.as_ref().is_some_and(|known| known.contains(&path));
        // A row may have come since the folder's rows were read; asked again, file by file.
        if has_row || !is_older(&entry, age) || has_row_now(folder, &path, rows)? {
            continue;
        }
        if !found(&path)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_older(entry: &fs::DirEntry, age: Duration) -> bool {
    let changed = entry.metadata().and_then(|meta| meta.modified());
    // A file from the future was written before the clock was set back: old enough.
    changed.is_ok_and(|at| {
        SystemTime::now()
            .duration_since(at)
            .map_or(true, |past| past >= age)
    })
}

/// The photos that rows place in one folder, in one query however many there are.
fn rows_under(folder: &Path, under: &str, rows: &Connection) -> Result<HashSet<String>> {
    let read = || {
        rows.prepare_cached("SELECT path FROM photos WHERE path > ? AND path < ?")?
            .query_map((format!("{under}/"), format!("{under}0")), |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()
    };
    read().map_err(|e| {
        Error::sql(
            "could not read the photos' rows",
            &open::database(folder),
            e,
        )
    })
}

fn has_row_now(folder: &Path, path: &str, rows: &Connection) -> Result<bool> {
    let read = || {
        rows.prepare_cached("SELECT 1 FROM photos WHERE path = ?")?
            .query_row([path], |_| Ok(()))
            .optional()
    };
    read().map(|row| row.is_some()).map_err(|e| {
        Error::sql(
            "could not read the photos' rows",
            &open::database(folder),
            e,
        )
    })
}
