//! A token bucket: so many rows a second, with the clock handed in.

use std::time::{Duration, Instant};

/// A rate so low that it asks for more is no rate at all; beyond it a duration overflows.
const LONGEST_WAIT_S: f64 = 3600.0;

/// A token bucket of one second's worth of rows, at least one.
#[derive(Debug)]
pub struct Bucket {
    per_second: f64,
    level: f64,
    filled_at: Instant,
}

impl Bucket {
    /// A full bucket. A rate of 0 or less, or one that is no number, never fills.
    #[must_use]
    pub fn new(per_second: f64, now: Instant) -> Self {
        let per_second = if per_second.is_finite() {
            per_second.max(0.0)
        } else {
            0.0
        };
        let level = if per_second > 0.0 {
            per_second.max(1.0)
        } else {
            0.0
        };
        Self {
            per_second,
            level,
            filled_at: now,
        }
    }

    fn fill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.filled_at).as_secs_f64();
        self.level = (self.level + passed * self.per_second).min(self.per_second.max(1.0));
        self.filled_at = self.filled_at.max(now);
    }

    /// Whether a row may go now.
    pub fn has_one(&mut self, now: Instant) -> bool {
        self.fill(now);
        self.level >= 1.0
    }

    /// Takes what one row costs.
    pub fn take_one(&mut self, now: Instant) {
        self.fill(now);
        self.level -= 1.0;
    }

    /// How long until the next row may go; `None` when never.
    pub fn wait(&mut self, now: Instant) -> Option<Duration> {
        self.fill(now);
        let lacking = 1.0 - self.level;
        if lacking <= 0.0 {
            return Some(Duration::ZERO);
        }
        (self.per_second > 0.0)
            .then(|| Duration::from_secs_f64((lacking / self.per_second).min(LONGEST_WAIT_S)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_a_second_are_ten_a_second_after_the_first_burst() {
        let start = Instant::now();
        let mut bucket = Bucket::new(10.0, start);
        let mut sent = 0;
        for ms in 0..5000 {
            let now = start + Duration::from_millis(ms);
            if bucket.has_one(now) {
                bucket.take_one(now);
                sent += 1;
            }
        }
        assert!((58..=60).contains(&sent), "{sent}");
    }

    #[test]
    fn a_clock_that_stands_or_goes_back_fills_nothing() {
        let start = Instant::now() + Duration::from_secs(10);
        let mut bucket = Bucket::new(0.5, start);
        bucket.take_one(start);
        assert!(!bucket.has_one(start - Duration::from_secs(5)));
        assert_eq!(bucket.wait(start), Some(Duration::from_secs(2)));
        assert_eq!(Bucket::new(0.0, start).wait(start), None);
        assert_eq!(Bucket::new(f64::NAN, start).wait(start), None);
    }
}
