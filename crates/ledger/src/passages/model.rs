//! What goes into the ledger: a passage as it was decided and as it ended.

use frame::ClockSource;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::codes::coded;
use crate::id::PassageKey;

coded! {
    /// Which way the vehicle goes.
    pub enum Direction {
        /// Into the site.
        In = "in",
        /// Out of the site.
        Out = "out",
    }
}

coded! {
    /// What the gate decided while the vehicle stood at the barrier.
    pub enum Decision {
        /// The barrier opens.
        Allow = "allow",
        /// The barrier stays shut.
        Deny = "deny",
        /// A person decides.
        Ask = "ask",
    }
}

coded! {
    /// How a passage ended.
    pub enum Outcome {
        /// The vehicle went through.
        Passed = "passed",
        /// It turned back before the barrier.
        BackedOut = "backed_out",
        /// It was not seen to leave within the lane's time.
        TimedOut = "timed_out",
        /// Nobody saw the end: the service stopped while the vehicle stood there.
        Lost = "lost",
    }
}

coded! {
    /// What a photo shows. A passage has at most one photo of each kind.
    pub enum PhotoKind {
        /// The frame that was read, as JPEG without annotation.
        HeadOriginal = "head_original",
        /// The head key photo with its annotation band.
        Head = "head",
        /// The body frame without annotation.
        BodyOriginal = "body_original",
        /// The body key photo with its annotation band.
        Body = "body",
    }
}

/// What was read from a vehicle's plates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Plate number without dots, upper row first; empty when no plate could be read.
    pub plate: String,
    /// Plate colour.
    pub color: plate::Color,
    /// Probability of that colour, 0 to 1.
    pub color_p: f32,
    /// Single or double line.
    pub layout: plate::Layout,
    /// Calibrated probability of the weakest character, 0 to 1.
    pub confidence: f32,
    /// True when the plate was accepted without a person; false makes it a task for the guard.
    pub recognised: bool,
    /// The voted characters, in the order of `plate`.
    pub chars: Vec<plate::CharRead>,
    /// Plate corners TL, TR, BR, BL in pixels of the `HeadOriginal` photo.
    pub corners: Option<[[f32; 2]; 4]>,
    /// Plate of the trailer, when the vehicle pulls one and it was read.
    pub trailer_plate: Option<String>,
}

impl Reading {
    /// What a plate says, accepted or not, without corners and trailer.
    #[must_use]
    pub fn of(read: plate::PlateRead, recognised: bool) -> Self {
        Self {
            plate: read.plate,
            color: read.color,
            color_p: read.color_p,
            layout: read.layout,
            confidence: read.confidence,
            recognised,
            chars: read.chars,
            corners: None,
            trailer_plate: None,
        }
    }

    /// A vehicle whose plate could not be read.
    #[must_use]
    pub fn unread() -> Self {
        Self {
            plate: String::new(),
            color: plate::Color::Unknown,
            color_p: 0.0,
            layout: plate::Layout::Unknown,
            confidence: 0.0,
            recognised: false,
            chars: Vec::new(),
            corners: None,
            trailer_plate: None,
        }
    }
}

/// A passage at the moment of its decision. Times are kept to the millisecond.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPassage {
    /// Made once per passage with [`PassageKey::random`]. Deciding again with the same key, after
    /// an error that left the result open, commits nothing twice.
    pub key: PassageKey,
    /// Lane name.
    pub lane: String,
    /// Entrance (出入口) number, as registered.
    pub entrance: String,
    /// Barrier (道闸) number, as registered.
    pub barrier: String,
    /// Way of travel.
    pub direction: Direction,
    /// When the vehicle came into the lane.
    pub entered_at: Timestamp,
    /// When the decision fell.
    pub decided_at: Timestamp,
    /// Which clock gave the times.
    pub clock: ClockSource,
    /// False when that clock was not synchronised.
    pub clock_trusted: bool,
    /// Camera that took the frame which was read.
    pub camera: String,
    /// What was read.
    pub reading: Reading,
    /// The gate's decision.
    pub decision: Decision,
    /// Machine code of the decision's reason, such as `whitelist` or `over_limit`.
    pub reason: String,
}

/// How a decided passage ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// What became of the vehicle.
    pub outcome: Outcome,
    /// When it ended.
    pub at: Timestamp,
    /// The final reading, when the lane saw better frames after the decision. The first one stays.
    pub reading: Option<Reading>,
}

/// A photo to keep.
#[derive(Debug, Clone, Copy)]
pub struct NewPhoto<'a> {
    /// What it shows.
    pub kind: PhotoKind,
    /// Camera that took it.
    pub camera: &'a str,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// The encoded picture.
    pub jpeg: &'a [u8],
}
