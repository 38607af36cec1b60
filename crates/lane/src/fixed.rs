//! Things that look like plates and never move.

use std::time::Duration;

use frame::Frame;
use plate::PlateRead;

use crate::likeness::Likeness;
use crate::path::Spot;
use crate::track::{ReadSighting, Track};
use crate::{LaneEvent, NotCountedRule};

mod visit;

use visit::Visit;

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
/// A place this near to one where a vehicle's plate was, and of this size, is on the road.
const ROAD_WIDTHS: f32 = 0.5;
const ROAD_LN: f32 = 0.4;

/// The fixed things of a lane: signs, phone numbers, parked cars.
#[derive(Debug, Default)]
pub(crate) struct Fixed {
    things: Vec<Thing>,
    glimpses: Vec<Glimpse>,
}

#[derive(Debug)]
struct Thing {
    track: Track,
    visit: Option<Visit>,
}

impl Thing {
    /// Whether it is what was seen.
    fn is_seen(&self, seen: &ReadSighting<'_>) -> bool {
        let likeness = Likeness::of(self.track.surest(), &seen.read);
        let same = if seen.sure {
            likeness.is_alike()
        } else {
            !likeness.is_other()
        };
        is_at(&self.track.path.last(), &seen.spot) && same
    }

    /// Whether it is at `place`, and the same was read there before.
    fn reads_like(&self, place: &Spot, read: &PlateRead) -> bool {
        is_at(&self.track.path.last(), place) && Likeness::of(self.track.surest(), read).is_alike()
    }

    /// Whether what was seen at `place` reads like it, and is there or near by.
    fn is_about(&self, place: &Spot, read: &PlateRead) -> bool {
        let (widths, scale) = place.off(&self.track.path.last());
        widths <= WAKE_WIDTHS
            && scale <= 2.0 * NEAR_LN
            && Likeness::of(self.track.surest(), read).is_alike()
    }
}

/// A place where something that never moved was seen for a moment: a sign that the detector finds
/// only now and then, and that reads differently each time.
#[derive(Debug)]
struct Glimpse {
    place: Spot,
    /// The surest that was read there.
    read: PlateRead,
    first_watch: Duration,
    last_watch: Duration,
    /// Plates of vehicles come here too, as at the stop line: whatever shows here may be one that
    /// was hidden on its way, and is no fixed thing.
    on_the_road: bool,
    visit: Option<Visit>,
}

impl Glimpse {
    /// Whether it is what was seen.
    fn is_seen(&self, seen: &ReadSighting<'_>, watch: Duration, fixed_after: Duration) -> bool {
        !self.on_the_road
            && watch.saturating_sub(self.first_watch) >= fixed_after
            && is_at(&self.place, &seen.spot)
            && (!seen.sure || Likeness::of(&self.read, &seen.read).is_alike())
    }
}

impl Fixed {
    /// `track` has stood at one place ever since it appeared, and no vehicle brought it.
    pub(crate) fn learn(&mut self, track: Track, watch: Duration) {
        let free = |t: &Track| watch.saturating_sub(t.last_watch) >= FREE_AFTER;
        self.things.retain(|t| !free(&t.track));
        if self.things.len() == MOST {
            self.things.remove(0);
        }
        self.things.push(Thing { track, visit: None });
    }

    /// `track` was lost from sight without ever having moved.
    pub(crate) fn glimpse(&mut self, track: &Track, watch: Duration) {
        self.glimpses
            .retain(|g| watch.saturating_sub(g.last_watch) < FREE_AFTER);
        let place = track.path.last();
        let known = self.glimpses.iter().position(|g| is_at(&g.place, &place));
        if let Some(known) = known {
            let known = &mut self.glimpses[known];
            known.last_watch = watch;
            if track.surest().confidence > known.read.confidence {
                known.read = track.surest().clone();
            }
        } else if self.glimpses.len() < MOST {
            let first_watch = track.last_watch;
            self.glimpses.push(Glimpse {
                place,
                read: track.surest().clone(),
                first_watch,
                last_watch: watch,
                on_the_road: false,
                visit: None,
            });
        }
    }

    /// The plate of a vehicle is at `spot`.
    pub(crate) fn passed(&mut self, spot: &Spot) {
        for glimpse in &mut self.glimpses {
            let (widths, scale) = spot.off(&glimpse.place);
            glimpse.on_the_road |= widths <= ROAD_WIDTHS && scale <= ROAD_LN;
        }
    }

    /// Whether `seen` is one of the fixed things. A plate that is being followed is never asked
    /// about: what stops at such a place came there on the move.
    ///
    /// The place alone tells only of what was not read surely. To a camera in the axis of the lane
    /// every vehicle appears at the same place, at the same size, so what reads surely is a fixed
    /// thing only where the same was read before.
    pub(crate) fn is_one(
        &mut self,
        seen: &ReadSighting<'_>,
        frame: &Frame,
        watch: Duration,
        fixed_after: Duration,
    ) -> bool {
        let mut glimpses = self.glimpses.iter_mut();
        let glimpsed = glimpses.find(|g| g.is_seen(seen, watch, fixed_after));
        if let Some(glimpse) = glimpsed {
            glimpse.last_watch = watch;
            Visit::add(&mut glimpse.visit, seen, frame, watch);
            return true;
        }
        let thing = self.things.iter_mut().find(|thing| thing.is_seen(seen));
        match thing {
            Some(thing) => {
                thing.track.last_watch = watch;
                Visit::add(&mut thing.visit, seen, frame, watch);
                true
            }
            None => false,
        }
    }

