//! Whether all of a camera's pictures are wanted, or a look now and then.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use frame::MonoTime;

/// A camera that gave no look for so long while it rested has key pictures too seldom, and is not left to rest
/// for this time.
const RESTLESS_FOR: Duration = Duration::from_secs(600);

/// What whoever watches wants of a camera. Clones share it; a camera begins awake.
///
/// While it **rests**, a camera decodes single key pictures, **looks**. Whoever watches says of each look that
/// it showed nothing ([`Attention::quiet`]), or wakes the camera. Then every picture comes that was taken since
/// the last look that showed nothing: late, and none is missed.
#[derive(Debug, Clone, Default)]
pub struct Attention(Arc<Mutex<Wish>>);

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) rests: bool,
    /// Up to here everything was seen, or shown to be nothing.
    pub(crate) settled: MonoTime,
    /// Another camera tells when something comes; looks may be far apart.
    pub(crate) guarded: bool,
    restless_until: MonoTime,
}

impl Attention {
    /// Only looks are wanted from now on; the picture of time `at` showed nothing.
    pub fn rest(&self, at: MonoTime) {
        let mut wish = self.lock();
        if !wish.rests && at >= wish.restless_until {
            wish.rests = true;
            wish.settled = at;
        }
    }

    /// The look of time `at` showed nothing. False when all pictures are wanted by now: then this one comes
    /// again, among the others.
    #[must_use]
    pub fn quiet(&self, at: MonoTime) -> bool {
        let mut wish = self.lock();
        let counts = wish.rests && at > wish.settled;
        if counts {
            wish.settled = at;
        }
        counts
    }

    /// All pictures are wanted, from the last one that showed nothing.
    pub fn wake(&self) {
        self.lock().rests = false;
    }

    /// Whether only looks are wanted.
    #[must_use]
    pub fn rests(&self) -> bool {
        self.lock().rests
    }

    /// Another camera sees when something comes, so that this one may rest however seldom it gives looks.
    pub fn guard(&self, guarded: bool) {
        self.lock().guarded = guarded;
    }

    pub(crate) fn wish(&self) -> Wish {
        *self.lock()
    }

    /// It gives no looks by which anybody could tell that nothing comes.
    pub(crate) fn wake_for_long(&self, at: MonoTime) {
        let mut wish = self.lock();
        wish.rests = false;
        wish.restless_until = at + RESTLESS_FOR;
    }

    /// Whether the look of time `at` was judged, or is not asked for any more.
    pub(crate) fn is_settled(&self, at: MonoTime) -> bool {
        let wish = self.lock();
        !wish.rests || wish.settled >= at
    }

    fn lock(&self) -> MutexGuard<'_, Wish> {
        // Nothing here can be left half done by a panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_that_was_overtaken_by_a_wake_does_not_count() {
        let attention = Attention::default();
        let at = MonoTime::from_ms;
        assert!(!attention.quiet(at(900)), "nobody rests");
        attention.rest(at(1_000));
        assert!(attention.quiet(at(2_000)));
        assert!(!attention.quiet(at(1_500)), "older than what was settled");
        attention.wake();
        assert!(!attention.quiet(at(3_000)));
        assert_eq!(attention.wish().settled, at(2_000));
    }

    #[test]
    fn a_camera_without_looks_is_left_awake_for_a_while() {
        let attention = Attention::default();
        let at = MonoTime::from_ms;
        attention.rest(at(1_000));
        attention.wake_for_long(at(5_000));
        attention.rest(at(9_000));
        assert!(!attention.rests());
        attention.rest(at(606_000));
        assert!(attention.rests());
    }
}
