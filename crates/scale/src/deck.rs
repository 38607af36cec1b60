//! What stands on the platform: one weighing for each vehicle that came, stood still and left.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::format::WeightReading;

/// The platform is empty once it was so for this long: one damaged display must not make two
/// vehicles of one.
const EMPTY_FOR: Duration = Duration::from_secs(1);
/// Between two readings that are further apart the display was not seen to stand still.
const STEADY_GAP: Duration = Duration::from_secs(1);
/// In a silence longer than this one vehicle can leave and another come.
const UNSEEN: Duration = Duration::from_secs(5);

/// How a platform is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeckSettings {
    /// Less than this is an empty platform.
    pub minimum_kg: i64,
    /// How long the display must stand still.
    pub stable_for: Duration,
    /// How far it may wander meanwhile.
    pub tolerance_kg: i64,
}

/// A vehicle was weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighed {
    /// What stood on the platform.
    pub kg: i64,
    /// When the display came to rest.
    pub at: Timestamp,
}

/// What a reading brought about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The vehicle has left, and this is what it weighed.
    Weighed(Weighed),
    /// A vehicle has left, and the display never stood still: it is not known what it weighed.
    Restless,
    /// A vehicle was not seen to come, or was lost sight of: it is not known what it weighed.
    Unseen,
}

/// The platform of one indicator.
///
/// A vehicle's mass is the heaviest at which the display stood still between empty and empty, for
/// with an axle beside the platform it also stands still. What was there when the line came up is
/// never weighed: it may be half off already. So nothing is counted twice by a restart.
#[derive(Debug)]
pub struct Deck {
    settings: DeckSettings,
    state: State,
    rest: Option<Rest>,
    light_since: Option<Instant>,
    last: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Something stands there, or may: it was not seen to come.
    Unknown,
    Empty,
    Loaded(Option<Weighed>),
}

/// Readings that lie close together.
#[derive(Debug, Clone, Copy)]
struct Rest {
    since: Instant,
    at: Timestamp,
    low: i64,
    high: i64,
}

impl Deck {
    /// A platform of which nothing is known yet.
    #[must_use]
    pub fn new(settings: DeckSettings) -> Self {
        Self {
            settings,
            state: State::Unknown,
            rest: None,
            light_since: None,
            last: None,
        }
    }

    /// Takes one reading: `now` measures, `at` is what the clock says.
    pub fn take(&mut self, reading: WeightReading, now: Instant, at: Timestamp) -> Option<Event> {
        let silence = self.last.map(|last| now.saturating_duration_since(last));
        let WeightReading::Mass { kg, moving } = reading else {
            // Sound frames, and yet the display is not at rest.
            self.rest = None;
            return None;
        };
        self.last = Some(now);
        if silence.is_none_or(|silence| silence > STEADY_GAP) {
            self.rest = None;
            self.light_since = None;
        }
        let lost = silence
            .filter(|silence| *silence > UNSEEN)
            .and_then(|_| self.after_silence(kg));
        if kg < self.settings.minimum_kg {
            self.rest = None;
            return lost.or_else(|| self.light(now));
        }
        self.light_since = None;
        if self.state == State::Empty {
            self.state = State::Loaded(None);
            self.rest = None;
        }
        self.heavy(kg, moving, now, at);
        lost
    }

    /// Is it still what stood there before?
    fn after_silence(&mut self, kg: i64) -> Option<Event> {
        let (least, tolerance) = (self.settings.minimum_kg, self.settings.tolerance_kg);
        let empty = kg < least;
        let (state, event) = match self.state {
            State::Unknown => (State::Unknown, None),
            State::Empty if empty => (State::Empty, None),
            State::Empty => (State::Unknown, None),
            // It left meanwhile, and had been weighed by then.
            State::Loaded(Some(best)) if empty => (State::Empty, Some(Event::Weighed(best))),
            State::Loaded(Some(best)) if (best.kg - kg).abs() <= tolerance => {
                (State::Loaded(Some(best)), None)
            }
            State::Loaded(_) if empty => (State::Empty, Some(Event::Unseen)),
            State::Loaded(_) => (State::Unknown, None),
        };
        self.state = state;
        event
    }

    fn light(&mut self, now: Instant) -> Option<Event> {
        let since = *self.light_since.get_or_insert(now);
        if now.saturating_duration_since(since) < EMPTY_FOR {
            return None;
        }
        match std::mem::replace(&mut self.state, State::Empty) {
            State::Loaded(Some(best)) => Some(Event::Weighed(best)),
            State::Loaded(None) => Some(Event::Restless),
            State::Unknown | State::Empty => None,
        }
    }

    fn heavy(&mut self, kg: i64, moving: bool, now: Instant, at: Timestamp) {
        if moving {
            self.rest = None;
            return;
        }
        let fresh = Rest {
            since: now,
            at,
            low: kg,
            high: kg,
        };
        let tolerance = self.settings.tolerance_kg;
        let rest = self.rest.map_or(fresh, |rest| {
            let (low, high) = (rest.low.min(kg), rest.high.max(kg));
            if high - low > tolerance {
                fresh
            } else {
                Rest { low, high, ..rest }
            }
        });
        self.rest = Some(rest);
        let stood = now.saturating_duration_since(rest.since) >= self.settings.stable_for;
        let State::Loaded(best) = &mut self.state else {
            return;
        };
        // Within the tolerance the first one stays: the display wanders by its last digit.
        if stood && best.is_none_or(|best| kg > best.kg + tolerance) {
            *best = Some(Weighed { kg, at: rest.at });
        }
    }
}

#[cfg(test)]
mod tests;
