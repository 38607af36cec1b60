//! Serial numbers of a platform, derived once for each passage.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use passage::PassageView;

use super::PlatformSettings;
use super::form::Unfit;
use crate::adapter::Adapter;

/// How many seconds a number may lie beside the true one when that is taken: two lanes of one gate
/// number, or a clock that was set back.
const SPREAD_S: i64 = 3600;

/// The number that a passage should have, then those that it may have when others have it already.
/// A number is a name: its time is not read back, the record's own time is. `from` is the time to
/// begin with: that of the passage, unless a ledger that is lost may have used it.
pub(super) fn candidates(
    settings: &PlatformSettings,
    adapter: &Adapter,
    zone: &TimeZone,
    passage: &PassageView,
    from: Timestamp,
) -> Result<Vec<String>, Unfit> {
    let timed = adapter.serial.template.contains("{time}");
    let spread = if timed { SPREAD_S } else { 0 };
    let mut numbers = Vec::new();
    for later_s in 0..=spread {
        let at = from + SignedDuration::from_secs(later_s);
        let number = filled(settings, adapter, zone, passage, at);
        let chars = number.chars().count();
        if chars > adapter.serial.max_chars {
            return Err(Unfit(format!(
                "the serial number {number} has {chars} characters, the platform takes {}: \
                 check enterprise_code and serial in the adapter",
                adapter.serial.max_chars
            )));
        }
        numbers.push(number);
    }
    numbers.dedup();
    Ok(numbers)
}

fn filled(
    settings: &PlatformSettings,
    adapter: &Adapter,
    zone: &TimeZone,
    passage: &PassageView,
    at: Timestamp,
) -> String {
    let codes = adapter.codes.get("serial_direction");
    let direction = codes.and_then(|codes| codes.get(passage.direction.as_str()));
    let time = at.to_zoned(zone.clone());
    let time = time.strftime(&adapter.serial.time).to_string();
    adapter
        .serial
        .template
        .replace("{key}", &passage.key.to_string())
        .replace(
            "{enterprise_code}",
            settings.enterprise_code.as_deref().unwrap_or(""),
        )
        .replace("{entrance}", &passage.entrance)
        .replace("{gate}", &passage.barrier)
        .replace("{direction}", direction.map_or("", String::as_str))
        .replace("{time}", &time)
}
