//! When something that looks like a plate becomes a vehicle, and which one.

use std::time::Duration;

use crate::lane::Lane;
use crate::leave::NEARLY;
use crate::likeness::Likeness;
use crate::look::whole_from_behind;
use crate::occupancy::Occupancy;
use crate::occupancy::meter::LaneState;
use crate::plate_owner::PlateOwner;
use crate::track::Track;
use crate::vehicle::Vehicle;
use crate::{KeyFrame, LaneEvent, LaneSettings, Moment, NotCountedRule, View};

/// A candidate not seen for this long was noise.
const DROP_AFTER: Duration = Duration::from_secs(3);
/// Vehicles followed at most; more at once are noise.
const MOST_VEHICLES: usize = 6;
/// A plate first seen standing is believed after this long, if something large drove in …
const BROUGHT_FOR: Duration = Duration::from_secs(1);
/// … and its weakest character has this probability: headlights make a sign beside the lane
/// legible at the very moment when a vehicle comes, but it fits no plate's grammar.
const BROUGHT_CONFIDENCE: f32 = 0.97;
/// … and it was first seen at most this long before the lane filled.
const CAME_BEFORE: Duration = Duration::from_millis(500);
/// A moving thing without a readable plate is a vehicle after this many sightings …
const WEAK_SIGHTINGS: u32 = 8;
/// … and this change of the logarithm of its width, when nobody knows whether the lane is full.
const WEAK_LN: f32 = 0.22;
impl Lane {
    /// Makes vehicles of the candidates that have shown enough, and drops old ones.
    pub(crate) fn confirm(&mut self, now: Moment) {
        let mut index = 0;
        while index < self.candidates.len() {
            let track = &self.candidates[index];
            if self.watch.saturating_sub(track.last_watch) > DROP_AFTER {
                let track = self.candidates.swap_remove(index);
                self.forget(track);
                continue;
            }
            if track.last.at != now.at {
                index += 1;
                continue;
            }
            // What was covered when it was first seen may turn out to be a thing that is known.
            let track = &self.candidates[index];
            if !track.path.moved() && self.fixed.is_known(track, self.watch) {
                let mut track = self.candidates.swap_remove(index);
                self.tell_not_counted(&mut track, NotCountedRule::Fixed);
                continue;
            }
            let resumed = self.resumes(index);
            if resumed.is_none() && !self.is_ready(index) {
                let path = &self.candidates[index].path;
                if !path.moved() && path.stood_for() >= self.settings.fixed_after {
                    let mut track = self.candidates.swap_remove(index);
                    self.tell_not_counted(&mut track, NotCountedRule::Fixed);
                    track.drop_heads();
                    self.fixed.learn(track, self.watch);
                } else {
                    index += 1;
                }
                continue;
            }
            if let Some(fixed) = self.fixed.was(&self.candidates[index]) {
                let track = &mut self.candidates[index];
                (track.first, track.first_watch) = (fixed.first, fixed.first_watch);
            }
            let owner = resumed.map_or_else(|| self.owner_of(index, now), PlateOwner::PlateOf);
            let full = self.vehicles.len() >= MOST_VEHICLES;
            match owner {
                PlateOwner::Echo => {
                    self.candidates[index].held_back = Some(NotCountedRule::Echo);
                    index += 1;
                }
                PlateOwner::New if full => {
                    self.candidates[index].held_back = Some(NotCountedRule::Crowd);
                    index += 1;
                }
                PlateOwner::Again(vehicle) => {
                    let again = self.candidates.swap_remove(index);
                    if let Some(track) = self.vehicles[vehicle].plate.as_mut() {
                        track.join(again);
                    }
                }
                PlateOwner::PlateOf(vehicle) => {
                    self.vehicles[vehicle].plate = Some(self.candidates.swap_remove(index));
                }
                PlateOwner::TrailerOf(vehicle) => {
                    self.vehicles[vehicle].trailer = Some(self.candidates.swap_remove(index));
                }
                PlateOwner::New => {
                    let track = self.candidates.swap_remove(index);
                    self.enter(track);
                }
            }
        }
    }

    fn enter(&mut self, mut track: Track) {
        let id = self.new_id();
        let mut vehicle = Vehicle::new(id, track.first, self.watch);
        vehicle.last = track.last;
        // Seen from behind it is nearest before it is known to be a vehicle.
        if self.settings.view == View::Rear
            && let Some(head) = track.head()
            && let Some(quad) = head.quad
        {
            let width = quad.width();
            let score = whole_from_behind(width, track.path.widest().max(width));
            vehicle.body = Some((score, KeyFrame { read: None, ..head }));
        }
        vehicle.plate = Some(track);
        self.out.push(LaneEvent::Entered {
            vehicle: id,
            at: vehicle.entered,
        });
        self.vehicles.push(vehicle);
    }

