//! What two weighings of one visit tell of the load.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use passage::{Cargo, CargoSource, CargoUnit, PassageId};
use rusqlite::{Connection, OptionalExtension as _, named_params};

use super::ScaleRules;
use crate::passages::visits::ENTRY_OF_X;
use crate::rows;

/// A vehicle that stayed longer was seen to come too long ago: it may have been away unseen.
const LONGEST_STAY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// One weighing of a passage.
#[derive(Debug, Clone)]
struct Side {
    passage: PassageId,
    weighing: i64,
    scale: String,
    mass_kg: i64,
    weighed_at: Timestamp,
}

/// Entry and exit of one visit, both weighed.
#[derive(Debug, Clone)]
struct Pair {
    entry: Side,
    exit: Side,
}

/// Cargo that a passage is to be given, or that is taken back.
#[derive(Debug)]
pub(super) struct LoadChange {
    pub(super) passage: PassageId,
    /// The cargo that holds, as stored.
    pub(super) replaces: Option<String>,
    pair: Option<Pair>,
}

impl Pair {
    fn ids(&self) -> (i64, i64) {
        (self.entry.weighing, self.exit.weighing)
    }

    /// The weighing with the load, and the one without.
    fn heavier_first(&self) -> (&Side, &Side) {
        if self.entry.mass_kg > self.exit.mass_kg {
            (&self.entry, &self.exit)
        } else {
            (&self.exit, &self.entry)
        }
    }
}

impl LoadChange {
    pub(super) fn pair_ids(&self) -> Option<(i64, i64)> {
        self.pair.as_ref().map(Pair::ids)
    }

    pub(super) fn cargo(&self) -> Cargo {
        #[expect(clippy::cast_precision_loss, reason = "no truck weighs 2^53 kg")]
        let tonnes = |kg: i64| kg as f64 / 1000.0;
        let sides = self.pair.as_ref().map(Pair::heavier_first);
        let net = sides.map(|(gross, tare)| tonnes(gross.mass_kg - tare.mass_kg));
        Cargo {
            name: None,
            amount: net,
            unit: CargoUnit::Tonne,
            source: CargoSource::Weighbridge,
            gross_t: sides.map(|(gross, _)| tonnes(gross.mass_kg)),
            tare_t: sides.map(|(_, tare)| tonnes(tare.mass_kg)),
            net_t: net,
            ticket: None,
            weighed_at: sides.map(|(gross, _)| gross.weighed_at),
        }
    }

    pub(super) fn who(&self) -> String {
        let scale = self.pair.as_ref().map(|pair| &pair.exit.scale);
        scale.map_or_else(|| "scale".to_owned(), |scale| format!("scale {scale}"))
    }

    pub(super) fn why(&self) -> String {
        let Some(Pair { entry, exit }) = &self.pair else {
            return "the two weighings are of no visit any more".to_owned();
        };
        format!(
            "weighed {} kg in ({}), {} kg out ({})",
            entry.mass_kg, entry.scale, exit.mass_kg, exit.scale
        )
    }
}

/// What is to be changed for the visits that were weighed out since `since`.
pub(super) fn changes(
    from: &Connection,
    rules: &ScaleRules,
    since: Timestamp,
) -> rusqlite::Result<Vec<LoadChange>> {
    let pairs = pairs(from, since)?;
    let visits: BTreeSet<_> = pairs.iter().map(Pair::ids).collect();
    let mut changes = taken_back(from, since, &visits)?;
    for pair in pairs {
        let (gross, tare) = pair.heavier_first();
        let passage = gross.passage;
        if gross.mass_kg - tare.mass_kg < rules.least_load_kg {
            continue;
        }
        match holding(from, passage)? {
            Holding::Nothing => changes.push(LoadChange {
                passage,
                replaces: None,
                pair: Some(pair),
            }),
            Holding::Ours(cargo, before) if before != Some(pair.ids()) => {
                // Instead of taking it back first.
                changes.retain(|change| change.passage != passage);
                changes.push(LoadChange {
                    passage,
                    replaces: Some(cargo),
                    pair: Some(pair),
                });
            }
            Holding::Ours(..) | Holding::Others => {}
        }
    }
    Ok(changes)
}

/// The cargo that holds of a passage.
enum Holding {
    Nothing,
    /// Given here, by these two weighings; none when it was taken back.
    Ours(String, Option<(i64, i64)>),
    /// Given by a person or a ticket.
    Others,
}

