//! Settings that all sinks share.

use std::time::Duration;

use line::Backoff;
use words::{Key, Said};

/// How fast a sink is served.
#[derive(Debug, Clone, PartialEq)]
pub struct Pace {
    /// Rows younger than this go before all others.
    pub live_window: Duration,
    /// Older rows go at this rate at most, between the live ones.
    pub backlog_per_second: f64,
    /// Most rows that are claimed at once.
    pub batch: usize,
    /// How often the outbox is looked at when nobody says that there is something new.
    pub poll: Duration,
    /// How often a heartbeat is sent.
    pub heartbeat: Duration,
    /// First pause after a failure; it doubles from then on.
    pub first_pause: Duration,
    /// Longest pause.
    pub longest_pause: Duration,
    /// After so many bad answers to one row it steps aside for the others.
    pub step_aside_after: u32,
    /// How long the request under way may take when the service stops.
    pub stop_patience: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            live_window: Duration::from_secs(300),
            backlog_per_second: 10.0,
            batch: 8,
            poll: Duration::from_secs(1),
            heartbeat: Duration::from_secs(60),
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(600),
            step_aside_after: 3,
            stop_patience: Duration::from_secs(5),
        }
    }
}

impl Pace {
    pub(crate) fn backoff(&self) -> Backoff {
        Backoff {
            first: self.first_pause,
            longest: self.longest_pause.min(ledger::MAX_DELAY),
        }
    }

    /// Everything that can't work, with keys under `prefix`.
    #[must_use]
    pub fn problems(&self, prefix: &str) -> Vec<BadSetting> {
        let mut found = Vec::new();
        let mut check = |fine: bool, key: &str, why: Said| {
            if !fine {
                let key = format!("{prefix}.{key}");
                found.push(BadSetting { key, why });
            }
        };
        let above_zero = || Said::plain(Key::MistakeNotAboveZero);
        let rate = self.backlog_per_second;
        check(
            rate.is_finite() && rate > 0.0,
            "backlog_per_second",
            above_zero(),
        );
        let range = Said::with(Key::MistakeRange, "low", 1).and("high", 1000);
        check((1..=1000).contains(&self.batch), "batch", range);
        check(!self.poll.is_zero(), "poll", above_zero());
        check(!self.heartbeat.is_zero(), "heartbeat", above_zero());
        check(!self.first_pause.is_zero(), "first_pause", above_zero());
        let longest_fits = (self.first_pause..=ledger::MAX_DELAY).contains(&self.longest_pause);
        let longest = Key::MistakeLongestPause.into();
        check(longest_fits, "longest_pause", longest);
        found
    }
}

/// A setting that can't work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {why}")]
pub struct BadSetting {
    /// Where it is.
    pub key: String,
    /// What is wrong and what is allowed there.
    pub why: Said,
}

impl BadSetting {
    pub(crate) fn new(key: impl Into<String>, why: impl Into<Said>) -> Self {
        Self {
            key: key.into(),
            why: why.into(),
        }
    }

    /// For a person.
    #[must_use]
    pub fn said(&self) -> Said {
        Said::about(&self.key, self.why.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_impossible_setting_is_named() {
        let pace = Pace {
            batch: 0,
            backlog_per_second: f64::NAN,
            ..Pace::default()
        };
        let keys: Vec<String> = pace
            .problems("mqtt.pace")
            .into_iter()
            .map(|p| p.key)
            .collect();
        assert_eq!(keys, ["mqtt.pace.backlog_per_second", "mqtt.pace.batch"]);
        assert_eq!(Pace::default().problems("pace"), []);
    }
}
