//! What the lane made of each vehicle, beside what single pictures read of it.
//!
//! Single pictures are the reader's part, passages the lane's: a vehicle that pictures read surely and
//! that no passage names was lost by the lane.

use std::collections::BTreeMap;

use lane::{LaneSettings, NotCounted};
use serde::Serialize;
use vision::PlateReading;

use crate::FootageTruth;
use crate::interval::wilson;
use crate::matching::resembles;
use crate::passages::{Passage, overlap_ms};

/// From this many pictures on a vehicle counts as read.
const ENOUGH: usize = 5;

/// What became of the vehicles whose plate single pictures read.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ToldVehicles {
    /// Vehicles whose plate five or more single pictures read exactly and surely.
    pub surely_read: usize,
    /// Those of them that are exactly one passage with that plate.
    pub told: usize,
    /// 95 % interval of their share.
    pub told_95: (f64, f64),
    /// Vehicles of which five or more pictures read something like the plate, but not so surely.
    pub doubtfully_read: usize,
    /// Those of them that are a passage with something like the plate.
    pub told_doubtfully: usize,
    /// All others.
    pub untold: Vec<UntoldVehicle>,
}

/// A vehicle that single pictures read and the lane did not tell as they did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UntoldVehicle {
    /// Clip and time.
    pub place: String,
    /// Its plate.
    pub plate: String,
    /// Pictures that read it exactly and surely.
    pub sure_pictures: usize,
    /// Pictures that read something like it, these included.
    pub pictures: usize,
    /// What passages of that time say; empty text is a passage without a plate.
    pub passages: Vec<String>,
    /// What was not counted of it, by the lane's rule.
    pub not_counted: BTreeMap<&'static str, usize>,
}

/// What single pictures read of one vehicle.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SingleReads {
    sure: usize,
    like: usize,
}

impl SingleReads {
    /// Takes one picture on which `truth` may be seen; `alone` says that no other vehicle is.
    pub(crate) fn add(
        &mut self,
        truth: &FootageTruth,
        readings: &[PlateReading],
        alone: bool,
        settings: &LaneSettings,
    ) {
        let exact = |r: &&PlateReading| r.read.plate == truth.plate;
        let sure = |r: &PlateReading| {
            r.read.confidence >= settings.accept_confidence
                && r.read.legible >= settings.min_legible
        };
        self.sure += usize::from(readings.iter().filter(exact).any(sure));
        let like = |r: &PlateReading| {
            r.read.plate == truth.plate || (alone && resembles(&r.read, &truth.plate))
        };
        self.like += usize::from(readings.iter().any(like));
    }
}

impl ToldVehicles {
    /// Compares one clip: `singles` and `matched` are those of each of `truths`.
    pub(crate) fn add(
        &mut self,
        clip: &str,
        truths: &[&FootageTruth],
        (singles, matched): (&[SingleReads], &[Option<&Passage>]),
        passages: &[Passage],
        not_counted: &[NotCounted],
    ) {
        for ((truth, single), matched) in truths.iter().zip(singles).zip(matched) {
            if truth.plate.is_empty() || single.like < ENOUGH {
                continue;
            }
            let of_it = |p: &&Passage| overlap_ms(truth, p) > 0;
            let text = |p: &Passage| p.read.as_ref().map_or("", |r| &r.plate).to_owned();
            let told = if single.sure >= ENOUGH {
                self.surely_read += 1;
                let with_it = passages.iter().filter(of_it);
                with_it.filter(|p| text(p) == truth.plate).count() == 1
            } else {
                self.doubtfully_read += 1;
                let read = matched.and_then(|p| p.read.as_ref());
                read.is_some_and(|r| resembles(r, &truth.plate))
            };
            if told && single.sure >= ENOUGH {
                self.told += 1;
            } else if told {
                self.told_doubtfully += 1;
            } else {
                self.untold.push(UntoldVehicle {
                    place: truth.place(clip),
                    plate: truth.plate.clone(),
                    sure_pictures: single.sure,
                    pictures: single.like,
                    passages: passages.iter().filter(of_it).map(text).collect(),
                    not_counted: swallowed(truth, not_counted),
                });
            }
        }
    }

    pub(crate) fn finish(&mut self) {
        self.told_95 = wilson(self.told, self.surely_read);
    }
}

/// What the lane did not count of the vehicle `truth`, by rule.
fn swallowed(truth: &FootageTruth, not_counted: &[NotCounted]) -> BTreeMap<&'static str, usize> {
    let mut by_rule = BTreeMap::new();
    let of_it = not_counted.iter().filter(|not| {
        let there = not.first.at.as_ms() <= truth.leave_ms && not.last.at.as_ms() >= truth.enter_ms;
        let read = not.read.as_ref();
        there && read.is_some_and(|r| resembles(r, &truth.plate))
    });
    for not in of_it {
        *by_rule.entry(not.rule.name()).or_default() += 1;
    }
    by_rule
}

#[cfg(test)]
mod tests;
