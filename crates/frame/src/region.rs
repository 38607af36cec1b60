//! The part of a picture that counts, at any resolution.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Point, Rect};

/// A polygon on a picture in shares of its width and height (0 to 1), so that it holds whatever
/// resolution the camera switches to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<[f32; 2]>", into = "Vec<[f32; 2]>")]
pub struct Region(Vec<[f32; 2]>);

/// Why a list of corners is no region.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum RegionError {
    TooFewCorners(usize),
    OutsidePicture { x: f32, y: f32 },
}

impl fmt::Display for RegionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewCorners(n) => write!(f, "a region needs at least 3 corners, not {n}"),
            Self::OutsidePicture { x, y } => write!(
                f,
                "corner [{x}, {y}] is outside the picture: give shares of its width and height, 0 to 1"
            ),
        }
    }
}

impl std::error::Error for RegionError {}

impl Region {
    /// A region from its corners, in order around it.
    ///
    /// # Errors
    /// [`RegionError`] for fewer than three corners, or one outside of the picture.
    pub fn new(corners: Vec<[f32; 2]>) -> Result<Self, RegionError> {
        if corners.len() < 3 {
            return Err(RegionError::TooFewCorners(corners.len()));
        }
        if let Some(&[x, y]) = corners
            .iter()
            .find(|c| !c.iter().all(|v| (0.0..=1.0).contains(v)))
        {
            return Err(RegionError::OutsidePicture { x, y });
        }
        Ok(Self(corners))
    }

    /// The whole picture.
    #[must_use]
    pub fn whole() -> Self {
        Self(vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    }

    /// The corners, in shares of width and height.
    #[must_use]
    pub fn corners(&self) -> &[[f32; 2]] {
        &self.0
    }

    /// Whether `point`, in pixels of a `width` x `height` picture, lies inside (even-odd rule).
    #[must_use]
    pub fn contains(&self, point: Point, width: u32, height: u32) -> bool {
        let (x, y) = (point.x / width as f32, point.y / height as f32);
        let mut inside = false;
        let mut previous = self.0[self.0.len() - 1];
        for &corner in &self.0 {
            let ([ax, ay], [bx, by]) = (previous, corner);
            if (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax {
                inside = !inside;
            }
            previous = corner;
        }
        inside
    }

    /// The smallest upright rectangle around the region, in pixels of a `width` x `height` picture.
    #[must_use]
    pub fn bounds(&self, width: u32, height: u32) -> Rect {
        let mut b = Rect::new(1.0, 1.0, 0.0, 0.0);
        for &[x, y] in &self.0 {
            b = Rect::new(b.left.min(x), b.top.min(y), b.right.max(x), b.bottom.max(y));
        }
        let (w, h) = (width as f32, height as f32);
        Rect::new(b.left * w, b.top * h, b.right * w, b.bottom * h)
    }
}

impl TryFrom<Vec<[f32; 2]>> for Region {
    type Error = RegionError;

    fn try_from(corners: Vec<[f32; 2]>) -> Result<Self, Self::Error> {
        Self::new(corners)
    }
}

impl From<Region> for Vec<[f32; 2]> {
    fn from(region: Region) -> Self {
        region.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_holds_at_any_resolution() {
        let left_half = Region::new(vec![[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]])
            .expect("four corners inside");
        assert!(left_half.contains(Point::new(900.0, 500.0), 1920, 1080));
        assert!(!left_half.contains(Point::new(900.0, 500.0), 1280, 720));
        assert!(Region::new(vec![[0.0, 0.0], [2.0, 0.0], [1.0, 1.0]]).is_err());
    }
}
