//! An alarm as it is kept.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use passage::{ClipKind, ClipOf, PassageId, coded};
use serde::{Deserialize, Serialize};
use words::Language;

use crate::{Cause, CauseKind};

/// An alarm's number in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AlarmId(pub i64);

impl fmt::Display for AlarmId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for AlarmId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

coded! {
    /// What can happen to an alarm after it was raised.
    pub enum StepKind {
        /// Its cause had gone and came again.
        Again = "again",
        /// A person took note, and said why it was so or what is done.
        Seen = "seen",
        /// It is over.
        Cleared = "cleared",
    }
}

/// One thing that happened to an alarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlarmStep {
    /// What.
    pub step: StepKind,
    /// When.
    pub at: Timestamp,
    /// Who; empty when no person did it.
    pub who: String,
    /// Why, in that person's words.
    pub why: String,
    /// How often the cause had come by then.
    pub times: u32,
}

/// An alarm with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmView {
    /// Its number.
    pub id: AlarmId,
    /// What gave rise to it.
    pub cause: Cause,
    /// Nothing is wrong: somebody practises.
    pub drill: bool,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// What happened since, in its order.
    pub steps: Vec<AlarmStep>,
}

impl AlarmView {
    /// How it was first seen by a person.
    #[must_use]
    pub fn seen(&self) -> Option<&AlarmStep> {
        self.step(StepKind::Seen)
    }

    /// How it ended.
    #[must_use]
    pub fn cleared(&self) -> Option<&AlarmStep> {
        self.step(StepKind::Cleared)
    }

    fn step(&self, wanted: StepKind) -> Option<&AlarmStep> {
        self.steps.iter().find(|step| step.step == wanted)
    }

    /// The clip that shows what it is about; none where it is about no lane, or somebody practises.
    #[must_use]
    pub fn clip(&self) -> Option<ClipOf> {
        if self.drill {
            return None;
        }
        let of = |kind, subject| ClipOf { kind, subject };
        match (self.cause.kind, self.passage()) {
            (CauseKind::ManualLift | CauseKind::LiftUnused, _) => {
                let lift = self.cause.subject.parse().ok()?;
                Some(of(ClipKind::Lift, lift))
            }
            (_, Some(passage)) => Some(ClipOf::passage(passage)),
            _ if self.cause.lane.is_some() => Some(of(ClipKind::Alarm, self.id.0)),
            _ => None,
        }
    }

    /// How often its cause came, as far as it is written down.
    #[must_use]
    pub fn times(&self) -> u32 {
        self.steps.last().map_or(1, |step| step.times.max(1))
    }

    /// Whether it is over when somebody has seen it.
    #[must_use]
    pub fn ends_when_seen(&self) -> bool {
        self.drill || !self.cause.kind.lasts()
    }

    /// Of which kind.
    #[must_use]
    pub fn kind(&self) -> CauseKind {
        self.cause.kind
    }

    /// What happened; a drill says that it is one.
    #[must_use]
    pub fn what(&self, language: Language) -> String {
        let what = self.cause.what(language);
        if !self.drill {
            return what;
        }
        language.fill(words::Key::AlarmsDrill, &[("what", &what)])
    }

    /// The passage that it is about.
    #[must_use]
    pub fn passage(&self) -> Option<PassageId> {
        self.cause.passage
    }
}
