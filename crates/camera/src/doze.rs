//! Which compressed pictures are decoded: all of them, or looks while the camera rests. Live cameras and
//! recordings ask here, so that what is measured is what runs.

use std::time::Duration;

use frame::MonoTime;

use crate::Attention;
use crate::recent::{Coded, Recent};
use crate::stir::Stir;

/// While it rests, a camera gives a look this often, if it sends key pictures so often. The first key picture is one
/// always: with the one after it a look could come later than [`UNSEEN`].
const LOOK_EVERY: Duration = Duration::from_millis(950);
/// Without a look for so long nobody knows whether something came: the camera is not left to rest. Cameras are
/// delivered with a key picture every two seconds; with one every four, two of 200 simulated vehicles of 4.7 m that
/// drove through at 16 km/h without a legible plate came and went between two looks.
const UNSEEN: Duration = Duration::from_millis(2_500);
/// The same where another camera watches: only how this one fares would not be known.
const UNSEEN_GUARDED: Duration = Duration::from_secs(30);
/// With fewer waiting the decoder has caught up: a third of a second.
const CAUGHT_UP: usize = 8;

/// Falling behind by so many more since it woke, a decoder catches up no further: 2.5 s.
const BEHIND: usize = 64;

/// What to do with a compressed picture.
#[derive(Debug)]
pub(crate) enum Job<U> {
    /// Decoding begins anew at an earlier one: forget what is in the decoder. Pictures up to this time
    /// were seen.
    Restart(MonoTime),
    /// Decode it after the one before.
    Decode(U),
    /// Decode it alone.
    Look(U),
}

/// Hands out compressed pictures as an [`Attention`] wants them.
#[derive(Debug)]
pub(crate) struct Doze<U> {
    attention: Attention,
    recent: Recent<U>,
    stir: Stir,
    rests: bool,
    looked: MonoTime,
    /// No look was given since it began to rest.
    is_first: bool,
    /// Pictures are late because the camera rested; given up with more waiting than this.
    catching_up: Option<usize>,
    passed: u64,
    /// The newest that was handed out to be decoded.
    reached: MonoTime,
}

impl<U: Coded + Clone> Doze<U> {
    pub(crate) fn new(attention: Attention) -> Self {
        Self {
            attention,
            recent: Recent::default(),
            stir: Stir::default(),
            rests: false,
            looked: MonoTime::default(),
            is_first: false,
            catching_up: None,
            passed: 0,
            reached: MonoTime::default(),
        }
    }

    /// Another connection: what came before can't be decoded any more.
    pub(crate) fn reset(&mut self) {
        self.attention.wake();
        *self = Self::new(self.attention.clone());
    }

    pub(crate) fn push(&mut self, unit: U) {
        let stirs = !unit.is_key() && self.stir.take(unit.bytes());
        self.recent.push(unit);
        if self.rests && (stirs || self.recent.is_full()) {
            self.attention.wake();
        }
        if !self.rests && self.recent.is_full() {
            self.recent.forget_passed();
        }
    }

    /// What to do next; `None` when more has to come first.
    pub(crate) fn next(&mut self) -> Option<Job<U>> {
        let wish = self.attention.wish();
        if !wish.rests {
            if std::mem::take(&mut self.rests) {
                self.recent.rewind(wish.settled);
                self.catching_up = Some(self.recent.waiting() + BEHIND);
                return Some(Job::Restart(wish.settled));
            }
            let waiting = self.recent.waiting();
            let catches_up = |most: &usize| (CAUGHT_UP..=*most).contains(&waiting);
            self.catching_up = self.catching_up.filter(catches_up);
            let unit = self.recent.take(|_| true)?.clone();
            self.reached = unit.at();
            self.recent.forget(self.reached);
            if self.recent.is_full() {
                // Before the next one is read: of a recording a packet may have 128 MiB.
                self.recent.forget_passed();
            }
            return Some(Job::Decode(unit));
        }
        if !self.rests {
            self.rests = true;
            self.looked = wish.settled.max(self.reached);
            self.is_first = true;
            self.catching_up = None;
        }
        self.recent.forget(wish.settled);
        let unseen = if wish.guarded { UNSEEN_GUARDED } else { UNSEEN };
        loop {
            let looked = self.looked;
            let waits = if self.is_first {
                Duration::ZERO
            } else {
                LOOK_EVERY
            };
            let due = |unit: &U| unit.is_key() && unit.at() >= looked + waits;
            let mut is_look = false;
            let unit = self.recent.take(|unit| {
                is_look = due(unit);
                is_look
            })?;
            if is_look {
                let unit = unit.clone();
                return Some(Job::Look(unit));
            }
            self.passed += 1;
            if unit.at().since(looked) > unseen {
                let at = unit.at();
                self.attention.wake_for_long(at);
                return self.next();
            }
        }
    }

    /// The look of time `at` became a picture.
    pub(crate) fn looked(&mut self, at: MonoTime) {
        self.looked = at;
        self.is_first = false;
    }

    /// Whether pictures are decoded late, because the camera rested when they were taken.
    pub(crate) fn catches_up(&self) -> bool {
        self.catching_up.is_some()
    }

    /// Whether more waits than may be kept.
    pub(crate) fn is_full(&self) -> bool {
        self.recent.is_full()
    }

    /// How many wait to be decoded.
    pub(crate) fn waiting(&self) -> usize {
        self.recent.waiting()
    }

    /// Gives up what waits, up to the newest key picture; how many that were.
    pub(crate) fn skip_to_key(&mut self) -> usize {
        self.catching_up = None;
        self.recent.skip_to_key()
    }

