//! Arms that persons raised: kept before the arm moves, tied to the passage that follows.

use jiff::Timestamp;
use passage::{LiftId, LiftStep, LiftStepView, LiftView, NewLift, PassageId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use words::Key;

use crate::committed::Topic;
use crate::error::{Error, ErrorKind, Result};
use crate::reader::{Reader, rows_of};
use crate::rows;
use crate::writer::Writer;

impl Writer {
    /// Keeps a lift; one through the program before the arm moves.
    ///
    /// # Errors
    /// `Invalid` for one through the program without a person and a reason.
    pub fn keep_lift(&mut self, lift: &NewLift) -> Result<LiftId> {
        let is_said = !lift.who.trim().is_empty() && !lift.why.trim().is_empty();
        if lift.way == passage::LiftWay::Software && !is_said {
            return Err(Error::refused(ErrorKind::Invalid, Key::LedgerLiftNeeds));
        }
        let step = format!("could not keep a lift in lane {}", lift.lane);
        self.transacted(&step, &[Topic::Lifts], |to| {
            to.prepare_cached(
                "INSERT INTO lifts (lane, entrance, barrier, way, who, why, at_ms)
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                lift.lane,
                lift.entrance,
                lift.barrier,
                lift.way.as_str(),
                lift.who,
                lift.why,
                lift.at.as_millisecond()
            ])?;
            Ok(LiftId(to.last_insert_rowid()))
        })
    }

    /// Keeps what became of a lift; false when that was known, or its passage belongs to another lift.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn step_lift(&mut self, id: LiftId, new: &LiftStepView) -> Result<bool> {
        let step = format!("could not keep what became of lift {id}");
        self.transacted(&step, &[Topic::Lifts], |to| {
            let over = to
                .prepare_cached("SELECT NOT EXISTS (SELECT 1 FROM open_lifts WHERE lift_id = ?)")?
                .query_row([id.0], |row| row.get::<_, bool>(0))?;
            if over && matches!(new.step, LiftStep::Passed | LiftStep::Unused) {
                return Ok(false);
            }
            to.prepare_cached(
                "INSERT INTO lift_steps (lift_id, step, passage_id, detail, at_ms)
                 VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                id.0,
                new.step.as_str(),
                new.passage.map(|passage| passage.0),
                new.detail,
                new.at.as_millisecond()
            ])
            .map(|added| added == 1)
        })
    }
}

const ALL: &str =
    "SELECT l.id, l.lane, l.entrance, l.barrier, l.way, l.who, l.why, l.at_ms FROM lifts l";

impl Reader {
    /// Lifts from a time on, the newest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn lifts(&self, from_time: Timestamp, limit: usize) -> Result<Vec<LiftView>> {
        self.read(|on| {
            let sql = format!("{ALL} WHERE l.at_ms >= ? ORDER BY l.id DESC LIMIT ?");
            all(
                on,
                &sql,
                params![from_time.as_millisecond(), rows_of(limit)],
            )
        })
    }

    /// Lifts after this one, the oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn lifts_after(&self, id: LiftId, limit: usize) -> Result<Vec<LiftView>> {
        self.read(|on| {
            let sql = format!("{ALL} WHERE l.id > ? ORDER BY l.id LIMIT ?");
            all(on, &sql, params![id.0, rows_of(limit)])
        })
    }

    /// Lifts of which it is not known yet whether a vehicle passed, the oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn open_lifts(&self) -> Result<Vec<LiftView>> {
        self.read(|on| {
            let sql = format!("{ALL} JOIN open_lifts o ON o.lift_id = l.id ORDER BY l.id");
            all(on, &sql, [])
        })
    }

    /// The lift that a passage belongs to.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn lift_of(&self, passage: PassageId) -> Result<Option<LiftId>> {
        self.read(|on| {
            on.prepare_cached("SELECT lift_id FROM lift_steps WHERE passage_id = ?")?
                .query_row([passage.0], |row| row.get(0).map(LiftId))
                .optional()
        })
    }
}

fn all(on: &Connection, sql: &str, with: impl rusqlite::Params) -> rusqlite::Result<Vec<LiftView>> {
    let lifts: Vec<_> = on
        .prepare_cached(sql)?
        .query_map(with, lift)?
        .collect::<rusqlite::Result<_>>()?;
    let whole = |mut lift: LiftView| {
        lift.steps = steps(on, lift.id)?;
        Ok(lift)
    };
    lifts.into_iter().map(whole).collect()
}

fn lift(row: &Row<'_>) -> rusqlite::Result<LiftView> {
    Ok(LiftView {
        id: LiftId(row.get(0)?),
        lift: NewLift {
            lane: row.get(1)?,
            entrance: row.get(2)?,
            barrier: row.get(3)?,
            way: rows::code(row, 4)?,
            who: row.get(5)?,
            why: row.get(6)?,
            at: rows::time(row, 7)?,
        },
        steps: Vec::new(),
    })
}

fn steps(on: &Connection, id: LiftId) -> rusqlite::Result<Vec<LiftStepView>> {
    on.prepare_cached(
        "SELECT step, at_ms, passage_id, detail FROM lift_steps WHERE lift_id = ? ORDER BY id",
    )?
    .query_map([id.0], |row| {
        Ok(LiftStepView {
            step: rows::code(row, 0)?,
            at: rows::time(row, 1)?,
            passage: row.get::<_, Option<i64>>(2)?.map(PassageId),
            detail: row.get(3)?,
        })
    })?
    .collect()
}
