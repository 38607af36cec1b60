//! The arm of a lane, for a person who orders it raised.

use gate::{Alarm, BarrierHand};
use passage::LanePlace;
use words::{Key, Said};

use crate::{Refused, Site};

/// The lane of this name.
///
/// # Errors
/// When the site has none.
pub(crate) fn place<'a>(lane: &str, site: &'a Site) -> Result<&'a LanePlace, Refused> {
    let place = site.lanes.iter().find(|place| place.lane == lane);
    place.ok_or_else(|| no(Key::LiftNoLane, lane))
}

/// What raises the arm of a lane.
///
/// # Errors
/// When no daemon runs, or the lane has no relay.
pub(crate) fn hand(lane: &str, site: &Site) -> Result<BarrierHand, Refused> {
    let arms = site.arms.as_ref();
    let arms = arms.ok_or_else(|| no(Key::LiftNoDaemon, lane))?;
    arms.of_lane(lane).ok_or_else(|| no(Key::LiftNoRelay, lane))
}

/// What is told of a barrier that did not obey.
pub(crate) fn unconfirmed(alarm: &Alarm, barrier: &str) -> Refused {
    Refused::failed(Said::with(alarm.kind.key(), "barrier", barrier))
}

fn no(key: Key, lane: &str) -> Refused {
    Refused::invalid(Said::with(key, "lane", lane))
}
