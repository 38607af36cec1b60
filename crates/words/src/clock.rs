//! Moments as a person reads them: on the clock of a site, in one form everywhere.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// To the minute: `2026-03-01 08:30`.
#[must_use]
pub fn to_minute(at: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// To the second: `2026-03-01 08:30:05`.
#[must_use]
pub fn to_second(at: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_on_the_site_s_clock() {
        let zone = TimeZone::get("Asia/Shanghai").expect("known");
        let at: Timestamp = "2026-02-28T17:05:09.9Z".parse().expect("a time");
        assert_eq!(to_minute(at, &zone), "2026-03-01 01:05");
        assert_eq!(to_second(at, &zone), "2026-03-01 01:05:09");
    }
}
