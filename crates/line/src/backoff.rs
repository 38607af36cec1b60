//! When to try again: exponential, capped, jittered.

use std::time::Duration;

/// How pauses grow from failure to failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Longest pause after the first failure.
    pub first: Duration,
    /// No pause is longer.
    pub longest: Duration,
}

impl Backoff {
    /// The pause after so many failures in a row (from 1): `first` doubled for each failure before,
    /// never above `longest`, then spread by `chance`, a random number from 0 to 1.
    #[must_use]
    pub fn pause(&self, failures: u32, chance: f64) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        let whole = self.first.saturating_mul(1 << doublings).min(self.longest);
        spread(whole, chance)
    }
}

/// A [`Backoff`] with its count of failures.
#[derive(Debug)]
pub struct Retry {
    backoff: Backoff,
    failures: u32,
}

impl Retry {
    /// Nothing has failed yet.
    #[must_use]
    pub fn new(backoff: Backoff) -> Self {
        Self {
            backoff,
            failures: 0,
        }
    }

    /// Failures since the last reset.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// It works again: the next pause is the first.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// Counts a failure and gives the pause after it. `chance`: see [`Backoff::pause`].
    #[must_use]
    pub fn after_failure(&mut self, chance: f64) -> Duration {
        self.failures = self.failures.saturating_add(1);
        self.backoff.pause(self.failures, chance)
    }

    /// Counts a failure after which the pause is `pause`, spread by `chance`, whatever happened
    /// before.
    #[must_use]
    pub fn after_failure_fixed(&mut self, pause: Duration, chance: f64) -> Duration {
        self.failures = self.failures.saturating_add(1);
        spread(pause, chance)
    }
}

/// Between half and all of `pause`: gates must not come back to a platform in the same instant, nor
/// cameras that fell with one switch.
fn spread(pause: Duration, chance: f64) -> Duration {
    pause.mul_f64(0.5 + 0.5 * chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng as _, SeedableRng as _};

    use super::*;

    fn from_one_second_to(seconds: u64) -> Backoff {
        Backoff {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(seconds),
        }
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_never_beyond() {
        let backoff = from_one_second_to(60);
        let whole: Vec<u64> = (1..9).map(|n| backoff.pause(n, 1.0).as_secs()).collect();
        assert_eq!(whole, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(backoff.pause(u32::MAX, 1.0), backoff.longest);
        assert_eq!(backoff.pause(0, 1.0), backoff.first);
    }

    #[test]
    fn jitter_takes_away_at_most_half() {
        let backoff = Backoff {
            first: Duration::from_secs(8),
            longest: Duration::from_secs(60),
        };
        assert_eq!(backoff.pause(1, 0.0), Duration::from_secs(4));
        assert_eq!(backoff.pause(1, 0.5), Duration::from_secs(6));
        assert_eq!(backoff.pause(1, f64::MAX), Duration::from_secs(8));
    }

    #[test]
    fn counted_pauses_double_up_to_the_longest_and_stay_within_their_jitter() {
        let backoff = from_one_second_to(30);
        let mut retry = Retry::new(backoff);
        let mut rng = StdRng::seed_from_u64(7);
        for full in [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0] {
            let pause = retry.after_failure(rng.random()).as_secs_f64();
            assert!((full / 2.0..=full).contains(&pause), "{pause} of {full}");
        }
        for _ in 0..100 {
            assert!(retry.after_failure(rng.random()) <= backoff.longest);
        }
    }

    #[test]
    fn a_fixed_pause_counts_as_a_failure_and_keeps_its_length() {
        let mut retry = Retry::new(from_one_second_to(30));
        let hour = Duration::from_secs(3600);
        assert_eq!(retry.after_failure_fixed(hour, 1.0), hour);
        assert_eq!(retry.after_failure_fixed(hour, 0.0), hour / 2);
        assert_eq!(retry.failures(), 2);
        assert_eq!(retry.after_failure(1.0), Duration::from_secs(4));
    }

    #[test]
    fn a_stable_period_starts_the_pauses_anew() {
        let backoff = from_one_second_to(30);
        let mut retry = Retry::new(backoff);
        for _ in 0..9 {
            let _ = retry.after_failure(1.0);
        }
        retry.reset();
        assert!(retry.after_failure(1.0) <= backoff.first);
    }

    #[test]
    fn two_cameras_do_not_return_in_step() {
        let pause = |seed| {
            let chance = StdRng::seed_from_u64(seed).random();
            Retry::new(from_one_second_to(30)).after_failure(chance)
        };
        assert_ne!(pause(1), pause(2));
    }
}
