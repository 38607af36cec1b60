//! Settings that all sinks share.

use std::time::Duration;

use line::Backoff;
use serde::Deserialize;

/// How fast a sink is served.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pace {
    /// Rows younger than this go before all others.
    #[serde(with = "span")]
    pub live_window: Duration,
    /// Older rows go at this rate at most, between the live ones.
    pub backlog_per_second: f64,
    /// Most rows that are claimed at once.
    pub batch: usize,
    /// How often the outbox is looked at when nobody says that there is something new.
    #[serde(with = "span")]
    pub poll: Duration,
    /// How often a heartbeat is sent.
    #[serde(with = "span")]
    pub heartbeat: Duration,
    /// First pause after a failure; it doubles from then on.
    #[serde(with = "span")]
    pub first_pause: Duration,
    /// Longest pause.
    #[serde(with = "span")]
    pub longest_pause: Duration,
    /// After so many bad answers to one row it steps aside for the others.
    pub step_aside_after: u32,
    /// How long the request under way may take when the service stops.
    #[serde(with = "span")]
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
    pub fn problems(&self, prefix: &str) -> Vec<Problem> {
        let mut found = Vec::new();
        let mut check = |fine: bool, key: &str, words: &'static str| {
            if !fine {
                found.push(Problem {
                    key: format!("{prefix}.{key}"),
                    words: words.to_owned(),
                });
            }
        };
        let rate = self.backlog_per_second;
        check(
            rate.is_finite() && rate > 0.0,
            "backlog_per_second",
            "must be above 0",
        );
        check(
            (1..=1000).contains(&self.batch),
            "batch",
            "must be 1 to 1000",
        );
        check(!self.poll.is_zero(), "poll", "must be above 0");
        check(!self.heartbeat.is_zero(), "heartbeat", "must be above 0");
        check(
            !self.first_pause.is_zero(),
            "first_pause",
            "must be above 0",
        );
        let longest_fits = (self.first_pause..=ledger::MAX_DELAY).contains(&self.longest_pause);
        check(longest_fits, "longest_pause", "must be first_pause to 1h");
        found
    }
}

/// A setting that can't work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {words}")]
pub struct Problem {
    /// Where it is.
    pub key: String,
    /// What is allowed there.
    pub words: String,
}

/// Lengths of time written as "10s" or "2h 30m".
pub(crate) mod span {
    use std::time::Duration;

    use jiff::SignedDuration;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(de: D) -> Result<Duration, D::Error> {
        let text = String::deserialize(de)?;
        let wrong = || D::Error::custom(format!("{text:?} is no length of time such as \"10s\""));
        let span: SignedDuration = text.parse().map_err(|_| wrong())?;
        Duration::try_from(span).map_err(|_| wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_carry_their_unit() {
        let pace: Pace = serde_json::from_str(r#"{"heartbeat": "1m 30s"}"#).expect("friendly");
        assert_eq!(pace.heartbeat, Duration::from_secs(90));
        for wrong in [
            r#"{"poll": 5}"#,
            r#"{"poll": "5"}"#,
            r#"{"poll": "-5s"}"#,
            r#"{"pol": "5s"}"#,
        ] {
            assert!(serde_json::from_str::<Pace>(wrong).is_err(), "{wrong}");
        }
    }

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
