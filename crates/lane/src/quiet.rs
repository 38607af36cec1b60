//! Whether nothing is in the lane, so that single looks at it are enough.

use std::time::Duration;

use crate::follow;
use crate::lane::Lane;
use crate::track::{ReadSighting, Track};
use crate::{LaneSettings, Moment, Observation};

/// A plate narrower than this share of what votes is far away: it has seconds to come, and the next look shows it.
const FAR: f32 = 0.6;
/// What has stood for so long since it was first seen, and was never surely read, is no vehicle that comes.
const STANDS_FOR: Duration = Duration::from_secs(2);

impl Lane {
    /// Whether nobody is in the lane and `seen` shows nobody who comes: no vehicle and nothing that may become
    /// one, no plate but those that are fixed or far, nothing that moves or fills the lane. What is in doubt is
    /// not quiet.
    #[must_use]
    pub fn is_quiet(&self, seen: &Observation) -> bool {
        let settings = &self.settings;
        let still = seen.presence.is_some_and(|presence| {
            presence.moving < settings.moving_share
                && self.meter.rise_of(presence) < settings.clear_share
        });
        let now = Moment::of(&seen.frame);
        still
            && self.vehicles.is_empty()
            && self.meter.is_clear()
            && self.candidates.iter().all(|c| stands(c, now, settings))
            && follow::readable(seen, settings)
                .iter()
                .all(|plate| self.is_nobody(plate))
    }

    /// Whether `plate` is no vehicle that comes.
    fn is_nobody(&self, plate: &ReadSighting<'_>) -> bool {
        let settings = &self.settings;
        let unread = !plate.sure && plate.read.legible < settings.min_legible;
        unread
            || plate.spot.width < FAR * settings.min_plate_px
            || (!plate.sure && self.fixed.is_place(&plate.spot))
            || self.fixed.holds(plate, self.watch, settings.fixed_after)
    }
}

/// Whether `candidate` has only stood since it was first seen, or is far.
fn stands(candidate: &Track, now: Moment, settings: &LaneSettings) -> bool {
    let stood = now.at.since(candidate.first.at) >= STANDS_FOR && !candidate.was_sure();
    let far = candidate.path.last().width < FAR * settings.min_plate_px;
    !candidate.path.moved() && (stood || far)
}
