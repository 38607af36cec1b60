//! What a lane followed like a plate and did not take for a vehicle's, by rule.

use std::sync::atomic::{AtomicU64, Ordering};

use lane::{NotCounted, NotCountedRule};

/// Counts for each rule of the lane.
#[derive(Debug, Default)]
pub struct NotCountedCounters([Counted; NotCountedRule::ALL.len()]);

#[derive(Debug, Default)]
struct Counted {
    all: AtomicU64,
    read: AtomicU64,
}

impl NotCountedCounters {
    /// Counts one thing.
    pub fn count(&self, not: &NotCounted) {
        for (rule, counted) in NotCountedRule::ALL.iter().zip(&self.0) {
            if *rule == not.rule {
                counted.all.fetch_add(1, Ordering::Relaxed);
                counted
                    .read
                    .fetch_add(u64::from(not.accepted), Ordering::Relaxed);
            }
        }
    }

    /// For each rule its name, how many things it kept back, and how many of them were read as surely
    /// as a plate that is accepted.
    pub(crate) fn by_rule(&self) -> impl Iterator<Item = (&'static str, u64, u64)> {
        let number = |value: &AtomicU64| value.load(Ordering::Relaxed);
        let rules = NotCountedRule::ALL.iter().zip(&self.0);
        rules.map(move |(rule, c)| (rule.name(), number(&c.all), number(&c.read)))
    }
}
