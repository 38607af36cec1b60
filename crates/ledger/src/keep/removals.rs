//! Photos that retention removed.

use jiff::Timestamp;
use rusqlite::Connection;
use serde::Serialize;

use crate::codes::coded;
use crate::id::PassageId;
use crate::rows;

/// True for a row of `photos`, called so in the query, whose photo was removed.
pub(crate) fn removed(photo: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM photo_removals r
                 WHERE r.passage_id = {photo}.passage_id AND r.last_photo >= {photo}.id)"
    )
}

coded! {
    /// Why photos were removed.
    pub enum RemovalReason {
        /// They were older than is asked for.
        Age = "age",
        /// Space was short.
        Space = "space",
    }
}

/// Photos of one passage that were removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RemovedView {
    /// How many.
    pub photos: u32,
    /// Why.
    pub why: RemovalReason,
    /// When.
    pub at: Timestamp,
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
