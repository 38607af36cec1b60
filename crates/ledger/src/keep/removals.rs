//! Photos that retention removed.

use passage::{PassageId, RemovedView};
use rusqlite::Connection;

use crate::rows;

/// True for a row of `photos`, called so in the query, whose photo was removed.
pub(crate) fn removed(photo: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM photo_removals r
                 WHERE r.passage_id = {photo}.passage_id AND r.last_photo >= {photo}.id)"
    )
}

/// The removals of one passage's photos, oldest first.
pub(crate) fn of_passage(from: &Connection, id: PassageId) -> rusqlite::Result<Vec<RemovedView>> {
    from.prepare_cached(
        "SELECT photos, why, removed_at_ms FROM photo_removals WHERE passage_id = ? ORDER BY id",
    )?
    .query_map([id.0], |row| {
        Ok(RemovedView {
            photos: row.get(0)?,
            why: rows::code(row, 1)?,
            at: rows::time(row, 2)?,
        })
    })?
    .collect()
}
