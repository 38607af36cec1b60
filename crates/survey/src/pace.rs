//! When pictures come.

use frame::MonoTime;

/// The times of all pictures.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pace {
    first: Option<(MonoTime, u64)>,
    last: Option<(MonoTime, u64)>,
    longest_gap_ms: f32,
}

impl Pace {
    /// A picture of this time and number.
    pub(crate) fn take(&mut self, at: MonoTime, sequence: u64) {
        if let Some((before, number)) = self.last {
            // Pictures that we skipped ourselves lie between.
            let steps = sequence.saturating_sub(number).max(1);
            let gap = at.since(before).as_secs_f32() * 1000.0 / steps as f32;
            self.longest_gap_ms = self.longest_gap_ms.max(gap);
        }
        self.first.get_or_insert((at, sequence));
        self.last = Some((at, sequence));
    }

    pub(crate) fn seconds(&self) -> f32 {
        let (Some((first, _)), Some((last, _))) = (self.first, self.last) else {
            return 0.0;
        };
        last.since(first).as_secs_f32()
    }

    pub(crate) fn fps(&self) -> Option<f32> {
        let ((_, from), (_, to)) = (self.first?, self.last?);
        let seconds = self.seconds();
        (seconds > 1.0).then(|| to.saturating_sub(from) as f32 / seconds)
    }

    pub(crate) fn longest_gap_ms(&self) -> Option<f32> {
        (self.seconds() > 1.0).then_some(self.longest_gap_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_that_we_skipped_make_no_gap_and_pictures_that_never_came_do() {
        let mut pace = Pace::default();
        for (ms, number) in [(0, 0), (120, 3), (160, 4), (1160, 5), (2000, 26)] {
            pace.take(MonoTime::from_ms(ms), number);
        }
        assert_eq!(pace.longest_gap_ms(), Some(1000.0));
        assert_eq!(pace.fps(), Some(13.0));
    }
}
