//! Growing, capped, jittered pauses.

use std::time::Duration;

/// How pauses grow from try to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The first pause.
    pub first: Duration,
    /// No pause is longer.
    pub longest: Duration,
}

impl Backoff {
    /// The pause after so many failures in a row (from 1). `chance`, 0 to 1, spreads it over its
    /// upper half, so that many gates don't come back to a platform in the same instant.
    #[must_use]
    pub fn pause(&self, failures: u32, chance: f64) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        let whole = self.first.saturating_mul(1 << doublings).min(self.longest);
        whole.mul_f64(0.5 + 0.5 * chance.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_never_beyond() {
        let backoff = Backoff {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(60),
        };
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
}
