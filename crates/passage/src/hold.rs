//! A gate that a person holds open for a time.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::coded;

/// The number of a hold in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HoldId(pub i64);

impl fmt::Display for HoldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

coded! {
    /// What became of a hold.
    pub enum HoldStep {
        /// The controller confirmed the order to raise.
        Obeyed = "obeyed",
        /// The barrier did not confirm it: the arm may be up or not.
        Failed = "failed",
        /// A person ended it before its time, or began another one in its place.
        Ended = "ended",
    }
}

/// A hold at its beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewHold {
    /// Lane.
    pub lane: String,
    /// Entrance number.
    pub entrance: String,
    /// Barrier number.
    pub barrier: String,
    /// Who holds it open.
    pub who: String,
    /// Why.
    pub why: String,
    /// From when on.
    pub from: Timestamp,
    /// Until when, unless somebody ends it before.
    pub until: Timestamp,
}

/// One thing that became of a hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HoldStepView {
    /// What.
    pub step: HoldStep,
    /// Who; empty where no person did it.
    pub who: String,
    /// Why a person ended it; else the code of the barrier's alarm, where it did not obey.
    pub why: String,
    /// When.
    pub at: Timestamp,
}

impl HoldStepView {
    /// Of an order to raise, from whether the barrier confirmed it and else the code of its alarm.
    #[must_use]
    pub fn of_order(confirmed: bool, alarm: &str, at: Timestamp) -> Self {
        Self {
            step: if confirmed {
                HoldStep::Obeyed
            } else {
                HoldStep::Failed
            },
            who: String::new(),
            why: alarm.to_owned(),
            at,
        }
    }
}

/// A hold with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HoldView {
    /// Its number.
    pub id: HoldId,
    /// The hold.
    #[serde(flatten)]
    pub hold: NewHold,
    /// What became of it, in its order.
    pub steps: Vec<HoldStepView>,
}

impl HoldView {
    /// How a person ended it before its time.
    #[must_use]
    pub fn ended(&self) -> Option<&HoldStepView> {
        self.steps.iter().find(|step| step.step == HoldStep::Ended)
    }

    /// When it is over, or was.
    #[must_use]
    pub fn over_at(&self) -> Timestamp {
        let ended = self.ended().map(|step| step.at);
        ended.map_or(self.hold.until, |at| at.min(self.hold.until))
    }

    /// Whether the gate is held open at this time.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        self.hold.from <= at && at < self.over_at()
    }
}
