//! Wall time within a file (ISO/IEC 14496-12, 8.16.5: `prft`), and which clock it is from.

use frame::ClockSource;
use jiff::Timestamp;
use mp4_atom::ReferenceTime;

/// From 1900, where NTP begins, to 1970.
const NTP_TO_UNIX_SECONDS: i64 = 2_208_988_800;
/// From 1904, where the times of MP4 begin, to 1970.
const MP4_TO_UNIX_SECONDS: i64 = 2_082_844_800;
/// NTP's seconds begin anew in 2036; what has this bit clear is from after that (RFC 4330).
const FIRST_ERA: u64 = 1 << 31;

/// A time as NTP writes it: seconds and their 2^32nd parts.
pub(super) fn to_ntp(at: Timestamp) -> u64 {
    let seconds = (at.as_second() + NTP_TO_UNIX_SECONDS) as u64 & u64::from(u32::MAX);
    let nanos = u64::from(at.subsec_nanosecond().unsigned_abs());
    (seconds << 32) | ((nanos << 32) / 1_000_000_000)
}

/// The time that NTP wrote, to the nearest millisecond.
pub(super) fn of_ntp(ntp: u64) -> Timestamp {
    let seconds = ntp >> 32;
    let era = if seconds & FIRST_ERA == 0 {
        1i64 << 32
    } else {
        0
    };
    let millis = ((ntp & u64::from(u32::MAX)) * 1000 + (1 << 31)) >> 32;
    let unix_ms = (seconds as i64 + era - NTP_TO_UNIX_SECONDS) * 1000 + millis as i64;
    Timestamp::from_millisecond(unix_ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A time as `mvhd` has it, in seconds.
pub(super) fn to_mp4(at: Timestamp) -> u64 {
    u64::try_from(at.as_second() + MP4_TO_UNIX_SECONDS).unwrap_or(0)
}

/// The camera's own time is that of the scene. That of arrival is behind it by what coding and network took:
/// never by how much, but always about the same.
pub(super) fn meaning(clock: ClockSource) -> ReferenceTime {
    match clock {
        ClockSource::CameraNtp => ReferenceTime::RealTime,
        ClockSource::Arrival | ClockSource::File => ReferenceTime::Consistent,
    }
}

pub(super) fn clock(meaning: &ReferenceTime) -> ClockSource {
    match meaning {
        ReferenceTime::RealTime => ClockSource::CameraNtp,
        _ => ClockSource::Arrival,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_comes_back_to_the_millisecond_also_from_1970_and_after_2036() {
        for at in [
            "1970-01-01T00:00:00.001Z",
            "2026-11-30T03:59:59.999Z",
            "2036-02-07T06:28:15.5Z",
            "2036-02-07T06:28:16Z",
            "2060-06-01T12:00:00.123Z",
        ] {
            let at: Timestamp = at.parse().expect("a time");
            assert_eq!(of_ntp(to_ntp(at)), at);
        }
    }
}
