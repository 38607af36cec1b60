//! A passage as it was decided and as it ended, with its photos.

use frame::ClockSource;
use jiff::Timestamp;

use crate::{Direction, Grounds, Outcome, PassageKey, PhotoKind, Reading, Verdict};

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
    /// What was decided while the vehicle stood at the barrier.
    pub decision: Verdict,
    /// Machine code of the decision's reason, such as `on_deny_list`.
    pub reason: String,
    /// What the decision rests on beside the rule.
    pub grounds: Grounds,
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
