//! Gates that persons hold open: kept before the arm moves, in force until their time or a person ends them.

use jiff::Timestamp;
use passage::{HoldId, HoldStep, HoldStepView, HoldView, NewHold};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use words::Key;

use crate::committed::Topic;
use crate::error::{Error, ErrorKind, Result};
use crate::reader::{Reader, rows_of};
use crate::rows;
use crate::writer::Writer;

/// Longest hold: whoever needs more holds again, and is asked why again.
pub const LONGEST_HOLD_MINUTES: u32 = 24 * 60;

impl Writer {
    /// Keeps a hold, before the arm moves. One of the same lane that is in force ends with it: its place is
    /// taken.
    ///
    /// # Errors
    /// `Invalid` without a person or a reason, for no time, and for more than
    /// [`LONGEST_HOLD_MINUTES`].
    pub fn keep_hold(&mut self, hold: &NewHold) -> Result<HoldId> {
        let length = hold.until.duration_since(hold.from);
        let is_said = !hold.who.trim().is_empty() && !hold.why.trim().is_empty();
        let fits = length.is_positive() && length.as_mins() <= i64::from(LONGEST_HOLD_MINUTES);
        if !is_said || !fits {
            return Err(Error::refused(ErrorKind::Invalid, Key::LedgerHoldNeeds));
        }
        let step = format!("could not keep a hold of lane {}", hold.lane);
        self.transacted(&step, &[Topic::Holds], |to| {
            if let Some(before) = in_force(to, Some(&hold.lane), hold.from)?.pop() {
                let end = ended(&hold.who, &hold.why, hold.from);
                insert_step(to, before.id, &end)?;
            }
            to.prepare_cached(
                "INSERT INTO holds (lane, entrance, barrier, who, why, from_ms, until_ms)
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
            )?
            .insert(params![
                hold.lane,
                hold.entrance,
                hold.barrier,
                hold.who,
                hold.why,
                hold.from.as_millisecond(),
                hold.until.as_millisecond()
            ])
            .map(HoldId)
        })
    }

    /// Ends the hold of a lane before its time; none when nothing holds it open.
    ///
    /// # Errors
    /// `Invalid` without a person or a reason.
    pub fn end_hold(
        &mut self,
        lane: &str,
        (who, why): (&str, &str),
        at: Timestamp,
    ) -> Result<Option<HoldId>> {
        if who.trim().is_empty() || why.trim().is_empty() {
            return Err(Error::refused(ErrorKind::Invalid, Key::LedgerHoldNeeds));
        }
        let step = format!("could not end the hold of lane {lane}");
        self.transacted(&step, &[Topic::Holds], |to| {
            let Some(hold) = in_force(to, Some(lane), at)?.pop() else {
                return Ok(None);
            };
            insert_step(to, hold.id, &ended(who, why, at))?;
            Ok(Some(hold.id))
        })
    }

    /// Keeps what the barrier said of an order to raise that a hold gave.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn step_hold(&mut self, id: HoldId, new: &HoldStepView) -> Result<()> {
        let step = format!("could not keep what became of hold {id}");
        self.transacted(&step, &[Topic::Holds], |to| insert_step(to, id, new))
    }
}

fn ended(who: &str, why: &str, at: Timestamp) -> HoldStepView {
    HoldStepView {
        step: HoldStep::Ended,
        who: who.to_owned(),
        why: why.to_owned(),
        at,
    }
}

fn insert_step(to: &Connection, id: HoldId, new: &HoldStepView) -> rusqlite::Result<()> {
    to.prepare_cached(
        "INSERT INTO hold_steps (hold_id, step, who, why, at_ms) VALUES (?, ?, ?, ?, ?)",
    )?
    .execute(params![
        id.0,
        new.step.as_str(),
        new.who,
        new.why,
        new.at.as_millisecond()
    ])
    .map(drop)
}

impl Reader {
    /// Holds that begin from a time on, the newest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn holds(&self, from_time: Timestamp, limit: usize) -> Result<Vec<HoldView>> {
        self.read(|on| {
            let with = params![from_time.as_millisecond(), rows_of(limit)];
            all(on, "WHERE h.from_ms >= ? ORDER BY h.id DESC LIMIT ?", with)
        })
    }

    /// The holds in force at a time, at most one of a lane.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn holds_in_force(&self, at: Timestamp) -> Result<Vec<HoldView>> {
        self.read(|on| in_force(on, None, at))
    }

    /// Whether a lane was held open at any time between these two.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn was_held(&self, lane: &str, from: Timestamp, until: Timestamp) -> Result<bool> {
        self.read(|on| hold_during(on, lane, from, until).map(|hold| hold.is_some()))
    }
}

/// The newest hold of a lane that was in force at any time between these two.
pub(crate) fn hold_during(
    on: &Connection,
    lane: &str,
    from: Timestamp,
    until: Timestamp,
) -> rusqlite::Result<Option<HoldId>> {
    // No hold is longer than a day: those that began earlier are not looked at.
    on.prepare_cached(
        "SELECT h.id FROM holds h
         LEFT JOIN hold_steps s ON s.hold_id = h.id AND s.step = 'ended'
         WHERE h.lane = ?1 AND h.from_ms BETWEEN ?2 - 86400000 AND ?3
             AND min(h.until_ms, coalesce(s.at_ms, h.until_ms)) > ?2
         ORDER BY h.id DESC LIMIT 1",
    )?
    .query_row(
        params![lane, from.as_millisecond(), until.as_millisecond()],
        |row| row.get(0).map(HoldId),
    )
    .optional()
}

fn in_force(on: &Connection, lane: Option<&str>, at: Timestamp) -> rusqlite::Result<Vec<HoldView>> {
    let rest = "WHERE (?1 IS NULL OR h.lane = ?1) AND h.from_ms <= ?2 AND h.until_ms > ?2
        AND h.from_ms >= ?2 - 86400000
        AND NOT EXISTS (SELECT 1 FROM hold_steps s WHERE s.hold_id = h.id AND s.step = 'ended')
        ORDER BY h.id";
    all(on, rest, params![lane, at.as_millisecond()])
}

fn all(
    on: &Connection,
    rest: &str,
    with: impl rusqlite::Params,
) -> rusqlite::Result<Vec<HoldView>> {
    let sql = format!(
        "SELECT h.id, h.lane, h.entrance, h.barrier, h.who, h.why, h.from_ms, h.until_ms
         FROM holds h {rest}"
    );
    let mut holds = on
        .prepare_cached(&sql)?
        .query_map(with, hold)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for hold in &mut holds {
        hold.steps = steps(on, hold.id)?;
    }
    Ok(holds)
}

fn hold(row: &Row<'_>) -> rusqlite::Result<HoldView> {
    Ok(HoldView {
        id: HoldId(row.get(0)?),
        hold: NewHold {
            lane: row.get(1)?,
            entrance: row.get(2)?,
            barrier: row.get(3)?,
            who: row.get(4)?,
            why: row.get(5)?,
            from: rows::time(row, 6)?,
            until: rows::time(row, 7)?,
        },
        steps: Vec::new(),
    })
}

fn steps(on: &Connection, id: HoldId) -> rusqlite::Result<Vec<HoldStepView>> {
    on.prepare_cached("SELECT step, who, why, at_ms FROM hold_steps WHERE hold_id = ? ORDER BY id")?
        .query_map([id.0], |row| {
            Ok(HoldStepView {
                step: rows::code(row, 0)?,
                who: row.get(1)?,
                why: row.get(2)?,
                at: rows::time(row, 3)?,
            })
        })?
        .collect()
}
