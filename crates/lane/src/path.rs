//! Where a plate has been: position and width over time.

use std::collections::VecDeque;
use std::time::Duration;

use frame::{MonoTime, Point, Quad};

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
/// What lies within this much of its first width on either side, as high as then, was covered from
/// one side by something before it; a vehicle that drives away sinks or rises as it shrinks.
const PART_WIDTHS: f32 = 0.6;
const PART_LEVEL: f32 = 0.1;
/// What grows to one side only, its other side within this of where it was, comes out from behind
/// something; a vehicle that comes grows to both sides or leaves the spot.
const SIDE_WIDTHS: f32 = 0.08;
/// A plate that stays within this of one place stands.
const STAND_WIDTHS: f32 = 0.15;
const STAND_LN: f32 = 0.1;
/// A plate that went this far in its last half second was on its way.
const GOING_WIDTHS: f32 = 0.05;
const GOING_LN: f32 = 0.05;

/// Centre and width of a plate at one time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    pub(crate) at: MonoTime,
    pub(crate) center: Point,
    pub(crate) width: f32,
}

impl Spot {
    pub(crate) fn of(quad: &Quad, at: MonoTime) -> Self {
        Self {
            at,
            center: quad.center(),
            width: quad.width().max(1.0),
        }
    }

    /// Distance in widths of the wider one, and difference of the logarithms of the widths.
    pub(crate) fn off(&self, other: &Self) -> (f32, f32) {
        let widths = self.center.distance(other.center) / self.width.max(other.width);
        (widths, (self.width / other.width).ln().abs())
    }

    /// Whether it is what can still be seen of `whole` where that was.
    fn remains_of(&self, whole: &Self) -> bool {
        let aside = (self.center.x - whole.center.x).abs() + self.width / 2.0;
        self.width < whole.width && aside <= PART_WIDTHS * whole.width && self.is_level_with(whole)
    }

    /// Whether it shows more to one side of what was seen of `part` there.
    fn uncovers(&self, part: &Self) -> bool {
        let edge = |spot: &Self, side: f32| spot.center.x + side * spot.width / 2.0;
        let keeps = |side| (edge(self, side) - edge(part, side)).abs() <= SIDE_WIDTHS * self.width;
        self.width > part.width && (keeps(-1.0) || keeps(1.0)) && self.is_level_with(part)
    }

    fn is_level_with(&self, other: &Self) -> bool {
        let higher = (self.center.y - other.center.y).abs();
        higher <= PART_LEVEL * self.width.max(other.width)
    }
}

/// Seconds from `earlier` to `later`.
pub(crate) fn seconds(later: MonoTime, earlier: MonoTime) -> f32 {
    later.since(earlier).as_secs_f32()
}

/// The way of one plate.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    recent: VecDeque<Spot>,
    first: Spot,
    count: u32,
    /// Where it stood, or began to move from.
    rest: Spot,
    away: u32,
    moved: bool,
    widest: f32,
    narrowest: f32,
}

impl Path {
    pub(crate) fn new(spot: Spot) -> Self {
        Self {
            recent: VecDeque::from([spot]),
            first: spot,
            count: 1,
            rest: spot,
            away: 0,
            moved: false,
            widest: spot.width,
            narrowest: spot.width,
        }
    }

    pub(crate) fn add(&mut self, spot: Spot) {
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
        self.widest = self.widest.max(smooth.width);
        self.narrowest = self.narrowest.min(smooth.width);

        let (_, scale) = smooth.off(&self.first);
        let px = smooth.center.distance(self.first.center);
        let elsewhere = px > (MOVED_WIDTHS * self.first.width).max(MOVED_PX) || scale > MOVED_LN;
        let partly_hidden = smooth.remains_of(&self.first) || smooth.uncovers(&self.first);
        self.away = if elsewhere && !partly_hidden {
            self.away + 1
        } else {
            0
        };
        self.moved |= self.away >= MOVED_TIMES;

        let (widths, scale) = smooth.off(&self.rest);
        if widths > STAND_WIDTHS || scale > STAND_LN {
            self.rest = Spot {
                at: spot.at,
                ..smooth
            };
        }
    }

    /// Goes on where `later` is.
    pub(crate) fn join(&mut self, later: &Self) {
        self.widest = self.widest.max(later.widest);
        self.narrowest = self.narrowest.min(later.narrowest);
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
        let (mut x, mut y, mut width, mut n) = (0.0, 0.0, 0.0, 0.0);
        let mut at = self.first.at;
        for spot in self.recent.range(range) {
            x += spot.center.x;
            y += spot.center.y;
            width += spot.width;
            at = spot.at;
            n += 1.0;
        }
        let n = f32::max(n, 1.0);
        Spot {
            at,
            center: Point::new(x / n, y / n),
            width: (width / n).max(1.0),
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
        let last = self.last().width;
        if grows {
            (
                (self.widest / self.first.width).ln(),
                (self.widest / last).ln(),
            )
        } else {
            (
                (self.first.width / self.narrowest).ln(),
                (last / self.narrowest).ln(),
            )
        }
    }
}

#[cfg(test)]
mod tests;
