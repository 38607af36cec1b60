//! Where a plate has been: position and width over time.

use std::collections::VecDeque;
use std::time::Duration;

use frame::{MonoTime, Point};

mod spot;
mod whole;

pub(crate) use spot::{Spot, seconds};
pub(crate) use whole::WholeReads;

/// Places remembered for speed and smoothing.
const RECENT: usize = 12;
/// Places averaged against the jitter of corners.
const SMOOTH: usize = 3;
/// A speed is believed this far ahead.
const AHEAD_S: f32 = 0.6;
/// Further from the first place than this, in plate widths and at least in pixels, is a move …
const MOVED_WIDTHS: f32 = 0.2;
const MOVED_PX: f32 = 12.0;
/// … as is this change of the logarithm of the width …
const MOVED_LN: f32 = 0.18;
/// … in this many sightings in a row: a camera shaken by a truck swings back, and one swing is in
/// as many averages as there are places in each.
const MOVED_TIMES: u32 = SMOOTH as u32 + 1;
/// What moves is seen at this many places one after the other without coming back to one of them.
/// Two places alone may be two rows of a board, each found now and then: the eye hops from one to
/// the other when something covers the first.
const MOVED_PLACES: usize = 3;
/// A plate that stays within this of one place stands.
const STAND_WIDTHS: f32 = 0.15;
const STAND_LN: f32 = 0.1;
/// A plate that came this far, as a change of the logarithm of its width, and went back to where it
/// came from has left …
const CAME_LN: f32 = 0.3;
/// … even if it stops a little short of there …
const SHORT_LN: f32 = 0.15;
/// … and what comes this far from there is coming anew.
const ANEW_LN: f32 = 0.12;
/// A plate that went this far in its last half second was on its way.
const GOING_WIDTHS: f32 = 0.05;
const GOING_LN: f32 = 0.05;

/// The way of one plate.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    recent: VecDeque<Spot>,
    first: Spot,
    count: u32,
    /// Where it stood, or began to move from.
    rest: Spot,
    away: u32,
    /// The places passed one after the other; coming back to one forgets those after it.
    places: Vec<Spot>,
    moved: bool,
    widest: f32,
    narrowest: f32,
    /// The narrowest since it was widest, and the widest since it was narrowest, in pixels.
    shrunk: f32,
    grown: f32,
}

impl Path {
    pub(crate) fn new(spot: Spot) -> Self {
        Self {
            recent: VecDeque::from([spot]),
            first: spot,
            count: 1,
            rest: spot,
            away: 0,
            places: vec![spot],
            moved: false,
            widest: spot.width,
            narrowest: spot.width,
            shrunk: spot.width,
            grown: spot.width,
        }
    }

    pub(crate) fn add(&mut self, spot: Spot) {
        let smooth = self.go_on(spot);
        let partly_hidden = smooth.is_part_or_rest_of(&self.first);
        self.away = if is_elsewhere(&smooth, &self.first) && !partly_hidden {
            self.away + 1
        } else {
            0
        };
        self.visit(spot);
        self.moved |= self.away >= MOVED_TIMES && self.places.len() >= MOVED_PLACES;
    }

    /// Goes on at `spot`, where a fixed thing is known: that is no move. The eye hops to a further row of a board when
    /// something covers the one before.
    pub(crate) fn add_fixed(&mut self, spot: Spot) {
        self.go_on(spot);
    }

    /// Takes the next place, and gives where it is by now, smoothed.
    fn go_on(&mut self, spot: Spot) -> Spot {
        self.count += 1;
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(spot);
        let smooth = self.last();
        if self.count as usize <= SMOOTH {
            self.first = Spot {
                at: self.first.at,
                ..smooth
            };
            (self.widest, self.narrowest) = (smooth.width, smooth.width);
        }
        self.reach(smooth.width);
        let (widths, scale) = smooth.off(&self.rest);
        if widths > STAND_WIDTHS || scale > STAND_LN {
            self.rest = Spot {
                at: spot.at,
                ..smooth
            };
        }
        smooth
    }

    fn visit(&mut self, spot: Spot) {
        let here = |p: &Spot| !is_elsewhere(&spot, p) || spot.is_part_or_rest_of(p);
        match self.places.iter().position(here) {
            Some(place) => self.places.truncate(place + 1),
            None if self.places.len() < MOVED_PLACES => self.places.push(spot),
            None => {}
        }
    }

    fn reach(&mut self, width: f32) {
        if width >= self.widest {
            (self.widest, self.shrunk) = (width, width);
        }
        if width <= self.narrowest {
            (self.narrowest, self.grown) = (width, width);
        }
        (self.shrunk, self.grown) = (self.shrunk.min(width), self.grown.max(width));
    }

    /// Goes on where `later` is.
    pub(crate) fn join(&mut self, later: &Self) {
        if later.widest >= self.widest {
            (self.widest, self.shrunk) = (later.widest, later.shrunk);
        } else {
            self.shrunk = self.shrunk.min(later.narrowest);
        }
        if later.narrowest <= self.narrowest {
            (self.narrowest, self.grown) = (later.narrowest, later.grown);
        } else {
            self.grown = self.grown.max(later.widest);
        }
        self.count += later.count;
        self.moved |= later.moved;
        (self.rest, self.away) = (later.rest, later.away);
        self.recent.clone_from(&later.recent);
    }

