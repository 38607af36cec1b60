//! Visits: an entry and the exit that belongs to it, derived from passages and from what people say of them.

use jiff::Timestamp;
use passage::{PassageId, PassageKey, VisitMarkId};
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use serde::Serialize;

use crate::error::Result;
use crate::reader::{Reader, rows_of};
use crate::rows;

/// A vehicle's stay on the site. One side is missing while it is still there, or when it was not
/// seen to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Visit {
    /// Plate number.
    pub plate: String,
    /// Plate colour.
    pub color: plate::Color,
    /// The entry.
    pub entered: Option<(PassageId, Timestamp)>,
    /// The exit.
    pub left: Option<(PassageId, Timestamp)>,
    /// It had left by then, as a person says; nobody saw it.
    pub left_unseen_at: Option<Timestamp>,
    /// The mark of the person who made this visit of the two, or cut one of them off.
    pub mark: Option<VisitMarkId>,
}

impl Visit {
    /// Whether the vehicle of these visits, the newest first, is inside: those that a person joined or cut off are
    /// passed over, as by [`Reader::inside`].
    #[must_use]
    pub fn tell_inside(newest_first: &[Self]) -> bool {
        let counts = |visit: &&Self| visit.mark.is_none() || visit.left_unseen_at.is_some();
        newest_first.iter().find(counts).is_some_and(Self::is_open)
    }

    /// Nobody saw it leave, and nobody says that it did.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.left.is_none() && self.left_unseen_at.is_none()
    }
}

impl Reader {
    /// Up to `limit` visits with an entry or exit from `from_time` (included) to `until` (not
    /// included), oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn visits(
        &self,
        from_time: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Visit>> {
        self.read(|from| between(from, from_time, until, rows_of(limit)))
    }

    /// The last `limit` visits of one vehicle, newest first, from `from_time` on. The same number in
    /// another colour is another vehicle; without a colour those of any.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn visits_of(
        &self,
        plate: &str,
        color: Option<plate::Color>,
        from_time: Timestamp,
        limit: usize,
    ) -> Result<Vec<Visit>> {
        self.read(|from| of_vehicle(from, plate, color, from_time, rows_of(limit)))
    }

    /// The entry that belongs to an exit, when it was seen.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn entry_of(&self, exit: PassageId) -> Result<Option<PassageKey>> {
        self.read(|on| entry_of(on, exit))
    }
}

/// Of each vehicle (plate and colour) among the passages that meet a condition, an entry belongs to the
/// next exit if that comes before the next entry. Vehicles that turned back made no visit.
///
/// What people say goes before: passages that somebody joined are a visit whatever was read of them, and an
/// exit that was split off belongs to nothing by itself; both are passed over by the others. An entry that
/// left unseen stands where it was, and no exit belongs to it.
fn visits_where(condition: &str, order: &str) -> String {
    format!(
        "WITH known AS (
             SELECT f.passage_id AS id, f.decided_at_ms AS at, f.direction, f.color, f.plate_id
             FROM passage_facts f
             LEFT JOIN passage_outcomes o ON o.passage_id = f.passage_id
             WHERE {condition}
               AND f.plate_id IS NOT NULL AND f.known AND o.outcome IS NOT 'backed_out'
         ), seq AS (
             SELECT id, at, direction, color, plate_id,
                 lead(direction) OVER w AS next_direction, lead(id) OVER w AS next_id,
                 lead(at) OVER w AS next_at, lag(direction) OVER w AS last_direction,
                 lag(id) OVER w AS last_id
             FROM known
             WHERE id NOT IN (SELECT entry_id FROM held_marks WHERE kind = 'joined')
               AND id NOT IN (SELECT exit_id FROM held_marks WHERE kind <> 'left')
             WINDOW w AS (PARTITION BY plate_id, color ORDER BY at, id)
         )
         SELECT p.plate, s.color, s.in_id, s.in_at, s.out_id, s.out_at, s.left_at, s.mark FROM (
             SELECT q.plate_id, q.color, q.at, q.id AS in_id, q.at AS in_at,
                 iif(q.next_direction = 'out' AND m.id IS NULL, q.next_id, NULL) AS out_id,
                 iif(q.next_direction = 'out' AND m.id IS NULL, q.next_at, NULL) AS out_at,
                 m.left_at_ms AS left_at, m.id AS mark
             FROM seq q LEFT JOIN held_marks m ON m.entry_id = q.id AND m.kind = 'left'
             WHERE q.direction = 'in'
             UNION ALL
             SELECT plate_id, color, at, NULL, NULL, id, at, NULL, NULL FROM seq
             WHERE direction = 'out' AND (last_direction IS NOT 'in' OR last_id IN
                 (SELECT entry_id FROM held_marks WHERE kind = 'left'))
             UNION ALL
             SELECT k.plate_id, k.color, k.at, NULL, NULL, k.id, k.at, NULL, m.id
             FROM known k JOIN held_marks m ON m.exit_id = k.id AND m.kind = 'split'
             WHERE k.id NOT IN (SELECT exit_id FROM held_marks WHERE kind = 'joined')
             UNION ALL
             SELECT iif(e.known AND e.plate_id IS NOT NULL, e.plate_id, x.plate_id),
                 iif(e.known AND e.plate_id IS NOT NULL, e.color, x.color),
                 e.decided_at_ms, e.passage_id, e.decided_at_ms, x.passage_id, x.decided_at_ms,
                 NULL, m.id
             FROM held_marks m
             JOIN passage_facts e ON e.passage_id = m.entry_id
             JOIN passage_facts x ON x.passage_id = m.exit_id
             WHERE m.kind = 'joined' AND (m.entry_id IN (SELECT id FROM known)
                 OR m.exit_id IN (SELECT id FROM known))
         ) s JOIN plates p ON p.id = s.plate_id
         ORDER BY s.at {order}, coalesce(s.in_id, s.out_id) {order} LIMIT :limit"
    )
}

