//! What was said of visits, and exits that belong to no entry.

use jiff::Timestamp;
use passage::{PassageId, PassageView, VisitMark, VisitMarkId, VisitMarkView};
use rusqlite::{OptionalExtension as _, Row, params};

use crate::error::Result;
use crate::passages::query;
use crate::passages::visits::ENTRY_OF_X;
use crate::reader::{Reader, rows_of};
use crate::remarks::withdrawal;
use crate::rows::{self, bad_value};

const ALL: &str = "SELECT m.id, m.kind, m.entry_id, m.exit_id, m.left_at_ms, m.who, m.why, m.at_ms,
         w.who, w.why, w.at_ms
     FROM visit_marks m LEFT JOIN visit_mark_withdrawals w ON w.mark_id = m.id";

impl Reader {
    /// What people ever said of visits of a plate, the newest first; also what was taken back.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn visit_marks_of(&self, plate: &str, limit: usize) -> Result<Vec<VisitMarkView>> {
        let sql = format!(
            "WITH own AS (SELECT passage_id FROM passage_facts
                 WHERE plate_id = (SELECT id FROM plates WHERE plate = ?1))
             {ALL} WHERE m.entry_id IN (SELECT passage_id FROM own)
                 OR m.exit_id IN (SELECT passage_id FROM own)
             ORDER BY m.id DESC LIMIT ?2"
        );
        self.read(|on| {
            on.prepare_cached(&sql)?
                .query_map(params![plate, rows_of(limit)], mark)?
                .collect()
        })
    }

    /// What people said of any visit from `from_time` (included) to `until` (not included), the oldest first;
    /// also what was taken back.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn visit_marks_during(
        &self,
        from_time: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<VisitMarkView>> {
        let sql = format!("{ALL} WHERE m.at_ms >= ? AND m.at_ms < ? ORDER BY m.id LIMIT ?");
        let during = (from_time.as_millisecond(), until.as_millisecond());
        self.read(|on| {
            on.prepare_cached(&sql)?
                .query_map(params![during.0, during.1, rows_of(limit)], mark)?
                .collect()
        })
    }

    /// What a person said under this number.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn visit_mark(&self, id: VisitMarkId) -> Result<Option<VisitMarkView>> {
        self.read(|on| {
            on.prepare_cached(&format!("{ALL} WHERE m.id = ?"))?
                .query_row([id.0], mark)
                .optional()
        })
    }

    /// Exits that belong to no entry, from `from_time` (included) to `until` (not included), also those
    /// without a plate; the oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn lone_exits(
        &self,
        from_time: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<PassageView>> {
        let sql = format!(
            "SELECT x.passage_id FROM passage_facts x
             LEFT JOIN passage_outcomes xo ON xo.passage_id = x.passage_id
             WHERE x.decided_at_ms >= ? AND x.decided_at_ms < ? AND x.direction = 'out'
                 AND xo.outcome IS NOT 'backed_out' AND {ENTRY_OF_X} IS NULL
             ORDER BY x.decided_at_ms, x.passage_id LIMIT ?"
        );
        let with = params![
            from_time.as_millisecond(),
            until.as_millisecond(),
            rows_of(limit)
        ];
        self.read(|on| {
            let ids: Vec<i64> = on
                .prepare_cached(&sql)?
                .query_map(with, |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            let views = ids
                .into_iter()
                .map(|id| query::passage_of(on, PassageId(id)));
            let views: Vec<_> = views.collect::<rusqlite::Result<_>>()?;
            Ok(views.into_iter().flatten().collect())
        })
    }
}

fn mark(row: &Row<'_>) -> rusqlite::Result<VisitMarkView> {
    let entry = PassageId(row.get(2)?);
    let exit = row.get::<_, Option<i64>>(3)?.map(PassageId);
    let mark = match (row.get_ref(1)?.as_str()?, exit, rows::maybe_time(row, 4)?) {
        ("joined", Some(exit), _) => VisitMark::Joined { entry, exit },
        ("split", Some(exit), _) => VisitMark::Split { entry, exit },
        ("left", None, Some(left_at)) => VisitMark::Left { entry, left_at },
        (kind, ..) => return Err(bad_value(1, format!("unknown mark {kind:?}"))),
    };
    Ok(VisitMarkView {
        id: VisitMarkId(row.get(0)?),
        mark,
        who: row.get(5)?,
        why: row.get(6)?,
        at: rows::time(row, 7)?,
        withdrawn: withdrawal(row, 8)?,
    })
}
