//! Does a camera still see what it saw? Pure functions of pictures and their times.
//!
//! What the scene looks like is kept on a small picture of local contrast, which light changes little, and follows
//! what it sees with a time constant of ten minutes: a day becomes dusk. Three things are told apart:
//!
//! - **covered**: places that had structure have none. Something close to the lens is out of focus and flat, or dark.
//!   A white truck that stands close is flat as well, so it takes minutes, and longer while plates are seen;
//! - **turned away**: what was seen is there, elsewhere: moved or rotated. That is sure within half a minute;
//! - anything else is a vehicle, until it has lasted longer than vehicles stand.
//!
//! While the scene looks otherwise than usual nothing is learned of it.

use std::time::Duration;

use frame::{MonoTime, Picture};

use crate::contrast_map::{BLOCKS, ContrastMap, Displaced};

/// A camera that was covered or turned stays so: more looks see nothing more.
const EVERY: Duration = Duration::from_secs(2);
/// Of a longer time between two looks no more is learned: nobody looked.
const UNSEEN: Duration = Duration::from_secs(10);
/// With this time constant the usual view follows what is seen.
const FOLLOW: Duration = Duration::from_secs(600);
/// What the usual view is nobody says before.
const LEARN: Duration = Duration::from_secs(600);
/// Share of the places with structure that look as usual, below which something is odd. `north-in` has 0.73 on the
/// average, and 0.35 while a truck stands at the barrier.
const USUAL: f32 = 0.6;
/// Share of the places with structure that have lost it. `north-in` half covered has 0.40 to 0.45, and 0.12 at
/// most as it is.
const FLAT: f32 = 0.3;
/// Flat for so long, and no plate seen meanwhile.
const COVERED_AFTER: Duration = Duration::from_secs(300);
/// Flat for so long, also where plates are seen: trucks stand for ten minutes.
const COVERED_AT_LAST: Duration = Duration::from_secs(900);
/// Where less looks as usual it is asked whether it is elsewhere. `north-in` turned or moved has 0.17 at most.
const ELSEWHERE: f32 = 0.25;
/// How often that is asked: it costs some milliseconds.
const ASKED_EVERY: Duration = Duration::from_secs(10);
/// Elsewhere for so long.
const TURNED_AFTER: Duration = Duration::from_secs(30);
/// Nothing looks as usual, for longer than trucks stand: it was turned so far that nothing is left.
const NOTHING: f32 = 0.15;
const TURNED_AT_LAST: Duration = Duration::from_secs(900);
/// A view that has stayed otherwise for so long is the usual one from now on, unless it is covered.
const NEW_VIEW: Duration = Duration::from_secs(1800);
/// With fewer places that have structure there is nothing to judge by: fog, night without light.
const FEWEST_PLACES: usize = BLOCKS / 6;

/// What a camera's view looks like beside what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ViewLook {
    /// As usual, or not otherwise for long enough.
    #[default]
    Usual,
    /// A part of it is covered.
    Covered,
    /// The camera looks elsewhere.
    Turned,
}

/// Watches the view of one camera.
#[derive(Debug, Default)]
pub struct ViewWatch {
    usual: Option<ContrastMap>,
    /// What was usual before a new view became so: a vehicle that was parked for long leaves again.
    former: Option<ContrastMap>,
    learned: Duration,
    last: Option<MonoTime>,
    look: ViewLook,
    plate_at: Option<MonoTime>,
    odd_since: Option<MonoTime>,
    flat_since: Option<MonoTime>,
    nothing_since: Option<MonoTime>,
    elsewhere_since: Option<MonoTime>,
    asked_at: Option<MonoTime>,
}

impl ViewWatch {
    /// Takes the picture of time `at`; `plate` says whether a plate is seen on it.
    pub fn look(&mut self, at: MonoTime, picture: &Picture, plate: bool) -> ViewLook {
        if plate {
            self.plate_at = Some(at);
        }
        let spent = match self.last {
            Some(last) if at.since(last) < EVERY => return self.look,
            Some(last) => at.since(last).min(UNSEEN),
            None => Duration::ZERO,
        };
        self.last = Some(at);
        let seen = ContrastMap::of(picture);
        let Some(usual) = &mut self.usual else {
            self.usual = Some(seen);
            return self.look;
        };
        if self.learned < LEARN {
            self.learned += spent;
            // At the beginning the mean of all that was seen.
            usual.follow(&seen, share(spent, self.learned.max(EVERY)));
            return self.look;
        }
        let is_former = |former: &mut ContrastMap| former.compare(&seen).same >= USUAL;
        if let Some(former) = self.former.take_if(is_former) {
            *usual = former;
        }
        let places = usual.compare(&seen);
        if places.known < FEWEST_PLACES {
            usual.follow(&seen, share(spent, FOLLOW));
            return self.settle(ViewLook::Usual);
        }
        if places.same >= USUAL {
            usual.follow(&seen, share(spent, FOLLOW));
            return self.settle(ViewLook::Usual);
        }
        let odd_for = at.since(*self.odd_since.get_or_insert(at));
        let flat = since(&mut self.flat_since, places.flat >= FLAT, at);
        let nothing = since(&mut self.nothing_since, places.same < NOTHING, at);
        if places.same >= ELSEWHERE {
            self.elsewhere_since = None;
        } else if self.look != ViewLook::Turned
            && self
                .asked_at
                .is_none_or(|asked| at.since(asked) >= ASKED_EVERY)
        {
            self.asked_at = Some(at);
            let is_elsewhere = usual.found_in(&seen).is_some_and(Displaced::is_sure);
            since(&mut self.elsewhere_since, is_elsewhere, at);
        }
        let elsewhere = self.elsewhere_since.map(|from| at.since(from));
        let unread = self.plate_at.map_or(Duration::MAX, |plate| at.since(plate));
        let look = if elsewhere.is_some_and(|long| long >= TURNED_AFTER) {
            ViewLook::Turned
        } else if flat
            .is_some_and(|long| long.min(unread) >= COVERED_AFTER || long >= COVERED_AT_LAST)
        {
            ViewLook::Covered
        } else if nothing.is_some_and(|long| long >= TURNED_AT_LAST) {
            ViewLook::Turned
        } else {
            // What was told stands until the view is usual again.
            self.look
        };
        self.look = look;
        if odd_for >= NEW_VIEW && look != ViewLook::Covered {
            *self = Self {
                former: self.usual.take(),
                usual: Some(seen),
                last: Some(at),
                ..Self::default()
            };
        }
        self.look
    }

    fn settle(&mut self, look: ViewLook) -> ViewLook {
        self.look = look;
        self.odd_since = None;
        self.flat_since = None;
        self.nothing_since = None;
        self.elsewhere_since = None;
        self.asked_at = None;
        look
    }
}

/// For how long something has been so; `None` while it is not.
fn since(begin: &mut Option<MonoTime>, is_so: bool, at: MonoTime) -> Option<Duration> {
    if !is_so {
        *begin = None;
        return None;
    }
    Some(at.since(*begin.get_or_insert(at)))
}

/// The share of a difference that is followed after `spent`.
fn share(spent: Duration, constant: Duration) -> f32 {
    (spent.as_secs_f32() / constant.as_secs_f32()).min(1.0)
}
