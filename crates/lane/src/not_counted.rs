//! What was followed like a plate and is not a vehicle's, and by which rule.

use plate::PlateRead;

use crate::lane::Lane;
use crate::track::Track;
use crate::{LaneEvent, Moment};

/// Something that was followed like a plate and is not a vehicle's. No rule drops a vehicle in
/// silence: what it drops is told here.
#[derive(Debug, Clone)]
pub struct NotCounted {
    /// When it was first seen …
    pub first: Moment,
    /// … and last.
    pub last: Moment,
    /// The rule.
    pub rule: NotCountedRule,
    /// What was voted, `None` when nothing was legible enough to vote.
    pub read: Option<PlateRead>,
    /// Whether it was read so surely that a vehicle with it would be accepted: worth a look.
    pub accepted: bool,
    /// On how many frames it was seen.
    pub sightings: u32,
}

/// Why something seen is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NotCountedRule {
    /// It stood at one place for [`crate::LaneSettings::fixed_after`], and nothing brought it; or it
    /// was in sight again, at the place of such a thing.
    Fixed,
    /// It was seen for a moment and never moved; or it was in sight again, where that was.
    Glimpse,
    /// It moved, but too little of it was seen for a plate.
    Weak,
    /// It is another sight of a vehicle that is counted: painted on its body, part of it, or a
    /// look back at one that has left.
    Echo,
    /// More was in sight at once than the lane follows.
    Crowd,
}

impl NotCountedRule {
    /// All rules, in the order in which they are listed.
    pub const ALL: [Self; 5] = [
        Self::Fixed,
        Self::Glimpse,
        Self::Weak,
        Self::Echo,
        Self::Crowd,
    ];

    /// Its name in metrics and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Glimpse => "glimpse",
            Self::Weak => "weak",
            Self::Echo => "echo",
            Self::Crowd => "crowd",
        }
    }
}

impl Lane {
    /// Tells that `track` is let go, under `rule` unless another held it back before.
    pub(crate) fn tell_not_counted(&mut self, track: &mut Track, rule: NotCountedRule) {
        let rule = track.held_back.unwrap_or(rule);
        let accepted = track.is_accepted(&self.settings);
        self.out.push(LaneEvent::NotCounted(Box::new(NotCounted {
            first: track.first,
            last: track.last,
            rule,
            read: track.read().cloned(),
            accepted,
            sightings: track.sightings,
        })));
    }
}
