//! Visitors: vehicles that somebody in the plant expects, for a time and so many times a day.

use jiff::Timestamp;
use plate::{Color, PlateNumber};
use serde::{Deserialize, Serialize};
use words::{Key, Said};

/// Characters of host and reason.
const TEXT: usize = 200;

/// A vehicle that somebody expects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visitor {
    /// Its plate.
    pub plate: PlateNumber,
    /// The plate's colour; any without one.
    #[serde(default)]
    pub color: Option<Color>,
    /// It may come from then on.
    pub from: Timestamp,
    /// And until just before then.
    pub until: Timestamp,
    /// So many entries a day of the site; any number without it.
    #[serde(default)]
    pub per_day: Option<u32>,
    /// Whom it visits.
    pub host: String,
    /// What for.
    #[serde(default)]
    pub reason: String,
}

impl Visitor {
    /// Whether it may come at `now`, but for how often it has come.
    #[must_use]
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.until
    }

    /// What is wrong with it, each with the field that is meant.
    #[must_use]
    pub fn problems(&self) -> Vec<(String, Said)> {
        let mut found = Vec::new();
        let mut wrong = |field: &str, said: Said| found.push((field.to_owned(), said));
        if self.plate.validate(Color::Unknown).is_err() {
            wrong(
                "plate",
                Said::with(Key::MistakeEntryPlate, "plate", &self.plate),
            );
        }
        if self.color == Some(Color::Unknown) {
            wrong(
                "color",
                Said::with(Key::MistakeEntryColor, "plate", &self.plate),
            );
        }
        if self.until <= self.from {
            wrong("until", Key::MistakeStrategyTimes.into());
        }
        if self.per_day == Some(0) {
            wrong("per_day", Key::MistakeVisitorQuota.into());
        }
        if self.host.trim().is_empty() {
            wrong("host", Key::MistakeVisitorHost.into());
        }
        for (field, text) in [("host", &self.host), ("reason", &self.reason)] {
            if text.chars().count() > TEXT {
                wrong(field, Said::with(Key::MistakeStrategyLong, "most", TEXT));
            }
        }
        found
    }
}
