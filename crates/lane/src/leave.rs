//! How passages end.

use std::time::Duration;

use passage::Outcome;

use crate::decide::{BESIDE_LN, READ_FLOOR, trailer_of};
use crate::lane::{Departed, Lane};
use crate::occupancy::Occupancy;
use crate::occupancy::meter::LaneState;
use crate::track::Track;
use crate::vehicle::Vehicle;
use crate::{Better, DecidedBecause, LaneEvent, Moment, VehicleFinished};

/// Vehicles remembered after they left.
const MOST_GONE: usize = 8;
/// Of the width at which a plate is near, the share from which its vehicle fills the lane.
pub(crate) const NEARLY: f32 = 0.8;
/// The same from which nothing else can come between it and the barrier.
const COMING: f32 = 0.4;
/// It takes at least this long from there to the end of the lane.
const COMES_FOR: Duration = Duration::from_secs(3);
/// A probability has to rise by this to be worth a correction.
const BETTER_BY: f32 = 0.02;

impl Lane {
    /// Vehicles that show no plate: those that stand, and those whose occupancy has ended.
    pub(crate) fn plateless_vehicles(&mut self, ended: Option<Occupancy>, now: Moment) {
        let stands = |s: &Occupancy| s.stands_plateless(&self.settings);
        if self.meter.occupancy.as_ref().is_some_and(stands)
            && let Some(occupancy) = self.meter.own_plateless()
        {
            self.enter_plateless(occupancy, false);
            let index = self.vehicles.len() - 1;
            self.decide_one(index, DecidedBecause::Waited, now);
        }
        let Some(occupancy) = ended else { return };
        let plateless = |v: &Vehicle| v.plate.is_none() && v.known.is_none();
        while let Some(index) = self.vehicles.iter().position(plateless) {
            self.finish(index, Outcome::Passed, now);
        }
        let plateless = occupancy.was_plateless(&self.settings, true)
            && !self.awaits_one_covered()
            && !self.was_of_one_read(&occupancy);
        if plateless {
            self.enter_plateless(occupancy, true);
            let index = self.vehicles.len() - 1;
            let outcome = self.vehicles[index].outcome(self.settings.view);
            self.finish(index, outcome, now);
        }
    }

    /// Whether a vehicle came near and its plate was covered before it could be decided: what
    /// went without a plate was this one.
    pub(crate) fn awaits_one_covered(&self) -> bool {
        self.vehicles.iter().any(|v| {
            let near = |t: &Track| t.path.last().width >= COMING * self.near_px();
            v.decided.is_none()
                && self.watch.saturating_sub(v.alive) >= COMES_FOR
                && v.plate.as_ref().is_some_and(near)
        })
    }

    /// Whether a vehicle that is surely read came with `occupancy` and is out of sight now that it
    /// is over: this vehicle filled the lane, however small its plate was at the nearest. One that
    /// is still in sight comes behind whatever has left.
    fn was_of_one_read(&mut self, occupancy: &Occupancy) -> bool {
        let (watch, settings) = (self.watch, &self.settings);
        self.vehicles.iter_mut().any(|v| {
            let seen_in_it = v.last.at >= occupancy.since.at;
            let out_of_sight = watch.saturating_sub(v.alive) >= settings.clear_for;
            let read = v.plate.as_mut().is_some_and(|t| t.is_accepted(settings));
            seen_in_it && out_of_sight && read
        })
    }

    /// Finishes vehicles that have left.
    pub(crate) fn leave(&mut self, now: Moment) {
        let mut index = 0;
        while index < self.vehicles.len() {
            match self.left(index) {
                Some(outcome) => self.finish(index, outcome, now),
                None => index += 1,
            }
        }
    }

