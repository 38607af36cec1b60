//! Weighbridge records, and which passage each belongs to.

use std::time::Duration;

use jiff::Timestamp;
use passage::{Change, CorrectedItem, Correction, PassageId, Weighing};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, named_params, params};
use serde::{Deserialize, Serialize};
use words::Key;

use crate::committed::Topic;
use crate::error::{Error, ErrorKind, Result};
use crate::reader::Reader;
use crate::rows;
use crate::writer::Writer;

/// Weighings older than this are no longer tried: their trucks are not coming.
const TRY_FOR: Duration = Duration::from_secs(7 * 86_400);

/// What became of weighings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeighingCounts {
    /// Kept for the first time.
    pub kept: usize,
    /// Known before.
    pub known: usize,
    /// Now with a passage, older ones included.
    pub matched: usize,
    /// Still without one.
    pub unmatched: usize,
}

impl Writer {
    /// Keeps weighings, each once, and gives every weighing without a passage the one of the same
    /// plate that is nearest in time within `window` and has no cargo yet, as a correction by `who`.
    /// A ticket says more than a display: cargo that two weighings of a scale told gives way.
    ///
    /// # Errors
    /// `Invalid` without a person; else see [`ErrorKind`].
    pub fn add_weighings(
        &mut self,
        weighings: &[Weighing],
        source: &str,
        window: Duration,
        who: &str,
        at: Timestamp,
    ) -> Result<WeighingCounts> {
        if who.trim().is_empty() || weighings.iter().any(|w| w.plate.is_empty()) {
            return Err(Error::refused(ErrorKind::Invalid, Key::LedgerWeighingNeeds));
        }
        let mut done = WeighingCounts::default();
        let (waiting, kept) =
            self.transacted("could not keep weighings", &[Topic::Weighings], |to| {
                let kept = keep(to, weighings, source, at)?;
                Ok((waiting(to, at)?, kept))
            })?;
        done.kept = kept;
        done.known = weighings.len() - kept;
        for (id, weighing) in waiting {
            let found = self.looked_up("could not match a weighing", |from| {
                nearest(from, &weighing, window)
            })?;
            let Some(passage) = found else {
                done.unmatched += 1;
                continue;
            };
            let correction = Correction {
                changes: vec![Change {
                    item: CorrectedItem::Cargo,
                    replaces: self.looked_up("could not match a weighing", |from| {
                        held_cargo(from, passage)
                    })?,
                    value: self.looked_up("could not match a weighing", |_| {
                        rows::to_json(&weighing.cargo())
                    })?,
                }],
                who: who.to_owned(),
                why: format!("weighbridge {source} {}", weighing.ticket),
                at,
            };
            self.correct(passage, &correction, &[])?;
            self.transacted("could not note a match", &[Topic::Weighings], |to| {
                to.execute(
                    "INSERT INTO weighing_matches VALUES (?, ?)",
                    params![id, passage.0],
                )
            })?;
            done.matched += 1;
        }
        Ok(done)
    }
}

impl Reader {
    /// The weighing of this ticket from this source, if it was kept and weighed since `since`: numbers
    /// of tickets may begin anew.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn weighing_called(
        &self,
        source: &str,
        ticket: &str,
        since: Timestamp,
    ) -> Result<Option<Weighing>> {
        self.read(|on| {
            on.prepare_cached(
                "SELECT id, plate, weighed_at_ms, ticket, cargo, gross_kg, tare_kg, net_kg
                 FROM weighings WHERE weighed_at_ms >= ? AND source = ? AND ticket = ?
                 ORDER BY id DESC LIMIT 1",
            )?
            .query_row(params![since.as_millisecond(), source, ticket], weighing)
            .optional()
            .map(|found| found.map(|(_, weighing)| weighing))
        })
    }
}

fn weighing(row: &Row<'_>) -> rusqlite::Result<(i64, Weighing)> {
    Ok((
        row.get(0)?,
        Weighing {
            // Earlier versions kept plates as they came.
            plate: row.get::<_, String>(1)?.into(),
            weighed_at: rows::time(row, 2)?,
            ticket: row.get(3)?,
            cargo: row.get(4)?,
            gross_kg: row.get(5)?,
            tare_kg: row.get(6)?,
            net_kg: row.get(7)?,
        },
    ))
}

fn keep(
    to: &Transaction<'_>,
    weighings: &[Weighing],
    source: &str,
    at: Timestamp,
) -> rusqlite::Result<usize> {
    let mut kept = 0;
    for weighing in weighings {
        kept += to
            .prepare_cached(
                "INSERT INTO weighings (plate, weighed_at_ms, ticket, cargo, gross_kg, tare_kg,
                     net_kg, source, kept_at_ms)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE NOT EXISTS (
                     SELECT 1 FROM weighings
                     WHERE plate = ?1 AND weighed_at_ms = ?2 AND ticket = ?3)",
            )?
            .execute(params![
                weighing.plate.as_str(),
                weighing.weighed_at.as_millisecond(),
                weighing.ticket,
                weighing.cargo,
                weighing.gross_kg,
                weighing.tare_kg,
                weighing.net_kg,
                source,
                at.as_millisecond(),
            ])?;
    }
    Ok(kept)
}

fn waiting(from: &Connection, now: Timestamp) -> rusqlite::Result<Vec<(i64, Weighing)>> {
    let oldest = now.as_millisecond() - i64::try_from(TRY_FOR.as_millis()).unwrap_or(i64::MAX);
    from.prepare_cached(
        "SELECT id, plate, weighed_at_ms, ticket, cargo, gross_kg, tare_kg, net_kg FROM weighings w
         WHERE (weighed_at_ms >= ?1 OR kept_at_ms >= ?1)
           AND NOT EXISTS (SELECT 1 FROM weighing_matches WHERE weighing_id = w.id)
         ORDER BY weighed_at_ms, id",
    )?
    .query_map([oldest], weighing)?
    .collect()
}

fn nearest(
    from: &Connection,
    weighing: &Weighing,
    window: Duration,
) -> rusqlite::Result<Option<PassageId>> {
    let at = weighing.weighed_at.as_millisecond();
    let window = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
    from.prepare_cached(
        "SELECT passage_id FROM passage_facts f
         WHERE plate_id = (SELECT id FROM plates WHERE plate = :plate)
           AND decided_at_ms BETWEEN :from AND :until
           AND NOT EXISTS (SELECT 1 FROM corrections c
                           WHERE c.passage_id = f.passage_id AND c.item = 'cargo'
                             AND NOT EXISTS (SELECT 1 FROM scale_loads l
                                             WHERE l.passage_id = c.passage_id
                                               AND l.revision = c.revision))
         ORDER BY abs(decided_at_ms - :at), passage_id LIMIT 1",
    )?
    .query_row(
        named_params! {
            ":plate": weighing.plate.as_str(),
            ":from": at.saturating_sub(window),
            ":until": at.saturating_add(window),
            ":at": at,
        },
        |row| row.get(0).map(PassageId),
    )
    .optional()
}

fn held_cargo(from: &Connection, passage: PassageId) -> rusqlite::Result<Option<String>> {
    from.prepare_cached(
        "SELECT after FROM corrections WHERE passage_id = ? AND item = 'cargo'
         ORDER BY id DESC LIMIT 1",
    )?
    .query_row([passage.0], |row| row.get(0))
    .optional()
}
