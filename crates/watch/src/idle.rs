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
        }
    }

    /// Takes what a look of time `at` showed; false when it does not count: all pictures come from before it.
    pub(crate) fn looked(&mut self, at: MonoTime, quiet: bool) -> bool {
        if !quiet {
            self.attention.wake();
        }
        let counts = self.attention.quiet(at);
        if !counts {
            self.quiet_since = None;
        }
        counts
    }
}