    /// A vehicle of which no plate was seen: what `occupancy` shows of it. Once it `has_gone`, a thing
    /// that is still seen is the next vehicle's.
    pub(crate) fn enter_plateless(&mut self, occupancy: Occupancy, has_gone: bool) {
        let id = self.new_id();
        let mut vehicle = Vehicle::new(id, occupancy.since, self.watch);
        vehicle.last = occupancy.last;
        vehicle.body = occupancy.best.map(|(score, frame)| {
            let key = KeyFrame {
                frame,
                quad: None,
                read: None,
            };
            (score, key)
        });
        let settings = &self.settings;
        let last = self.last;
        let is_seen = |c: &Track| last.is_some_and(|l| c.last.at == l.at);
        let of_span = |c: &Track| is_weak(c, settings) && !(has_gone && is_seen(c));
        // What was surely read near by while the lane was filled, and went with it, was no sign, even
        // if it was seen too shortly to be known to have moved.
        let near = NEARLY * self.near_px();
        let went_with_it = |c: &mut Track| {
            let there = came_with(c, occupancy.since) && c.last.at <= occupancy.last.at;
            let gone = has_gone && self.watch.saturating_sub(c.last_watch) >= settings.clear_for;
            gone && there && c.path.last().width >= near && is_brought(c, settings)
        };
        if let Some(i) = self.candidates.iter_mut().position(went_with_it) {
            vehicle.plate = Some(self.candidates.swap_remove(i));
        }
        let mut weak = occupancy.weak;
        while let Some(i) = self.candidates.iter().position(of_span) {
            let other = self.candidates.swap_remove(i);
            if weak
                .as_ref()
                .is_none_or(|w| w.path.way() < other.path.way())
            {
                weak = Some(other);
            }
        }
        vehicle.plate = vehicle.plate.or(weak);
        self.out.push(LaneEvent::Entered {
            vehicle: id,
            at: occupancy.since,
        });
        self.vehicles.push(vehicle);
    }

    /// Nobody will look for the candidates any more.
    pub(crate) fn forget_candidates(&mut self) {
        for track in std::mem::take(&mut self.candidates) {
            self.forget(track);
        }
    }

    /// `track` was lost from sight without becoming a vehicle's.
    fn forget(&mut self, mut track: Track) {
        if track.path.moved() {
            self.tell_not_counted(&mut track, NotCountedRule::Weak);
            self.keep_weak(track);
        } else if track.last.at.since(track.first.at) >= self.settings.fixed_after {
            // A sign that something passes before, known for long and then covered.
            self.tell_not_counted(&mut track, NotCountedRule::Fixed);
            track.drop_heads();
            self.fixed.learn(track, self.watch);
        } else {
            self.tell_not_counted(&mut track, NotCountedRule::Glimpse);
            self.fixed.glimpse(&track, self.watch);
        }
    }

    /// Keeps the best of what moved through an occupied lane without becoming a plate.
    fn keep_weak(&mut self, track: Track) {
        let Some(occupancy) = self.meter.occupancy.as_mut() else {
            return;
        };
        // A sign that was half covered for long is seen more often than the plate that came.
        let better = |w: &Track| w.path.way() < track.path.way();
        if is_weak(&track, &self.settings) && occupancy.weak.as_ref().is_none_or(better) {
            occupancy.weak = Some(track);
        }
    }

    /// The passage taken over that this plate continues.
    fn resumes(&mut self, index: usize) -> Option<usize> {
        let track = &mut self.candidates[index];
        if !track.is_plate(&self.settings) {
            return None;
        }
        let read = track.read()?;
        self.vehicles.iter().position(|v| {
            let known = v.known.as_ref().filter(|_| v.plate.is_none());
            known.is_some_and(|k| Likeness::of(k, read).is_alike())
        })
    }

    fn is_ready(&mut self, index: usize) -> bool {
        let track = &mut self.candidates[index];
        let age = track.last.at.since(track.first.at);
        if track.is_plate(&self.settings) {
            let brought = self.meter.occupancy.as_ref().is_some_and(|occupancy| {
                let came = came_with(track, occupancy.since);
                !occupancy.owned && occupancy.drove_in() && came && age >= BROUGHT_FOR
            }) && !self.fixed.is_about(track);
            return track.path.moved() || (brought && is_brought(track, &self.settings));
        }
        self.meter.state() == LaneState::Unknown
            && track.path.moved()
            && track.sightings >= WEAK_SIGHTINGS
            && age >= BROUGHT_FOR
            && track.path.growth().ln().abs() >= WEAK_LN
            && !self.vehicles.iter().any(|v| v.is_visible(self.watch))
    }
}

/// Whether `track` was not there long before the lane filled.
fn came_with(track: &Track, since: Moment) -> bool {
    track.first.at + CAME_BEFORE >= since.at
}

/// Whether a plate that was not seen to move is read so surely that it is believed.
fn is_brought(track: &mut Track, settings: &LaneSettings) -> bool {
    track.is_plate(settings)
        && track
            .read()
            .is_some_and(|r| r.confidence >= BROUGHT_CONFIDENCE)
}

/// A thing that moved like a plate and could not be read. What could be read and is no vehicle
/// is the glimpse of one, and tells nothing of another.
fn is_weak(track: &Track, settings: &LaneSettings) -> bool {
    track.sightings >= 3 && track.path.moved() && !track.is_plate(settings)
}
