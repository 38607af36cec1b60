//! How much of what was generated in a time has been delivered, and how complete it was.
//!
//! A row counts in the time when it was generated, so a late acknowledgement changes the figures of a
//! day that is over: they hold only as of when they were asked for.

use jiff::Timestamp;
use passage::OutboxKind;
use rusqlite::params;
use serde::Serialize;

use crate::error::Result;
use crate::reader::Reader;
use crate::rows;

/// The deliveries of one kind to one sink that were generated in a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivered {
    /// Sink name.
    pub sink: String,
    /// What was sent.
    pub kind: OutboxKind,
    /// Rows generated (产生量).
    pub generated: u64,
    /// Of these, acknowledged until now (上传量).
    pub acknowledged: u64,
    /// Of these, refused and waiting for a person.
    pub refused: u64,
    /// Mandatory items that were there in what was last sent of each row.
    pub items_present: u64,
    /// Mandatory items over what was last sent of each row; 0 for a sink without mandatory items.
    pub items_expected: u64,
}

impl Delivered {
    /// Transmission rate, 传输率: acknowledged ÷ generated, 0 to 1; `None` when nothing was generated.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        share(self.acknowledged, self.generated)
    }

    /// Completeness, 完整率: mandatory items there ÷ mandatory items, 0 to 1.
    #[must_use]
    pub fn completeness(&self) -> Option<f64> {
        share(self.items_present, self.items_expected)
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Reader {
    /// What was generated from `from` (included) to `until` (not included), by sink and kind.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn delivered(&self, from: Timestamp, until: Timestamp) -> Result<Vec<Delivered>> {
        self.read(|on| {
            on.prepare_cached(
                "SELECT o.sink, o.kind, count(*), sum(o.state = 'acknowledged'),
                        sum(o.state = 'refused'), coalesce(sum(s.items_present), 0),
                        coalesce(sum(s.items_expected), 0)
                 FROM outbox o LEFT JOIN platform_sendings s ON s.id = (
                     SELECT max(id) FROM platform_sendings WHERE outbox_id = o.id)
                 WHERE o.generated_at_ms >= ? AND o.generated_at_ms < ?
                 GROUP BY o.sink, o.kind ORDER BY o.sink, o.kind",
            )?
            .query_map(
                params![from.as_millisecond(), until.as_millisecond()],
                |row| {
                    let count = |column| -> rusqlite::Result<u64> {
                        Ok(row.get::<_, i64>(column)?.unsigned_abs())
                    };
                    Ok(Delivered {
                        sink: row.get(0)?,
                        kind: rows::code(row, 1)?,
                        generated: count(2)?,
                        acknowledged: count(3)?,
                        refused: count(4)?,
                        items_present: count(5)?,
                        items_expected: count(6)?,
                    })
                },
            )?
            .collect()
        })
    }
}
