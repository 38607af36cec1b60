//! The newest compressed pictures of a camera, from a key picture on, so that a decoder that rested can catch up.

use std::collections::VecDeque;

use frame::MonoTime;

/// What is kept of one camera at most: twenty seconds of 12 Mbit/s.
const MOST_BYTES: usize = 32 << 20;

/// A compressed picture.
pub(crate) trait Coded {
    /// Decoding can begin here.
    fn is_key(&self) -> bool;
    /// When it was taken.
    fn at(&self) -> MonoTime;
    fn bytes(&self) -> usize;
}

/// Compressed pictures in the order of decoding, and which of them is decoded next.
#[derive(Debug)]
pub(crate) struct Recent<U> {
    units: VecDeque<Kept<U>>,
    next: usize,
    bytes: usize,
    /// Forgotten without ever having been decoded.
    undecoded: u64,
}

#[derive(Debug)]
struct Kept<U> {
    unit: U,
    decoded: bool,
}

impl<U> Default for Recent<U> {
    fn default() -> Self {
        Self {
            units: VecDeque::new(),
            next: 0,
            bytes: 0,
            undecoded: 0,
        }
    }
}

impl<U: Coded> Recent<U> {
    pub(crate) fn push(&mut self, unit: U) {
        self.bytes += unit.bytes();
        let decoded = false;
        self.units.push_back(Kept { unit, decoded });
    }

    /// The next one, which `decides` to decode or to leave out.
    pub(crate) fn take(&mut self, decides: impl FnOnce(&U) -> bool) -> Option<&U> {
        let kept = self.units.get_mut(self.next)?;
        self.next += 1;
        kept.decoded |= decides(&kept.unit);
        Some(&kept.unit)
    }

    /// How many wait.
    pub(crate) fn waiting(&self) -> usize {
        self.units.len() - self.next
    }

    /// Goes to the newest key picture that waits, or behind everything; how many are left out.
    pub(crate) fn skip_to_key(&mut self) -> usize {
        let newest = self.units.iter().rposition(|kept| kept.unit.is_key());
        let to = newest
            .filter(|&newest| newest >= self.next)
            .unwrap_or(self.units.len());
        to - std::mem::replace(&mut self.next, to)
    }

    /// Goes back to the key picture from which everything after `at` can be decoded, or to the oldest there is.
    pub(crate) fn rewind(&mut self, at: MonoTime) {
        self.next = self.begin_of(at);
    }

    /// Forgets what does not wait and is not needed for pictures after `at` either.
    pub(crate) fn forget(&mut self, at: MonoTime) {
        let needless = self.begin_of(at).min(self.next);
        self.drop_first(needless);
    }

    /// Forgets all that does not wait.
    pub(crate) fn forget_passed(&mut self) {
        self.drop_first(self.next);
    }

    /// Whether more is kept than may be.
    pub(crate) fn is_full(&self) -> bool {
        self.bytes > MOST_BYTES
    }

    /// How many were forgotten without ever having been decoded, since this was last asked.
    pub(crate) fn undecoded(&mut self) -> u64 {
        std::mem::take(&mut self.undecoded)
    }

    fn begin_of(&self, at: MonoTime) -> usize {
        let key_before = |kept: &Kept<U>| kept.unit.is_key() && kept.unit.at() <= at;
        self.units.iter().rposition(key_before).unwrap_or(0)
    }

    fn drop_first(&mut self, count: usize) {
        for kept in self.units.drain(..count) {
            self.bytes -= kept.unit.bytes();
            self.undecoded += u64::from(!kept.decoded);
        }
        self.next -= count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Coded for (u64, bool) {
        fn is_key(&self) -> bool {
            self.1
        }
        fn at(&self) -> MonoTime {
            MonoTime::from_ms(self.0)
        }
        fn bytes(&self) -> usize {
            10
        }
    }

    fn two_groups() -> Recent<(u64, bool)> {
        let mut recent = Recent::default();
        for unit in [
            (0, true),
            (40, false),
            (80, false),
            (120, true),
            (160, false),
        ] {
            recent.push(unit);
        }
        recent
    }

    fn pass(recent: &mut Recent<(u64, bool)>, decoded: bool) -> Vec<u64> {
        let next = || recent.take(|_| decoded).map(|unit| unit.0);
        std::iter::from_fn(next).collect()
    }

    #[test]
    fn what_was_left_out_is_decoded_from_the_key_picture_before_it() {
        let mut recent = two_groups();
        assert_eq!(pass(&mut recent, false).len(), 5);
        recent.rewind(MonoTime::from_ms(100));
        assert_eq!(pass(&mut recent, true), [0, 40, 80, 120, 160]);
        recent.rewind(MonoTime::from_ms(130));
        assert_eq!(pass(&mut recent, true), [120, 160]);
    }

    #[test]
    fn only_what_may_be_needed_again_is_kept_and_what_nobody_decoded_is_counted() {
        let mut recent = two_groups();
        recent.take(|_| true);
        pass(&mut recent, false);
        recent.forget(MonoTime::from_ms(119));
        assert_eq!((recent.units.len(), recent.bytes), (5, 50));
        recent.forget(MonoTime::from_ms(120));
        assert_eq!((recent.units.len(), recent.bytes), (2, 20));
        assert_eq!((recent.undecoded(), recent.undecoded()), (2, 0));
        recent.push((200, false));
        assert_eq!(pass(&mut recent, true), [200]);
    }

    #[test]
    fn whoever_is_late_goes_on_with_the_newest_key_picture() {
        let mut recent = two_groups();
        recent.take(|_| true);
        assert_eq!((recent.skip_to_key(), recent.waiting()), (2, 2));
        recent.take(|_| true);
        assert_eq!((recent.skip_to_key(), recent.waiting()), (1, 0));
    }
}
