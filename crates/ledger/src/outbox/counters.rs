//! Delivery figures.

use jiff::Timestamp;
use rusqlite::{Connection, named_params};
use serde::Serialize;

use crate::error::Result;
use crate::reader::Reader;
use crate::rows::{self, count};

/// Delivery figures of one sink.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SinkCounters {
    /// Sink name.
    pub sink: String,
    /// Rows ever made.
    pub generated: u64,
    /// Rows the sink has.
    pub acknowledged: u64,
    /// Rows new or being sent.
    pub waiting: u64,
    /// Rows the sink refused.
    pub refused: u64,
    /// When the oldest waiting row was made.
    pub oldest_waiting: Option<Timestamp>,
}

/// Rows of one sink that wait since before some moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LongWaiting {
    /// Made as things happened.
    pub live: u64,
    /// Of before the sink, ordered by a person: as old as they are, they wait only since the order.
    /// What waited already when they were ordered counts with them.
    pub ordered: u64,
    /// When a person's order last queued some.
    pub ordered_at: Option<Timestamp>,
}

impl Reader {
    /// What waits for `sink` and was made before `before`.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn long_waiting(&self, sink: &str, before: Timestamp) -> Result<LongWaiting> {
        self.read(|from| {
            from.prepare_cached(
                "SELECT count(*) FILTER (WHERE NOT ordered), count(*) FILTER (WHERE ordered),
                     (SELECT max(at_ms) FROM backfills WHERE sink = :sink)
                 FROM (SELECT coalesce(o.passage_id <= b.up_to AND o.generated_at_ms >= b.from_ms
                         AND o.generated_at_ms < b.at_ms, 0) AS ordered
                     FROM outbox o, (SELECT max(up_to) AS up_to, min(from_ms) AS from_ms,
                         max(at_ms) AS at_ms FROM backfills WHERE sink = :sink) b
                     WHERE o.sink = :sink AND o.settled_at_ms IS NULL
                         AND o.generated_at_ms < :before)",
            )?
            .query_row(
                named_params! { ":sink": sink, ":before": before.as_millisecond() },
                |row| {
                    Ok(LongWaiting {
                        live: count(row, 0)?,
                        ordered: count(row, 1)?,
                        ordered_at: rows::maybe_time(row, 2)?,
                    })
                },
            )
        })
    }

    /// Delivery figures of every sink that ever had a row, by name.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn sinks(&self) -> Result<Vec<SinkCounters>> {
        self.read(all)
    }

    /// Delivery figures of one sink; zeros when it never had a row.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn counters(&self, sink: &str) -> Result<SinkCounters> {
        let all = self.sinks()?;
        let found = all.into_iter().find(|counters| counters.sink == sink);
        Ok(found.unwrap_or_else(|| SinkCounters {
            sink: sink.to_owned(),
            ..Default::default()
        }))
    }
}

/// Delivery figures of every sink, by name.
fn all(from: &Connection) -> rusqlite::Result<Vec<SinkCounters>> {
    from.prepare_cached(
        "SELECT sink, generated, acknowledged, refused,
             (SELECT min(generated_at_ms) FROM outbox
              WHERE sink = t.sink AND settled_at_ms IS NULL)
         FROM outbox_totals t ORDER BY sink",
    )?
    .query_map([], |row| {
        let (generated, acknowledged, refused) = (count(row, 1)?, count(row, 2)?, count(row, 3)?);
        Ok(SinkCounters {
            sink: row.get(0)?,
            generated,
            acknowledged,
            waiting: generated
                .saturating_sub(acknowledged)
                .saturating_sub(refused),
            refused,
            oldest_waiting: rows::maybe_time(row, 4)?,
        })
    })?
    .collect()
}
