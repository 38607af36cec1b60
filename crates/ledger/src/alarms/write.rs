//! Raising alarms, and what happens to them afterwards.

use alarm::{AlarmId, Cause, StepKind};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use words::{Key, Said};

use crate::committed::Topic;
use crate::error::{Error, ErrorKind, Result};
use crate::writer::Writer;

/// What is written of a step.
struct Step<'a> {
    kind: StepKind,
    who: &'a str,
    why: &'a str,
    times: u32,
    at: Timestamp,
}

impl Writer {
    /// Raises an alarm. One of the same kind about the same subject that is not over is that alarm: its
    /// number is given, and false.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn raise_alarm(
        &mut self,
        cause: &Cause,
        drill: bool,
        at: Timestamp,
    ) -> Result<(AlarmId, bool)> {
        let step = format!("could not raise an alarm ({})", cause.kind);
        self.transacted(&step, &[Topic::Alarms], |to| {
            let open = to
                .prepare_cached(
                    "SELECT alarm_id FROM open_alarms WHERE kind = ? AND subject = ? AND drill = ?",
                )?
                .query_row(params![cause.kind.as_str(), cause.subject, drill], |row| {
                    row.get(0)
                })
                .optional()?;
            if let Some(open) = open {
                return Ok((AlarmId(open), false));
            }
            to.prepare_cached(
                "INSERT INTO alarms
                     (kind, subject, lane, passage_id, plate, detail, drill, raised_at_ms)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                cause.kind.as_str(),
                cause.subject,
                cause.lane,
                cause.passage.map(|passage| passage.0),
                cause.plate,
                cause.detail,
                drill,
                at.as_millisecond()
            ])?;
            Ok((AlarmId(to.last_insert_rowid()), true))
        })
    }

    /// The cause of an alarm came again or is over; false when the alarm was over already.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn step_alarm(
        &mut self,
        id: AlarmId,
        kind: StepKind,
        times: u32,
        at: Timestamp,
    ) -> Result<bool> {
        let step = format!("could not write down what became of alarm {id}");
        self.transacted(&step, &[Topic::Alarms], |to| {
            if !is_open(to, id)? {
                return Ok(false);
            }
            let new = Step {
                kind,
                who: "",
                why: "",
                times,
                at,
            };
            add(to, id, &new).map(|()| true)
        })
    }

    /// A person has seen an alarm. With `ends` it is over by that.
    ///
    /// # Errors
    /// `Invalid` without `who` and `why`, or when there is no such alarm; `Conflict` when somebody has
    /// seen it already.
    pub fn see_alarm(
        &mut self,
        id: AlarmId,
        ends: bool,
        (who, why): (&str, &str),
        at: Timestamp,
    ) -> Result<()> {
        if who.trim().is_empty() || why.trim().is_empty() {
            return Err(Error::refused(ErrorKind::Invalid, Key::LedgerAlarmNeeds));
        }
        let step = format!("could not write down who saw alarm {id}");
        let said = |kind, key| Err(Error::refused(kind, Said::with(key, "id", id)));
        let written = self.transacted(&step, &[Topic::Alarms], |to| {
            let Some((times, seen)) = state(to, id)? else {
                return Ok(None);
            };
            if seen {
                return Ok(Some(false));
            }
            let mut new = Step {
                kind: StepKind::Seen,
                who,
                why,
                times,
                at,
            };
            add(to, id, &new)?;
            if ends && is_open(to, id)? {
                new = Step {
                    kind: StepKind::Cleared,
                    why: "",
                    ..new
                };
                add(to, id, &new)?;
            }
            Ok(Some(true))
        })?;
        match written {
            Some(true) => Ok(()),
            Some(false) => said(ErrorKind::Conflict, Key::LedgerAlarmSeen),
            None => said(ErrorKind::Invalid, Key::LedgerNoAlarm),
        }
    }

    /// Somebody who follows the chain has come so far.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn set_follower(&mut self, name: &str, place: i64) -> Result<()> {
        self.transacted("could not keep how far a follower is", &[], |to| {
            reached(to, name, place)
        })
    }

    /// Somebody who follows the chain has come so far, and is to be told this alarm later.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn keep_back(&mut self, receiver: &str, alarm: AlarmId, place: i64) -> Result<()> {
        self.transacted("could not keep an alarm back", &[], |to| {
            to.prepare_cached(
                "INSERT OR IGNORE INTO kept_back (receiver, alarm_id) VALUES (?, ?)",
            )?
            .execute(params![receiver, alarm.0])?;
            reached(to, receiver, place)
        })
    }

    /// Somebody was told an alarm that was kept back, or it was of no use any more.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn told_later(&mut self, receiver: &str, alarm: AlarmId) -> Result<()> {
        self.transacted("could not note a late alarm", &[], |to| {
            to.prepare_cached("DELETE FROM kept_back WHERE receiver = ? AND alarm_id = ?")?
                .execute(params![receiver, alarm.0])
                .map(drop)
        })
    }
}

fn reached(to: &Connection, follower: &str, place: i64) -> rusqlite::Result<()> {
    to.prepare_cached(
        "INSERT INTO followers (name, place) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET place = ?2",
    )?
    .execute(params![follower, place])
    .map(drop)
}

fn is_open(to: &Connection, id: AlarmId) -> rusqlite::Result<bool> {
    to.prepare_cached("SELECT 1 FROM open_alarms WHERE alarm_id = ?")?
        .exists([id.0])
}

/// How often the cause of an alarm came, and whether a person has seen it; none when there is no such alarm.
fn state(to: &Connection, id: AlarmId) -> rusqlite::Result<Option<(u32, bool)>> {
    to.prepare_cached(
        "SELECT coalesce(max(s.times), 1), coalesce(max(s.step = 'seen'), 0)
         FROM alarms a LEFT JOIN alarm_steps s ON s.alarm_id = a.id WHERE a.id = ? GROUP BY a.id",
    )?
    .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
    .optional()
}

fn add(to: &Connection, id: AlarmId, step: &Step<'_>) -> rusqlite::Result<()> {
    to.prepare_cached(
        "INSERT INTO alarm_steps (alarm_id, step, who, why, times, at_ms)
         VALUES (?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        id.0,
        step.kind.as_str(),
        step.who,
        step.why,
        step.times.max(1),
        step.at.as_millisecond()
    ])
    .map(drop)
}
