//! How long something took, counted in steps: a histogram as Prometheus reads it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper ends of the steps, milliseconds. A vehicle at the barrier is not to wait longer than 300.
const STEPS_MS: [u64; 10] = [10, 25, 50, 100, 200, 300, 500, 1000, 2000, 5000];

/// Counts of spans by their length.
#[derive(Debug, Default)]
pub struct Spans {
    /// Of each step alone, and last what is longer than all.
    counts: [AtomicU64; STEPS_MS.len() + 1],
    sum_us: AtomicU64,
}

impl Spans {
    /// One more.
    pub fn add(&self, span: Duration) {
        let step = STEPS_MS
            .iter()
            .position(|ms| span <= Duration::from_millis(*ms));
        let step = step.unwrap_or(STEPS_MS.len());
        self.counts[step].fetch_add(1, Ordering::Relaxed);
        let us = u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
        self.sum_us.fetch_add(us, Ordering::Relaxed);
    }

    /// Spans counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        let counts = self.counts.iter();
        counts.map(|count| count.load(Ordering::Relaxed)).sum()
    }

    /// Their whole length, seconds.
    pub(crate) fn sum_s(&self) -> f64 {
        self.sum_us.load(Ordering::Relaxed) as f64 / 1e6
    }

    /// For each step its upper end in seconds and how many are no longer.
    pub(crate) fn steps(&self) -> impl Iterator<Item = (f64, u64)> {
        let counts = self.counts.iter().scan(0, |all, count| {
            *all += count.load(Ordering::Relaxed);
            Some(*all)
        });
        STEPS_MS.iter().map(|ms| *ms as f64 / 1e3).zip(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_counts_all_that_are_no_longer() {
        let spans = Spans::default();
        for ms in [5, 10, 11, 299, 301, 60_000] {
            spans.add(Duration::from_millis(ms));
        }
        let steps: Vec<_> = spans.steps().collect();
        assert_eq!(steps[0], (0.01, 2));
        assert_eq!(steps[1], (0.025, 3));
        assert_eq!(steps[5], (0.3, 4));
        assert_eq!(steps[9], (5.0, 5));
        assert_eq!(spans.count(), 6);
        assert!((spans.sum_s() - 60.626).abs() < 1e-6);
    }
}
