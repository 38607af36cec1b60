//! How full the lane is, from frame to frame.
//!
//! LaneState is measured above a **floor**, the least that the lane was filled of late: what is left
//! by a wet road, a lamp or a vehicle that is still leaving is no part of what comes next.

use std::collections::VecDeque;
use std::time::Duration;

use frame::Frame;

use crate::occupancy::{Occupancy, OccupancyChange};
use crate::{LaneSettings, Presence};

/// Motion counts for this long as "just now".
const LATELY: Duration = Duration::from_millis(2_500);
/// LaneState is averaged over this time.
const CALM_S: f32 = 0.4;
/// The floor follows what stands still with this time constant.
const FLOOR_S: f32 = 5.0;

/// What is known about the lane's fullness now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LaneState {
    Unknown,
    Clear,
    Occupied,
}

/// What the lane knows of its plates before a frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlatesInSight {
    /// Watched time.
    pub(crate) watch: Duration,
    /// A moving thing may yet turn out to be a plate.
    pub(crate) unsure: bool,
    /// A vehicle is in sight: what stands still is this vehicle, and no floor.
    pub(crate) vehicle: bool,
}

/// What one frame says about the lane's fullness.
pub(crate) struct MeterReading {
    pub(crate) spent: Duration,
    pub(crate) occupied: f32,
    /// Since the frame before.
    pub(crate) change: f32,
    /// Above the floor, now and without flicker.
    pub(crate) rise: f32,
    pub(crate) calm_rise: f32,
    pub(crate) moves: bool,
    /// How long something moved just now.
    pub(crate) lately: Duration,
}

/// Follows the lane's fullness.
#[derive(Debug, Default)]
pub(crate) struct OccupancyMeter {
    pub(crate) occupancy: Option<Occupancy>,
    known: bool,
    before: Option<f32>,
    /// Share of the lane that is occupied, without the flicker of rain.
    level: f32,
    floor: f32,
    /// The floor from before a vehicle that was already in view was taken into it: until the lane is
    /// back there, it is not clear.
    under: Option<f32>,
    lately: VecDeque<(Duration, Duration)>,
}

impl OccupancyMeter {
    /// Takes the fullness of one frame. `step` is the watched time since the frame before, `None`
    /// after a gap. Returns the occupancy that ended with it.
    pub(crate) fn update(
        &mut self,
        presence: Option<Presence>,
        step: Option<Duration>,
        plates: PlatesInSight,
        frame: &Frame,
        settings: &LaneSettings,
    ) -> Option<Occupancy> {
        let good = |p: &Presence| p.occupied.is_finite() && p.moving.is_finite();
        let Some(presence) = presence.filter(good) else {
            self.known = false;
            self.before = None;
            return None;
        };
        self.known = true;
        let seen = self.measure(presence, step, plates, settings);
        let unsure = plates.unsure;
        if self.occupancy.is_none() && seen.rise >= settings.occupied_share {
            self.occupancy = Some(Occupancy::new(frame, seen.lately));
        }
        let Some(occupancy) = &mut self.occupancy else {
            if !seen.moves && !plates.vehicle {
                let share = 1.0 - (-seen.spent.as_secs_f32() / FLOOR_S).exp();
                self.floor += (self.level - self.floor) * share;
            }
            return None;
        };
        let turn = occupancy.add(frame, &seen, unsure, settings);
        tracing::trace!(
            occupied = seen.occupied, floor = self.floor, rise = occupancy.rise, peak = occupancy.peak,
            moves = seen.moves, lasted = ?occupancy.lasted, owned = occupancy.owned, unsure, ?turn,
            "lane fullness"
        );
        match turn {
            OccupancyChange::GoesOn => None,
            OccupancyChange::Over => self.occupancy.take(),
            OccupancyChange::NextInView => {
                self.under = Some(self.under.unwrap_or(self.floor));
                self.stand_on(seen.occupied);
                self.occupancy.replace(Occupancy::behind(frame))
            }
            OccupancyChange::Scenery => {
                self.stand_on(seen.occupied);
                self.occupancy.take()
            }
        }
    }

    fn measure(
        &mut self,
        presence: Presence,
        step: Option<Duration>,
        plates: PlatesInSight,
        settings: &LaneSettings,
    ) -> MeterReading {
        let watch = plates.watch;
        let spent = step.unwrap_or_default();
        let moves = presence.moving >= settings.moving_share;
        while self.lately.front().is_some_and(|l| watch - l.0 > LATELY) {
            self.lately.pop_front();
        }
        if moves && !spent.is_zero() {
            self.lately.push_back((watch, spent));
        }
        let occupied = presence.occupied;
        let change = match (self.before, step) {
            (Some(before), Some(_)) => (occupied - before).abs(),
            _ => 0.0,
        };
        self.before = Some(occupied);
        let keep = (-spent.as_secs_f32() / CALM_S).exp();
        self.level = occupied + (self.level - occupied) * keep;
        self.floor = self.floor.min(occupied).min(self.level);
        // What stays there without a motion becomes the floor in time, as light and water do; the
        // more it fills, the longer it is taken for a vehicle.
        let stays = if moves || plates.vehicle || self.occupancy.is_some() {
            0.0
        } else {
            1.0 - (-spent.as_secs_f32() / FLOOR_S).exp()
        };
        self.under = self
            .under
            .map(|under| (under + (self.level - under) * stays).min(self.floor))
            .filter(|under| self.level - under >= settings.clear_share);
        MeterReading {
            spent,
            occupied,
            change,
            rise: occupied - self.floor,
            calm_rise: self.level - self.floor,
            moves,
            lately: self.lately.iter().map(|l| l.1).sum(),
        }
    }

    /// From now on only what fills more of the lane than this has come.
    fn stand_on(&mut self, occupied: f32) {
        (self.floor, self.level) = (occupied, occupied);
    }

    pub(crate) fn state(&self) -> LaneState {
        match (&self.occupancy, self.known) {
            (_, false) => LaneState::Unknown,
            (None, true) if self.under.is_some() => LaneState::Occupied,
            (None, true) => LaneState::Clear,
            (Some(_), true) => LaneState::Occupied,
        }
    }

    pub(crate) fn is_clear(&self) -> bool {
        self.state() == LaneState::Clear
    }

    /// How much of the lane is filled above the floor.
    pub(crate) fn rise_of(&self, presence: Presence) -> f32 {
        presence.occupied - self.floor
    }

    /// Nobody watched for long: what was known is void.
    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }

    /// Takes what the running occupancy shows of a vehicle without a plate; from now on it owns it.
    pub(crate) fn own_plateless(&mut self) -> Option<Occupancy> {
        let occupancy = self.occupancy.as_mut()?;
        occupancy.owned = true;
        let mut shown = Occupancy::new(&occupancy.best.as_ref()?.1, Duration::ZERO);
        (shown.since, shown.last, shown.best) =
            (occupancy.since, occupancy.last, occupancy.best.clone());
        shown.weak = occupancy.weak.take();
        Some(shown)
    }

    /// A vehicle is in the lane now.
    pub(crate) fn own(&mut self) {
        if let Some(occupancy) = &mut self.occupancy {
            occupancy.owned = true;
        }
    }
}
