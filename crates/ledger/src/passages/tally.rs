//! How many passages there were in a time, by lane and what became of them, and what is missing.

use jiff::Timestamp;
use passage::{Direction, Verdict};
use rusqlite::params;
use serde::Serialize;

use crate::error::Result;
use crate::reader::Reader;
use crate::rows;

/// The passages of one lane, direction and decision that were decided in a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Lane name; empty when a paper does not tell.
    pub lane: String,
    /// Way of travel as it holds now.
    pub direction: Direction,
    /// What was decided.
    pub decision: Verdict,
    /// How many.
    pub passages: u64,
    /// Of these, without a plate that a machine accepted or a person gave.
    pub unread: u64,
    /// Of these, whose plate a person gave where none had been accepted.
    pub manual: u64,
    /// Of these, corrected in any item.
    pub corrected: u64,
    /// Of these, from paper.
    pub paper: u64,
}

/// A vehicle that was seen and is no passage: the service stopped before its decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lost {
    /// Lane name.
    pub lane: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

impl Reader {
    /// What was decided from `from` (included) to `until` (not included).
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn tally(&self, from: Timestamp, until: Timestamp) -> Result<Vec<Tally>> {
        self.read(|on| {
            on.prepare_cached(
                "SELECT f.lane, f.direction, f.decision, count(*), sum(NOT f.known),
                     sum(EXISTS (SELECT 1 FROM corrections c
                                 WHERE c.passage_id = f.passage_id AND c.manual)),
                     sum(EXISTS (SELECT 1 FROM corrections c WHERE c.passage_id = f.passage_id)),
                     sum(EXISTS (SELECT 1 FROM paper_entries e
                                 WHERE e.passage_id = f.passage_id))
                 FROM passage_facts f
                 WHERE f.decided_at_ms >= ? AND f.decided_at_ms < ?
                 GROUP BY f.lane, f.direction, f.decision ORDER BY f.lane, f.direction, f.decision",
            )?
            .query_map(
                params![from.as_millisecond(), until.as_millisecond()],
                |row| {
                    let count = |column| -> rusqlite::Result<u64> {
                        Ok(row.get::<_, i64>(column)?.unsigned_abs())
                    };
                    Ok(Tally {
                        lane: row.get(0)?,
                        direction: rows::code(row, 1)?,
                        decision: rows::code(row, 2)?,
                        passages: count(3)?,
                        unread: count(4)?,
                        manual: count(5)?,
                        corrected: count(6)?,
                        paper: count(7)?,
                    })
                },
            )?
            .collect()
        })
    }

    /// How many passages were decided in each hour and direction, with the hour's beginning: hours are
    /// counted from `from` (included) up to `until` (not included).
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn hourly(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<(Timestamp, Direction, u64)>> {
        self.read(|on| {
            on.prepare_cached(
                "SELECT ?1 + (decided_at_ms - ?1) / 3600000 * 3600000, direction, count(*)
                 FROM passage_facts WHERE decided_at_ms >= ?1 AND decided_at_ms < ?2
                 GROUP BY 1, 2 ORDER BY 1, 2",
            )?
            .query_map(
                params![from.as_millisecond(), until.as_millisecond()],
                |row| {
                    Ok((
                        rows::time(row, 0)?,
                        rows::code(row, 1)?,
                        rows::count(row, 2)?,
                    ))
                },
            )?
            .collect()
        })
    }

    /// How many passages decided from `from` (included) to `until` (not included) a machine read without
    /// a person, wrongly as far as anybody looked: a person corrected plate or colour.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn misread(&self, from: Timestamp, until: Timestamp) -> Result<u64> {
        self.read(|on| {
            on.prepare_cached(
                "SELECT count(*) FROM passage_facts f
                 WHERE f.decided_at_ms >= ? AND f.decided_at_ms < ? AND f.known
                   AND EXISTS (SELECT 1 FROM corrections c WHERE c.passage_id = f.passage_id
                       AND c.item IN ('plate', 'color') AND c.after IS NOT c.before)
                   AND NOT EXISTS (SELECT 1 FROM corrections c
                       WHERE c.passage_id = f.passage_id AND c.manual)
                   AND NOT EXISTS (SELECT 1 FROM paper_entries e
                       WHERE e.passage_id = f.passage_id)",
            )?
            .query_row(
                params![from.as_millisecond(), until.as_millisecond()],
                |row| rows::count(row, 0),
            )
        })
    }

    /// Vehicles that were lost from `from` (included) to `until` (not included), oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn lost(&self, from: Timestamp, until: Timestamp) -> Result<Vec<Lost>> {
        self.read(|on| {
            on.prepare_cached(
                "SELECT lane, at_ms, reason FROM lost_passages
                 WHERE at_ms >= ? AND at_ms < ? ORDER BY at_ms, id",
            )?
            .query_map(
                params![from.as_millisecond(), until.as_millisecond()],
                |row| {
                    Ok(Lost {
                        lane: row.get(0)?,
                        at: rows::time(row, 1)?,
                        reason: row.get(2)?,
                    })
                },
            )?
            .collect()
        })
    }
}
