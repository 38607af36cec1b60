//! Points, rectangles and quadrilaterals on a picture, in pixels.

use serde::{Deserialize, Serialize};

/// A place on a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

impl Point {
    /// The point (`x`, `y`).
    #[must_use]
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    /// Distance to `other` in pixels.
    #[must_use]
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point at this share of the way to `other`; beyond it above 1, on the other side below 0.
    #[must_use]
    pub fn towards(self, other: Self, share: f32) -> Self {
        Self::new(
            self.x + (other.x - self.x) * share,
            self.y + (other.y - self.y) * share,
        )
    }
}

/// An upright rectangle, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Rect {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

impl Rect {
    /// The rectangle between two corners.
    #[must_use]
    pub const fn new(left: f32, top: f32, right: f32, bottom: f32) -> Self {
        Self {
            left,
            top,
            right,
            bottom,
        }
    }

    /// Width in pixels, 0 when turned inside out.
    #[must_use]
    pub fn width(&self) -> f32 {
        (self.right - self.left).max(0.0)
    }

    /// Height in pixels, 0 when turned inside out.
    #[must_use]
    pub fn height(&self) -> f32 {
        (self.bottom - self.top).max(0.0)
    }

    /// Area in square pixels.
    #[must_use]
    pub fn area(&self) -> f32 {
        self.width() * self.height()
    }

    /// The common part of two rectangles, possibly empty.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self::new(
            self.left.max(other.left),
            self.top.max(other.top),
            self.right.min(other.right),
            self.bottom.min(other.bottom),
        )
    }

    /// Intersection over union, 0 to 1.
    #[must_use]
    pub fn iou(&self, other: &Self) -> f32 {
        let shared = self.intersect(other).area();
        let all = self.area() + other.area() - shared;
        if all > 0.0 { shared / all } else { 0.0 }
    }

    /// Whether `point` lies inside or on the edge.
    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        (self.left..=self.right).contains(&point.x) && (self.top..=self.bottom).contains(&point.y)
    }
}

/// Four corners of a plate: top left, top right, bottom right, bottom left **of the plate**,
/// whichever way it is turned in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quad(pub [Point; 4]);

impl Quad {
    /// The corners of an upright rectangle.
    #[must_use]
    pub fn from_rect(rect: Rect) -> Self {
        let Rect {
            left,
            top,
            right,
            bottom,
        } = rect;
        Self([
            Point::new(left, top),
            Point::new(right, top),
            Point::new(right, bottom),
            Point::new(left, bottom),
        ])
    }

    /// The smallest upright rectangle around the four corners.
    #[must_use]
    pub fn bounds(&self) -> Rect {
        let mut bounds = Rect::new(f32::MAX, f32::MAX, f32::MIN, f32::MIN);
        for p in &self.0 {
            bounds.left = bounds.left.min(p.x);
            bounds.top = bounds.top.min(p.y);
            bounds.right = bounds.right.max(p.x);
            bounds.bottom = bounds.bottom.max(p.y);
        }
        bounds
    }

    /// The mean of the four corners.
    #[must_use]
    pub fn center(&self) -> Point {
        let sum = self
            .0
            .iter()
            .fold(Point::default(), |s, p| Point::new(s.x + p.x, s.y + p.y));
        Point::new(sum.x / 4.0, sum.y / 4.0)
    }

    /// Mean length of the upper and lower edge, in pixels.
    #[must_use]
    pub fn width(&self) -> f32 {
        let [tl, tr, br, bl] = self.0;
        (tl.distance(tr) + bl.distance(br)) / 2.0
    }

    /// Mean length of the left and right edge, in pixels.
    #[must_use]
    pub fn height(&self) -> f32 {
        let [tl, tr, br, bl] = self.0;
        (tl.distance(bl) + tr.distance(br)) / 2.0
    }

    /// The same plate with its edges pushed outward by shares of its own width and height
    /// (negative shares pull inward), along its own edges.
    #[must_use]
    pub fn expand(&self, share_x: f32, share_y: f32) -> Self {
        let [tl, tr, br, bl] = self.0;
        let (top_l, top_r) = (tr.towards(tl, 1.0 + share_x), tl.towards(tr, 1.0 + share_x));
        let (bot_l, bot_r) = (br.towards(bl, 1.0 + share_x), bl.towards(br, 1.0 + share_x));
        Self([
            bot_l.towards(top_l, 1.0 + share_y),
            bot_r.towards(top_r, 1.0 + share_y),
            top_r.towards(bot_r, 1.0 + share_y),
            top_l.towards(bot_l, 1.0 + share_y),
        ])
    }

    /// Every corner multiplied by (`sx`, `sy`) and then moved by (`dx`, `dy`).
    #[must_use]
    pub fn map(&self, sx: f32, sy: f32, dx: f32, dy: f32) -> Self {
        Self(self.0.map(|p| Point::new(p.x * sx + dx, p.y * sy + dy)))
    }

    /// Whether the corners are finite and run clockwise around a convex shape with some area.
    #[must_use]
    pub fn is_sane(&self) -> bool {
        let p = self.0;
        p.iter().all(|c| c.x.is_finite() && c.y.is_finite())
            && (0..4).all(|i| {
                let (a, b, c) = (p[i], p[(i + 1) % 4], p[(i + 2) % 4]);
                (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x) > 0.0
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expanding_a_plate_keeps_its_centre_and_adds_its_shares() {
        let plate = Quad::from_rect(Rect::new(10.0, 20.0, 110.0, 50.0));
        let wide = plate.expand(0.1, 0.2).bounds();
        assert_eq!(wide, Rect::new(0.0, 14.0, 120.0, 56.0));
    }

    #[test]
    fn a_mirrored_or_broken_quad_is_not_sane() {
        let plate = Quad::from_rect(Rect::new(10.0, 20.0, 110.0, 50.0));
        assert!(plate.is_sane());
        let [tl, tr, br, bl] = plate.0;
        assert!(!Quad([tr, tl, bl, br]).is_sane());
        assert!(!Quad([tl, tr, br, Point::new(f32::NAN, 0.0)]).is_sane());
    }

    #[test]
    fn overlap_of_equal_rectangles_is_one_and_of_distant_ones_zero() {
        let a = Rect::new(0.0, 0.0, 10.0, 10.0);
        assert!((a.iou(&a) - 1.0).abs() < 1e-6);
        assert_eq!(a.iou(&Rect::new(20.0, 0.0, 30.0, 10.0)), 0.0);
    }
}
