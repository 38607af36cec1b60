//! How often a vehicle has come in.

use jiff::Timestamp;
use rusqlite::named_params;

use crate::error::Result;
use crate::reader::Reader;

impl Reader {
    /// Entries of a plate in this colour since then: those that were let in, by the gate or by a
    /// person. Who turned back has not come.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn entries_since(&self, plate: &str, color: plate::Color, since: Timestamp) -> Result<u32> {
        self.read(|from| {
            from.prepare_cached(
                "SELECT count(*) FROM passage_facts f
                 LEFT JOIN passage_outcomes o ON o.passage_id = f.passage_id
                 WHERE f.plate_id = (SELECT id FROM plates WHERE plate = :plate)
                   AND f.decided_at_ms >= :since AND +f.color = :color AND f.direction = 'in'
                   AND o.outcome IS NOT 'backed_out'
                   AND (f.decision = 'allow' OR o.outcome = 'passed')",
            )?
            .query_row(
                named_params! {
                    ":plate": plate,
                    ":color": color.as_str(),
                    ":since": since.as_millisecond(),
                },
                |row| row.get(0),
            )
        })
    }
}
