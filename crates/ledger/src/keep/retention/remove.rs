//! Removing: a row first, in the chain, then the files. Cut off in between, the next call goes on.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::ErrorKind as Io;
use std::path::Path;

use jiff::Timestamp;
use passage::{PassageId, RemovalReason};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::FREE;
use crate::committed::Topic;
use crate::error::{Error, Result};
use crate::keep::removals::removed;
use crate::writer::Writer;

/// What one call removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// Passages whose photos went.
    pub passages: u64,
    /// Photos.
    pub photos: u64,
    /// Their sizes, together.
    pub size_bytes: u64,
}

impl Writer {
    /// Announces removals: for age, of photos of passages decided before `until`; for space,
    /// without it.
    ///
    /// # Errors
    /// See [`ErrorKind`](crate::ErrorKind).
    pub fn announce_removals(&mut self, until: Option<Timestamp>, at: Timestamp) -> Result<()> {
        let why = match until {
            Some(_) => RemovalReason::Age,
            None => RemovalReason::Space,
        };
        self.transacted("could not announce removals", &[], |to| {
            to.execute(
                "INSERT INTO removal_notices (why, until_ms, given_at_ms) VALUES (?, ?, ?)",
                params![
                    why.as_str(),
                    until.map(Timestamp::as_millisecond),
                    at.as_millisecond()
                ],
            )?;
            Ok(())
        })
    }

    /// Removes the photos of these passages, but of none that somebody waits for by now. Keep the
    /// list short: the files go before this returns.
    ///
    /// # Errors
    /// See [`ErrorKind`](crate::ErrorKind). What was not done is done by the next call, or by
    /// [`Writer::finish_removals`].
    pub fn remove_photos(
        &mut self,
        passages: &[PassageId],
        why: RemovalReason,
        at: Timestamp,
    ) -> Result<Removed> {
        let removed = self.committed(
            "could not record a removal of photos",
            &[Topic::Passages],
            |to| {
                let mut removed = Removed::default();
                for passage in passages {
                    if let Some((photos, size_bytes)) = record(to, *passage, why, at)? {
                        removed.passages += 1;
                        removed.photos += photos;
                        removed.size_bytes += size_bytes;
                    }
                }
                Ok(removed)
            },
        )?;
        self.finish_removals()?;
        Ok(removed)
    }

    /// Removes the files of removals that were recorded and cut off; gives how many there were.
    ///
    /// # Errors
    /// See [`ErrorKind`](crate::ErrorKind).
    pub fn finish_removals(&mut self) -> Result<usize> {
        let step = "could not finish a removal of photos";
        let files = self.looked_up(step, unfinished)?;
        let mut folders = BTreeSet::new();
        for path in &files {
            let file = self.folder().join(path);
            match fs::remove_file(&file) {
                Err(e) if e.kind() != Io::NotFound => {
                    return Err(Error::io("could not remove a photo", &file, e));
                }
                _ => folders.extend(file.parent().map(Path::to_owned)),
            }
        }
        // A file that comes back after a power cut would stay for ever.
        for folder in &folders {
            sync(folder).map_err(|e| Error::io("could not sync a folder", folder, e))?;
        }
        if !files.is_empty() {
            self.transacted(step, &[], |to| {
                to.execute("DELETE FROM unfinished_removals", [])
            })?;
            folders.iter().for_each(|folder| remove_empty(folder));
            self.forget_day();
        }
        Ok(files.len())
    }
}

/// Writes down that the photos of a passage go; `None` when they must stay or are gone.
fn record(
    to: &Connection,
    passage: PassageId,
    why: RemovalReason,
    at: Timestamp,
) -> rusqlite::Result<Option<(u64, u64)>> {
    let free = format!("SELECT 1 FROM passages p WHERE p.id = ? AND {FREE}");
    let is_free = to
        .prepare_cached(&free)?
        .query_row([passage.0], |_| Ok(()))
        .optional()?;
    if is_free.is_none() {
        return Ok(None);
    }
    let photos = format!(
        "SELECT id, path, sha256, size_bytes FROM photos p
         WHERE passage_id = ? AND NOT {} ORDER BY id",
        removed("p")
    );
    let mut statement = to.prepare_cached(&photos)?;
    let mut rows = statement.query([passage.0])?;
    let (mut last, mut count, mut size_bytes) = (0_i64, 0_u64, 0_u64);
    let mut hasher = Sha256::new();
    while let Some(row) = rows.next()? {
        last = row.get(0)?;
        let (path, sha256): (String, String) = (row.get(1)?, row.get(2)?);
        hasher.update(format!("{path} {sha256}\n"));
        count += 1;
        size_bytes += u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0);
    }
    if count == 0 {
        return Ok(None);
    }
    to.prepare_cached(
        "INSERT INTO photo_removals
             (passage_id, last_photo, why, removed_at_ms, photos, size_bytes, sha256)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        passage.0,
        last,
        why.as_str(),
        at.as_millisecond(),
        i64::try_from(count).unwrap_or(i64::MAX),
        i64::try_from(size_bytes).unwrap_or(i64::MAX),
        hex::encode(hasher.finalize())
    ])?;
    let removal = to.last_insert_rowid();
    to.execute("INSERT INTO unfinished_removals VALUES (?)", [removal])?;
    Ok(Some((count, size_bytes)))
}

/// Paths of photos whose removal is recorded and not finished.
fn unfinished(from: &Connection) -> rusqlite::Result<Vec<String>> {
    from.prepare_cached(
        "SELECT f.path FROM unfinished_removals u
         JOIN photo_removals r ON r.id = u.removal_id
         JOIN photos f ON f.passage_id = r.passage_id AND f.id <= r.last_photo",
    )?
    .query_map([], |row| row.get(0))?
    .collect()
}

fn sync(folder: &Path) -> std::io::Result<()> {
    match File::open(folder) {
        Err(e) if e.kind() == Io::NotFound => Ok(()),
        opened => opened?.sync_all(),
    }
}

/// The day's folder, once nothing is in it, and the month's and the year's. One of today can't be
/// empty: what is being written there is in the folder before its row is.
fn remove_empty(day: &Path) {
    for folder in day.ancestors().take(3) {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
}
