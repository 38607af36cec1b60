//! What goes into a lane and what comes out of it.

use crate::NotCounted;
use frame::{Frame, MonoTime, Quad};
use jiff::Timestamp;
use plate::{Evidence, PlateRead};

use passage::{Direction, Outcome};

/// One analysed frame.
#[derive(Debug, Clone)]
pub struct Observation {
    /// The frame. The lane keeps a few of them; cloning shares the pixels.
    pub frame: Frame,
    /// Plates seen on it.
    pub sightings: Vec<Sighting>,
    /// How full the lane is, `None` while that is not known.
    pub presence: Option<Presence>,
}

/// One plate seen on one frame.
#[derive(Debug, Clone)]
pub struct Sighting {
    /// Where, in pixels of the frame.
    pub quad: Quad,
    /// What the reader believes.
    pub evidence: Evidence,
    /// The most probable plate of `evidence`.
    pub read: PlateRead,
    /// How good the picture of it is (sharp, large, evenly lit), 0 to 1. Weighs its vote.
    pub quality: f32,
}

/// How full the lane is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Presence {
    /// Share of the lane that differs from the empty lane, 0 to 1.
    pub occupied: f32,
    /// Share of the lane that changed since the frame before, 0 to 1.
    pub moving: f32,
}

/// One instant on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// For durations and order.
    pub at: MonoTime,
    /// For people and records.
    pub captured: Timestamp,
}

impl Moment {
    /// When `frame` was taken.
    #[must_use]
    pub fn of(frame: &Frame) -> Self {
        Self {
            at: frame.at,
            captured: frame.captured,
        }
    }
}

/// Names a vehicle in the events of one [`crate::Lane`]; never used twice by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VehicleId(pub u64);

/// What happened in the lane. For every vehicle: `Entered`, then either `Decided` and `Finished`,
/// or `Lost`; each exactly once. A vehicle taken over with [`crate::Lane::resume`] only finishes.
#[derive(Debug, Clone)]
pub enum LaneEvent {
    /// A vehicle is certainly there.
    Entered {
        /// Which.
        vehicle: VehicleId,
        /// When it was first seen, somewhat before this event.
        at: Moment,
    },
    /// What can be said about its plate while it stands, or as it leaves. Commit a passage.
    Decided(Box<VehicleDecided>),
    /// It is gone. Complete the passage.
    Finished(Box<VehicleFinished>),
    /// It was never decided. Count it.
    Lost {
        /// Which.
        vehicle: VehicleId,
        /// When.
        at: Moment,
        /// Why.
        why: LostWhy,
    },
    /// Something that was followed like a plate is not a vehicle's. Count it.
    NotCounted(Box<NotCounted>),
}

impl LaneEvent {
    /// The vehicle it is about, if it is about one.
    #[must_use]
    pub fn vehicle(&self) -> Option<VehicleId> {
        match self {
            Self::Entered { vehicle, .. } | Self::Lost { vehicle, .. } => Some(*vehicle),
            Self::Decided(decided) => Some(decided.vehicle),
            Self::Finished(finished) => Some(finished.vehicle),
            Self::NotCounted(_) => None,
        }
    }
}

/// The passage as far as it is known when the barrier has to act.
#[derive(Debug, Clone)]
pub struct VehicleDecided {
    /// Which vehicle.
    pub vehicle: VehicleId,
    /// When it was first seen.
    pub entered: Moment,
    /// When this was decided.
    pub decided: Moment,
    /// The voted plate, `None` when no plate was seen. When a trailer's plate is all that was
    /// seen, it stands here too.
    pub read: Option<PlateRead>,
    /// Whether `read` is sure enough to act on; otherwise it is a task for the guard.
    pub accepted: bool,
    /// The plate of a trailer (…挂), when one was seen by now.
    pub trailer: Option<PlateRead>,
    /// Frames that voted.
    pub votes: u32,
    /// The frame whose plate was read best, or a frame of the vehicle when it shows no plate.
    /// Absent only when nothing was kept.
    pub head: Option<KeyFrame>,
    /// Why now.
    pub because: DecidedBecause,
}

/// Why a passage was decided when it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DecidedBecause {
    /// Surely read, and the vehicle stands or is near.
    Sure,
    /// It stood in front for as long as the lane waits.
    Waited,
    /// It left, or the stream ended.
    Leaving,
}

/// The end of a passage.
#[derive(Debug, Clone)]
pub struct VehicleFinished {
    /// Which vehicle.
    pub vehicle: VehicleId,
    /// How it ended.
    pub outcome: Outcome,
    /// When it was last seen.
    pub last_seen: Moment,
    /// When that was clear.
    pub finished: Moment,
    /// The plate after all frames, if it now differs from, or is surer than, the one decided.
    pub better: Option<Better>,
    /// The plate of a trailer (…挂), when one was seen.
    pub trailer: Option<PlateRead>,
    /// The frame that shows most of the vehicle.
    pub body: Option<KeyFrame>,
    /// Which way it went, as seen.
    pub heading: Heading,
    /// Width of its plate when last seen, divided by that when first seen; 1 without a plate.
    pub growth: f32,
}

/// A plate that became surer after it was decided.
#[derive(Debug, Clone)]
pub struct Better {
    /// The voted plate after all frames.
    pub read: PlateRead,
    /// Whether it is sure enough now.
    pub accepted: bool,
    /// The frame whose plate was read best.
    pub head: Option<KeyFrame>,
    /// Frames that voted.
    pub votes: u32,
}

/// A frame worth keeping.
#[derive(Debug, Clone)]
pub struct KeyFrame {
    /// The frame as analysed.
    pub frame: Frame,
    /// Where the plate is on it.
    pub quad: Option<Quad>,
    /// What was read on this frame alone.
    pub read: Option<PlateRead>,
}

/// Which way a vehicle was seen to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Heading {
    /// This way.
    Went(Direction),
    /// It did not move enough to tell.
    Unclear,
}

/// Why a vehicle was never decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LostWhy {
    /// The daemon stops and there is not enough evidence yet.
    Suspended,
}

/// A passage that was decided but not finished when the process before this one ended.
#[derive(Debug, Clone)]
pub struct OpenPassage {
    /// Its plate, empty when none was read.
    pub plate: String,
    /// When it entered.
    pub entered: Moment,
}
