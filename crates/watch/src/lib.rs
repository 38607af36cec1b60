//! A frame goes in, what happened in the lane comes out.
//!
//! The daemon and the bench watch lanes through this one door, so what is measured is what runs.
//! [`plates_in_file`] is for photos and videos that belong to no lane.

mod files;
mod folders;
mod told;
mod tracks;

use frame::Frame;
use lane::{
    Lane, LaneEvent, LaneSettings, Moment, Observation, OpenPassage, Presence, Sighting, VehicleId,
    View,
};
use vision::{Error, MotionDetector, Part, PlateReading, Recognizer, Timing};

pub use files::{FoundPlate, plates_in_file, plates_in_picture};
pub use folders::{FilesToRead, files_to_read};

/// A plate this sharp is as good as it gets, see [`vision::sharpness`].
const SHARP: f32 = 0.5;
/// A plate this wide in pixels is as good as it gets.
const WIDE_PX: f32 = 140.0;
/// No plate that was found votes with less than this.
const LEAST_QUALITY: f32 = 0.05;

/// Watches one lane.
pub struct LaneWatcher {
    recognizer: Recognizer,
    motion: MotionDetector,
    lane: Lane,
}

/// What one frame brought.
#[derive(Debug)]
pub struct WatchedFrame {
    /// What happened in the lane.
    pub events: Vec<LaneEvent>,
    /// The plates on this frame alone, for the record of single-frame accuracy.
    pub readings: Vec<PlateReading>,
    /// How long seeing took.
    pub timing: Timing,
}

impl LaneWatcher {
    /// Watches with `recognizer` a lane of these settings.
    #[must_use]
    pub fn new(recognizer: Recognizer, settings: LaneSettings) -> Self {
        // WatchedFrame from behind, a vehicle is nearest when it comes and stops far away.
        let part = match settings.view {
            View::Front => Part::Near,
            View::Rear => Part::Whole,
        };
        let motion = MotionDetector::new(settings.region.clone(), part);
        Self {
            recognizer,
            motion,
            lane: Lane::new(settings),
        }
    }

    /// Takes the next frame.
    ///
    /// # Errors
    /// [`vision::ErrorKind::Inference`] when the frame or a model's answer cannot be processed.
    pub fn observe(&mut self, frame: &Frame) -> Result<WatchedFrame, Error> {
        let readings = self.recognizer.recognize(&frame.picture)?;
        let presence = self
            .motion
            .observe(&frame.picture, frame.at)?
            .map(|p| Presence {
                occupied: p.occupied,
                moving: p.moving,
            });
        let sightings = readings.iter().map(sighting).collect();
        let observation = Observation {
            frame: frame.clone(),
            sightings,
            presence,
        };
        let events = self.lane.observe(&observation);
        Ok(WatchedFrame {
            events,
            readings,
            timing: self.recognizer.timing(),
        })
    }

    /// Time passes without frames.
    pub fn tick(&mut self, now: Moment) -> Vec<LaneEvent> {
        self.lane.tick(now)
    }

    /// The recording has ended.
    pub fn close(&mut self, now: Moment) -> Vec<LaneEvent> {
        self.lane.close(now)
    }

    /// The program stops; vehicles that stand in the lane will be met again.
    pub fn suspend(&mut self, now: Moment) -> Vec<LaneEvent> {
        self.lane.suspend(now)
    }

    /// A passage that was decided but not finished before the last stop.
    pub fn resume(&mut self, open: &OpenPassage) -> VehicleId {
        self.lane.resume(open)
    }
}

fn sighting(reading: &PlateReading) -> Sighting {
    let sharp = (reading.sharpness / SHARP).clamp(0.0, 1.0);
    let wide = (reading.quad.width() / WIDE_PX).clamp(0.0, 1.0);
    Sighting {
        quad: reading.quad,
        evidence: reading.evidence.clone(),
        read: reading.read.clone(),
        quality: (sharp * wide).max(LEAST_QUALITY),
    }
}
