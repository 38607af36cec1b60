//! Whose a plate is: a new vehicle's, or one that is known already.

use std::time::Duration;

use passage::Outcome;

use crate::lane::Lane;
use crate::likeness::Likeness;
use crate::occupancy::meter::LaneState;
use crate::path::{Spot, seconds};
use crate::track::Track;
use crate::vehicle::{Vehicle, progress};
use crate::{Moment, View};

/// Behind, in logarithms of width: seen from the start of the lane again.
const FROM_START_LN: f32 = 0.3;

/// Seen to come along the lane by this, in logarithms of width.
const COMES_LN: f32 = 0.15;

/// A plate that appears this soon where another was lost, and not behind it, may be the same
/// even if a character differs.
const AGAIN_S: f32 = 3.0;
const AGAIN_BACK_LN: f32 = 0.1;
/// A plate that was covered for a moment comes out at most this much nearer; letters painted on
/// the body are larger.
const COVERED_LN: f32 = 0.6;

/// What is higher in the picture is further away; if it is this much wider than a plate lower down
/// all the same, in logarithms, it is no plate of a vehicle behind that one …
const WIDER_LN: f32 = 0.2;
/// … and within this many of its own widths of it, it is part of that vehicle: a grille, a name.
const ABOVE_WIDTHS: f32 = 1.5;

/// Whose a plate is.
pub(crate) enum PlateOwner {
    /// Already counted: painted once more on the body, a part of it that reads like a plate, or a
    /// glimpse of one that has left.
    Echo,
    /// Of a vehicle whose plate was lost a moment ago, misread before or now.
    Again(usize),
    /// Of a vehicle that showed none, or only what turns out to be none.
    PlateOf(usize),
    TrailerOf(usize),
    New,
}

impl Lane {
    /// Whose plate a candidate is that has shown enough.
    pub(crate) fn owner_of(&mut self, index: usize, now: Moment) -> PlateOwner {
        let track = &mut self.candidates[index];
        let is_trailer = track.is_trailer();
        let Some(read) = track.read().cloned() else {
            return PlateOwner::New;
        };
        let (first, width) = ((track.first, track.first_watch), track.path.first().width);
        let (forth, _) = track.path.forth_and_back(self.settings.view == View::Front);
        let moved = track.path.moved();
        let spot = track.path.first();
        for (i, vehicle) in self.vehicles.iter_mut().enumerate() {
            let same = vehicle
                .tracks()
                .filter_map(|t| Some(Likeness::of(t.read()?, &read).is_same()))
                .any(|same| same);
            if same {
                vehicle.alive = self.watch;
                let came_out = vehicle.plate.as_ref().is_some_and(|lost| {
                    let nearer = (spot.width / lost.path.last().width).ln();
                    first.0.at > lost.last.at && (-AGAIN_BACK_LN..COVERED_LN).contains(&nearer)
                });
                return if came_out {
                    PlateOwner::Again(i)
                } else {
                    PlateOwner::Echo
                };
            }
        }
        if let Some(owner) = self.same_body(index) {
            return owner;
        }
        if self.has_just_left(&read, first, (width, forth), now) {
            return PlateOwner::Echo;
        }
        if let Some(vehicle) = self.lost_here(index, &read) {
            return PlateOwner::Again(vehicle);
        }
        if is_trailer && let Some(host) = self.tractor_of(index) {
            return PlateOwner::TrailerOf(host);
        }
        let near = width >= self.near_px();
        let fits = self.settings.view == View::Rear || !moved || near;
        let plateless = |v: &Vehicle| v.plate.is_none() && v.known.is_none();
        match self.vehicles.iter().position(plateless) {
            Some(vehicle) if fits => PlateOwner::PlateOf(vehicle),
            _ => PlateOwner::New,
        }
    }

    /// The vehicle that was lost where this plate appeared, if they resemble each other.
    fn lost_here(&mut self, index: usize, read: &plate::PlateRead) -> Option<usize> {
        let view = self.settings.view;
        let track = &self.candidates[index];
        let (first, spot) = (track.first, track.path.first());
        self.vehicles.iter_mut().position(|vehicle| {
            let Some(lost) = vehicle.plate.as_mut() else {
                return false;
            };
            let gone_s = seconds(first.at, lost.last.at);
            let there = lost.path.last();
            let back = progress(there.width, view) - progress(spot.width, view);
            first.at > lost.last.at
                && gone_s <= AGAIN_S
                && back <= AGAIN_BACK_LN
                && spot.off(&there).0 <= 1.0 + 1.5 * gone_s
                && lost
                    .read()
                    .is_some_and(|r| Likeness::of(r, read).is_alike())
        })
    }

