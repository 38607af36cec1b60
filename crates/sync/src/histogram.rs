//! How long something took, counted by length.

use std::time::Duration;

/// Upper bounds in seconds. Decisions take milliseconds, uploads after an outage hours.
const BOUNDS_S: [f64; 14] = [
    0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 3600.0, 86_400.0,
];

/// Counts of lengths of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histogram {
    within: [u64; BOUNDS_S.len()],
    count: u64,
    sum_us: u64,
}

impl Histogram {
    /// Something took so long.
    pub fn add(&mut self, took: Duration) {
        let seconds = took.as_secs_f64();
        for (within, bound) in self.within.iter_mut().zip(BOUNDS_S) {
            *within += u64::from(seconds <= bound);
        }
        self.count += 1;
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.sum_us = self.sum_us.saturating_add(us);
    }

    /// How many took no longer than each bound, in seconds.
    pub fn within(&self) -> impl Iterator<Item = (f64, u64)> {
        BOUNDS_S.into_iter().zip(self.within)
    }

    /// How many there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// What all of them took together, seconds.
    #[must_use]
    pub fn sum_s(&self) -> f64 {
        self.sum_us as f64 / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_length_is_counted_at_every_bound_that_it_keeps() {
        let mut took = Histogram::default();
        took.add(Duration::from_millis(200));
        took.add(Duration::from_secs(100_000));
        let counts: Vec<u64> = took.within().map(|(_, count)| count).collect();
        assert_eq!(counts, [0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
        assert_eq!(took.count(), 2);
        assert!((took.sum_s() - 100_000.2).abs() < 1e-6);
    }
}
