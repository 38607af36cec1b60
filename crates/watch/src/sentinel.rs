//! Sees on a camera's second stream that something comes, and wakes the camera.

use camera::Attention;
use frame::Frame;
use lane::LaneSettings;
use vision::{Error, MotionDetector};

use crate::part_of;

/// Watches the second stream of a lane's camera.
pub struct Sentinel {
    motion: MotionDetector,
    attention: Attention,
    moving_share: f32,
    rise_share: f32,
    /// The least that the lane was filled since it rests.
    floor: f32,
}

impl Sentinel {
    /// Watches a lane of these settings and wakes who shares `attention`.
    #[must_use]
    pub fn new(settings: &LaneSettings, attention: Attention) -> Self {
        Self {
            motion: MotionDetector::new(settings.region.clone(), part_of(settings)),
            attention,
            moving_share: settings.moving_share,
            rise_share: settings.clear_share,
            floor: 1.0,
        }
    }

    /// Takes the next picture of the second stream.
    ///
    /// # Errors
    /// [`vision::ErrorKind::Inference`] when it cannot be processed.
    pub fn observe(&mut self, frame: &Frame) -> Result<(), Error> {
        let shares = self.motion.observe(&frame.picture, frame.at)?;
        // Nobody watches before the empty lane is known.
        self.attention.guard(shares.is_some());
        let Some(shares) = shares else {
            return Ok(());
        };
        if !self.attention.rests() {
            self.floor = 1.0;
            return Ok(());
        }
        self.floor = self.floor.min(shares.occupied);
        let comes =
            shares.moving >= self.moving_share || shares.occupied - self.floor >= self.rise_share;
        if comes {
            self.attention.wake();
        }
        Ok(())
    }

    /// No picture comes: nobody watches.
    pub fn blind(&self) {
        self.attention.guard(false);
    }
}