    /// Whether a candidate and what was taken for a vehicle's plate are parts of one body; the one
    /// that is surely read is the plate.
    fn same_body(&mut self, index: usize) -> Option<PlateOwner> {
        let (settings, watch) = (&self.settings, self.watch);
        let seen = &mut self.candidates[index];
        let sure = seen.is_accepted(settings);
        let here = seen.path.last();
        let mut visible = self.vehicles.iter_mut().enumerate();
        visible.find_map(|(i, vehicle)| {
            if !vehicle.is_visible(watch) {
                return None;
            }
            let known = vehicle.plate.as_mut()?;
            let there = known.path.last();
            if sure {
                let corrects = is_above(&there, &here) && !known.is_accepted(settings);
                return corrects.then_some(PlateOwner::PlateOf(i));
            }
            // While neither is sure nobody knows which of the two is the plate: the second waits.
            let undecided = is_above(&there, &here) && !known.is_accepted(settings);
            (is_above(&here, &there) || undecided).then_some(PlateOwner::Echo)
        })
    }

    /// Whether a plate first seen at `first` with `width`, that has come `forth` since, is a glimpse
    /// of a vehicle that left.
    fn has_just_left(
        &mut self,
        read: &plate::PlateRead,
        (first, first_watch): (Moment, Duration),
        (width, forth): (f32, f32),
        now: Moment,
    ) -> bool {
        let settings = &self.settings;
        let from = progress(width, settings.view);
        let watched = self.meter.state() != LaneState::Unknown;
        for gone in &mut self.departed {
            if !Likeness::of(&gone.read, read).is_same() {
                continue;
            }
            let away = first.at.since(gone.last.at);
            let from_start =
                gone.progress - from > FROM_START_LN || gone.outcome == Outcome::BackedOut;
            let hidden = gone.hidden && watched;
            let watched_away = first_watch.saturating_sub(gone.last_watch);
            // What was seen to leave a lane that was clear since cannot have waited in it: what comes
            // along it comes anew, however near it was before its plate was found.
            let left = gone.outcome == Outcome::Passed;
            let clear_since = left && watched && !gone.hidden && away >= settings.rearm_after;
            if clear_since && forth < COMES_LN && !from_start {
                return true;
            }
            let again = watched_away >= settings.forget_after
                || clear_since
                || (from_start && away >= settings.rearm_after);
            if !again || hidden {
                (gone.last, gone.last_watch) = (now, self.watch);
                return true;
            }
        }
        false
    }

    /// The vehicle that pulls the trailer with this plate.
    ///
    /// Seen from the front, a trailer's plate comes after its tractor's with no gap between
    /// them, and no other vehicle shows a trailer's plate. Seen from the rear, the next vehicle
    /// may be nothing but a trailer; there both plates have to be seen at once, at one distance.
    fn tractor_of(&mut self, index: usize) -> Option<usize> {
        let track = &self.candidates[index];
        let (first, width) = (track.first, track.path.last().width);
        let settings = &self.settings;
        let known = self.meter.state() != LaneState::Unknown;
        let (watch, view) = (self.watch, settings.view);
        let mut best: Option<(f32, usize)> = None;
        for (i, vehicle) in self.vehicles.iter_mut().enumerate() {
            let has_own = vehicle.plate.as_mut().is_some_and(Track::is_trailer);
            if vehicle.trailer.is_some() || has_own || vehicle.entered.at > first.at {
                continue;
            }
            let visible = vehicle.is_visible(watch);
            let recent = watch.saturating_sub(vehicle.alive) <= settings.trailer_within;
            let plate_px = vehicle.plate.as_ref().map(|t| t.path.last().width);
            let joined = match view {
                View::Front => visible || if known { vehicle.hidden } else { recent },
                View::Rear => visible && plate_px.is_some_and(|w| (w / width).ln().abs() <= 0.5),
            };
            let along = vehicle.progress(view).unwrap_or(f32::MIN);
            if joined && best.is_none_or(|b| along > b.0) {
                best = Some((along, i));
            }
        }
        best.map(|b| b.1)
    }
}

/// Whether `thing` is part of the vehicle with the plate at `plate`, see [`WIDER_LN`].
fn is_above(thing: &Spot, plate: &Spot) -> bool {
    (thing.width / plate.width).ln() >= WIDER_LN
        && thing.center.y < plate.center.y
        && thing.off(plate).0 <= ABOVE_WIDTHS
}
