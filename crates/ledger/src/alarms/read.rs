//! What readers ask of alarms.

use alarm::{AlarmId, AlarmStep, AlarmView, Cause};
use jiff::Timestamp;
use passage::PassageId;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::error::Result;
use crate::reader::{Reader, rows_of};
use crate::rows;

/// Which alarms.
#[derive(Debug, Clone, Copy, Default)]
pub struct AlarmFilter {
    /// Only those that are not over.
    pub open: bool,
    /// Raised from then on.
    pub from: Option<Timestamp>,
    /// With a smaller number: the next page.
    pub before: Option<AlarmId>,
}

const ALL: &str =
    "SELECT a.id, a.kind, a.subject, a.lane, a.passage_id, a.plate, a.detail, a.drill,
    a.raised_at_ms FROM alarms a";

impl Reader {
    /// Alarms, the newest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn alarms(&self, filter: &AlarmFilter, limit: usize) -> Result<Vec<AlarmView>> {
        let open = if filter.open {
            "JOIN open_alarms o ON o.alarm_id = a.id"
        } else {
            ""
        };
        let sql = format!(
            "{ALL} {open} WHERE a.raised_at_ms >= ? AND a.id < ? ORDER BY a.id DESC LIMIT ?"
        );
        let from = filter.from.map_or(i64::MIN, Timestamp::as_millisecond);
        let before = filter.before.map_or(i64::MAX, |id| id.0);
        self.read(|on| {
            let alarms: Vec<_> = on
                .prepare_cached(&sql)?
                .query_map(params![from, before, rows_of(limit)], alarm)?
                .collect::<rusqlite::Result<_>>()?;
            alarms.into_iter().map(|alarm| whole(on, alarm)).collect()
        })
    }

    /// One alarm.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn alarm(&self, id: AlarmId) -> Result<Option<AlarmView>> {
        self.read(|on| one(on, id))
    }

    /// How far somebody who follows the chain has come; none before the first time.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn follower(&self, name: &str) -> Result<Option<i64>> {
        self.read(|on| {
            on.prepare_cached("SELECT place FROM followers WHERE name = ?")?
                .query_row([name], |row| row.get(0))
                .optional()
        })
    }

    /// Alarms that a receiver was not told yet, the oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn kept_back(&self, receiver: &str) -> Result<Vec<AlarmId>> {
        self.read(|on| {
            on.prepare_cached(
                "SELECT alarm_id FROM kept_back WHERE receiver = ? ORDER BY alarm_id",
            )?
            .query_map([receiver], |row| row.get(0).map(AlarmId))?
            .collect()
        })
    }
}

fn alarm(row: &Row<'_>) -> rusqlite::Result<AlarmView> {
    Ok(AlarmView {
        id: AlarmId(row.get(0)?),
        cause: Cause {
            kind: rows::code(row, 1)?,
            subject: row.get(2)?,
            lane: row.get(3)?,
            passage: row.get::<_, Option<i64>>(4)?.map(PassageId),
            plate: row.get(5)?,
            detail: row.get(6)?,
        },
        drill: row.get(7)?,
        raised_at: rows::time(row, 8)?,
        steps: Vec::new(),
    })
}

pub(crate) fn one(on: &Connection, id: AlarmId) -> rusqlite::Result<Option<AlarmView>> {
    let found = on
        .prepare_cached(&format!("{ALL} WHERE a.id = ?"))?
        .query_row([id.0], alarm)
        .optional()?;
    found.map(|alarm| whole(on, alarm)).transpose()
}

fn whole(on: &Connection, mut alarm: AlarmView) -> rusqlite::Result<AlarmView> {
    alarm.steps = on
        .prepare_cached(
            "SELECT step, at_ms, who, why, times FROM alarm_steps WHERE alarm_id = ? ORDER BY id",
        )?
        .query_map([alarm.id.0], |row| {
            Ok(AlarmStep {
                step: rows::code(row, 0)?,
                at: rows::time(row, 1)?,
                who: row.get(2)?,
                why: row.get(3)?,
                times: row.get(4)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(alarm)
}
