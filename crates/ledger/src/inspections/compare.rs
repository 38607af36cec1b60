//! A day of the ledger beside what was acknowledged of it, and what was not watched.

use alarm::{AlarmId, AlarmView};
use jiff::Timestamp;
use rusqlite::{named_params, params};
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::inspections::freeze::Population;
use crate::reader::{Reader, rows_of};
use crate::rows;

/// What became of a day's passages at one sink, until now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayDelivered {
    /// Its name.
    pub sink: String,
    /// Passages of the day that were queued for it.
    pub queued: u64,
    /// Of these, acknowledged.
    pub acknowledged: u64,
    /// Of those, later than the time that was asked for.
    pub late: u64,
    /// Refused, and waiting for a person.
    pub refused: u64,
}

/// The longest time of a day in which no passage was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
}

impl Reader {
    /// What became of the passages of a day at each sink. Late is what was acknowledged more than
    /// `late_ms` after its decision.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn day_delivered(&self, of: &Population<'_>, late_ms: i64) -> Result<Vec<DayDelivered>> {
        let places = rows::to_json(&of.entrances).unwrap_or_default();
        self.read(|on| {
            on.prepare_cached(
                "SELECT o.sink, count(*), sum(o.state = 'acknowledged'),
                        sum(o.state = 'acknowledged'
                            AND o.settled_at_ms - p.decided_at_ms > :late),
                        sum(o.state = 'refused')
                 FROM passages p JOIN outbox o ON o.passage_id = p.id AND o.kind = 'passage'
                 WHERE p.decided_at_ms >= :from AND p.decided_at_ms < :until AND p.id <= :last
                   AND (:places = '[]' OR p.entrance IN (SELECT value FROM json_each(:places)))
                 GROUP BY o.sink ORDER BY o.sink",
            )?
            .query_map(
                named_params! {
                    ":from": of.from_ms,
                    ":until": of.until_ms,
                    ":last": of.last_passage,
                    ":places": places,
                    ":late": late_ms,
                },
                |row| {
                    Ok(DayDelivered {
                        sink: row.get(0)?,
                        queued: rows::count(row, 1)?,
                        acknowledged: rows::count(row, 2)?,
                        late: rows::count(row, 3)?,
                        refused: rows::count(row, 4)?,
                    })
                },
            )?
            .collect()
        })
    }

    /// The longest time between two passages from `from_ms` to `until_ms`, its ends included; none when
    /// there was no passage.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn longest_silence(&self, from_ms: i64, until_ms: i64) -> Result<Option<Silence>> {
        self.read(|on| {
            let times: Vec<i64> = on
                .prepare_cached(
                    "SELECT decided_at_ms FROM passages
                     WHERE decided_at_ms >= ? AND decided_at_ms < ? ORDER BY decided_at_ms",
                )?
                .query_map(params![from_ms, until_ms], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            if times.is_empty() {
                return Ok(None);
            }
            let starts = std::iter::once(from_ms).chain(times.iter().copied());
            let ends = times.iter().copied().chain([until_ms]);
            let longest = starts.zip(ends).max_by_key(|(from, until)| until - from);
            Ok(longest.and_then(|(from, until)| {
                Some(Silence {
                    from: Timestamp::from_millisecond(from).ok()?,
                    until: Timestamp::from_millisecond(until).ok()?,
                })
            }))
        })
    }

    /// Alarms that were not over before `from` and were raised before `until`, oldest first.
    ///
    /// # Errors
    /// See [`crate::ErrorKind`].
    pub fn alarms_during(
        &self,
        from: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<AlarmView>> {
        let ids: Vec<i64> = self.read(|on| {
            on.prepare_cached(
                "SELECT a.id FROM alarms a
                 WHERE a.raised_at_ms < :until AND NOT EXISTS (
                     SELECT 1 FROM alarm_steps s WHERE s.alarm_id = a.id
                       AND s.step = 'cleared' AND s.at_ms < :from)
                 ORDER BY a.id LIMIT :limit",
            )?
            .query_map(
                named_params! {
                    ":from": from.as_millisecond(),
                    ":until": until.as_millisecond(),
                    ":limit": rows_of(limit),
                },
                |row| row.get(0),
            )?
            .collect()
        })?;
        let mut found = Vec::new();
        for id in ids {
            found.extend(self.alarm(AlarmId(id))?);
        }
        Ok(found)
    }
}
