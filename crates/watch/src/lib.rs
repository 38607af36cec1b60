//! A frame goes in, what happened in the lane comes out.
//!
//! The daemon and the bench watch lanes through this one door, so what is measured is what runs.
//! [`plates_in_file`] is for photos and videos that belong to no lane.

mod files;
mod folders;
mod idle;
mod sentinel;
mod told;
mod tracks;

use camera::Attention;
use frame::{Frame, MonoTime};
use lane::{
    Lane, LaneEvent, LaneSettings, Moment, Observation, OpenPassage, Presence, Sighting, VehicleId,
    View,
};
use vision::{Error, MotionDetector, Part, PlateReading, Recognizer, Timing};

use crate::idle::Idle;

pub use files::{FoundPlate, plates_in_file, plates_in_picture};
pub use folders::{FilesToRead, files_to_read};
pub use sentinel::Sentinel;

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
    idle: Option<Idle>,
    last: Option<MonoTime>,
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
        let motion = MotionDetector::new(settings.region.clone(), part_of(&settings));
        Self {
            recognizer,
            motion,
            lane: Lane::new(settings),
            idle: None,
            last: None,
        }
    }

    /// Lets the camera rest while nothing is in the lane.
    #[must_use]
    pub fn resting(mut self, attention: Attention) -> Self {
        self.idle = Some(Idle::of(attention));
        self
    }

    /// Takes the next frame; with `look` it is a single one of a camera that rests. `None` when it does not count,
    /// because it comes again or was seen before.
    ///
    /// # Errors
    /// [`vision::ErrorKind::Inference`] when the frame or a model's answer cannot be processed.
    pub fn observe(&mut self, frame: &Frame, look: bool) -> Result<Option<WatchedFrame>, Error> {
        // What was seen before the camera was told to rest comes again when it wakes.
        if self.last.is_some_and(|last| frame.at <= last) {
            return Ok(None);
        }
        let readings = self.recognizer.recognize(&frame.picture)?;
        let glance = self.motion.glance(&frame.picture)?;
        let presence = glance.shares.map(|shares| Presence {
            occupied: shares.occupied,
            moving: shares.moving,
        });
        let observation = Observation {
            frame: frame.clone(),
            sightings: readings.iter().map(sighting).collect(),
            presence,
        };
        if look && !self.counts(&observation) {
            return Ok(None);
        }
        self.last = Some(frame.at);
        self.motion.learn(&glance, frame.at)?;
        let events = if look {
            self.lane.observe_look(&observation)
        } else {
            let events = self.lane.observe(&observation);
            if let Some(idle) = &mut self.idle {
                idle.seen(frame.at, self.lane.is_quiet(&observation));
            }
            events
        };
        Ok(Some(WatchedFrame {
            events,
            readings,
            timing: self.recognizer.timing(),
        }))
    }

    /// Whether a look shows nothing; else the camera wakes, and it comes again among all others.
    fn counts(&mut self, look: &Observation) -> bool {
        let quiet = self.lane.is_quiet(look);
        let idle = self.idle.as_mut();
        idle.is_none_or(|idle| idle.looked(look.frame.at, quiet))
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

/// The part of the lane's region in which vehicles come and go.
fn part_of(settings: &LaneSettings) -> Part {
    match settings.view {
        View::Front => Part::Near,
        // Watched from behind, a vehicle is nearest when it comes and stops far away.
        View::Rear => Part::Whole,
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
