//! What a site sets.

use std::collections::BTreeMap;

use passage::Verdict;

use crate::{Entry, EntryError};

/// What a site sets.
#[derive(Debug, Clone, PartialEq)]
pub struct RulebookSettings {
    /// What holds where no rule has decided.
    pub defaults: Defaults,
    /// Lanes where something else holds, by name.
    pub lanes: BTreeMap<String, LaneDefaults>,
    /// A list from elsewhere is called out of date when it is older than this many hours.
    pub stale_after_hours: u32,
    /// Vehicles that may pass.
    pub allow: Vec<Entry>,
    /// Vehicles that may not.
    pub deny: Vec<Entry>,
}

/// What holds where no rule has decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Defaults {
    /// For plates that were surely read and are on no list.
    pub read: Verdict,
    /// For vehicles without a plate or with one that was not surely read.
    pub unread: Verdict,
    /// Of vehicles that `read` lets pass: those that the vehicle register does not have. None: as
    /// `read`.
    pub unregistered: Option<Verdict>,
    /// Where a strategy may forbid a vehicle and nobody knows what would tell.
    pub unclear: Verdict,
    /// Of vehicles that would pass by default: while a list from elsewhere is out of date. The lists
    /// themselves hold however old they are.
    pub stale: Verdict,
}

/// The same for one lane; what is not set is as everywhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct LaneDefaults {
    pub read: Option<Verdict>,
    pub unread: Option<Verdict>,
    pub unregistered: Option<Verdict>,
    pub unclear: Option<Verdict>,
    pub stale: Option<Verdict>,
}

impl Default for Defaults {
    /// Nobody is let pass or kept out on a guess; a regulator that can't be reached does not close a
    /// gate, for its last lists are in force.
    fn default() -> Self {
        Self {
            read: Verdict::Allow,
            unread: Verdict::Ask,
            unregistered: None,
            unclear: Verdict::Ask,
            stale: Verdict::Allow,
        }
    }
}

impl Defaults {
    /// With what a lane sets in its place.
    pub(crate) fn with(self, lane: &LaneDefaults) -> Self {
        Self {
            read: lane.read.unwrap_or(self.read),
            unread: lane.unread.unwrap_or(self.unread),
            unregistered: lane.unregistered.or(self.unregistered),
            unclear: lane.unclear.unwrap_or(self.unclear),
            stale: lane.stale.unwrap_or(self.stale),
        }
    }
}

impl Default for RulebookSettings {
    fn default() -> Self {
        Self {
            defaults: Defaults::default(),
            lanes: BTreeMap::new(),
            stale_after_hours: 24,
            allow: Vec::new(),
            deny: Vec::new(),
        }
    }
}

/// One mistake in the settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct RulebookProblem {
    /// Where: `allow[0]`, `deny[3]`, counted from 0.
    pub key: String,
    /// What is wrong.
    #[source]
    pub problem: EntryError,
}
