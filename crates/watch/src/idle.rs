//! When a lane lets its camera rest, and when it wakes it.

use std::time::Duration;

use camera::Attention;
use frame::MonoTime;

/// A lane that was quiet for so long lets its camera rest: longer than the gap between two vehicles of a queue.
const REST_AFTER: Duration = Duration::from_secs(4);

/// Lets one camera rest while nothing is in its lane.
#[derive(Debug, Default)]
pub(crate) struct Idle {
    attention: Attention,
    quiet_since: Option<MonoTime>,
}

impl Idle {
    pub(crate) fn of(attention: Attention) -> Self {
        let quiet_since = None;
        Self {
            attention,
            quiet_since,
        }
    }

    /// Takes what the picture of time `at` showed, one among all.
    pub(crate) fn seen(&mut self, at: MonoTime, quiet: bool) {
        if !quiet {
            self.quiet_since = None;
            self.attention.wake();
        } else if self.attention.rests() {
            // The decoder was ahead when it was told to rest.
            let _ = self.attention.quiet(at);
        } else if at.since(*self.quiet_since.get_or_insert(at)) >= REST_AFTER {
            self.attention.rest(at);
            // Whatever wakes it, it is looked at for as long again.
            self.quiet_since = None;
        }
    }

    /// Takes what a look of time `at` showed; false when it does not count: all pictures come from before it.
    pub(crate) fn looked(&mut self, at: MonoTime, quiet: bool) -> bool {
        if !quiet {
            self.attention.wake();
        }
        self.attention.quiet(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_camera_rests_after_four_quiet_seconds_and_whoever_wakes_it_gets_four_more() {
        let attention = Attention::default();
        let mut idle = Idle::of(attention.clone());
        let mut quiet = |from_ms: u64, to_ms: u64| {
            for ms in (from_ms..=to_ms).step_by(125) {
                idle.seen(MonoTime::from_ms(ms), true);
            }
            attention.rests()
        };
        assert!(!quiet(1_000, 4_875));
        assert!(quiet(5_000, 5_000));
        attention.wake();
        assert!(!quiet(5_125, 9_000));
        assert!(quiet(9_125, 9_125));
    }
}
