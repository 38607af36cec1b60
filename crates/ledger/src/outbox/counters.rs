//! Delivery figures.

use jiff::Timestamp;
use rusqlite::Connection;
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

impl Reader {
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
