//! The one grammar for lengths of time.

use std::time::Duration;

use jiff::{SignedDuration, Span, SpanRelativeTo};
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer};
use words::{Key, Said};

/// Text that is not a length of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LengthError(String);

impl From<LengthError> for Said {
    fn from(error: LengthError) -> Self {
        Self::with(Key::MistakeNotALength, "text", error.0)
    }
}

impl std::fmt::Display for LengthError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Said::from(self.clone()).fmt(f)
    }
}

impl std::error::Error for LengthError {}

/// Reads `"500ms"`, `"30s"`, `"1m 30s"`, `"2h"` or `"10d"`. A day has 24 hours; months and years
/// have no length.
///
/// # Errors
/// For a number without unit, a negative length, and whatever else is not a length of time.
pub fn parse_length(text: &str) -> Result<Duration, LengthError> {
    let wrong = || LengthError(text.to_owned());
    let span: Span = text.parse().map_err(|_| wrong())?;
    let length = span
        .to_duration(SpanRelativeTo::days_are_24_hours())
        .map_err(|_| wrong())?;
    Duration::try_from(length).map_err(|_| wrong())
}

/// The same for a field that serde reads: `#[serde(deserialize_with = "settings::serde_length")]`.
///
/// # Errors
/// As [`parse_length`].
pub fn serde_length<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(from)?;
    parse_length(&text).map_err(D::Error::custom)
}

/// A length of time as [`parse_length`] reads it.
#[must_use]
pub fn show_length(length: Duration) -> String {
    let length = SignedDuration::try_from(length).unwrap_or(SignedDuration::MAX);
    format!("{length:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_need_a_unit_and_may_be_put_together() {
        for (text, ms) in [
            ("500ms", 500),
            ("30s", 30_000),
            ("1m 30s", 90_000),
            ("1m30s", 90_000),
            ("2h", 7_200_000),
            ("10d", 864_000_000),
            ("1d 12h", 129_600_000),
            ("10 s", 10_000),
            ("0s", 0),
        ] {
            assert_eq!(parse_length(text), Ok(Duration::from_millis(ms)), "{text}");
        }
        for wrong in [
            "",
            "10",
            "s",
            "-3s",
            "3s ago",
            "99999999999999999999s",
            "10 parsecs",
            "1mo",
            "1y",
        ] {
            assert!(parse_length(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_shown_is_read_again() {
        for ms in [0, 1, 500, 1_500, 90_000, 7_200_000, 129_600_000] {
            let length = Duration::from_millis(ms);
            assert_eq!(parse_length(&show_length(length)), Ok(length));
        }
        assert_eq!(show_length(Duration::from_secs(90)), "1m 30s");
    }
}
