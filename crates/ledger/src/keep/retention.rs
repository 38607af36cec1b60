//! Which photos may go, and letting them go: never before everybody has acknowledged them, never
//! unannounced, and never without a row in the chain that says so.

mod remove;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use passage::PassageId;
use rusqlite::{Connection, OptionalExtension as _, named_params};
use serde::Serialize;

use crate::error::Result;
use crate::keep::removals::removed;
use crate::reader::Reader;
use crate::rows;

pub use remove::Removed;

/// How long a shortage of space must have been announced before it removes anything.
pub const SPACE_NOTICE: Duration = Duration::from_secs(3600);
/// A notice of a shortage holds for so long: it speaks of this one and of no later one.
const SPACE_NOTICE_HOLDS: Duration = Duration::from_secs(7 * 24 * 3600);

/// A passage `p` whose photos nobody waits for: it has ended, everybody it was queued for has
/// acknowledged all of it, and its plate is known, by a machine or by a person.
const FREE: &str = "NOT EXISTS (SELECT 1 FROM open_passages WHERE passage_id = p.id)
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE passage_id = p.id AND state <> 'acknowledged')
    AND EXISTS (SELECT 1 FROM passage_facts WHERE passage_id = p.id AND known = 1)";

/// A passage whose photos may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Removable {
    /// Its number.
    pub passage: PassageId,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// Its photos.
    pub photos: u32,
    /// Their sizes, together.
    pub size_bytes: u64,
}

/// Passages older than a time that keep their photos all the same, by the reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct HeldBack {
    /// Somebody has not acknowledged them yet.
    pub waiting: u64,
    /// Somebody refused them, and nobody has settled that.
    pub refused: u64,
    /// Nobody has said which plate it was.
    pub unknown_plate: u64,
    /// The vehicle has not left.
    pub open: u64,
}

/// All removals so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Removals {
    /// Passages whose photos went.
    pub passages: u64,
    /// Photos.
    pub photos: u64,
    /// Their sizes, together.
    pub size_bytes: u64,
    /// The newest of these passages was decided then.
    pub until: Option<Timestamp>,
    /// When the last removal was.
    pub last: Option<Timestamp>,
}

impl Reader {
    /// Up to `limit` passages decided before `before` whose photos may go, oldest first, after the
    /// place where the last call ended.
    ///
    /// # Errors
    /// See [`ErrorKind`](crate::ErrorKind).
    pub fn removable(
        &self,
        before: Timestamp,
        after: Option<Removable>,
        limit: usize,
    ) -> Result<Vec<Removable>> {
        let sql = format!(
            "SELECT p.id, p.decided_at_ms, count(f.id), sum(f.size_bytes)
             FROM passages p JOIN photos f ON f.passage_id = p.id
             WHERE p.decided_at_ms < :before AND (p.decided_at_ms, p.id) > (:after_ms, :after)
               AND {FREE} AND NOT {}
             GROUP BY p.decided_at_ms, p.id ORDER BY p.decided_at_ms, p.id LIMIT :limit",
            removed("f")
        );
        let after = after.map_or((i64::MIN, 0), |r| {
            (r.decided_at.as_millisecond(), r.passage.0)
        });
        self.read(|from| {
            from.prepare_cached(&sql)?
                .query_map(
                    named_params! {
                        ":before": before.as_millisecond(),
                        ":after_ms": after.0,
                        ":after": after.1,
                        ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
                    },
                    |row| {
                        Ok(Removable {
                            passage: PassageId(row.get(0)?),
                            decided_at: rows::time(row, 1)?,
                            photos: row.get(2)?,
                            size_bytes: bytes(row.get(3)?),
                        })
                    },
                )?
                .collect()
        })
    }

    /// Passages decided before `before` that keep their photos, by the reason.
    ///
    /// # Errors
    /// See [`ErrorKind`](crate::ErrorKind).
    pub fn held(&self, before: Timestamp) -> Result<HeldBack> {
        let before = before.as_millisecond();
        self.read(|from| {
            let count = |sql: &str| {
                from.query_row(sql, [before], |row| row.get::<_, i64>(0))
                    .map(bytes)
            };
            let of = |state: &str| {
                format!(
                    "SELECT count(DISTINCT p.id) FROM outbox o JOIN passages p ON p.id = o.passage_id
                     WHERE {state} AND p.decided_at_ms < ?"
                )
            };
            Ok(HeldBack {
                waiting: count(&of("o.settled_at_ms IS NULL"))?,
                refused: count(&of("o.state = 'refused'"))?,
                unknown_plate: count(
                    "SELECT count(*) FROM passage_facts WHERE known = 0 AND decided_at_ms < ?",
                )?,
                open: count(
                    "SELECT count(*) FROM open_passages JOIN passages p ON p.id = passage_id
                     WHERE p.decided_at_ms < ?",
                )?,
            })
        })
    }

    /// All removals so far.
    ///
    /// # Errors
    /// See [`ErrorKind`](crate::ErrorKind).
    pub fn removals(&self) -> Result<Removals> {
        self.read(|from| {
            from.query_row(
                "SELECT count(DISTINCT passage_id), coalesce(sum(photos), 0),
                        coalesce(sum(r.size_bytes), 0), max(p.decided_at_ms), max(r.removed_at_ms)
                 FROM photo_removals r JOIN passages p ON p.id = r.passage_id",
                [],
                |row| {
                    Ok(Removals {
                        passages: bytes(row.get(0)?),
                        photos: bytes(row.get(1)?),
                        size_bytes: bytes(row.get(2)?),
                        until: rows::maybe_time(row, 3)?,
                        last: rows::maybe_time(row, 4)?,
                    })
                },
            )
        })
    }

    /// Photos of passages decided before this time were announced, at least `ahead` ago, to be
    /// removed for their age; `None` when nothing was.
    ///
    /// # Errors
    /// See [`ErrorKind`](crate::ErrorKind).
    pub fn announced_by_age(&self, now: Timestamp, ahead: Duration) -> Result<Option<Timestamp>> {
        let latest = back(now, ahead).as_millisecond();
        self.read(|from| {
            from.query_row(
                "SELECT max(until_ms) FROM removal_notices WHERE why = 'age' AND given_at_ms <= ?",
                [latest],
                |row| rows::maybe_time(row, 0),
            )
        })
    }

    /// When the shortage of space that there is now was announced, if it was.
    ///
    /// # Errors
    /// See [`ErrorKind`](crate::ErrorKind).
    pub fn announced_shortage(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        self.read(|from| shortage(from, now))
    }

    /// The newest time up to which removals for age were announced, however lately.
    ///
    /// # Errors
    /// See [`ErrorKind`](crate::ErrorKind).
    pub fn newest_notice_by_age(&self) -> Result<Option<Timestamp>> {
        self.announced_by_age(Timestamp::MAX, Duration::ZERO)
    }
}

/// The first notice of the last days that is not of the future.
fn shortage(from: &Connection, now: Timestamp) -> rusqlite::Result<Option<Timestamp>> {
    from.query_row(
        "SELECT min(given_at_ms) FROM removal_notices
         WHERE why = 'space' AND given_at_ms BETWEEN ? AND ?",
        [
            back(now, SPACE_NOTICE_HOLDS).as_millisecond(),
            now.as_millisecond(),
        ],
        |row| rows::maybe_time(row, 0),
    )
    .optional()
    .map(Option::flatten)
}

fn back(now: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    now.checked_sub(by).unwrap_or(Timestamp::MIN)
}

fn bytes(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}
