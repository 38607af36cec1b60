//! Deliveries that a sink refused: a person repairs what is wrong and sends them again.

use jiff::Timestamp;
use passage::{OutboxId, OutboxKind};
use rusqlite::params;
use serde::Serialize;

use crate::error::Result;
use crate::reader::Reader;
use crate::rows;

/// A delivery that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedView {
    /// Row of the outbox, for [`crate::Writer::resend`].
    pub id: OutboxId,
    /// Sink name.
    pub sink: String,
    /// What was sent.
    pub kind: OutboxKind,
    /// Number of the passage or of the record.
    pub about: i64,
    /// When it was made: the day whose rate it lowers.
    pub generated_at: Timestamp,
    /// The sink's words.
    pub words: String,
    /// When it was refused.
    pub at: Timestamp,
    /// When it was last sent again before that, with who did it and why.
    pub resent: Option<(Timestamp, String)>,
}

impl Reader {
    /// The refused deliveries, oldest first, at most `limit`.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn refused(&self, limit: u32) -> Result<Vec<RefusedView>> {
        self.read(|on| {
            on.prepare_cached(
                "SELECT o.id, o.sink, o.kind, coalesce(o.passage_id, o.record_id),
                        coalesce(o.answer, ''), o.settled_at_ms, a.at_ms, a.words, o.generated_at_ms
                 FROM outbox o LEFT JOIN outbox_answers a ON a.id = (
                     SELECT max(id) FROM outbox_answers
                     WHERE outbox_id = o.id AND result = 'requeued')
                 WHERE o.state = 'refused' ORDER BY o.id LIMIT ?",
            )?
            .query_map(params![limit], |row| {
                Ok(RefusedView {
                    id: OutboxId(row.get(0)?),
                    sink: row.get(1)?,
                    kind: rows::code(row, 2)?,
                    about: row.get(3)?,
                    generated_at: rows::time(row, 8)?,
                    words: row.get(4)?,
                    at: rows::time(row, 5)?,
                    resent: match row.get::<_, Option<String>>(7)? {
                        Some(words) => Some((rows::time(row, 6)?, words)),
                        None => None,
                    },
                })
            })?
            .collect()
        })
    }
}
