//! Spans: the stretches of time in which something large is in the lane.
//!
//! An occupancy begins when the lane fills above its floor and ends when it is back there, or when most
//! of a vehicle has gone and the next one is already in view: then the next occupancy begins at once,
//! on the floor of that moment.

use std::time::Duration;

use frame::Frame;

use self::meter::MeterReading;
use crate::track::Track;
use crate::{LaneSettings, Moment};

pub(crate) mod meter;

/// A vehicle moves visibly for at least this long as it comes …
const MOVES_IN: Duration = Duration::from_millis(400);
/// … and as it goes.
const MOVES_OUT: Duration = Duration::from_millis(300);
/// No vehicle fills this share of its peak from one frame to the next; a light does.
const JUMP: f32 = 0.6;
/// A lane that is only this much as full as at the peak is being left.
const VALLEY: f32 = 0.45;
/// A lane that is at least this much as full as at the peak still holds what came.
const STAYS: f32 = 0.6;
/// What follows a vehicle without a gap may still be its trailer, unless it stays for this long.
const NEXT_FOR: Duration = Duration::from_secs(3);
/// What did not drive in and stands still for this long is the look of the empty lane.
const SETTLES_FOR: Duration = Duration::from_secs(3);

/// One stretch of time in which the lane is occupied. Shares of the lane are above the floor.
#[derive(Debug)]
pub(crate) struct Occupancy {
    pub(crate) since: Moment,
    pub(crate) last: Moment,
    /// Watched time since it began.
    pub(crate) lasted: Duration,
    /// A vehicle was seen in it.
    pub(crate) owned: bool,
    /// The best plate-like thing that moved in it without becoming a vehicle.
    pub(crate) weak: Option<Track>,
    pub(crate) best: Option<(f32, Frame)>,
    /// It began behind another vehicle, before the lane was clear.
    follows: bool,
    pub(crate) rise: f32,
    pub(crate) peak: f32,
    /// The largest change from one frame to the next.
    step: f32,
    /// How long something moved in it …
    moving: Duration,
    /// … and how long until it was fullest.
    moves_in: Duration,
    moves_out: Duration,
    still_for: Duration,
    below_for: Duration,
}

/// What a frame did to an occupancy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OccupancyChange {
    GoesOn,
    /// The lane is back on its floor.
    Over,
    /// The vehicle has left while the next one is already in view.
    NextInView,
    /// Nothing drove in: the empty lane looks different from now on.
    Scenery,
}

impl Occupancy {
    /// Begins with this frame, after something has moved for this long.
    pub(crate) fn new(frame: &Frame, moving: Duration) -> Self {
        Self {
            since: Moment::of(frame),
            last: Moment::of(frame),
            lasted: Duration::ZERO,
            owned: false,
            weak: None,
            best: None,
            follows: false,
            rise: 0.0,
            peak: 0.0,
            step: 0.0,
            moving,
            moves_in: moving,
            moves_out: Duration::ZERO,
            still_for: Duration::ZERO,
            below_for: Duration::ZERO,
        }
    }

    /// Begins with the first frame after a vehicle that leaves while the next one is in view.
    pub(crate) fn behind(frame: &Frame) -> Self {
        Self {
            follows: true,
            ..Self::new(frame, Duration::ZERO)
        }
    }

    /// Came in as vehicles do, not as light or a shadow on the lens does.
    pub(crate) fn drove_in(&self) -> bool {
        self.moves_in >= MOVES_IN && self.step < JUMP * self.peak
    }

    /// Most of what came in has gone again.
    fn has_sunk(&self) -> bool {
        self.rise < VALLEY * self.peak
    }

    fn is_large(&self, settings: &LaneSettings) -> bool {
        self.peak >= settings.plateless_share
    }

    /// Something large drove in and now stands, and no plate was seen.
    pub(crate) fn stands_plateless(&self, settings: &LaneSettings) -> bool {
        !self.owned
            && self.drove_in()
            && self.is_large(settings)
            && self.rise >= STAYS * self.peak
            && self.still_for >= settings.plateless_patience
    }

    /// Something large drove in, and out again if the occupancy is over, and no plate was seen.
    pub(crate) fn was_plateless(&self, settings: &LaneSettings, over: bool) -> bool {
        !self.owned
            && self.drove_in()
            && self.is_large(settings)
            && self.lasted >= settings.plateless_for
            && (!self.follows || self.lasted >= NEXT_FOR)
            && (!over || self.moves_out >= MOVES_OUT)
    }

    /// A vehicle was here and most of it has gone.
    fn is_left(&self, settings: &LaneSettings) -> bool {
        let vehicle = self.owned || self.was_plateless(settings, true);
        vehicle && self.is_large(settings) && self.has_sunk()
    }

    /// Light, water or a thing put down: nothing that drove in.
    fn is_scenery(&self) -> bool {
        !self.owned && !self.drove_in() && self.still_for >= SETTLES_FOR
    }

    /// Takes the next frame. `unsure` says that a moving thing may yet turn out to be a plate.
    pub(crate) fn add(
        &mut self,
        frame: &Frame,
        seen: &MeterReading,
        unsure: bool,
        settings: &LaneSettings,
    ) -> OccupancyChange {
        self.lasted += seen.spent;
        self.step = self.step.max(seen.change);
        if seen.moves {
            self.still_for = Duration::ZERO;
            self.moving += seen.spent;
        } else {
            self.still_for += seen.spent;
        }
        self.rise = seen.calm_rise;
        if self.rise > self.peak {
            (self.peak, self.moves_in) = (self.rise, self.moving);
        }
        if self
            .best
            .as_ref()
            .is_none_or(|b| seen.occupied > 1.02 * b.0)
        {
            self.best = Some((seen.occupied, frame.clone()));
        }
        if seen.rise < settings.clear_share {
            if self.below_for.is_zero() {
                self.moves_out = seen.lately;
            }
            self.below_for += seen.spent;
            let over = self.below_for >= settings.clear_for;
            return if over {
                OccupancyChange::Over
            } else {
                OccupancyChange::GoesOn
            };
        }
        self.below_for = Duration::ZERO;
        self.last = Moment::of(frame);
        // The next vehicle is in view before one without a plate is out of it.
        self.moves_out = seen.lately;
        if self.is_left(settings) && !unsure {
            OccupancyChange::NextInView
        } else if self.is_scenery() {
            OccupancyChange::Scenery
        } else {
            OccupancyChange::GoesOn
        }
    }
}
