//! Trucks that came and that the vehicle register does not have.

use jiff::Timestamp;
use passage::{PassageId, PassageView};
use rusqlite::named_params;

use crate::passages::query;
use crate::reader::{Reader, rows_of};
use crate::{Error, Result};

impl Reader {
    /// The last passage of each truck that came since then, by its plate (yellow, or yellow-green), and
    /// that the vehicle register does not have in any state but retired; the newest first. None while the
    /// register is empty: the site then keeps it elsewhere.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn unregistered_trucks(
        &self,
        since: Timestamp,
        limit: usize,
    ) -> Result<Vec<PassageView>, Error> {
        self.read(|from| {
            let ids: Vec<i64> = from
                .prepare_cached(
                    "SELECT max(f.passage_id)
                     FROM passage_facts f JOIN plates p ON p.id = f.plate_id
                     WHERE f.decided_at_ms >= :since AND f.known
                       AND f.color IN ('yellow', 'yellow_green')
                       AND EXISTS (SELECT 1 FROM records WHERE register = 'vehicle')
                       AND NOT EXISTS (
                           SELECT 1 FROM record_revisions v JOIN records r ON r.id = v.record_id
                           WHERE v.identity = p.plate || '|' || f.color
                             AND r.register = 'vehicle' AND v.state <> 'retired'
                             AND v.revision = (SELECT max(revision) FROM record_revisions
                                               WHERE record_id = r.id))
                     GROUP BY f.plate_id, f.color ORDER BY 1 DESC LIMIT :limit",
                )?
                .query_map(
                    named_params! {
                        ":since": since.as_millisecond(),
                        ":limit": rows_of(limit),
                    },
                    |row| row.get(0),
                )?
                .collect::<rusqlite::Result<_>>()?;
            let views = ids
                .into_iter()
                .map(|id| query::passage_of(from, PassageId(id)));
            let found: rusqlite::Result<Vec<_>> = views.collect();
            Ok(found?.into_iter().flatten().collect())
        })
    }
}
