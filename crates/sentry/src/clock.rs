//! Whether the wall clock jumped.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

/// Compares the wall clock with one that only goes forward.
#[derive(Debug)]
pub(crate) struct ClockWatch {
    last: (Timestamp, Instant),
    /// Less is a correction that time services make.
    least: SignedDuration,
}

impl ClockWatch {
    pub(crate) fn new(least: SignedDuration) -> Self {
        Self {
            last: (Timestamp::now(), Instant::now()),
            least,
        }
    }

    /// By how much the wall clock jumped since the last look, when it did.
    pub(crate) fn look(&mut self, wall: Timestamp, steady: Instant) -> Option<SignedDuration> {
        let (last_wall, last_steady) = std::mem::replace(&mut self.last, (wall, steady));
        let went = SignedDuration::try_from(steady.duration_since(last_steady));
        let step = wall.duration_since(last_wall) - went.unwrap_or(SignedDuration::ZERO);
        (step.abs() >= self.least).then_some(step)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_jump_either_way_is_told_and_slow_looks_are_none() {
        let mut watch = ClockWatch::new(SignedDuration::from_secs(2));
        let (wall, steady) = watch.last;
        let mut look = |wall_s: i64, steady_s: u64| {
            let step = watch.look(
                wall + SignedDuration::from_secs(wall_s),
                steady + Duration::from_secs(steady_s),
            );
            step.map(|step| step.as_secs())
        };
        assert_eq!(look(1, 1), None);
        assert_eq!(look(601, 601), None, "nobody looked for ten minutes");
        assert_eq!(look(603, 602), None, "a second is a correction");
        assert_eq!(look(664, 603), Some(60));
        assert_eq!(look(665, 604), None, "told once");
        assert_eq!(look(66, 605), Some(-600));
    }
}
