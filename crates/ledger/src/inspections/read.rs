//! What was frozen, drawn and said.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row};
use serde::Serialize;

use crate::error::Result;
use crate::inspections::write::{DrawnKind, InspectionMark};
use crate::reader::Reader;
use crate::rows;

/// What was frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InspectionView {
    /// Its number.
    pub id: i64,
    /// A JSON object, byte for byte.
    pub content: String,
    /// SHA-256 of it.
    pub code: String,
    /// Who froze.
    pub who: String,
    /// When.
    pub at: Timestamp,
    /// What was drawn of it.
    pub draw: Option<DrawView>,
    /// What was said of that, oldest first; of one thing the last holds.
    pub marks: Vec<MarkView>,
}

/// What was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DrawView {
    /// What the inspector typed.
    pub seed: String,
    /// A JSON object.
    pub content: String,
    /// Who drew.
    pub who: String,
    /// When.
    pub at: Timestamp,
}

/// What an inspector said of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MarkView {
    /// Of what.
    pub kind: DrawnKind,
    /// Which.
    pub subject: String,
    /// What.
    pub mark: InspectionMark,
    /// In words.
    pub remark: String,
    /// Who.
    pub who: String,
    /// When.
    pub at: Timestamp,
}

impl InspectionView {
    /// What holds of one thing that was drawn.
    #[must_use]
    pub fn mark_of(&self, kind: DrawnKind, subject: &str) -> Option<&MarkView> {
        let mut newest_first = self.marks.iter().rev();
        newest_first.find(|mark| mark.kind == kind && mark.subject == subject)
    }
}

const ALL: &str =
    "SELECT i.id, i.content, i.code, i.who, i.at_ms, d.seed, d.content, d.who, d.at_ms
     FROM inspections i LEFT JOIN inspection_draws d ON d.inspection_id = i.id";

impl Reader {
    /// Everything that was ever frozen, the newest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn inspections(&self) -> Result<Vec<InspectionView>> {
        self.read(|from| {
            let found: Vec<_> = from
                .prepare_cached(&format!("{ALL} ORDER BY i.id DESC"))?
                .query_map([], inspection)?
                .collect::<rusqlite::Result<_>>()?;
            found.into_iter().map(|one| whole(from, one)).collect()
        })
    }

    /// What was frozen under this number.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn inspection(&self, id: i64) -> Result<Option<InspectionView>> {
        self.read(|from| {
            let found = from
                .prepare_cached(&format!("{ALL} WHERE i.id = ?"))?
                .query_row([id], inspection)
                .optional()?;
            found.map(|one| whole(from, one)).transpose()
        })
    }

    /// Numbers of what was said in an inspection, oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn mark_numbers(&self, inspection: i64) -> Result<Vec<i64>> {
        self.read(|from| {
            from.prepare_cached(
                "SELECT id FROM inspection_marks WHERE inspection_id = ? ORDER BY id",
            )?
            .query_map([inspection], |row| row.get(0))?
            .collect()
        })
    }
}

fn inspection(row: &Row<'_>) -> rusqlite::Result<InspectionView> {
    let draw = match row.get::<_, Option<String>>(5)? {
        Some(seed) => Some(DrawView {
            seed,
            content: row.get(6)?,
            who: row.get(7)?,
            at: rows::time(row, 8)?,
        }),
        None => None,
    };
    Ok(InspectionView {
        id: row.get(0)?,
        content: row.get(1)?,
        code: row.get(2)?,
        who: row.get(3)?,
        at: rows::time(row, 4)?,
        draw,
        marks: Vec::new(),
    })
}

fn whole(from: &Connection, mut of: InspectionView) -> rusqlite::Result<InspectionView> {
    of.marks = from
        .prepare_cached(
            "SELECT kind, subject, mark, remark, who, at_ms FROM inspection_marks
             WHERE inspection_id = ? ORDER BY id",
        )?
        .query_map([of.id], |row| {
            Ok(MarkView {
                kind: rows::code(row, 0)?,
                subject: row.get(1)?,
                mark: rows::code(row, 2)?,
                remark: row.get(3)?,
                who: row.get(4)?,
                at: rows::time(row, 5)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(of)
}