    /// Pictures that were passed over, and those that are forgotten and nobody ever decoded, since this was
    /// last asked.
    pub(crate) fn passed(&mut self) -> (u64, u64) {
        (std::mem::take(&mut self.passed), self.recent.undecoded())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Milliseconds, and whether decoding can begin there.
    type Unit = (u64, bool);

    struct Camera {
        attention: Attention,
        doze: Doze<Unit>,
        at_ms: u64,
        key_every_ms: u64,
    }

    impl Camera {
        fn with_keys_every(key_every_ms: u64) -> Self {
            let attention = Attention::default();
            let doze = Doze::new(attention.clone());
            Self {
                attention,
                doze,
                at_ms: 0,
                key_every_ms,
            }
        }

        /// What is done with the pictures of so many seconds; of those decoded in order, first and last.
        fn send(&mut self, seconds: u64) -> String {
            self.send_pictures(seconds * 25)
        }

        fn send_pictures(&mut self, count: u64) -> String {
            let mut jobs = Vec::new();
            for _ in 0..count {
                let key = self.at_ms.is_multiple_of(self.key_every_ms);
                self.doze.push((self.at_ms, key));
                jobs.extend(std::iter::from_fn(|| self.step()));
                self.at_ms += 40;
            }
            told(&jobs)
        }

        fn step(&mut self) -> Option<Job<Unit>> {
            let job = self.doze.next()?;
            if let Job::Look((at, _)) = &job {
                self.doze.looked(MonoTime::from_ms(*at));
            }
            Some(job)
        }
    }

    fn told(jobs: &[Job<Unit>]) -> String {
        let mut told = Vec::new();
        let mut decoded: Option<(u64, u64)> = None;
        let end = |decoded: &mut Option<(u64, u64)>, told: &mut Vec<String>| {
            told.extend(decoded.take().map(|(from, to)| format!("{from}..{to}")));
        };
        for job in jobs {
            match job {
                Job::Decode((at, _)) => decoded = Some((decoded.map_or(*at, |d| d.0), *at)),
                Job::Look((at, _)) => {
                    end(&mut decoded, &mut told);
                    told.push(format!("look {at}"));
                }
                Job::Restart(until) => {
                    end(&mut decoded, &mut told);
                    told.push(format!("after {}", until.as_ms()));
                }
            }
        }
        end(&mut decoded, &mut told);
        told.join(" ")
    }

    #[test]
    fn a_camera_that_rests_gives_looks_and_catches_up_from_the_last_that_showed_nothing() {
        let mut camera = Camera::with_keys_every(2_000);
        assert_eq!(camera.send(3), "0..2960");
        camera.attention.rest(MonoTime::from_ms(2_920));
        assert_eq!(camera.send(5), "look 4000 look 6000");
        assert!(camera.attention.quiet(MonoTime::from_ms(4_000)));
        camera.attention.wake();
        assert_eq!(camera.send(1), "after 4000 4000..8960");
        assert!(!camera.doze.catches_up(), "nothing waits any more");
    }

    #[test]
    fn a_camera_that_sends_nothing_but_key_pictures_gives_one_look_a_second() {
        let mut camera = Camera::with_keys_every(40);
        camera.send(1);
        camera.attention.rest(MonoTime::from_ms(960));
        assert_eq!(camera.send(3), "look 1000 look 1960 look 2920 look 3880");
    }

    #[test]
    fn a_camera_with_a_key_picture_every_two_seconds_rests_from_any_moment_on() {
        for pictures in 1..50 {
            let mut camera = Camera::with_keys_every(2_000);
            camera.send(2);
            camera.send_pictures(pictures);
            let last = camera.at_ms - 40;
            camera.attention.rest(MonoTime::from_ms(last));
            assert!(
                camera.send(5).starts_with("look 4000 look 6000"),
                "{last} ms"
            );
            assert!(camera.attention.rests(), "{last} ms");
        }
    }

    #[test]
    fn a_camera_whose_key_pictures_leave_time_for_a_car_to_pass_does_not_rest() {
        for (key_every_ms, rests) in [(2_400, true), (4_000, false)] {
            let mut camera = Camera::with_keys_every(key_every_ms);
            camera.send(1);
            camera.attention.rest(MonoTime::from_ms(960));
            camera.send(6);
            assert_eq!(camera.attention.rests(), rests, "{key_every_ms} ms");
        }
    }

    #[test]
    fn a_camera_with_a_key_picture_every_ten_seconds_rests_only_where_another_one_watches() {
        for guarded in [false, true] {
            let mut camera = Camera::with_keys_every(10_000);
            camera.attention.guard(guarded);
            camera.send(1);
            camera.attention.rest(MonoTime::from_ms(960));
            let done = camera.send(11);
            let expected = if guarded {
                "look 10000"
            } else {
                "after 960 0..11960"
            };
            assert_eq!(done, expected);
            assert_eq!(camera.attention.rests(), guarded);
        }
    }

    #[test]
    fn what_stirs_between_two_looks_wakes_the_camera() {
        let mut camera = Camera::with_keys_every(4_000);
        camera.send(3);
        camera.attention.rest(MonoTime::from_ms(2_960));
        // In these tests every picture has ten bytes.
        camera.doze.stir = Stir::default();
        assert!(!(0..100).any(|_| camera.doze.stir.take(2)));
        assert!(camera.send(1).starts_with("after 2960 0.."));
    }

    #[test]
    fn what_nobody_needed_is_counted_once_it_is_forgotten() {
        let mut camera = Camera::with_keys_every(1_000);
        camera.send(1);
        camera.attention.rest(MonoTime::from_ms(960));
        camera.send(2);
        assert!(camera.attention.quiet(MonoTime::from_ms(2_000)));
        camera.send(1);
        // Three of 75 were looks; what came before the second of them is forgotten.
        assert_eq!(camera.doze.passed(), (72, 24));
    }
}
