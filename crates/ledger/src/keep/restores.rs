//! Restores from a backup: marked in the chain, and what is given afterwards lies above all that may
//! have been given since the backup was made.

use jiff::{SignedDuration, Timestamp};
use passage::{OutboxId, PassageId, PassageKey};
use rusqlite::{Connection, Row, params};
use serde::Serialize;

use crate::error::Result;
use crate::proof::chain;
use crate::reader::Reader;
use crate::rows;

/// Numbers of passages that a restore skips at least. Ten lanes that each let a truck through every
/// six seconds, without a pause, would take 69 days to use them up; a site of 2,000 passages a day
/// takes 13 years.
pub(crate) const SKIPPED: i64 = 10_000_000;

/// One restore: everything written from `made_at` until `restored_at` is not here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// Its random name, which the anchors of what followed carry.
    pub branch: String,
    /// Name of the backup.
    pub backup: String,
    /// When the backup was made: the gap begins.
    pub made_at: Timestamp,
    /// When it was restored: the gap ends.
    pub restored_at: Timestamp,
    /// Links of the chain in the backup.
    pub links: i64,
    /// Passages up to this number are of before the backup.
    pub last_passage: PassageId,
    /// The number that the next passage got.
    pub first_free: PassageId,
    /// Deliveries up to this number are of before the backup: any of them may have been sent in the
    /// gap.
    pub last_delivery: OutboxId,
    /// Photos that the backup did not have.
    pub missing_photos: u64,
}

/// What is known of a restore before it is written down.
pub(crate) struct NewRestore<'a> {
    pub(crate) backup: &'a str,
    pub(crate) backup_sha256: &'a str,
    pub(crate) made_at: Timestamp,
    pub(crate) restored_at: Timestamp,
    pub(crate) missing_photos: u64,
}

/// Marks the gap, and lets passages be counted on from above it.
pub(crate) fn mark(to: &Connection, new: &NewRestore<'_>) -> rusqlite::Result<Restored> {
    let (links, head) = chain::head(to)?;
    let last = highest(to, "passages")?;
    let first_free = first_free(last);
    to.execute(
        "INSERT INTO restores (branch, backup, backup_sha256, made_at_ms, restored_at_ms, links,
                               head, last_passage, first_free, last_delivery, missing_photos)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            PassageKey::random().to_string(),
            new.backup,
            new.backup_sha256,
            new.made_at.as_millisecond(),
            new.restored_at.as_millisecond(),
            links,
            head,
            last,
            first_free,
            highest(to, "outbox")?,
            i64::try_from(new.missing_photos).unwrap_or(i64::MAX),
        ],
    )?;
    let counted = "UPDATE sqlite_sequence SET seq = ? WHERE name = 'passages'";
    if to.execute(counted, [first_free - 1])? == 0 {
        to.execute(
            "INSERT INTO sqlite_sequence (name, seq) VALUES ('passages', ?)",
            [first_free - 1],
        )?;
    }
    all(to)?.pop().ok_or(rusqlite::Error::QueryReturnedNoRows)
}

/// The first number of the second ten million after the last one given, so that the break is seen.
fn first_free(last: i64) -> i64 {
    (last / SKIPPED + 2) * SKIPPED + 1
}

fn highest(of: &Connection, table: &str) -> rusqlite::Result<i64> {
    of.query_row(
        "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?), 0)",
        [table],
        |row| row.get(0),
    )
}

/// All restores, oldest first.
pub(crate) fn all(from: &Connection) -> rusqlite::Result<Vec<Restored>> {
    from.prepare_cached(
        "SELECT branch, backup, made_at_ms, restored_at_ms, links, last_passage, first_free,
                last_delivery, missing_photos
         FROM restores ORDER BY id",
    )?
    .query_map([], restored)?
    .collect()
}

/// The first restore after this delivery was queued, if there was one.
pub(crate) fn after_delivery(
    from: &Connection,
    row: OutboxId,
) -> rusqlite::Result<Option<Restored>> {
    Ok(all(from)?.into_iter().find(|r| row <= r.last_delivery))
}

fn restored(row: &Row<'_>) -> rusqlite::Result<Restored> {
    Ok(Restored {
        branch: row.get(0)?,
        backup: row.get(1)?,
        made_at: rows::time(row, 2)?,
        restored_at: rows::time(row, 3)?,
        links: row.get(4)?,
        last_passage: PassageId(row.get(5)?),
        first_free: PassageId(row.get(6)?),
        last_delivery: OutboxId(row.get(7)?),
        missing_photos: u64::try_from(row.get::<_, i64>(8)?).unwrap_or(0),
    })
}

impl Reader {
    /// Every restore from a backup, oldest first.
    ///
    /// # Errors
    /// See [`ErrorKind`](crate::ErrorKind).
    pub fn restores(&self) -> Result<Vec<Restored>> {
        self.read(all)
    }

    /// From which time on the platforms' numbers of a passage may be made, where they are made of
    /// its time: `decided_at`, but for a passage that was committed after a restore and decided
    /// before it (from paper, or by a clock that was set back). Numbers of that time may have
    /// been given in the gap by a ledger that is lost, so they are moved up by the gap's length, and
    /// in any case above the restore.
    ///
    /// # Errors
    /// See [`ErrorKind`](crate::ErrorKind).
    pub fn serial_time(&self, id: PassageId, decided_at: Timestamp) -> Result<Timestamp> {
        self.read(|from| {
            let mut at = decided_at;
            for restore in all(from)? {
                if id >= restore.first_free && decided_at < restore.restored_at {
                    let gap = restore.restored_at.duration_since(restore.made_at);
                    at = at.max(moved(decided_at, gap)).max(restore.restored_at);
                }
            }
            Ok(at)
        })
    }
}

fn moved(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_million_numbers_are_skipped_at_least() {
        for last in [0, 1, 9_999_999, 10_000_000, 12_345_678] {
            let next = first_free(last);
            assert!(next - last > SKIPPED, "{last}: {next}");
            assert_eq!(next % SKIPPED, 1);
        }
    }
}
