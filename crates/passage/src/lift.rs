//! An arm that was raised by a person: through the program, or past it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{PassageId, coded};

/// A lift's number in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LiftId(pub i64);

impl fmt::Display for LiftId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

coded! {
    /// How an arm was raised.
    pub enum LiftWay {
        /// By a guard through the program.
        Software = "software",
        /// By a remote key.
        Remote = "remote",
        /// By the button on the wall.
        Button = "button",
        /// Past the program, and nothing tells how.
        Unknown = "unknown",
    }
}

coded! {
    /// What became of a lift.
    pub enum LiftStep {
        /// The controller confirmed the order.
        Obeyed = "obeyed",
        /// The barrier did not confirm the order: the arm may be up or not.
        Failed = "failed",
        /// A vehicle passed.
        Passed = "passed",
        /// No vehicle passed in its time.
        Unused = "unused",
    }
}

/// A lift at its moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewLift {
    /// Lane.
    pub lane: String,
    /// Entrance number.
    pub entrance: String,
    /// Barrier number.
    pub barrier: String,
    /// How.
    pub way: LiftWay,
    /// Who; empty when nobody has said so.
    pub who: String,
    /// Why; empty when nobody has said so.
    pub why: String,
    /// When.
    pub at: Timestamp,
}

/// One thing that became of a lift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LiftStepView {
    /// What.
    pub step: LiftStep,
    /// When.
    pub at: Timestamp,
    /// The passage, where a vehicle passed.
    pub passage: Option<PassageId>,
    /// Code of the barrier's alarm, where it did not obey.
    pub detail: String,
}

/// A lift with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LiftView {
    /// Its number.
    pub id: LiftId,
    /// The lift.
    #[serde(flatten)]
    pub lift: NewLift,
    /// What became of it, in its order.
    pub steps: Vec<LiftStepView>,
}

impl LiftView {
    /// The step of this kind, where there is one.
    #[must_use]
    pub fn step(&self, wanted: LiftStep) -> Option<&LiftStepView> {
        self.steps.iter().find(|step| step.step == wanted)
    }

    /// The passage that belongs to it.
    #[must_use]
    pub fn passage(&self) -> Option<PassageId> {
        self.step(LiftStep::Passed)?.passage
    }
}
