//! Which decoded pictures are worth converting.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use frame::MonoTime;

/// How many pictures a second are analysed; can be changed while the camera runs, from anywhere
/// that holds a clone.
#[derive(Debug, Clone)]
pub struct Rate(Arc<AtomicU32>);

impl Rate {
    /// Pictures per second; `None`, zero or nonsense means every picture.
    #[must_use]
    pub fn new(per_second: Option<f32>) -> Self {
        Self(Arc::new(AtomicU32::new(
            per_second.unwrap_or(0.0).to_bits(),
        )))
    }

    /// Changes the rate from the next picture on.
    pub fn set(&self, per_second: Option<f32>) {
        self.0
            .store(per_second.unwrap_or(0.0).to_bits(), Ordering::Relaxed);
    }

    /// Pictures per second, `None` for every picture.
    #[must_use]
    pub fn get(&self) -> Option<f32> {
        let rate = f32::from_bits(self.0.load(Ordering::Relaxed));
        (rate.is_finite() && rate > 0.0).then_some(rate)
    }
}

/// Picks pictures at the current [`Rate`].
#[derive(Debug)]
pub(crate) struct Picker {
    rate: Rate,
    due: Option<MonoTime>,
}

impl Picker {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, due: None }
    }

    /// The next picture is picked, whenever it was taken.
    pub(crate) fn restart(&mut self) {
        self.due = None;
    }

    /// Whether the picture of time `at` is to be analysed.
    pub(crate) fn pick(&mut self, at: MonoTime) -> bool {
        let Some(rate) = self.rate.get() else {
            return true;
        };
        let interval = Duration::from_secs_f32((1.0 / rate).clamp(0.001, 3600.0));
        // A picture a little early counts as in time; otherwise jitter of 1 ms would turn
        // 12.5 of 25 pictures a second into 8.3.
        let slack = Duration::from_millis(4).min(interval / 4);
        // As early as a picture can be after one that came early itself. Earlier still, and the rate was raised or
        // the clock began anew: what was due then says nothing.
        let due = self.due.filter(|due| due.since(at) <= interval + slack);
        match due {
            Some(due) if at + slack < due => false,
            Some(due) if at.since(due) < interval => {
                self.due = Some(due + interval);
                true
            }
            // First picture, or a long gap.
            _ => {
                self.due = Some(at + interval);
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picked(rate: Option<f32>, millis: impl Iterator<Item = u64>) -> usize {
        let mut picker = Picker::new(Rate::new(rate));
        millis
            .filter(|&ms| picker.pick(MonoTime::from_ms(ms)))
            .count()
    }

    #[test]
    fn the_rate_is_kept_over_a_minute_despite_jitter() {
        let jittery = || (0..1500).map(|i| i * 40 + i * 7919 % 4);
        for (rate, expected) in [(5.0, 300), (8.0, 480), (12.5, 750)] {
            let n = picked(Some(rate), jittery());
            assert!(n.abs_diff(expected) <= 3, "{n} at {rate}/s");
        }
        assert_eq!(picked(None, jittery()), 1500);
        assert_eq!(picked(Some(f32::NAN), jittery()), 1500);
    }

    #[test]
    fn a_pause_is_not_made_up_for_by_a_burst() {
        assert_eq!(picked(Some(5.0), (0..10).map(|i| 60_000 + i * 10)), 1);
    }

    #[test]
    fn a_changed_rate_counts_from_the_next_picture() {
        let rate = Rate::new(Some(1.0));
        let mut picker = Picker::new(rate.clone());
        assert!(picker.pick(MonoTime::from_ms(0)));
        assert!(!picker.pick(MonoTime::from_ms(40)));
        rate.set(None);
        assert!(picker.pick(MonoTime::from_ms(80)));
    }

    #[test]
    fn a_rate_that_is_raised_again_is_kept() {
        let rate = Rate::new(Some(12.5));
        let mut picker = Picker::new(rate.clone());
        let mut minute = |from: u64| {
            let times = (0..1500).map(|i| MonoTime::from_ms(from + i * 40));
            times.filter(|&at| picker.pick(at)).count()
        };
        assert_eq!(minute(0), 750);
        rate.set(Some(3.0));
        assert!(minute(60_000).abs_diff(180) <= 3);
        rate.set(Some(12.5));
        let n = minute(120_000);
        assert!(n.abs_diff(750) <= 3, "{n}");
        // A clock that began anew.
        let n = minute(0);
        assert!(n.abs_diff(750) <= 3, "{n}");
    }

    #[test]
    fn pictures_that_come_in_pairs_are_not_all_picked() {
        // The second pair is a little early, and its second picture early beyond the interval.
        let late = |i: u64| if i < 2 { 3 } else { 0 };
        let n = picked(Some(12.5), (0..1500).map(|i| i / 2 * 80 + i % 2 + late(i)));
        assert!(n.abs_diff(750) <= 3, "{n}");
    }
}
