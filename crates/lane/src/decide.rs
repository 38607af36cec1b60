//! When a vehicle's plate is decided, and how passages end.

use std::time::Duration;

use crate::lane::{Gone, Lane};
use crate::span::{Fullness, Span};
use crate::track::Track;
use crate::vehicle::{Vehicle, Verdict};
use crate::{Better, Decided, DecidedBecause, Event, Finished, Moment, Outcome, View};

/// Vehicles remembered after they left.
const MOST_GONE: usize = 8;
/// A reading whose frames are this little legible is no reading.
const READ_FLOOR: f32 = 0.2;
/// Ahead by less than this, in logarithms of width, is beside.
const BESIDE_LN: f32 = 0.1;
/// A probability has to rise by this to be worth a correction.
const BETTER_BY: f32 = 0.02;

impl Lane {
    /// Decides the front vehicle when it is surely read, or has stood for long.
    pub(crate) fn decide(&mut self, now: Moment) {
        for index in 0..self.vehicles.len() {
            if self.vehicles[index].verdict.is_some() || !self.is_front(index) {
                continue;
            }
            let near = self.near_px();
            let settings = &self.settings;
            let visible = self.vehicles[index].is_visible(self.watch);
            let unseen = self.watch.saturating_sub(self.vehicles[index].alive);
            let Some(track) = self.vehicles[index].plate.as_mut() else {
                continue;
            };
            let stands = track.stands(settings);
            let in_place = stands || track.path.last().width >= near;
            let sure = in_place
                && track.is_accepted(settings)
                && track
                    .read()
                    .is_some_and(|r| r.color_p >= settings.color_confidence);
            if visible && sure {
                self.decide_one(index, DecidedBecause::Sure, now);
            } else if stands && track.stood_for() + unseen >= settings.patience {
                self.decide_one(index, DecidedBecause::Waited, now);
            }
        }
    }

    /// Whether no other vehicle is between this one and the barrier.
    pub(crate) fn is_front(&self, index: usize) -> bool {
        (0..self.vehicles.len()).all(|other| other == index || !self.blocks(other, index))
    }

    fn blocks(&self, ahead: usize, behind: usize) -> bool {
        let settings = &self.settings;
        let (first, second) = (&self.vehicles[ahead], &self.vehicles[behind]);
        let (Some(there), Some(here)) = (
            first.progress(settings.view),
            second.progress(settings.view),
        ) else {
            // A vehicle without a plate is in front until the next one is near.
            let near = |t: &Track| t.path.last().width >= self.near_px();
            return ahead < behind
                && first.plate.is_none()
                && first.known.is_none()
                && !second.plate.as_ref().is_some_and(near);
        };
        let moving = first.was_moving(settings);
        if first.is_visible(self.watch) {
            let is_ahead = if (there - here).abs() <= BESIDE_LN {
                ahead < behind
            } else {
                there > here
            };
            let through = settings.view == View::Rear && first.verdict.is_some() && moving;
            is_ahead && !through
        } else {
            !moving && there + BESIDE_LN > here && ahead < behind
        }
    }

    pub(crate) fn decide_one(&mut self, index: usize, because: DecidedBecause, now: Moment) {
        let settings = &self.settings;
        let vehicle = &mut self.vehicles[index];
        let accepted = vehicle
            .plate
            .as_mut()
            .is_some_and(|t| t.is_accepted(settings));
        let (read, head, votes) = match vehicle.plate.as_mut() {
            Some(track) => {
                let readable = track.legible() >= READ_FLOOR;
                let read = track.read().filter(|_| readable).cloned();
                (read, track.head(), track.votes())
            }
            None => (None, None, 0),
        };
        let trailer = trailer_of(vehicle);
        vehicle.verdict = Some(Verdict {
            plate: read.as_ref().map(|r| r.plate.clone()).unwrap_or_default(),
            confidence: read.as_ref().map_or(0.0, |r| r.confidence),
            accepted,
        });
        let head = head.or_else(|| vehicle.body.as_ref().map(|b| b.1.clone()));
        let decided = Decided {
            vehicle: vehicle.id,
            entered: vehicle.entered,
            decided: now,
            read,
            accepted,
            trailer,
            votes,
            head,
            because,
        };
        self.emit_decided(decided);
        // With this one at the front, whatever was there before has left.
        self.gone.iter_mut().for_each(|g| g.hidden = false);
    }

