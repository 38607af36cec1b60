//! When a picture was taken, and on whose clock.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use frame::{ClockSource, MonoTime};
use jiff::{SignedDuration, Timestamp};

/// Monotonic time of this process; all live cameras share its origin.
#[must_use]
pub fn mono_now() -> MonoTime {
    static ORIGIN: OnceLock<Instant> = OnceLock::new();
    MonoTime::from_origin(ORIGIN.get_or_init(Instant::now).elapsed())
}

/// Seconds between 1900 (NTP) and 1970 (Unix).
const NTP_TO_UNIX_S: i64 = 2_208_988_800;

/// Maps RTP timestamps to wall time through the camera's RTCP sender reports (RFC 3550, 6.4.1:
/// each report pairs one NTP time with one RTP timestamp).
///
/// A camera's clock is believed only while its time of a picture is within `tolerance` of the
/// arrival: many cameras have no NTP server and report 1970, or local time as if it were UTC,
/// and then the arrival is nearer the truth (late by the network and encoder, below 1 s).
#[derive(Debug)]
pub(crate) struct CameraClock {
    rate_hz: i64,
    tolerance: SignedDuration,
    report: Option<(i64, Timestamp)>,
    offset: Option<SignedDuration>,
}

impl CameraClock {
    pub(crate) fn new(rate_hz: u32, tolerance: Duration) -> Self {
        Self {
            rate_hz: i64::from(rate_hz.max(1)),
            tolerance: SignedDuration::try_from(tolerance).unwrap_or(SignedDuration::MAX),
            report: None,
            offset: None,
        }
    }

    /// Takes a sender report: `ntp` is its 32.32 fixed-point NTP time, `rtp` the extended RTP
    /// timestamp of the same instant.
    pub(crate) fn sender_report(&mut self, rtp: i64, ntp: u64, arrived: Timestamp) {
        let Some(wall) = from_ntp(ntp) else {
            (self.report, self.offset) = (None, None);
            return;
        };
        self.report = Some((rtp, wall));
        self.offset = Some(wall.duration_since(arrived));
    }

    /// Camera clock minus this computer's clock at the last sender report (too small by the
    /// network's delay), believed or not; `None` before the first one.
    pub(crate) fn offset_ms(&self) -> Option<i64> {
        self.offset
            .map(|o| i64::try_from(o.as_millis()).unwrap_or(i64::MAX))
    }

    /// Wall time of the picture with RTP timestamp `rtp` that arrived at `arrived`.
    pub(crate) fn stamp(&self, rtp: i64, arrived: Timestamp) -> (Timestamp, ClockSource) {
        self.by_camera(rtp)
            .filter(|wall| wall.duration_since(arrived).abs() <= self.tolerance)
            .map_or((arrived, ClockSource::Arrival), |wall| {
                (wall, ClockSource::CameraNtp)
            })
    }

    fn by_camera(&self, rtp: i64) -> Option<Timestamp> {
        let (at, wall) = self.report?;
        let ticks = rtp.checked_sub(at)?;
        let whole = SignedDuration::from_secs(ticks.div_euclid(self.rate_hz));
        let rest = ticks.rem_euclid(self.rate_hz).checked_mul(1_000_000_000)? / self.rate_hz;
        wall.checked_add(whole)
            .ok()?
            .checked_add(SignedDuration::from_nanos(rest))
            .ok()
    }
}

/// An NTP time as wall time. Zero means "no clock" (RFC 3550). Seconds before 1970 belong to the
/// era that begins in 2036.
fn from_ntp(ntp: u64) -> Option<Timestamp> {
    if ntp == 0 {
        return None;
    }
    let (seconds, fraction) = (i64::try_from(ntp >> 32).ok()?, ntp & 0xFFFF_FFFF);
    let unix = seconds - NTP_TO_UNIX_S;
    let unix = if unix < 0 { unix + (1 << 32) } else { unix };
    let nanos = i32::try_from((fraction * 1_000_000_000) >> 32).ok()?;
    Timestamp::new(unix, nanos).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ntp(wall: Timestamp) -> u64 {
        ((wall.as_second() + NTP_TO_UNIX_S) as u64) << 32
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("in range")
    }

    #[test]
    fn a_sane_sender_report_dates_the_pictures_before_and_after_it() {
        let mut clock = CameraClock::new(90_000, Duration::from_secs(10));
        clock.sender_report(900_000, ntp(at(1_800_000_000)), at(1_800_000_001));
        assert_eq!(clock.offset_ms(), Some(-1000));
        let (wall, source) = clock.stamp(900_000 - 45_000, at(1_800_000_000));
        assert_eq!(source, ClockSource::CameraNtp);
        assert_eq!(wall.as_millisecond(), 1_799_999_999_500);
        let (wall, _) = clock.stamp(900_000 + 90_000 * 3, at(1_800_000_004));
        assert_eq!(wall, at(1_800_000_003));
    }

    #[test]
    fn a_camera_eight_hours_off_is_dated_by_arrival_and_its_offset_is_known() {
        let mut clock = CameraClock::new(90_000, Duration::from_secs(10));
        let now = at(1_800_000_000);
        clock.sender_report(0, ntp(at(1_800_028_800)), now);
        assert_eq!(clock.stamp(3600, now), (now, ClockSource::Arrival));
        assert_eq!(clock.offset_ms(), Some(28_800_000));
    }

    #[test]
    fn without_a_report_or_with_an_empty_one_the_arrival_counts() {
        let mut clock = CameraClock::new(90_000, Duration::from_secs(10));
        let now = at(1_800_000_000);
        assert_eq!(clock.stamp(0, now).1, ClockSource::Arrival);
        clock.sender_report(0, 0, now);
        assert_eq!(clock.stamp(0, now).1, ClockSource::Arrival);
        assert_eq!(clock.offset_ms(), None);
    }

    #[test]
    fn the_second_ntp_era_is_read_as_after_2036() {
        let wall = from_ntp(1 << 32).expect("a time");
        assert_eq!(wall.to_string(), "2036-02-07T06:28:17Z");
    }

    #[test]
    fn absurd_rtp_timestamps_do_not_overflow() {
        let mut clock = CameraClock::new(1, Duration::from_secs(10));
        let now = at(1_800_000_000);
        clock.sender_report(i64::MIN, ntp(now), now);
        assert_eq!(clock.stamp(i64::MAX, now), (now, ClockSource::Arrival));
    }
}