    /// The newest place, smoothed.
    pub(crate) fn last(&self) -> Spot {
        self.mean(self.recent.len().saturating_sub(SMOOTH)..self.recent.len())
    }

    /// The first place.
    pub(crate) fn first(&self) -> Spot {
        self.first
    }

    fn mean(&self, range: std::ops::Range<usize>) -> Spot {
        let (mut x, mut y, mut width, mut height, mut n) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let mut at = self.first.at;
        for spot in self.recent.range(range) {
            x += spot.center.x;
            y += spot.center.y;
            width += spot.width;
            height += spot.height;
            at = spot.at;
            n += 1.0;
        }
        let n = f32::max(n, 1.0);
        Spot {
            at,
            center: Point::new(x / n, y / n),
            width: (width / n).max(1.0),
            height: (height / n).max(1.0),
        }
    }

    /// Where it should be at `at`, from the newest place and the speed of the last half second.
    pub(crate) fn expected(&self, at: MonoTime) -> Spot {
        let newest = self.recent[self.recent.len() - 1];
        let earlier = self
            .recent
            .iter()
            .rev()
            .find(|s| seconds(newest.at, s.at) >= 0.3)
            .unwrap_or(&self.recent[0]);
        let span = seconds(newest.at, earlier.at);
        if !(0.05..=1.0).contains(&span) {
            return newest;
        }
        let share = seconds(at, newest.at).min(AHEAD_S) / span;
        let step = |now: f32, before: f32| now + (now - before) * share;
        Spot {
            at,
            center: Point::new(
                step(newest.center.x, earlier.center.x),
                step(newest.center.y, earlier.center.y),
            ),
            width: step(newest.width, earlier.width).clamp(newest.width * 0.5, newest.width * 2.0),
            height: newest.height,
        }
    }

    /// How far it has come, in widths, and how much it has grown or shrunk on the way, as a
    /// logarithm: both are about 0 for what stands and grow with every metre of the lane.
    pub(crate) fn way(&self) -> f32 {
        let (widths, _) = self.last().off(&self.first);
        widths + (self.widest / self.narrowest).ln()
    }

    /// The widest it has been, in pixels.
    pub(crate) fn widest(&self) -> f32 {
        self.widest
    }

    /// It was read whole elsewhere: see [`WholeReads`].
    pub(crate) fn set_moved(&mut self) {
        self.moved = true;
    }

    /// Whether it ever left its first place.
    pub(crate) fn moved(&self) -> bool {
        self.moved
    }

    /// For how long it had stood when last seen.
    pub(crate) fn stood_for(&self) -> Duration {
        self.recent[self.recent.len() - 1].at.since(self.rest.at)
    }

    /// Whether it was on its way when last seen.
    pub(crate) fn going(&self) -> bool {
        let (newest, n) = (self.recent[self.recent.len() - 1], self.recent.len());
        let now = self.mean(n.saturating_sub(2)..n);
        let old = |s: &&Spot| seconds(newest.at, s.at) >= 0.4;
        let Some(before) = self.recent.iter().rev().find(old) else {
            return n > 1;
        };
        let (widths, scale) = now.off(before);
        widths > GOING_WIDTHS || scale > GOING_LN
    }

    /// Whether it was going backwards when last seen. `grows` says which way is forward.
    pub(crate) fn going_back(&self, grows: bool) -> bool {
        let n = self.recent.len();
        let (now, before) = (self.mean(n.saturating_sub(2)..n), self.mean(0..n.min(2)));
        let grown = (now.width / before.width).ln();
        n == RECENT && if grows { -grown } else { grown } > GOING_LN
    }

    /// Width when last seen over width when first seen.
    pub(crate) fn growth(&self) -> f32 {
        self.last().width / self.first.width
    }

    /// How far it went along its way and how far of that it went back, both as logarithms of
    /// width ratios. `grows` says which way is forward.
    pub(crate) fn forth_and_back(&self, grows: bool) -> (f32, f32) {
        let furthest = if grows { self.widest } else { self.narrowest };
        let forth = further(furthest, self.first.width, grows);
        (forth, further(furthest, self.last().width, grows))
    }

    /// Whether it had gone back to where it came from and `spot` comes from there.
    pub(crate) fn left_before(&self, spot: &Spot, grows: bool) -> bool {
        let (furthest, back) = if grows {
            (self.widest, self.shrunk)
        } else {
            (self.narrowest, self.grown)
        };
        further(furthest, self.first.width, grows) >= CAME_LN
            && further(back, self.first.width, grows) <= SHORT_LN
            && further(spot.width, back, grows) >= ANEW_LN
    }
}

/// Whether `spot` is further from `first` than jitter, in place or size.
fn is_elsewhere(spot: &Spot, first: &Spot) -> bool {
    let (_, scale) = spot.off(first);
    let px = spot.center.distance(first.center);
    px > (MOVED_WIDTHS * first.width).max(MOVED_PX) || scale > MOVED_LN
}

/// How much further along the way a plate of this width is, as a logarithm.
fn further(width: f32, than: f32, grows: bool) -> f32 {
    let grown = (width / than).ln();
    if grows { grown } else { -grown }
}

#[cfg(test)]
mod tests;
