//! Things that look like plates and never move.

use std::time::Duration;

use crate::likeness::Likeness;
use crate::track::{Seen, Track};

/// Places remembered at most.
const MOST: usize = 24;
/// A place where nothing was seen for this long is free again.
const FREE_AFTER: Duration = Duration::from_secs(1800);
/// A sighting this near, in widths and at least in pixels, and this similar in size is the thing
/// itself …
const NEAR_WIDTHS: f32 = 0.12;
const NEAR_PX: f32 = 8.0;
const NEAR_LN: f32 = 0.2;
/// … and one this near with the same text is the thing, moving.
const WAKE_WIDTHS: f32 = 1.5;

/// The fixed things of a lane: signs, phone numbers, parked cars.
#[derive(Debug, Default)]
pub(crate) struct Fixed(Vec<Track>);

impl Fixed {
    /// `track` has stood at one place ever since it appeared, and no vehicle brought it.
    pub(crate) fn learn(&mut self, track: Track, watch: Duration) {
        let free = |t: &Track| watch.saturating_sub(t.last_watch) >= FREE_AFTER;
        self.0.retain(|t| !free(t));
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push(track);
    }

    /// Whether `seen` is one of the fixed things.
    pub(crate) fn is_one(&mut self, seen: &Seen<'_>, watch: Duration) -> bool {
        let thing = self.0.iter_mut().find(|thing| {
            let place = thing.path.last();
            let (widths, scale) = seen.spot.off(&place);
            let px = place.center.distance(seen.spot.center);
            (widths <= NEAR_WIDTHS || px <= NEAR_PX)
                && scale <= NEAR_LN
                && !Likeness::of(thing.surest(), &seen.read).is_other()
        });
        match thing {
            Some(thing) => {
                thing.last_watch = watch;
                true
            }
            None => false,
        }
    }

    /// The fixed thing that `seen` shows on the move: a truck that had stood there since before
    /// the first frame drives off.
    pub(crate) fn wake(&mut self, seen: &Seen<'_>, watch: Duration) -> Option<Track> {
        let index = self.0.iter().position(|thing| {
            let (widths, scale) = seen.spot.off(&thing.path.last());
            let still_there = thing.last_watch == watch;
            !still_there
                && widths <= WAKE_WIDTHS
                && scale <= 2.0 * NEAR_LN
                && Likeness::of(thing.surest(), &seen.read).is_alike()
        })?;
        Some(self.0.swap_remove(index))
    }
}
