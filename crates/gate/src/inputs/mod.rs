//! What the inputs beside a barrier say: limit switches of the arm, the loop, the anti-crush strip.
//!
//! A state that no input tells is unknown, and so is every state while the device does not answer: nothing
//! is assumed from an order that was sent.

mod camera;
mod poll;
mod section;

use std::time::Duration;

use jiff::Timestamp;
use passage::LanePlace;
use serde::Serialize;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;
use words::Key;

use crate::{BarrierProblem, LastRaise};

pub use section::InputsSettings;

/// One input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Limit switch: the arm is up.
    ArmUp,
    /// Limit switch: the arm is down.
    ArmDown,
    /// Something stands on the loop, or before the radar, at the barrier.
    Loop,
    /// The arm has hit something, or is about to.
    AntiCrush,
}

impl Input {
    /// Every input.
    pub const ALL: [Self; 4] = [Self::ArmUp, Self::ArmDown, Self::Loop, Self::AntiCrush];

    /// As it stands in configurations and figures.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ArmUp => "arm_up",
            Self::ArmDown => "arm_down",
            Self::Loop => "loop",
            Self::AntiCrush => "anti_crush",
        }
    }
}

/// Where the arm is, as far as its limit switches tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ArmState {
    /// Nothing tells, or the switches contradict each other.
    #[default]
    Unknown,
    /// Up.
    Up,
    /// Down.
    Down,
    /// Neither up nor down.
    Between,
    /// Not up; only that has a switch.
    NotUp,
    /// Not down; only that has a switch.
    NotDown,
}

impl ArmState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Unknown,
        Self::Up,
        Self::Down,
        Self::Between,
        Self::NotUp,
        Self::NotDown,
    ];

    /// As it stands in figures and on pages.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Up => "up",
            Self::Down => "down",
            Self::Between => "between",
            Self::NotUp => "not_up",
            Self::NotDown => "not_down",
        }
    }

    /// Its words.
    #[must_use]
    pub const fn key(self) -> Key {
        match self {
            Self::Unknown => Key::ArmUnknown,
            Self::Up => Key::ArmUp,
            Self::Down => Key::ArmDown,
            Self::Between => Key::ArmBetween,
            Self::NotUp => Key::ArmNotUp,
            Self::NotDown => Key::ArmNotDown,
        }
    }
}

/// What all inputs say at one moment; `None` for one that is not wired, or does not answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InputLevels([Option<bool>; 4]);

impl InputLevels {
    /// Of inputs that say these; of all others it is not known.
    #[must_use]
    pub fn of(known: &[(Input, bool)]) -> Self {
        let mut levels = Self::default();
        for (input, level) in known {
            levels.set(*input, *level);
        }
        levels
    }

    /// What one says.
    #[must_use]
    pub fn level(&self, input: Input) -> Option<bool> {
        self.0[input as usize]
    }

    pub(crate) fn set(&mut self, input: Input, level: bool) {
        self.0[input as usize] = Some(level);
    }

    /// Where the arm is.
    #[must_use]
    pub fn arm(&self) -> ArmState {
        match (self.level(Input::ArmUp), self.level(Input::ArmDown)) {
            (Some(true), Some(true)) | (None, None) => ArmState::Unknown,
            (Some(true), _) => ArmState::Up,
            (_, Some(true)) => ArmState::Down,
            (Some(false), Some(false)) => ArmState::Between,
            (Some(false), None) => ArmState::NotUp,
            (None, Some(false)) => ArmState::NotDown,
        }
    }

    /// Whether the arm has risen, as far as its switches can say so; unknown where they cannot.
    #[must_use]
    pub fn has_risen(&self) -> Option<bool> {
        match self.arm() {
            ArmState::Unknown => None,
            ArmState::Up | ArmState::NotDown => Some(true),
            ArmState::Down | ArmState::Between | ArmState::NotUp => Some(false),
        }
    }
}

/// How the inputs stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputsView {
    /// What they say.
    pub inputs: InputLevels,
    /// Whether their device answers; unknown before it was asked.
    pub answers: Option<bool>,
    /// Why it does not, for the log.
    pub detail: String,
}

/// An input has changed, on one lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputEvent {
    /// Name of the lane.
    pub lane: String,
    /// Number of the entrance.
    pub entrance: String,
    /// Number of the barrier.
    pub barrier: String,
    /// Which one.
    pub input: Input,
    /// What it says now; `None` from when its device no longer answers.
    pub level: Option<bool>,
    /// What it said before.
    pub before: Option<bool>,
    /// When that was seen.
    pub at: Timestamp,
    /// How long before the lane had last sent an order to raise; `None` when it never did. An arm that
    /// rises long after one was moved by somebody else.
    pub since_raise: Option<Duration>,
}

impl InputsSettings {
    /// Begins to read the inputs beside the barrier of `place`, within a Tokio runtime, and tells each change
    /// to `events`. Nobody waits for whoever listens there.
    ///
    /// # Errors
    /// When their line is set otherwise in another place.
    pub fn watch(
        &self,
        place: LanePlace,
        last: LastRaise,
        events: broadcast::Sender<InputEvent>,
    ) -> Result<InputsWatch, Vec<BarrierProblem>> {
        self.start(move |(input, level, before)| {
            let event = InputEvent {
                lane: place.lane.clone(),
                entrance: place.entrance.clone(),
                barrier: place.barrier.clone(),
                input,
                level,
                before,
                at: Timestamp::now(),
                since_raise: last.ago(),
            };
            // That nobody listens is no fault.
            let _ = events.send(event);
        })
    }
}

/// One input has changed: which, what it says now, what it said before.
type Change = (Input, Option<bool>, Option<bool>);

/// Inputs that are read all the time, until this is dropped.
pub struct InputsWatch {
    view: watch::Receiver<InputsView>,
    rises_within: Duration,
    task: JoinHandle<()>,
}

impl InputsWatch {
    /// How they stand, now and at each change.
    #[must_use]
    pub fn view(&self) -> watch::Receiver<InputsView> {
        self.view.clone()
    }

    /// After an order to raise the arm is up within so long.
    #[must_use]
    pub fn rises_within(&self) -> Duration {
        self.rises_within
    }
}

impl Drop for InputsWatch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl std::fmt::Debug for InputsWatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "InputsWatch({:?})", *self.view.borrow())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arm_is_where_its_switches_say_and_nowhere_else() {
        let arm = |up, down| InputLevels([up, down, None, None]).arm();
        assert_eq!(arm(None, None), ArmState::Unknown);
        assert_eq!(arm(Some(true), Some(true)), ArmState::Unknown);
        assert_eq!(arm(Some(true), Some(false)), ArmState::Up);
        assert_eq!(arm(Some(true), None), ArmState::Up);
        assert_eq!(arm(Some(false), Some(true)), ArmState::Down);
        assert_eq!(arm(Some(false), Some(false)), ArmState::Between);
        assert_eq!(arm(Some(false), None), ArmState::NotUp);
        assert_eq!(arm(None, Some(false)), ArmState::NotDown);
    }

    #[test]
    fn every_state_is_named_as_its_words() {
        for state in ArmState::ALL {
            assert_eq!(Key::find("arm", state.code()), Some(state.key()));
        }
    }
}
