//! Where there is no video, and why.

use jiff::Timestamp;
use serde::Serialize;

/// Why there is no video, or none that can be relied upon. Its code is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GapReason {
    /// The camera sent nothing.
    CameraAway,
    /// The service was not running.
    ServiceStopped,
    /// No disk had room.
    DiskFull,
    /// The disk could not be written, or was not there.
    DiskAway,
    /// The disk took video slower than it came.
    TooSlow,
    /// Packets were lost on the network: there is video, with damaged pictures.
    PacketsLost,
    /// The clock was set: what follows is not by the time of what was before.
    ClockSet,
    /// The file was there and is no longer, or can't be read.
    FileGone,
}

impl GapReason {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::CameraAway,
        Self::ServiceStopped,
        Self::DiskFull,
        Self::DiskAway,
        Self::TooSlow,
        Self::PacketsLost,
        Self::ClockSet,
        Self::FileGone,
    ];

    /// As it is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CameraAway => "camera_away",
            Self::ServiceStopped => "service_stopped",
            Self::DiskFull => "disk_full",
            Self::DiskAway => "disk_away",
            Self::TooSlow => "too_slow",
            Self::PacketsLost => "packets_lost",
            Self::ClockSet => "clock_set",
            Self::FileGone => "file_gone",
        }
    }

    /// The one that is stored so.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// Whether nothing was kept while it lasted.
    #[must_use]
    pub const fn is_hole(self) -> bool {
        !matches!(self, Self::PacketsLost | Self::ClockSet)
    }
}

/// A time without video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Since when.
    pub from: Timestamp,
    /// Until when; it lasts when that is missing. Before `from` where the clock was set back.
    pub until: Option<Timestamp>,
    /// Why.
    pub reason: GapReason,
}

/// The times between `from` and `until` that none of these has; they come in the order in which they begin.
pub fn uncovered(
    times: impl IntoIterator<Item = (Timestamp, Timestamp)>,
    from: Timestamp,
    until: Timestamp,
) -> Vec<(Timestamp, Timestamp)> {
    let mut holes = Vec::new();
    let mut at = from;
    for (begins, ends) in times.into_iter().chain([(until, until)]) {
        let begins = begins.min(until);
        if begins > at {
            holes.push((at, begins));
        }
        at = at.max(ends);
    }
    holes
}
