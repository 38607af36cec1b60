//! Times as people write them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// A text that is not a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}: write 2026-03-01 or 2026-03-01T08:30")]
pub struct NotATime(String);

/// A time as people and Excel write it, on the clock of `zone`: `2026-03-01`, `2026-03-01T08:30`,
/// `2026/3/1 8:30`; a day means its beginning.
///
/// # Errors
/// When the text is not a time.
pub fn moment(text: &str, zone: &TimeZone) -> Result<Timestamp, NotATime> {
    read(text, zone, false).ok_or_else(|| NotATime(text.to_owned()))
}

/// The same where a range ends: a day means its end.
///
/// # Errors
/// When the text is not a time.
pub fn range_end(text: &str, zone: &TimeZone) -> Result<Timestamp, NotATime> {
    read(text, zone, true).ok_or_else(|| NotATime(text.to_owned()))
}

fn read(text: &str, zone: &TimeZone, is_end: bool) -> Option<Timestamp> {
    let text = with_zeros(&text.trim().replace(' ', "T").replace('/', "-"));
    // A day alone; asked for a day, a parser would drop the time behind it.
    let at: DateTime = if text.contains('T') {
        text.parse().ok()?
    } else {
        let day: Date = text.parse().ok()?;
        let day = if is_end { day.tomorrow().ok()? } else { day };
        day.into()
    };
    Some(at.to_zoned(zone.clone()).ok()?.timestamp())
}

/// Excel leaves leading zeros out: each number of one digit gets its own.
fn with_zeros(text: &str) -> String {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let chars: Vec<char> = text.chars().collect();
    let mut whole = String::with_capacity(text.len() + 4);
    for (i, &c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| chars[i]);
        let is_alone = c.is_ascii_digit()
            && !is_digit(before)
            && !is_digit(chars.get(i + 1).copied())
            // The digits behind a point are a fraction.
            && before != Some('.');
        if is_alone {
            whole.push('0');
        }
        whole.push(c);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_on_the_site_s_clock_and_a_day_ends_with_its_last_moment() {
        let zone = TimeZone::get("Asia/Shanghai").expect("known");
        let at = |text| moment(text, &zone).expect("a time").to_string();
        let end = |text| range_end(text, &zone).expect("a time").to_string();
        assert_eq!(at("2026-03-01"), "2026-02-28T16:00:00Z");
        assert_eq!(end("2026-03-01"), "2026-03-01T16:00:00Z");
        for text in [
            "2026-03-01T08:30",
            "2026-03-01 08:30:00",
            "2026/3/1 8:30",
            "2026/3/1 8:30:00",
        ] {
            assert_eq!(at(text), "2026-03-01T00:30:00Z");
            assert_eq!(end(text), "2026-03-01T00:30:00Z");
        }
        for text in ["yesterday", "2026-03-01T25:00", "2026-13-01", ""] {
            assert!(moment(text, &zone).is_err(), "{text}");
        }
    }
}
