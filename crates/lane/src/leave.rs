//! How passages end.

use std::time::Duration;

use passage::Outcome;

use crate::decide::{BESIDE_LN, READ_FLOOR, trailer_of};
use crate::lane::{Departed, Lane};
use crate::occupancy::Occupancy;
use crate::occupancy::meter::LaneState;
use crate::track::Track;
use crate::vehicle::Vehicle;
use crate::{Better, DecidedBecause, LaneEvent, Moment, NotCountedRule, VehicleFinished};

/// Vehicles remembered after they left.
const MOST_GONE: usize = 8;
/// Of the width at which a plate is near, the share from which its vehicle fills the lane.
pub(crate) const NEARLY: f32 = 0.8;
/// The same from which nothing else can come between it and the barrier.
const COMING: f32 = 0.4;
/// It takes at least this long from there to the end of the lane.
const COMES_FOR: Duration = Duration::from_secs(3);
/// A vehicle whose plate comes into the picture late is first seen at most this long after it began
/// to fill the lane.
const COMES_WITHIN: Duration = Duration::from_secs(1);
/// A probability has to rise by this to be worth a correction.
const BETTER_BY: f32 = 0.02;

impl Lane {
    /// Vehicles that show no plate: those that stand, and those whose occupancy has ended.
    pub(crate) fn plateless_vehicles(&mut self, ended: Option<Occupancy>, now: Moment) {
        let stands = |s: &Occupancy| s.stands_plateless(&self.settings);
        let occupied = self.meter.occupancy.as_ref();
        if occupied.is_some_and(|s| stands(s) && !self.is_of_one_that_stands(s))
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
            && !self.was_of_one_read(&occupancy)
            && !self.was_of_echo(&occupancy);
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
            let seen_in_it = v.last.at >= occupancy.since.at && came_before(v, occupancy);
            let out_of_sight = watch.saturating_sub(v.alive) >= settings.clear_for;
            let read = v.plate.as_mut().is_some_and(|t| t.is_accepted(settings));
            seen_in_it && out_of_sight && read
        })
    }

    /// Whether the plate of one that is counted already went by in `occupancy`: it was thought to have
    /// left while its plate was covered.
    fn was_of_echo(&mut self, occupancy: &Occupancy) -> bool {
        let near = NEARLY * self.near_px();
        let settings = &self.settings;
        self.candidates.iter_mut().any(|c| {
            c.held_back == Some(NotCountedRule::Echo)
                && c.last.at >= occupancy.since.at
                && c.path.moved()
                && c.path.last().width >= near
                && c.is_accepted(settings)
        })
    }

    /// Whether a vehicle that was seen coming before `occupancy` began stands in front, decided: it is
    /// what fills the lane, however small its plate is at the line. One that stands behind a vehicle
    /// without a plate may be taken for it too; then that one is told when it leaves.
    fn is_of_one_that_stands(&self, occupancy: &Occupancy) -> bool {
        self.vehicles.iter().any(|v| {
            let stands = |t: &Track| t.stands(&self.settings);
            v.decided.is_some()
                && v.is_visible(self.watch)
                && came_before(v, occupancy)
                && v.plate.as_ref().is_some_and(stands)
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
    ///
    /// A plate out of sight may be hidden, by the next truck's cab or a person, or gone. While the
    /// lane is known to be clear it is gone; while it is occupied, or nobody knows, what it did when
    /// it was last seen decides how long to wait.
    fn left(&self, index: usize) -> Option<Outcome> {
        let (settings, watch) = (&self.settings, self.watch);
        let vehicle = &self.vehicles[index];
        let unseen = watch.saturating_sub(vehicle.alive);
        let after = |limit: Duration, outcome| (unseen >= limit).then_some(outcome);
        let Some(track) = &vehicle.plate else {
            return self.left_without_plate(index);
        };
        if unseen < settings.leave_after {
            return None;
        }
        let outcome = vehicle.outcome(settings.view);
        // Nobody overtakes in a lane: as long as one is before it, it is behind that one, unseen.
        // What went back has left the queue at its other end.
        if outcome != Outcome::BackedOut && self.is_queued(index) {
            return after(settings.covered_for, Outcome::TimedOut);
        }
        let moving = vehicle.was_moving(settings);
        match self.meter.state() {
            // What went back is far away when it is last seen, and at times has stopped there.
            LaneState::Clear if moving || self.is_near(track) || outcome == Outcome::BackedOut => {
                Some(outcome)
            }
            // It stood far from the barrier, where the measured part of the lane may not reach: that
            // this part is clear says little of it.
            LaneState::Clear => after(settings.unseen_for, outcome),
            // Twice: without the lane's fullness one missed sighting looks like a departure.
            LaneState::Unknown if moving => after(settings.leave_after * 2, outcome),
            LaneState::Unknown => after(settings.unseen_for, outcome),
            // A truck's body fills the lane for long after its plate has left the picture; the next
            // one at the barrier, or come since, says that it has gone.
            LaneState::Occupied if moving => {
                let arrived = |v: &Vehicle| {
                    let near = v.plate.as_ref().is_some_and(|t| self.is_near(t));
                    v.entered.at > vehicle.last.at || near
                };
                let next = self
                    .visible_behind(index)
                    .any(|v| arrived(&self.vehicles[v]));
                after(
                    if next {
                        Duration::ZERO
                    } else {
                        settings.body_for
                    },
                    outcome,
                )
            }
            // It stood, and something still fills its place: it is covered, until another stands
            // where it stood.
            LaneState::Occupied => {
                let reached = |v: usize| self.lead(index, v).is_some_and(|lead| lead <= BESIDE_LN);
                if self.visible_behind(index).any(reached) {
                    return Some(outcome);
                }
                after(settings.covered_for, Outcome::TimedOut)
            }
        }
    }

    /// The same for one without a plate, of which nothing but the lane's fullness tells: it has left
    /// when the next one is at the barrier. One taken over from before a restart may have left long
    /// ago.
    fn left_without_plate(&self, index: usize) -> Option<Outcome> {
        let vehicle = &self.vehicles[index];
        let resumed = vehicle.known.is_some();
        let near = |v: usize| {
            let plate = self.vehicles[v].plate.as_ref();
            plate.is_some_and(|t| self.is_near(t))
        };
        if self.visible_behind(index).any(near) {
            return Some(if resumed {
                Outcome::TimedOut
            } else {
                Outcome::Passed
            });
        }
        let limit = if resumed {
            self.settings.resume_for
        } else {
            self.settings.unseen_for
        };
        let unseen = self.watch.saturating_sub(vehicle.alive);
        (unseen >= limit).then_some(Outcome::TimedOut)
    }

    /// Finishes every vehicle where nobody watches any more. One that was gone by then is told as what
    /// it did; of one that was still there nobody knows.
    pub(crate) fn finish_unwatched(&mut self, now: Moment) {
        while let Some(vehicle) = self.vehicles.first() {
            let outcome = vehicle.outcome(self.settings.view);
            let outcome = match outcome {
                Outcome::Passed if !self.was_gone(vehicle) => Outcome::TimedOut,
                outcome => outcome,
            };
            self.finish(0, outcome, now);
        }
    }

    /// Whether a vehicle was out of the lane when it was last watched: its plate out of sight after it
    /// went, or after it stood at the barrier and the lane was clear.
    fn was_gone(&self, vehicle: &Vehicle) -> bool {
        let gone = |track: &Track| {
            let is_clear = matches!(self.meter.state(), LaneState::Clear);
            track.was_going(&self.settings) || (is_clear && self.is_near(track))
        };
        !vehicle.is_visible(self.watch) && vehicle.plate.as_ref().is_some_and(gone)
    }

    /// The vehicles in sight that came after this one.
    fn visible_behind(&self, index: usize) -> impl Iterator<Item = usize> {
        (index + 1..self.vehicles.len()).filter(|&v| self.vehicles[v].is_visible(self.watch))
    }

    fn is_near(&self, track: &Track) -> bool {
        track.path.last().width >= self.near_px()
    }

    /// Whether a vehicle that came before this one is still further on: there is no way round it,
    /// so a plate that is not seen is hidden behind it.
    fn is_queued(&self, index: usize) -> bool {
        (0..index).any(|ahead| self.is_further(ahead, index) == Some(true))
    }

    pub(crate) fn finish(&mut self, index: usize, outcome: Outcome, now: Moment) {
        if self.vehicles[index].decided.is_none() {
            self.decide_one(index, DecidedBecause::Leaving, now);
        }
        for behind in index + 1..self.vehicles.len() {
            if self.is_further(index, behind) == Some(true) {
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

/// Whether a vehicle was seen coming before the lane filled: one that is first seen later comes
/// behind what filled it.
fn came_before(vehicle: &Vehicle, occupancy: &Occupancy) -> bool {
    vehicle.entered.at <= occupancy.since.at + COMES_WITHIN
}
