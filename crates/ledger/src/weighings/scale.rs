//! Weighings of indicators that know no plate: whose they were, and what two of one visit tell of
//! the load.

mod loads;
mod matches;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use passage::{Change, CorrectedItem, Correction, PassageId};
use rusqlite::params;
use serde::Serialize;

use crate::committed::Topic;
use crate::error::{Error, ErrorKind, Result};
use crate::reader::Reader;
use crate::rows;
use crate::writer::Writer;

/// A vehicle that stood on a platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScaleWeighing {
    /// Name of the indicator.
    pub scale: String,
    /// Lanes whose vehicles stand on its platform.
    pub lanes: Vec<String>,
    /// All that stood there.
    pub mass_kg: i64,
    /// When the display came to rest.
    pub weighed_at: Timestamp,
}

/// Which of a lane's passages a weighing may belong to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MatchOrder {
    /// The camera sees the vehicle on the platform, or about there.
    #[default]
    Any,
    /// The camera sees it before it drives onto the platform.
    PassageFirst,
    /// The camera sees it after it has been weighed.
    WeighingFirst,
}

/// How the weighings of one scale find their passages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScaleRule {
    /// Longest time between a weighing and its passage.
    pub window: Duration,
    /// Which comes first.
    pub order: MatchOrder,
}

/// How weighings become cargo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScaleRules {
    /// By the scales' names; those of others are left alone.
    pub scales: BTreeMap<String, ScaleRule>,
    /// A smaller difference between in and out is fuel, mud or a passenger, and no load.
    pub least_load_kg: i64,
}

/// What is to be done for weighings.
#[derive(Debug)]
pub struct ScaleWork {
    matches: Vec<(i64, PassageId)>,
    loads: Vec<loads::LoadChange>,
}

impl ScaleWork {
    /// Nothing is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.matches.is_empty() && self.loads.is_empty()
    }
}

/// What became of weighings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScaleSettled {
    /// Weighings that have found their passage now.
    pub matched: usize,
    /// Passages that were given cargo, or other cargo than two weighings told before.
    pub given: usize,
    /// Passages whose cargo was taken back, for the two weighings are of no visit any more.
    pub taken_back: usize,
}

/// Figures of one scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScaleFigures {
    /// Name of the indicator.
    pub scale: String,
    /// Vehicles weighed.
    pub weighings: u32,
    /// Of those, without a passage.
    pub without_passage: u32,
    /// When the last one was.
    pub last: Timestamp,
}

impl Writer {
    /// Keeps what a platform weighed; false when it was kept before.
    ///
    /// # Errors
    /// `Invalid` without scale, lane or mass; else see [`ErrorKind`].
    pub fn add_scale_weighing(&mut self, weighing: &ScaleWeighing, at: Timestamp) -> Result<bool> {
        if weighing.scale.is_empty() || weighing.lanes.is_empty() || weighing.mass_kg <= 0 {
            let text = "a weighing needs a scale, a lane and a mass";
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        let kept = self.transacted("could not keep a weighing", &[Topic::Weighings], |to| {
            to.prepare_cached(
                "INSERT INTO scale_weighings (scale, lanes, mass_kg, weighed_at_ms, kept_at_ms)
                 VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                weighing.scale,
                rows::to_json(&weighing.lanes)?,
                weighing.mass_kg,
                weighing.weighed_at.as_millisecond(),
                at.as_millisecond(),
            ])
        })?;
        Ok(kept == 1)
    }

    /// Does what [`Reader::scale_work`] has found, each piece once.
    ///
    /// # Errors
    /// `Conflict` when a passage was corrected meanwhile: look again; else see [`ErrorKind`].
    pub fn settle_scales(&mut self, work: &ScaleWork, now: Timestamp) -> Result<ScaleSettled> {
        let mut done = ScaleSettled {
            matched: work.matches.len(),
            ..ScaleSettled::default()
        };
        let step = "could not give weighings their passages";
        if !work.matches.is_empty() {
            self.transacted(step, &[Topic::Weighings], |to| {
                for (weighing, passage) in &work.matches {
                    to.execute(
                        "INSERT INTO scale_matches VALUES (?, ?, ?)",
                        params![weighing, passage.0, now.as_millisecond()],
                    )?;
                }
                Ok(())
            })?;
        }
        for change in &work.loads {
            let value = self.looked_up(step, |_| rows::to_json(&change.cargo()))?;
            let correction = Correction {
                changes: vec![Change {
                    item: CorrectedItem::Cargo,
                    replaces: change.replaces.clone(),
                    value,
                }],
                who: change.who(),
                why: change.why(),
                at: now,
            };
            let pair = change.pair_ids();
            let (entry, exit) = (pair.map(|ids| ids.0), pair.map(|ids| ids.1));
            self.correct_noting(change.passage, &correction, &[], |to, revision| {
                to.execute(
                    "INSERT INTO scale_loads VALUES (?, ?, ?, ?)",
                    params![change.passage.0, revision, entry, exit],
                )?;
                Ok(())
            })?;
            match pair {
                Some(_) => done.given += 1,
                None => done.taken_back += 1,
            }
        }
        Ok(done)
    }
}

impl Reader {
    /// What is to be done for weighings since `since`: give them their passages, and give passages
    /// the cargo that the weighings of entry and exit tell. The heavier is the gross weight, and the
    /// load was carried in that direction. Cargo that a person or a ticket gave stays; cargo that
    /// was given here before follows when, after a correction, other passages make the visit.
    /// Loads are told from matches that are written already, so look again after settling some.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn scale_work(
        &self,
        rules: &ScaleRules,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<ScaleWork> {
        self.read(|from| {
            Ok(ScaleWork {
                matches: matches::found(from, rules, since, now)?,
                loads: loads::changes(from, rules, since)?,
            })
        })
    }

    /// Each scale's weighings since `since`.
    ///
    /// # Errors
    /// See [`ErrorKind`].
    pub fn scale_figures(&self, since: Timestamp) -> Result<Vec<ScaleFigures>> {
        self.read(|on| {
            on.prepare_cached(
                "SELECT scale, count(*), sum(m.weighing_id IS NULL), max(weighed_at_ms)
                 FROM scale_weighings w LEFT JOIN scale_matches m ON m.weighing_id = w.id
                 WHERE weighed_at_ms >= ? GROUP BY scale ORDER BY scale",
            )?
            .query_map([since.as_millisecond()], |row| {
                Ok(ScaleFigures {
                    scale: row.get(0)?,
                    weighings: row.get(1)?,
                    without_passage: row.get(2)?,
                    last: rows::time(row, 3)?,
                })
            })?
            .collect()
        })
    }
}
