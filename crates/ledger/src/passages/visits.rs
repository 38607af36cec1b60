//! Visits: an entry and the exit that belongs to it, derived from passages.

use jiff::Timestamp;
use passage::{PassageId, PassageKey};
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use serde::Serialize;

use crate::error::Result;
use crate::reader::{Reader, rows_of};
use crate::rows;

/// A vehicle's stay on the site. One side is missing while it is still there, or when it was not
/// seen to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Visit {
    /// Plate number.
    pub plate: String,
    /// Plate colour.
    pub color: plate::Color,
    /// The entry.
    pub entered: Option<(PassageId, Timestamp)>,
    /// The exit.
    pub left: Option<(PassageId, Timestamp)>,
}

impl Reader {
    /// Up to `limit` visits with an entry or exit from `from_time` (included) to `until` (not
    /// included), oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn visits(
        &self,
        from_time: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Visit>> {
        self.read(|from| between(from, from_time, until, rows_of(limit)))
    }

    /// The entry that belongs to an exit, when it was seen.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn entry_of(&self, exit: PassageId) -> Result<Option<PassageKey>> {
        self.read(|on| entry_of(on, exit))
    }
}

/// Of each vehicle (plate and colour) in the range, an entry belongs to the next exit if that comes
/// before the next entry. Vehicles that turned back made no visit.
fn between(
    from: &Connection,
    since: Timestamp,
    until: Timestamp,
    limit: i64,
) -> rusqlite::Result<Vec<Visit>> {
    from.prepare_cached(
        "WITH seq AS (
             SELECT f.passage_id AS id, f.decided_at_ms AS at, f.direction, f.color, f.plate_id,
                 lead(f.direction) OVER w AS next_direction, lead(f.passage_id) OVER w AS next_id,
                 lead(f.decided_at_ms) OVER w AS next_at, lag(f.direction) OVER w AS last_direction
             FROM passage_facts f
             LEFT JOIN passage_outcomes o ON o.passage_id = f.passage_id
             WHERE f.decided_at_ms >= :since AND f.decided_at_ms < :until
               AND f.plate_id IS NOT NULL AND f.known AND o.outcome IS NOT 'backed_out'
             WINDOW w AS (PARTITION BY f.plate_id, f.color ORDER BY f.decided_at_ms, f.passage_id)
         )
         SELECT p.plate, s.color, s.in_id, s.in_at, s.out_id, s.out_at FROM (
             SELECT plate_id, color, at, id AS in_id, at AS in_at,
                 iif(next_direction = 'out', next_id, NULL) AS out_id,
                 iif(next_direction = 'out', next_at, NULL) AS out_at
             FROM seq WHERE direction = 'in'
             UNION ALL
             SELECT plate_id, color, at, NULL, NULL, id, at FROM seq
             WHERE direction = 'out' AND last_direction IS NOT 'in'
         ) s JOIN plates p ON p.id = s.plate_id
         ORDER BY s.at, coalesce(s.in_id, s.out_id) LIMIT :limit",
    )?
    .query_map(
        named_params! {
            ":since": since.as_millisecond(),
            ":until": until.as_millisecond(),
            ":limit": limit,
        },
        |row| {
            Ok(Visit {
                plate: row.get(0)?,
                color: rows::code(row, 1)?,
                entered: side(row, 2)?,
                left: side(row, 4)?,
            })
        },
    )?
    .collect()
}

/// The entry that belongs to an exit: the last passage of the same vehicle before it, when that came in.
/// The plus keeps SQLite from the index of colours, of which half the ledger has one.
fn entry_of(from: &Connection, exit: PassageId) -> rusqlite::Result<Option<PassageKey>> {
    let before: Option<(String, PassageKey)> = from
        .prepare_cached(
            "SELECT f.direction, p.key
             FROM passage_facts x
             JOIN passage_facts f ON f.plate_id = x.plate_id AND +f.color = x.color
                 AND (f.decided_at_ms, f.passage_id) < (x.decided_at_ms, x.passage_id)
             JOIN passages p ON p.id = f.passage_id
             LEFT JOIN passage_outcomes o ON o.passage_id = f.passage_id
             WHERE x.passage_id = ? AND x.known AND x.direction = 'out'
               AND f.known AND o.outcome IS NOT 'backed_out'
             ORDER BY f.decided_at_ms DESC, f.passage_id DESC LIMIT 1",
        )?
        .query_row([exit.0], |row| Ok((row.get(0)?, rows::code(row, 1)?)))
        .optional()?;
    Ok(before.and_then(|(direction, key)| (direction == "in").then_some(key)))
}

fn side(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<(PassageId, Timestamp)>> {
    let id: Option<i64> = row.get(column)?;
    Ok(match (id, rows::maybe_time(row, column + 1)?) {
        (Some(id), Some(at)) => Some((PassageId(id), at)),
        _ => None,
    })
}