    /// How the passage of a vehicle ended, if it did.
    fn left(&self, index: usize) -> Option<Outcome> {
        let (settings, watch) = (&self.settings, self.watch);
        let vehicle = &self.vehicles[index];
        let unseen = watch.saturating_sub(vehicle.alive);
        let after = |limit: Duration, outcome| (unseen >= limit).then_some(outcome);
        let near = |t: &Track| t.path.last().width >= self.near_px();
        let visible = |v: &&Vehicle| v.is_visible(watch);
        let mut others = self.vehicles[index + 1..].iter().filter(visible);

        let Some(track) = &vehicle.plate else {
            if others.any(|v| v.plate.as_ref().is_some_and(near)) {
                let resumed = vehicle.known.is_some();
                return Some(if resumed {
                    Outcome::TimedOut
                } else {
                    Outcome::Passed
                });
            }
            let limit = if vehicle.known.is_some() {
                settings.resume_for
            } else {
                settings.unseen_for
            };
            return after(limit, Outcome::TimedOut);
        };
        if unseen < settings.leave_after {
            return None;
        }
        let outcome = vehicle.outcome(settings.view);
        if outcome != Outcome::BackedOut && self.is_queued(index) {
            return after(settings.covered_for, Outcome::TimedOut);
        }
        let moving = vehicle.was_moving(settings);
        match self.meter.state() {
            // What went back is far away when it is last seen, and at times has stopped there.
            LaneState::Clear if moving || near(track) || outcome == Outcome::BackedOut => {
                Some(outcome)
            }
            LaneState::Clear => after(settings.unseen_for, outcome),
            LaneState::Unknown if moving => after(settings.leave_after * 2, outcome),
            LaneState::Unknown => after(settings.unseen_for, outcome),
            LaneState::Occupied if moving => {
                let arrived = |v: &Vehicle| {
                    v.entered.at > vehicle.last.at || v.plate.as_ref().is_some_and(near)
                };
                if others.any(arrived) {
                    return Some(outcome);
                }
                after(settings.body_for, outcome)
            }
            LaneState::Occupied => {
                let place = vehicle.progress(settings.view)? - BESIDE_LN;
                let there = |v: &Vehicle| v.progress(settings.view).is_some_and(|p| p >= place);
                if others.any(there) {
                    return Some(outcome);
                }
                after(settings.covered_for, Outcome::TimedOut)
            }
        }
    }

    /// Whether a vehicle that came before this one is still further on: there is no way round it,
    /// so a plate that is not seen is hidden behind it.
    fn is_queued(&self, index: usize) -> bool {
        (0..index).any(|ahead| self.is_ahead(ahead, index))
    }

    fn is_ahead(&self, first: usize, second: usize) -> bool {
        let along = |v: usize| self.vehicles[v].progress(self.settings.view);
        along(first)
            .zip(along(second))
            .is_some_and(|(there, here)| there + BESIDE_LN > here)
    }

    pub(crate) fn finish(&mut self, index: usize, outcome: Outcome, now: Moment) {
        if self.vehicles[index].decided.is_none() {
            self.decide_one(index, DecidedBecause::Leaving, now);
        }
        for behind in index + 1..self.vehicles.len() {
            if self.is_ahead(index, behind) {
                // It cannot have left before this one.
                self.vehicles[behind].alive = self.watch;
            }
        }
        let mut vehicle = self.vehicles.remove(index);
        let heading = vehicle.heading(&self.settings);
        let better = self.better(&mut vehicle);
        let trailer = trailer_of(&mut vehicle);
        let growth = vehicle.plate.as_ref().map_or(1.0, |t| t.path.growth());
        let progress = vehicle.progress(self.settings.view);
        let read = vehicle.plate.as_mut().and_then(|t| t.read().cloned());
        if let (Some(progress), Some(read)) = (progress, read) {
            if self.departed.len() == MOST_GONE {
                self.departed.pop_front();
            }
            self.departed.push_back(Departed {
                read,
                last: vehicle.last,
                last_watch: vehicle.alive,
                progress,
                outcome,
                hidden: vehicle.hidden,
            });
        }
        self.out.push(LaneEvent::Finished(Box::new(VehicleFinished {
            vehicle: vehicle.id,
            outcome,
            last_seen: vehicle.last,
            finished: now,
            better,
            trailer,
            body: vehicle.body.map(|b| b.1),
            heading,
            growth,
        })));
    }

    /// What all frames say, if it is more than what was decided.
    fn better(&self, vehicle: &mut Vehicle) -> Option<Better> {
        let decided = vehicle.decided.as_ref()?;
        let track = vehicle.plate.as_mut()?;
        let accepted = track.is_accepted(&self.settings);
        let read = track.read()?.clone();
        let surer = read.confidence >= decided.confidence + BETTER_BY;
        let turned = accepted && !decided.accepted;
        let changed = read.plate != decided.plate && accepted;
        if track.legible() < READ_FLOOR || !(surer || turned || changed) {
            return None;
        }
        Some(Better {
            read,
            accepted,
            head: track.head(),
            votes: track.votes(),
        })
    }
}
