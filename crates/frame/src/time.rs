//! Wall time and monotonic time are different types, so that a clock step cannot reorder a lane.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Monotonic time since an origin that one process (or one replay) chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct MonoTime(Duration);

impl MonoTime {
    /// The time `ms` milliseconds after the origin.
    #[must_use]
    pub const fn from_ms(ms: u64) -> Self {
        Self(Duration::from_millis(ms))
    }

    /// The time `since_origin` after the origin.
    #[must_use]
    pub const fn from_origin(since_origin: Duration) -> Self {
        Self(since_origin)
    }

    /// Whole milliseconds since the origin.
    #[must_use]
    pub fn as_ms(self) -> u64 {
        u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX)
    }

    /// Time passed since `earlier`; zero when `earlier` is in fact later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl std::ops::Add<Duration> for MonoTime {
    type Output = Self;

    fn add(self, rhs: Duration) -> Self {
        Self(self.0.saturating_add(rhs))
    }
}

/// Where a frame's wall time came from, most trusted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockSource {
    /// The camera's own NTP time, from RTCP sender reports.
    CameraNtp,
    /// The time at which this computer received the frame.
    Arrival,
    /// Position in a recorded file, counted from the time given for its start.
    File,
}
