//! Where a plate is at one time.

use frame::{MonoTime, Point, Quad};

/// What lies within this much of its first width on either side, as high as then, was covered from
/// one side by something before it; a vehicle that drives away sinks or rises as it shrinks.
const PART_WIDTHS: f32 = 0.6;
const PART_LEVEL: f32 = 0.1;
/// What grows to one side only, its other side within this of where it was, comes out from behind
/// something; a vehicle that comes grows to both sides or leaves the spot.
const SIDE_WIDTHS: f32 = 0.08;

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
    pub(super) fn remains_of(&self, whole: &Self) -> bool {
        let aside = (self.center.x - whole.center.x).abs() + self.width / 2.0;
        self.width < whole.width && aside <= PART_WIDTHS * whole.width && self.is_level_with(whole)
    }

    /// Whether it shows more to one side of what was seen of `part` there.
    pub(super) fn uncovers(&self, part: &Self) -> bool {
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
