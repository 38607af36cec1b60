//! Processor time, which says more than wall time on a machine that does other things as well.
//!
//! Asked of the clocks, to the nanosecond: what `/proc` tells of a running thread is as old as the
//! scheduler's last tick.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Processor time that this thread has used.
pub fn thread_cpu() -> Duration {
    read(ClockId::ThreadCPUTime)
}

/// Processor time that this process has used, all threads together.
pub fn process_cpu() -> Duration {
    read(ClockId::ProcessCPUTime)
}

fn read(clock: ClockId) -> Duration {
    clock_gettime(clock).try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_of_less_than_a_tick_of_the_scheduler_is_seen() {
        let steps = (0..1000).map(|_| thread_cpu()).collect::<Vec<_>>();
        let all = steps[999].saturating_sub(steps[0]);
        assert!(all > Duration::ZERO, "the clock stood still");
        let moved = steps.windows(2).filter(|w| w[1] > w[0]).count();
        assert!(
            moved > 500,
            "only {moved} of 999 readings told the last one's cost"
        );
    }

    #[test]
    fn a_process_has_used_at_least_what_its_thread_has() {
        let thread = thread_cpu();
        assert!(process_cpu() >= thread);
    }
}
