//! What one frame adds to the plates and vehicles that are followed.

use std::time::Duration;

use frame::Frame;

use crate::follow;
use crate::lane::Lane;
use crate::leave::NEARLY;
use crate::occupancy::meter::LaneState;
use crate::track::Track;
use crate::vehicle::Vehicle;
use crate::{Moment, NotCountedRule, Observation, View};

/// Plates followed at most that are not yet vehicles.
const MOST_CANDIDATES: usize = 12;
/// What fills the lane this long after a plate was last seen is still its vehicle; later it may be
/// the next one, and a photo must not show another vehicle.
const BODY_WITHIN: Duration = Duration::from_secs(2);
/// Seen from behind, a vehicle is whole in the picture when its plate has this share of the width
/// that it had at the nearest.
const WHOLE: f32 = 0.8;

impl Lane {
    /// Gives this frame's sightings to the plates they belong to.
    pub(crate) fn follow(&mut self, seen: &Observation) {
        let (frame, watch, view) = (&seen.frame, self.watch, self.settings.view);
        let mut sightings = follow::readable(seen, &self.settings);
        for sighting in &mut sightings {
            self.fixed.mark(sighting, watch, self.settings.fixed_after);
        }
        let vehicles = self.vehicles.iter_mut().flat_map(Vehicle::tracks);
        let (mut lost, mut followed): (Vec<&mut Track>, Vec<_>) = vehicles
            .chain(&mut self.candidates)
            .partition(|track| follow::is_lost(track, frame));
        let mut left = follow::assign(&mut followed, sightings, frame, watch, view);
        // What is fixed stays so, however much it resembles a plate that was lost.
        let fixed_after = self.settings.fixed_after;
        left.retain(|s| !self.fixed.is_one(s, frame, watch, fixed_after));
        let left = follow::assign(&mut lost, left, frame, watch, view);
        for track in self.vehicles.iter_mut().flat_map(Vehicle::tracks) {
            if track.last.at == frame.at {
                self.fixed.passed(&track.path.last());
            }
        }
        for sighting in left {
            let track = match self.fixed.wake(&sighting, watch) {
                Some(mut track) => {
                    track.add(frame, watch, &sighting);
                    track
                }
                None => Track::new(frame, watch, &sighting),
            };
            self.add_candidate(track);
        }
    }

    /// Follows `track` too. When too much is followed already, what was never surely read makes room
    /// for what is, the one seen longest ago first.
    fn add_candidate(&mut self, mut track: Track) {
        if self.candidates.len() >= MOST_CANDIDATES {
            let unsure = (0..self.candidates.len())
                .filter(|&i| track.was_sure() && !self.candidates[i].was_sure())
                .min_by_key(|&i| self.candidates[i].last_watch);
            if let Some(i) = unsure {
                std::mem::swap(&mut self.candidates[i], &mut track);
            }
            self.tell_not_counted(&mut track, NotCountedRule::Crowd);
            return;
        }
        self.candidates.push(track);
    }

    /// Notes what this frame shows of the vehicles and of the lane between them.
    pub(crate) fn look_after(&mut self, seen: &Observation, now: Moment) {
        let state = self.meter.state();
        let watch = self.watch;
        if state == LaneState::Clear {
            self.departed.iter_mut().for_each(|g| g.hidden = false);
        }
        let near = self.near_px();
        let mut owned = false;
        for vehicle in &mut self.vehicles {
            let plateless = vehicle.plate.is_none() && vehicle.known.is_none();
            if vehicle.tracks().any(|t| t.last.at == now.at)
                || (plateless && state == LaneState::Occupied)
            {
                (vehicle.alive, vehicle.last, vehicle.hidden) = (watch, now, true);
            } else if state == LaneState::Clear {
                vehicle.hidden = false;
            }
            let wide = |t: &Track| t.path.last().width >= NEARLY * near;
            owned |= vehicle.is_visible(watch)
                && (self.settings.view == View::Rear || vehicle.plate.as_ref().is_some_and(wide));
        }
        if owned {
            self.meter.own();
        }
        let occupied = seen.presence.map(|p| p.occupied).filter(|o| o.is_finite());
        self.offer_bodies(&seen.frame, occupied);
    }

    fn offer_bodies(&mut self, frame: &Frame, occupied: Option<f32>) {
        let watch = self.watch;
        let anyone = self.vehicles.iter().any(|v| v.is_visible(self.watch));
        for index in 0..self.vehicles.len() {
            let front = self.is_front(index);
            let vehicle = &mut self.vehicles[index];
            let plate = vehicle.plate.as_ref();
            let now = plate.is_some_and(|t| t.last.at == frame.at);
            let width = plate.map_or(0.0, |t| t.path.last().width / self.picture_width);
            let rear = plate.filter(|_| self.settings.view == View::Rear);
            let score = match (rear, occupied) {
                // What fills more of the picture later is the next vehicle.
                (Some(t), _) => whole_from_behind(t.path.last().width, t.path.widest()),
                (None, Some(share)) => share + if now { 0.1 } else { 0.0 },
                (None, None) => width,
            };
            let just_passed =
                plate.is_some_and(|t| watch.saturating_sub(t.last_watch) <= BODY_WITHIN);
            let its_body =
                rear.is_none() && !anyone && vehicle.hidden && occupied.is_some() && just_passed;
            let plateless = plate.is_none() && vehicle.known.is_none();
            if front && (now || its_body || plateless) {
                vehicle.offer_body(frame, score, now);
            }
        }
    }
}

/// How well a vehicle is seen from behind while its plate has this width, at most 1.
pub(crate) fn whole_from_behind(width: f32, widest: f32) -> f32 {
    1.0 - (width / (WHOLE * widest)).ln().abs()
}
