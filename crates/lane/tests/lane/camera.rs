//! Where the camera of a gate is, and where it sees what stands on the lane.

use frame::{Point, Quad};

/// Width and height of a plate, in metres.
const PLATE_M: (f32, f32) = (0.44, 0.14);

/// A camera that looks along a lane.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Camera {
    /// Focal length in pixels.
    pub(crate) focal_px: f32,
    /// Metres along the lane between it and a plate at the stop line.
    pub(crate) away_m: f32,
    /// Metres that it is above the plates.
    pub(crate) above_m: f32,
    /// Metres that it is beside the middle of the lane.
    pub(crate) beside_m: f32,
    /// How far it is turned from the lane's direction, in radians.
    pub(crate) yaw: f32,
    /// Where it looks in the picture, in pixels.
    pub(crate) center: (f32, f32),
}

impl Camera {
    /// On a mast: plates come down the picture as they come nearer.
    pub(crate) const ABOVE: Self = Self {
        focal_px: 3000.0,
        away_m: 8.0,
        above_m: 1.75,
        beside_m: 0.0,
        yaw: 0.0,
        center: (960.0, 150.0),
    };

    /// Where a plate `wide` times as large as usual is seen that is this many metres away, aside
    /// of the middle of the lane and above other plates.
    pub(crate) fn quad(&self, distance_m: f32, lateral_m: f32, up_m: f32, wide: f32) -> Quad {
        let (w, h) = (PLATE_M.0 * wide / 2.0, PLATE_M.1 * wide / 2.0);
        let at = |dx: f32, dy: f32| self.point(distance_m, lateral_m + dx, up_m + dy);
        Quad([at(-w, h), at(w, h), at(w, -h), at(-w, -h)])
    }

    pub(crate) fn point(&self, distance_m: f32, lateral_m: f32, up_m: f32) -> Point {
        let (x, y) = (lateral_m - self.beside_m, self.above_m - up_m);
        let (sin, cos) = self.yaw.sin_cos();
        let (across, along) = (x * cos - distance_m * sin, x * sin + distance_m * cos);
        let scale = self.focal_px / along.max(0.1);
        Point::new(self.center.0 + across * scale, self.center.1 + y * scale)
    }
}
