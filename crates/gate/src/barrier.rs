//! What a barrier can be asked to do, and what comes of it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use serde::Serialize;
use words::{Key, Language};

mod contact;
mod driver;
mod dry_run;
mod http;
mod modbus;
mod onvif;
mod section;
mod usb;

pub use driver::{BarrierProblem, BarrierSettings};
pub use dry_run::DryRun;
pub use http::{HttpRelay, HttpRelaySettings, RelayMethod};
pub use onvif::{OnvifRelay, OnvifRelaySettings};

/// Every driver that a site can choose, the one first that is meant where none is named. Another one
/// is a folder beside `http`, its `mod` above, and its place in this list.
const DRIVERS: &[driver::Driver] = &[http::DRIVER, modbus::DRIVER, onvif::DRIVER, usb::DRIVER];

/// For whom a barrier is raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lift {
    /// Serial number of the passage.
    pub passage: String,
    /// Number of the entrance.
    pub entrance: String,
    /// Number of the barrier.
    pub barrier: String,
    /// Name of the lane.
    pub lane: String,
    /// Plate, empty when there is none.
    pub plate: String,
}

impl Lift {
    /// For a person: `order` is what it is kept as, and `place` is the lane with the numbers of its entrance
    /// and barrier.
    #[must_use]
    pub fn by_person(order: impl fmt::Display, [lane, entrance, barrier]: [&str; 3]) -> Self {
        Self {
            passage: order.to_string(),
            entrance: entrance.to_owned(),
            barrier: barrier.to_owned(),
            lane: lane.to_owned(),
            plate: String::new(),
        }
    }
}

/// What a driver did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Actuation {
    /// The controller confirmed the order to raise.
    Raised,
    /// It did, and the inputs say that the arm is up.
    SeenUp,
    /// Nothing was sent: the arm stays as it is.
    KeptDown,
    /// Nothing was sent because the driver only practises.
    DryRun,
}

impl Actuation {
    /// Whether the controller, or the arm itself, said that it rises.
    #[must_use]
    pub const fn is_confirmed(self) -> bool {
        matches!(self, Self::Raised | Self::SeenUp)
    }

    /// Its words.
    #[must_use]
    pub const fn key(self) -> Key {
        match self {
            Self::Raised => Key::BarrierRaised,
            Self::SeenUp => Key::BarrierSeenUp,
            Self::KeptDown => Key::BarrierKeptDown,
            Self::DryRun => Key::BarrierDryRun,
        }
    }
}

/// The sort of failure, as it matters to the guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AlarmKind {
    /// Nobody answers at the controller's address: the order was not sent.
    Unreachable,
    /// The order was sent and not answered in time: the arm may be up or not.
    TimedOut,
    /// The order was sent and the line closed without an answer: the arm may be up or not.
    Unanswered,
    /// The controller said no.
    Refused,
    /// The controller refused user or password.
    Unauthorized,
    /// Too many orders wait already.
    Busy,
    /// The order waited too long to belong to the vehicle now at the barrier.
    Expired,
    /// The controller confirmed the order, and the inputs do not say that the arm rose.
    DidNotMove,
    /// Anything else.
    Failed,
}

impl AlarmKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Unreachable,
        Self::TimedOut,
        Self::Unanswered,
        Self::Refused,
        Self::Unauthorized,
        Self::Busy,
        Self::Expired,
        Self::DidNotMove,
        Self::Failed,
    ];

    /// As the catalogue names it.
    #[must_use]
    pub fn code(self) -> &'static str {
        let name = self.key().as_str();
        name.split_once('.').map_or(name, |(_, code)| code)
    }

    /// Its words, which need the `barrier`.
    #[must_use]
    pub const fn key(self) -> Key {
        match self {
            Self::Unreachable => Key::AlarmUnreachable,
            Self::TimedOut => Key::AlarmTimedOut,
            Self::Unanswered => Key::AlarmUnanswered,
            Self::Refused => Key::AlarmRefused,
            Self::Unauthorized => Key::AlarmUnauthorized,
            Self::Busy => Key::AlarmBusy,
            Self::Expired => Key::AlarmExpired,
            Self::DidNotMove => Key::AlarmDidNotMove,
            Self::Failed => Key::AlarmFailed,
        }
    }
}

/// A barrier did not do as it was told. The guard has to act.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail} (tries: {tries})")]
pub struct Alarm {
    /// The sort of failure.
    pub kind: AlarmKind,
    /// What exactly, for the log. Holds no address with secrets, no user, no password.
    pub detail: String,
    /// How often the order was sent or tried to be sent.
    pub tries: u32,
}

impl Alarm {
    pub(crate) fn new(kind: AlarmKind, detail: impl Into<String>, tries: u32) -> Self {
        Self {
            kind,
            detail: detail.into(),
            tries,
        }
    }

    /// What the guard at `barrier` is told.
    #[must_use]
    pub fn text(&self, language: Language, barrier: &str) -> String {
        language.fill(self.kind.key(), &[("barrier", &barrier)])
    }
}

/// What a driver will have done when it is awaited.
pub type Action<'a> = Pin<Box<dyn Future<Output = Result<Actuation, Alarm>> + Send + 'a>>;

/// What a driver does beside orders, done when it is awaited.
pub type Ending<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// A driver of one barrier. There is no order to lower: see the crate's first page.
pub trait Barrier: Send + Sync {
    /// Raises the arm. Gives up by itself after a time of its own choosing, at most
    /// [`Barrier::patience`].
    fn raise<'a>(&'a self, lift: &'a Lift) -> Action<'a>;

    /// The vehicle may not pass, or not yet. A driver with a red lamp may light it; the arm stays
    /// as it is. Does nothing unless a driver says otherwise.
    fn keep_down<'a>(&'a self, _lift: &'a Lift) -> Action<'a> {
        Box::pin(std::future::ready(Ok(Actuation::KeptDown)))
    }

    /// Before the first order: sets right what a sudden end may have left. Moves no arm.
    fn begin(&self) -> Ending<'_> {
        Box::pin(std::future::ready(()))
    }

    /// After the last order: ends what was begun, within two seconds.
    fn settle(&self) -> Ending<'_> {
        Box::pin(std::future::ready(()))
    }

    /// Longest time that [`Barrier::raise`] takes.
    fn patience(&self) -> Duration {
        Duration::from_secs(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alarm_tells_the_guard_which_barrier_and_what_to_do() {
        for kind in AlarmKind::ALL {
            let alarm = Alarm::new(kind, "", 1);
            let text = alarm.text(Language::Zh, "01");
            assert!(text.contains("道闸 01"), "{text}");
            let stored = serde_json::to_value(kind).expect("a name");
            let stored = stored.as_str().expect("a name").to_owned();
            assert_eq!(Key::find("alarm", &stored), Some(kind.key()));
        }
    }
}