    /// Vehicles that show no plate: those that stand, and those whose span has ended.
    pub(crate) fn blanks(&mut self, ended: Option<Span>, now: Moment) {
        let stands = |s: &Span| s.stands_blank(&self.settings);
        if self.watcher.span.as_ref().is_some_and(stands) {
            if let Some(span) = self.watcher.own_blank() {
                self.enter_blank(span);
                let index = self.vehicles.len() - 1;
                self.decide_one(index, DecidedBecause::Waited, now);
            }
        }
        let Some(span) = ended else { return };
        let blank = |v: &Vehicle| v.plate.is_none() && v.known.is_none();
        while let Some(index) = self.vehicles.iter().position(blank) {
            self.finish(index, Outcome::Passed, now);
        }
        if span.was_blank(&self.settings, true) {
            self.enter_blank(span);
            let index = self.vehicles.len() - 1;
            let outcome = self.vehicles[index].outcome(self.settings.view);
            self.finish(index, outcome, now);
        }
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
        let later = |v: &&Vehicle| v.entered.at > vehicle.last.at && v.is_visible(watch);
        let mut others = self.vehicles.iter().filter(later);

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
        let moving = vehicle.was_moving(settings);
        match self.watcher.fullness() {
            Fullness::Clear if moving || near(track) => Some(outcome),
            Fullness::Clear => after(settings.unseen_for, outcome),
            Fullness::Unknown if moving => after(settings.leave_after * 2, outcome),
            Fullness::Unknown => after(settings.unseen_for, outcome),
            Fullness::Occupied if moving => others
                .next()
                .map(|_| outcome)
                .or_else(|| after(settings.body_for, outcome)),
            Fullness::Occupied => {
                let place = vehicle.progress(settings.view)? - BESIDE_LN;
                let there = |v: &Vehicle| v.progress(settings.view).is_some_and(|p| p >= place);
                if others.any(there) {
                    return Some(outcome);
                }
                after(settings.covered_for, Outcome::TimedOut)
            }
        }
    }

    pub(crate) fn finish(&mut self, index: usize, outcome: Outcome, now: Moment) {
        if self.vehicles[index].verdict.is_none() {
            self.decide_one(index, DecidedBecause::Leaving, now);
        }
        let mut vehicle = self.vehicles.remove(index);
        let seen = vehicle.seen(&self.settings);
        let better = self.better(&mut vehicle);
        let trailer = trailer_of(&mut vehicle);
        let growth = vehicle.plate.as_ref().map_or(1.0, |t| t.path.growth());
        let progress = vehicle.progress(self.settings.view);
        let read = vehicle.plate.as_mut().and_then(|t| t.read().cloned());
        if let (Some(progress), Some(read)) = (progress, read) {
            if self.gone.len() == MOST_GONE {
                self.gone.pop_front();
            }
            self.gone.push_back(Gone {
                read,
                last: vehicle.last,
                progress,
                outcome,
                hidden: vehicle.hidden,
            });
        }
        self.out.push(Event::Finished(Box::new(Finished {
            vehicle: vehicle.id,
            outcome,
            last_seen: vehicle.last,
            finished: now,
            better,
            trailer,
            body: vehicle.body.map(|b| b.1),
            seen,
            growth,
        })));
    }

    /// What all frames say, if it is more than what was decided.
    fn better(&self, vehicle: &mut Vehicle) -> Option<Better> {
        let verdict = vehicle.verdict.as_ref()?;
        let track = vehicle.plate.as_mut()?;
        let accepted = track.is_accepted(&self.settings);
        let read = track.read()?.clone();
        let surer = read.confidence >= verdict.confidence + BETTER_BY;
        let turned = accepted && !verdict.accepted;
        let changed = read.plate != verdict.plate && accepted;
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

fn trailer_of(vehicle: &mut Vehicle) -> Option<plate::PlateRead> {
    if let Some(track) = vehicle.trailer.as_mut() {
        return track.read().cloned();
    }
    let track = vehicle.plate.as_mut()?;
    if track.is_trailer() {
        track.read().cloned()
    } else {
        None
    }
}
