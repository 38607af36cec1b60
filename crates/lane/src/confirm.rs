//! When something that looks like a plate becomes a vehicle, and which one.

use std::time::Duration;

use crate::lane::Lane;
use crate::likeness::Likeness;
use crate::span::{Fullness, Span};
use crate::track::Track;
use crate::vehicle::{Vehicle, progress};
use crate::{Event, KeyFrame, Moment, Outcome, View};

/// A candidate not seen for this long was noise.
const DROP_AFTER: Duration = Duration::from_secs(3);
/// Vehicles followed at most; more at once are noise.
const MOST_VEHICLES: usize = 8;
/// A plate first seen standing is believed after this long, if something large drove in.
const BROUGHT_FOR: Duration = Duration::from_secs(1);
/// A moving thing without a readable plate is a vehicle after this many sightings …
const WEAK_SIGHTINGS: u32 = 8;
/// … and this change of the logarithm of its width, when nobody knows whether the lane is full.
const WEAK_LN: f32 = 0.22;
/// Behind, in logarithms of width: seen from the start of the lane again.
const FROM_START_LN: f32 = 0.3;

/// Whose a plate is.
enum Kin {
    /// Already counted: painted once more on the body, or a glimpse of one that has left.
    Echo,
    PlateOf(usize),
    TrailerOf(usize),
    New,
}

impl Lane {
    /// Makes vehicles of the candidates that have shown enough, and drops old ones.
    pub(crate) fn confirm(&mut self, now: Moment) {
        let mut index = 0;
        while index < self.candidates.len() {
            let track = &self.candidates[index];
            if self.watch.saturating_sub(track.last_watch) > DROP_AFTER {
                let track = self.candidates.swap_remove(index);
                self.keep_weak(track);
                continue;
            }
            if track.last.at != now.at {
                index += 1;
                continue;
            }
            let resumed = self.resumes(index);
            if resumed.is_none() && !self.is_ready(index) {
                let path = &self.candidates[index].path;
                if !path.moved() && path.stood_for() >= self.settings.fixed_after {
                    let track = self.candidates.swap_remove(index);
                    self.fixed.learn(track, self.watch);
                } else {
                    index += 1;
                }
                continue;
            }
            let kin = resumed.map_or_else(|| self.kin(index, now), Kin::PlateOf);
            let full = self.vehicles.len() >= MOST_VEHICLES;
            match kin {
                Kin::Echo => index += 1,
                Kin::New if full => index += 1,
                Kin::PlateOf(vehicle) => {
                    self.vehicles[vehicle].plate = Some(self.candidates.swap_remove(index));
                }
                Kin::TrailerOf(vehicle) => {
                    self.vehicles[vehicle].trailer = Some(self.candidates.swap_remove(index));
                }
                Kin::New => {
                    let track = self.candidates.swap_remove(index);
                    self.enter(track);
                }
            }
        }
    }

    fn enter(&mut self, track: Track) {
        let id = self.new_id();
        let mut vehicle = Vehicle::new(id, track.first, self.watch);
        vehicle.last = track.last;
        vehicle.plate = Some(track);
        self.out.push(Event::Entered {
            vehicle: id,
            at: vehicle.entered,
        });
        self.vehicles.push(vehicle);
    }

    /// A vehicle of which no plate was seen: what `span` shows of it.
    pub(crate) fn enter_blank(&mut self, span: Span) {
        let id = self.new_id();
        let mut vehicle = Vehicle::new(id, span.since, self.watch);
        vehicle.last = span.last;
        vehicle.body = span.best.map(|(score, frame)| {
            let key = KeyFrame {
                frame,
                quad: None,
                read: None,
            };
            (score, key)
        });
        let of_span = |c: &Track| c.sightings >= 3 && c.path.moved();
        let mut weak = span.weak;
        while let Some(i) = self.candidates.iter().position(of_span) {
            let other = self.candidates.swap_remove(i);
            if weak.as_ref().is_none_or(|w| w.sightings < other.sightings) {
                weak = Some(other);
            }
        }
        vehicle.plate = weak;
        self.out.push(Event::Entered {
            vehicle: id,
            at: span.since,
        });
        self.vehicles.push(vehicle);
    }

    /// Keeps the best of what moved through an occupied lane without becoming a plate.
    fn keep_weak(&mut self, track: Track) {
        let Some(span) = self.watcher.span.as_mut() else {
            return;
        };
        let better = span
            .weak
            .as_ref()
            .is_none_or(|w| w.sightings < track.sightings);
        if track.sightings >= 3 && track.path.moved() && better {
            span.weak = Some(track);
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

    fn is_ready(&self, index: usize) -> bool {
        let track = &self.candidates[index];
        let age = track.last.at.since(track.first.at);
        if track.is_plate(&self.settings) {
            let brought = self.watcher.span.as_ref().is_some_and(|span| {
                let after = track.first.at + Duration::from_millis(500) >= span.since.at;
                !span.owned && span.drove_in() && after && age >= BROUGHT_FOR
            });
            return track.path.moved() || brought;
        }
        self.watcher.fullness() == Fullness::Unknown
            && track.path.moved()
            && track.sightings >= WEAK_SIGHTINGS
            && age >= BROUGHT_FOR
            && track.path.growth().ln().abs() >= WEAK_LN
            && !self.vehicles.iter().any(|v| v.is_visible(self.watch))
    }

    fn kin(&mut self, index: usize, now: Moment) -> Kin {
        let track = &mut self.candidates[index];
        let is_trailer = track.is_trailer();
        let Some(read) = track.read().cloned() else {
            return Kin::New;
        };
        let (first, width) = (track.first, track.path.first().width);
        let moved = track.path.moved();
        for vehicle in &mut self.vehicles {
            let same = vehicle
                .tracks()
                .filter_map(|t| Some(Likeness::of(t.read()?, &read).is_same()))
                .any(|same| same);
            if same {
                vehicle.alive = self.watch;
                return Kin::Echo;
            }
        }
        if self.has_just_left(&read, first, width, now) {
            return Kin::Echo;
        }
        if is_trailer {
            if let Some(host) = self.tractor_of(index) {
                return Kin::TrailerOf(host);
            }
        }
        let near = width >= self.near_px();
        let fits = self.settings.view == View::Rear || !moved || near;
        let blank = |v: &Vehicle| v.plate.is_none() && v.known.is_none();
        match self.vehicles.iter().position(blank) {
            Some(vehicle) if fits => Kin::PlateOf(vehicle),
            _ => Kin::New,
        }
    }

    /// Whether a plate first seen at `first` with `width` is a glimpse of a vehicle that left.
    fn has_just_left(
        &mut self,
        read: &plate::PlateRead,
        first: Moment,
        width: f32,
        now: Moment,
    ) -> bool {
        let settings = &self.settings;
        let from = progress(width, settings.view);
        let watched = self.watcher.fullness() != Fullness::Unknown;
        for gone in &mut self.gone {
            if !Likeness::of(&gone.read, read).is_same() {
                continue;
            }
            let away = first.at.since(gone.last.at);
            let from_start =
                gone.progress - from > FROM_START_LN || gone.outcome == Outcome::BackedOut;
            let hidden = gone.hidden && watched;
            let again =
                away >= settings.forget_after || (from_start && away >= settings.rearm_after);
            if !again || hidden {
                gone.last = now;
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
        let known = self.watcher.fullness() != Fullness::Unknown;
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
