//! A clip: video of one event, cut from the recording and kept apart from it.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{PassageId, coded};

/// What HJ 1321-2023 wants kept of a lift by hand, and we of any event: enough to see who came, …
pub const CLIP_BEFORE: SignedDuration = SignedDuration::from_secs(10);
/// … and that the arm went down behind them.
pub const CLIP_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// A clip's number in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClipId(pub i64);

impl fmt::Display for ClipId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

coded! {
    /// What kind of event a clip shows.
    pub enum ClipKind {
        /// A passage, because it was denied or a person wants its video kept.
        Passage = "passage",
        /// A denied passage whose vehicle went through long after the decision.
        Forced = "forced",
        /// An arm that a person raised.
        Lift = "lift",
        /// An alarm of a lane.
        Alarm = "alarm",
    }
}

coded! {
    /// What became of a clip.
    pub enum ClipState {
        /// It shows all of its time.
        Whole = "whole",
        /// A part of its time was not recorded.
        Partly = "partly",
        /// Nothing of its time was recorded.
        None = "none",
        /// It was not cut: the lane had too many alarms at that time.
        LeftOut = "left_out",
    }
}

/// What a clip is of. There is one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct ClipOf {
    /// What kind of event.
    pub kind: ClipKind,
    /// The number of the passage, lift or alarm.
    pub subject: i64,
}

impl ClipOf {
    /// That of a passage.
    #[must_use]
    pub const fn passage(id: PassageId) -> Self {
        Self {
            kind: ClipKind::Passage,
            subject: id.0,
        }
    }
}

/// A clip that is to be cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WantedClip {
    /// What it is of.
    pub of: ClipOf,
    /// The lane.
    pub lane: String,
    /// Entrance number; empty where it is not known.
    pub entrance: String,
    /// Barrier number; empty where it is not known.
    pub barrier: String,
    /// The vehicle's plate; empty where none is known.
    pub plate: String,
    /// The time of the event.
    pub at: Timestamp,
    /// When it begins.
    pub from: Timestamp,
    /// When it ends.
    pub until: Timestamp,
}

/// A time of a clip that was not recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClipHole {
    /// Since when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Code of the reason.
    pub reason: String,
}

/// A file of a clip; a second one where the camera's coding changed on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClipFile {
    /// Below a folder for video, with forward slashes.
    pub path: String,
    /// SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// Its size.
    pub size_bytes: u64,
    /// When its first picture was taken.
    pub from: Timestamp,
    /// When its last picture ends.
    pub until: Timestamp,
    /// How many pictures it has.
    pub pictures: u64,
    /// How they are coded, by RFC 6381.
    pub coding: String,
}

/// A clip as it was cut, or that there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewClip {
    /// What it is of.
    pub of: ClipOf,
    /// The lane.
    pub lane: String,
    /// From when on it was wanted.
    pub from: Timestamp,
    /// Until when it was wanted.
    pub until: Timestamp,
    /// What became of it.
    pub state: ClipState,
    /// What is missing.
    pub missing: Vec<ClipHole>,
    /// Its files, in the order of time.
    pub files: Vec<ClipFile>,
}

/// A clip as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClipView {
    /// Its number.
    pub id: ClipId,
    /// The clip.
    #[serde(flatten)]
    pub clip: NewClip,
    /// When it was cut.
    pub kept_at: Timestamp,
    /// When its files were let go, because its time was over.
    pub removed: Option<Timestamp>,
}
