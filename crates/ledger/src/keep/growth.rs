//! How fast a ledger grows, from its own last days.

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::open;
use crate::reader::Reader;

/// Days that are looked back at most.
const DAYS: i64 = 14;
/// A shorter time says nothing about a day.
const LEAST: SignedDuration = SignedDuration::from_hours(24);

/// What a day brings, and what is there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Growth {
    /// Days that this was measured over.
    pub days: f64,
    /// Passages a day.
    pub passages: f64,
    /// Photos and database, bytes a day.
    pub bytes: f64,
    /// Photos that are there, in bytes.
    pub photo_bytes: u64,
    /// The database, in bytes.
    pub database_bytes: u64,
}

impl Growth {
    /// What so many days take at this pace, in bytes.
    #[must_use]
    pub fn needed(&self, days: f64) -> f64 {
        self.bytes * days
    }
}

impl Reader {
    /// What the last days brought; `None` for a ledger that is younger than a day or had no passage
    /// in the last fourteen.
    ///
    /// # Errors
    /// See [`ErrorKind`](crate::ErrorKind).
    pub fn growth(&self, now: Timestamp) -> Result<Option<Growth>> {
        let path = open::database(self.folder());
        let database_bytes = std::fs::metadata(&path)
            .map_err(|e| Error::io("could not look at the database", &path, e))?
            .len();
        self.read(|from| measured(from, now, database_bytes))
    }
}

fn measured(
    from: &Connection,
    now: Timestamp,
    database_bytes: u64,
) -> rusqlite::Result<Option<Growth>> {
    let now_ms = now.as_millisecond();
    let span_ms = DAYS * 86_400_000;
    let (first, all): (Option<i64>, i64) = from.query_row(
        "SELECT (SELECT min(decided_at_ms) FROM passages), (SELECT count(*) FROM passages)",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let since = first.unwrap_or(now_ms).max(now_ms - span_ms);
    if now_ms - since < LEAST.as_millis() as i64 {
        return Ok(None);
    }
    let days = (now_ms - since) as f64 / 86_400_000.0;
    let (passages, photo_bytes): (i64, i64) = from.query_row(
        "SELECT count(*), coalesce(sum((SELECT sum(size_bytes) FROM photos f
                                        WHERE f.passage_id = p.id)), 0)
         FROM passages p WHERE decided_at_ms BETWEEN ? AND ?",
        [since, now_ms],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if passages == 0 {
        return Ok(None);
    }
    let there: i64 = from.query_row(
        "SELECT (SELECT coalesce(sum(size_bytes), 0) FROM photos)
              - (SELECT coalesce(sum(size_bytes), 0) FROM photo_removals)",
        [],
        |row| row.get(0),
    )?;
    let passages = passages as f64 / days;
    let row_bytes = database_bytes as f64 / all.max(1) as f64;
    Ok(Some(Growth {
        days,
        passages,
        bytes: photo_bytes as f64 / days + row_bytes * passages,
        photo_bytes: u64::try_from(there).unwrap_or(0),
        database_bytes,
    }))
}