    /// Whether something fixed is here, whatever it reads like, and no plate of a vehicle comes by.
    pub(crate) fn is_place(&self, spot: &Spot) -> bool {
        let places = self.things.iter().map(|thing| thing.track.path.last());
        let glimpses = self.glimpses.iter().filter(|g| !g.on_the_road);
        let glimpses = glimpses.map(|glimpse| glimpse.place);
        places.chain(glimpses).any(|place| is_at(&place, spot))
    }

    /// Notes whether `seen` is where something fixed is, and whether it reads like that.
    pub(crate) fn mark(&self, seen: &mut ReadSighting<'_>, watch: Duration, fixed_after: Duration) {
        let mut things = self.things.iter();
        seen.like_fixed = things.any(|thing| thing.reads_like(&seen.spot, &seen.read));
        seen.at_fixed = if seen.sure {
            self.holds(seen, watch, fixed_after)
        } else {
            self.is_place(&seen.spot)
        };
    }

    /// As [`is_one`](Self::is_one), and nothing is learned of it.
    pub(crate) fn holds(
        &self,
        seen: &ReadSighting<'_>,
        watch: Duration,
        fixed_after: Duration,
    ) -> bool {
        let mut glimpses = self.glimpses.iter();
        glimpses.any(|g| g.is_seen(seen, watch, fixed_after))
            || self.things.iter().any(|thing| thing.is_seen(seen))
    }

    /// Whether `track` is at the place of a fixed thing and reads like it.
    pub(crate) fn is_known(&mut self, track: &Track, watch: Duration) -> bool {
        let place = track.path.last();
        let mut things = self.things.iter_mut();
        let known = things.find(|thing| thing.reads_like(&place, track.surest()));
        known.map(|thing| thing.track.last_watch = watch).is_some()
    }

    /// Whether a fixed thing that reads like `track` is where it is, or about there: a track that began
    /// at another row of a board has its place between the two.
    pub(crate) fn is_about(&self, track: &Track) -> bool {
        let place = track.path.last();
        let mut things = self.things.iter();
        things.any(|thing| thing.is_about(&place, track.surest()))
    }

    /// The fixed thing that `seen` shows on the move: a truck that had stood there since before
    /// the first frame drives off.
    pub(crate) fn wake(&mut self, seen: &ReadSighting<'_>, watch: Duration) -> Option<Track> {
        let index = self.things.iter().position(|thing| {
            let still_there = thing.track.last_watch == watch;
            let covered = seen.spot.is_part_or_rest_of(&thing.track.path.last());
            !still_there && !covered && thing.is_about(&seen.spot, &seen.read)
        })?;
        Some(self.things.swap_remove(index).track)
    }

    /// The fixed thing that `track`, which has moved by now, was when it was first seen: the first
    /// pictures of a truck that drives off may look like a sign that something covers.
    pub(crate) fn was(&mut self, track: &Track) -> Option<Track> {
        let first = track.path.first();
        let index = self.things.iter().position(|thing| {
            thing.track.last.at < track.first.at
                && thing.track.last_watch < track.first_watch
                && thing.is_about(&first, track.surest())
        })?;
        Some(self.things.swap_remove(index).track)
    }

    /// Tells of the things that were in sight and are not any more.
    pub(crate) fn tell_visits(&mut self, watch: Duration, out: &mut Vec<LaneEvent>) {
        for (visit, rule) in self.visits() {
            if visit.as_ref().is_some_and(|v| v.is_over(watch)) {
                out.extend(visit.take().map(|v| v.told(rule)));
            }
        }
    }

    /// The same for all of them, since nobody looks any more.
    pub(crate) fn end_visits(&mut self, out: &mut Vec<LaneEvent>) {
        for (visit, rule) in self.visits() {
            out.extend(visit.take().map(|v| v.told(rule)));
        }
    }

    fn visits(&mut self) -> impl Iterator<Item = (&mut Option<Visit>, NotCountedRule)> {
        let things = self.things.iter_mut();
        let glimpses = self.glimpses.iter_mut();
        things
            .map(|t| (&mut t.visit, NotCountedRule::Fixed))
            .chain(glimpses.map(|g| (&mut g.visit, NotCountedRule::Glimpse)))
    }
}

fn is_at(place: &Spot, spot: &Spot) -> bool {
    let (widths, scale) = spot.off(place);
    let px = place.center.distance(spot.center);
    (widths <= NEAR_WIDTHS || px <= NEAR_PX) && scale <= NEAR_LN
}