fn between(
    from: &Connection,
    since: Timestamp,
    until: Timestamp,
    limit: i64,
) -> rusqlite::Result<Vec<Visit>> {
    let sql = visits_where(
        "f.decided_at_ms >= :since AND f.decided_at_ms < :until",
        "ASC",
    );
    from.prepare_cached(&sql)?
        .query_map(
            named_params! {
                ":since": since.as_millisecond(),
                ":until": until.as_millisecond(),
                ":limit": limit,
            },
            visit,
        )?
        .collect()
}

/// The plus keeps SQLite from the index of colours: one vehicle has few passages.
fn of_vehicle(
    from: &Connection,
    plate: &str,
    color: Option<plate::Color>,
    since: Timestamp,
    limit: i64,
) -> rusqlite::Result<Vec<Visit>> {
    let sql = visits_where(
        "f.plate_id = (SELECT id FROM plates WHERE plate = :plate)
               AND f.decided_at_ms >= :since AND (:color IS NULL OR +f.color = :color)",
        "DESC",
    );
    from.prepare_cached(&sql)?
        .query_map(
            named_params! {
                ":plate": plate,
                ":color": color.map(plate::Color::as_str),
                ":since": since.as_millisecond(),
                ":limit": limit,
            },
            visit,
        )?
        .collect()
}

fn visit(row: &Row<'_>) -> rusqlite::Result<Visit> {
    Ok(Visit {
        plate: row.get(0)?,
        color: rows::code(row, 1)?,
        entered: side(row, 2)?,
        left: side(row, 4)?,
        left_unseen_at: rows::maybe_time(row, 6)?,
        mark: row.get::<_, Option<i64>>(7)?.map(VisitMarkId),
    })
}

/// The entry of the exit `x` of `passage_facts`: the one that a person joined it to, else the last passage of
/// the same vehicle before it, when that came in and is not said to have left unseen. The plus keeps SQLite
/// from the index of colours, of which half the ledger has one.
pub(crate) const ENTRY_OF_X: &str = "coalesce(
     (SELECT j.entry_id FROM held_marks j WHERE j.kind = 'joined' AND j.exit_id = x.passage_id),
     (SELECT iif(last.direction = 'in', last.id, NULL) FROM (
          SELECT f.passage_id AS id, f.direction FROM passage_facts f
          LEFT JOIN passage_outcomes o ON o.passage_id = f.passage_id
          WHERE f.plate_id = x.plate_id AND +f.color = x.color AND f.known
            AND (f.decided_at_ms, f.passage_id) < (x.decided_at_ms, x.passage_id)
            AND o.outcome IS NOT 'backed_out'
            AND NOT EXISTS (SELECT 1 FROM held_marks j
                            WHERE j.entry_id = f.passage_id AND j.kind = 'joined')
            AND NOT EXISTS (SELECT 1 FROM held_marks j WHERE j.exit_id = f.passage_id)
          ORDER BY f.decided_at_ms DESC, f.passage_id DESC LIMIT 1) last
      WHERE x.known
        AND NOT EXISTS (SELECT 1 FROM held_marks j
                        WHERE j.exit_id = x.passage_id AND j.kind = 'split')
        AND NOT EXISTS (SELECT 1 FROM held_marks j
                        WHERE j.entry_id = last.id AND j.kind = 'left')))";

pub(crate) fn entry_of(from: &Connection, exit: PassageId) -> rusqlite::Result<Option<PassageKey>> {
    let sql = format!(
        "SELECT p.key FROM passage_facts x JOIN passages p ON p.id = {ENTRY_OF_X}
         WHERE x.passage_id = ? AND x.direction = 'out'"
    );
    from.prepare_cached(&sql)?
        .query_row([exit.0], |row| rows::code(row, 0))
        .optional()
}

fn side(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<(PassageId, Timestamp)>> {
    let id: Option<i64> = row.get(column)?;
    Ok(match (id, rows::maybe_time(row, column + 1)?) {
        (Some(id), Some(at)) => Some((PassageId(id), at)),
        _ => None,
    })
}
