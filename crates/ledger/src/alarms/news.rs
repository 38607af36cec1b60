//! What happened to alarms, one thing after the other: what whoever tells of them follows.

use alarm::{AlarmId, AlarmView, StepKind};
use rusqlite::params;

use crate::error::Result;
use crate::proof::chain;
use crate::reader::{Reader, rows_of};
use crate::rows::bad_value;

/// One thing that happened to an alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmNews {
    /// Its place among everything that was ever written.
    pub place: i64,
    /// What; none when it was raised.
    pub step: Option<StepKind>,
    /// The alarm as it is now.
    pub alarm: AlarmView,
}

impl AlarmNews {
    /// What happened, as it is told: `raised`, `again`, `seen`, `cleared`.
    #[must_use]
    pub fn what(&self) -> &'static str {
        self.step.map_or("raised", StepKind::as_str)
    }
}

impl Reader {
    /// What happened to alarms after `place`, among the next `within` things that were written, and up to
    /// where that was.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn alarm_news(&self, place: i64, within: usize) -> Result<(Vec<AlarmNews>, i64)> {
        let (found, reached) = self.read(|on| {
            let (last, _) = chain::head(on)?;
            let reached = last.min(place.saturating_add(rows_of(within)));
            let found: Vec<(i64, i64, Option<String>)> = on
                .prepare_cached(
                    "SELECT l.seq, coalesce(s.alarm_id, json_extract(l.key, '$[0]')), s.step
                     FROM links l
                     LEFT JOIN alarm_steps s
                         ON l.source = 'alarm_steps' AND s.id = json_extract(l.key, '$[0]')
                     WHERE l.seq > ? AND l.seq <= ? AND l.source IN ('alarms', 'alarm_steps')
                     ORDER BY l.seq",
                )?
                .query_map(params![place, reached], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?
                .collect::<rusqlite::Result<_>>()?;
            let parsed = found.into_iter().map(|(place, id, step)| {
                let step = step.map(|step| step.parse::<StepKind>());
                let step = step.transpose().map_err(|e| bad_value(2, e))?;
                Ok((place, AlarmId(id), step))
            });
            Ok((parsed.collect::<rusqlite::Result<Vec<_>>>()?, reached))
        })?;
        let mut news = Vec::new();
        for (place, id, step) in found {
            if let Some(alarm) = self.alarm(id)? {
                news.push(AlarmNews { place, step, alarm });
            }
        }
        Ok((news, reached))
    }
}
