//! Who is on the site, and who went before whom.

use jiff::Timestamp;
use passage::{PassageId, PassageView};
use rusqlite::{OptionalExtension as _, named_params, params};

use crate::error::Result;
use crate::passages::query;
use crate::reader::{Reader, rows_of};

impl Reader {
    /// The last passages of vehicles that came in from `from_time` on and before `until`, and were not seen
    /// since: the longest inside first, at most `limit`. A vehicle is its plate and colour, as they hold
    /// now; one that turned back at the gate did not come. What people say of visits goes before what was
    /// read: see [`passage::VisitMark`].
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn inside(
        &self,
        from_time: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<PassageView>> {
        self.read(|on| {
            // The bare columns are those of the row that has the maximum.
            let ids: Vec<i64> = on
                .prepare_cached(
                    "SELECT passage_id FROM (
                         SELECT f.passage_id, f.direction, max(f.decided_at_ms) AS at
                         FROM passage_facts f
                         LEFT JOIN passage_outcomes o ON o.passage_id = f.passage_id
                         WHERE f.decided_at_ms >= :from AND f.plate_id IS NOT NULL AND f.known
                           AND o.outcome IS NOT 'backed_out'
                           AND f.passage_id NOT IN
                               (SELECT entry_id FROM held_marks WHERE kind = 'joined')
                           AND f.passage_id NOT IN
                               (SELECT exit_id FROM held_marks WHERE kind <> 'left')
                         GROUP BY f.plate_id, f.color)
                     WHERE direction = 'in' AND at < :until AND passage_id NOT IN
                         (SELECT entry_id FROM held_marks WHERE kind = 'left')
                     ORDER BY at, passage_id LIMIT :limit",
                )?
                .query_map(
                    named_params! {
                        ":from": from_time.as_millisecond(),
                        ":until": until.as_millisecond(),
                        ":limit": rows_of(limit),
                    },
                    |row| row.get(0),
                )?
                .collect::<rusqlite::Result<_>>()?;
            let views = ids
                .into_iter()
                .map(|id| query::passage_of(on, PassageId(id)));
            let views: Vec<_> = views.collect::<rusqlite::Result<_>>()?;
            Ok(views.into_iter().flatten().collect())
        })
    }

    /// The passage of the same lane that was decided last before this one.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn before_in_lane(&self, passage: &PassageView) -> Result<Option<PassageView>> {
        self.read(|on| {
            let id: Option<i64> = on
                .prepare_cached(
                    "SELECT passage_id FROM passage_facts
                     WHERE (decided_at_ms, passage_id) < (?, ?) AND lane = ?
                     ORDER BY decided_at_ms DESC, passage_id DESC LIMIT 1",
                )?
                .query_row(
                    params![
                        passage.decided_at.as_millisecond(),
                        passage.id.0,
                        passage.lane
                    ],
                    |row| row.get(0),
                )
                .optional()?;
            match id {
                Some(id) => query::passage_of(on, PassageId(id)),
                None => Ok(None),
            }
        })
    }
}