fn holding(from: &Connection, passage: PassageId) -> rusqlite::Result<Holding> {
    let last = from
        .prepare_cached(
            "SELECT c.after, l.revision IS NOT NULL, l.entry_id, l.exit_id FROM corrections c
             LEFT JOIN scale_loads l ON l.passage_id = c.passage_id AND l.revision = c.revision
             WHERE c.passage_id = ? AND c.item = 'cargo' ORDER BY c.id DESC LIMIT 1",
        )?
        .query_row([passage.0], |row| {
            let ids: (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
            Ok((row.get(0)?, row.get(1)?, ids.0.zip(ids.1)))
        })
        .optional()?;
    Ok(match last {
        None => Holding::Nothing,
        Some((cargo, true, pair)) => Holding::Ours(cargo, pair),
        Some((_, false, _)) => Holding::Others,
    })
}

/// Of each exit that was weighed since, its entry when that was weighed too. Vehicles that turned back, or
/// have not gone yet, made no visit. `CROSS` keeps the order: recent weighings are few, passages of two years
/// are not.
fn pairs(from: &Connection, since: Timestamp) -> rusqlite::Result<Vec<Pair>> {
    let sql = format!(
        "SELECT e.passage_id, ew.id, ew.scale, ew.mass_kg, ew.weighed_at_ms,
             x.passage_id, xw.id, xw.scale, xw.mass_kg, xw.weighed_at_ms
         FROM scale_weighings xw
         CROSS JOIN scale_matches xm ON xm.weighing_id = xw.id
         CROSS JOIN passage_facts x ON x.passage_id = xm.passage_id
         JOIN passage_outcomes xo ON xo.passage_id = x.passage_id AND xo.outcome <> 'backed_out'
         JOIN passage_facts e ON e.passage_id = {ENTRY_OF_X}
         JOIN passage_outcomes eo ON eo.passage_id = e.passage_id
         JOIN scale_matches em ON em.passage_id = e.passage_id
         JOIN scale_weighings ew ON ew.id = em.weighing_id
         WHERE xw.weighed_at_ms >= :since AND x.direction = 'out'
           AND e.direction = 'in' AND x.decided_at_ms - e.decided_at_ms <= :longest
         ORDER BY x.decided_at_ms, x.passage_id"
    );
    from.prepare_cached(&sql)?
        .query_map(
            named_params! {
                ":since": since.as_millisecond(),
                ":longest": i64::try_from(LONGEST_STAY.as_millis()).unwrap_or(i64::MAX),
            },
            |row| {
                let side = |at: usize| {
                    Ok::<_, rusqlite::Error>(Side {
                        passage: PassageId(row.get(at)?),
                        weighing: row.get(at + 1)?,
                        scale: row.get(at + 2)?,
                        mass_kg: row.get(at + 3)?,
                        weighed_at: rows::time(row, at + 4)?,
                    })
                };
                Ok(Pair {
                    entry: side(0)?,
                    exit: side(5)?,
                })
            },
        )?
        .collect()
}

/// Cargo that holds and was told by two weighings that are of no visit any more. `CROSS` keeps the
/// order: recent weighings are few, corrections of two years are not.
fn taken_back(
    from: &Connection,
    since: Timestamp,
    visits: &BTreeSet<(i64, i64)>,
) -> rusqlite::Result<Vec<LoadChange>> {
    let given: Vec<(PassageId, (i64, i64), String)> = from
        .prepare_cached(
            "SELECT l.passage_id, l.entry_id, l.exit_id, c.after
             FROM scale_weighings xw
             CROSS JOIN scale_loads l ON l.exit_id = xw.id
             CROSS JOIN corrections c ON c.passage_id = l.passage_id AND c.revision = l.revision
                 AND c.item = 'cargo'
             WHERE xw.weighed_at_ms >= :since AND NOT EXISTS (
                 SELECT 1 FROM corrections n
                 WHERE n.passage_id = l.passage_id AND n.item = 'cargo' AND n.id > c.id)",
        )?
        .query_map(named_params! {":since": since.as_millisecond()}, |row| {
            let ids = (row.get(1)?, row.get(2)?);
            Ok((PassageId(row.get(0)?), ids, row.get(3)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let gone = given
        .into_iter()
        .filter(|(_, ids, _)| !visits.contains(ids));
    Ok(gone
        .map(|(passage, _, cargo)| LoadChange {
            passage,
            replaces: Some(cargo),
            pair: None,
        })
        .collect())
}
