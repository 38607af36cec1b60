//! When to try again: exponential, capped, jittered.

use std::time::Duration;

use rand::Rng;

/// Bounds of the waiting times between attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Longest wait after the first failure.
    pub first: Duration,
    /// Longest wait ever.
    pub cap: Duration,
}

/// Counts failures in a row and says how long to wait.
#[derive(Debug)]
pub(crate) struct Schedule {
    bounds: Backoff,
    failures: u32,
}

impl Schedule {
    pub(crate) fn new(bounds: Backoff) -> Self {
        Self {
            bounds,
            failures: 0,
        }
    }

    /// Failures since the last reset.
    pub(crate) fn failures(&self) -> u32 {
        self.failures
    }

    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }

    /// Counts a failure and gives the wait after it: `first` doubled for each failure before,
    /// never above `cap`, then jittered.
    pub(crate) fn next(&mut self, rng: &mut impl Rng) -> Duration {
        let factor = 1_u32 << self.failures.min(20);
        self.failures = self.failures.saturating_add(1);
        jittered(
            self.bounds
                .first
                .saturating_mul(factor)
                .min(self.bounds.cap),
            rng,
        )
    }

    /// Counts a failure after which the wait is `wait`, jittered, whatever happened before.
    pub(crate) fn fixed(&mut self, wait: Duration, rng: &mut impl Rng) -> Duration {
        self.failures = self.failures.saturating_add(1);
        jittered(wait, rng)
    }
}

/// Between half and all of `wait`: cameras that fell with one switch must not return in step.
fn jittered(wait: Duration, rng: &mut impl Rng) -> Duration {
    wait.mul_f64(rng.random_range(0.5..=1.0))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    const BOUNDS: Backoff = Backoff {
        first: Duration::from_secs(1),
        cap: Duration::from_secs(30),
    };

    #[test]
    fn waits_double_up_to_the_cap_and_stay_within_their_jitter() {
        let mut schedule = Schedule::new(BOUNDS);
        let mut rng = StdRng::seed_from_u64(7);
        for full in [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0] {
            let wait = schedule.next(&mut rng).as_secs_f64();
            assert!((full / 2.0..=full).contains(&wait), "{wait} of {full}");
        }
        for _ in 0..100 {
            assert!(schedule.next(&mut rng) <= BOUNDS.cap);
        }
    }

    #[test]
    fn a_stable_period_starts_the_schedule_anew() {
        let mut schedule = Schedule::new(BOUNDS);
        let mut rng = StdRng::seed_from_u64(7);
        for _ in 0..9 {
            schedule.next(&mut rng);
        }
        schedule.reset();
        assert!(schedule.next(&mut rng) <= BOUNDS.first);
    }

    #[test]
    fn two_cameras_do_not_return_in_step() {
        let wait = |seed| Schedule::new(BOUNDS).next(&mut StdRng::seed_from_u64(seed));
        assert_ne!(wait(1), wait(2));
    }
}
