//! Where a plate is at one time.

use frame::{MonoTime, Point, Quad};

/// What lies within this much of its first width on either side, as high in the picture as then,
/// may be covered from one side by something before it.
const PART_WIDTHS: f32 = 0.6;
const PART_LEVEL: f32 = 0.1;
/// What grows to one side only, its other side within this of where it was, may be coming out from
/// behind something.
const SIDE_WIDTHS: f32 = 0.08;
/// What comes nearer or goes away grows or shrinks in both directions; what is covered from one
/// side keeps its height. Corners of a plate 50 pixels wide are a pixel off, so that its height is
/// known to a tenth: half of the change of the width, as logarithms, tells the two apart …
const IN_PROPORTION: f32 = 0.5;
/// … if it is at least this much.
const SCALED_LN: f32 = 0.12;
/// Two parts of one plate lie within this many heights; plates are 440 mm by 140 mm.
const PLATE_HEIGHTS: f32 = 3.5;

/// Centre and size of a plate at one time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    pub(crate) at: MonoTime,
    pub(crate) center: Point,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

impl Spot {
    pub(crate) fn of(quad: &Quad, at: MonoTime) -> Self {
        Self {
            at,
            center: quad.center(),
            width: quad.width().max(1.0),
            height: quad.height().max(1.0),
        }
    }

    /// Distance in widths of the wider one, and difference of the logarithms of the widths.
    pub(crate) fn off(&self, other: &Self) -> (f32, f32) {
        let widths = self.center.distance(other.center) / self.width.max(other.width);
        (widths, (self.width / other.width).ln().abs())
    }

    /// Whether it is at one place with `first`, of which another part was seen: something covers
    /// or uncovers a thing that does not move.
    ///
    /// Where the plate is in the picture does not tell: to a camera that looks along the axis of
    /// the lane from the height of the plates, a vehicle comes nearer on the spot, and one of its
    /// plate's edges may stay where it was. Its shape tells.
    pub(crate) fn is_part_or_rest_of(&self, first: &Self) -> bool {
        let in_part = self.remains_of(first) || self.uncovers(first) || self.is_beside(first);
        in_part && self.is_level_with(first) && !self.is_scaled_from(first)
    }

    /// Whether its height changed with its width.
    fn is_scaled_from(&self, first: &Self) -> bool {
        let wider = (self.width / first.width).ln().abs();
        let higher = (self.height / first.height).ln().abs();
        higher >= SCALED_LN.max(IN_PROPORTION * wider)
    }

    /// Whether both may be parts of one plate, this one to the right of what something covered
    /// that passes before it, the other to the left.
    fn is_beside(&self, first: &Self) -> bool {
        let right = |s: &Self| s.center.x + s.width / 2.0;
        let left = |s: &Self| s.center.x - s.width / 2.0;
        let both = right(self).max(right(first)) - left(self).min(left(first));
        both <= PLATE_HEIGHTS * self.height.max(first.height)
    }

    /// Whether it may be what can still be seen of `whole` where that was.
    fn remains_of(&self, whole: &Self) -> bool {
        let aside = (self.center.x - whole.center.x).abs() + self.width / 2.0;
        self.width < whole.width && aside <= PART_WIDTHS * whole.width
    }

    /// Whether it may show more to one side of what was seen of `part` there.
    fn uncovers(&self, part: &Self) -> bool {
        let edge = |spot: &Self, side: f32| spot.center.x + side * spot.width / 2.0;
        let keeps = |side| (edge(self, side) - edge(part, side)).abs() <= SIDE_WIDTHS * self.width;
        self.width > part.width && (keeps(-1.0) || keeps(1.0))
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
