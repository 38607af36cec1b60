//! One vehicle in the lane, from entered to finished.

use std::time::Duration;

use frame::Frame;
use passage::Outcome;
use plate::PlateRead;

use crate::track::Track;
use crate::{Heading, KeyFrame, LaneSettings, Moment, VehicleId, View};

/// Change of the logarithm of the width from which the way of a vehicle is clear.
const WENT_LN: f32 = 0.2;
/// It came this far …
const CAME_LN: f32 = 0.1;
/// … and went this far back, or less if it was still going back when last seen.
const CAME_BACK_LN: f32 = 0.25;
const GOES_BACK_LN: f32 = 0.1;

/// What was decided.
#[derive(Debug, Clone)]
pub(crate) struct DecidedPlate {
    pub(crate) plate: String,
    pub(crate) confidence: f32,
    pub(crate) accepted: bool,
}

/// One vehicle in the lane.
#[derive(Debug)]
pub(crate) struct Vehicle {
    pub(crate) id: VehicleId,
    pub(crate) entered: Moment,
    pub(crate) last: Moment,
    pub(crate) plate: Option<Track>,
    pub(crate) trailer: Option<Track>,
    /// Of a passage taken over: the plate its row holds.
    pub(crate) known: Option<PlateRead>,
    pub(crate) decided: Option<DecidedPlate>,
    /// Watched time when anything of it was last seen, or when it was last behind another.
    pub(crate) alive: Duration,
    /// The lane was occupied without a break since it was last seen.
    pub(crate) hidden: bool,
    pub(crate) body: Option<(f32, KeyFrame)>,
}

impl Vehicle {
    pub(crate) fn new(id: VehicleId, entered: Moment, alive: Duration) -> Self {
        Self {
            id,
            entered,
            last: entered,
            plate: None,
            trailer: None,
            known: None,
            decided: None,
            alive,
            hidden: true,
            body: None,
        }
    }

    pub(crate) fn tracks(&mut self) -> impl Iterator<Item = &mut Track> {
        self.plate.iter_mut().chain(&mut self.trailer)
    }

    /// Whether its plate was seen within the last second of watched time.
    pub(crate) fn is_visible(&self, watch: Duration) -> bool {
        self.plate
            .as_ref()
            .is_some_and(|t| watch.saturating_sub(t.last_watch) <= Duration::from_secs(1))
    }

    /// How far it is along the lane, as the logarithm of a width; `None` without a plate.
    pub(crate) fn progress(&self, view: View) -> Option<f32> {
        let track = self.plate.as_ref()?;
        Some(progress(track.path.last().width, view))
    }

    /// Whether it was on its way when its plate was last seen.
    pub(crate) fn was_moving(&self, settings: &LaneSettings) -> bool {
        self.plate.as_ref().is_some_and(|t| t.was_going(settings))
    }

    pub(crate) fn came_back(&self, view: View) -> bool {
        self.plate.as_ref().is_some_and(|t| {
            let grows = view == View::Front;
            let (forth, back) = t.path.forth_and_back(grows);
            let leaves = back >= GOES_BACK_LN && t.path.going_back(grows);
            forth >= CAME_LN && (back >= CAME_BACK_LN || leaves)
        })
    }

    pub(crate) fn outcome(&self, view: View) -> Outcome {
        if self.came_back(view) {
            Outcome::BackedOut
        } else {
            Outcome::Passed
        }
    }

    pub(crate) fn heading(&self, settings: &LaneSettings) -> Heading {
        let Some(track) = &self.plate else {
            return Heading::Unclear;
        };
        let growth = track.path.growth().ln();
        let along = match settings.view {
            View::Front => growth,
            View::Rear => -growth,
        };
        if self.came_back(settings.view) || along.abs() < WENT_LN {
            Heading::Unclear
        } else if along > 0.0 {
            Heading::Went(settings.direction)
        } else {
            Heading::Went(settings.direction.opposite())
        }
    }

    /// Offers a frame that shows the vehicle; the one with the highest `score` is kept.
    pub(crate) fn offer_body(&mut self, frame: &Frame, score: f32, with_plate: bool) {
        if self.body.as_ref().is_some_and(|b| b.0 * 1.02 >= score) {
            return;
        }
        let quad = self.plate.as_ref().filter(|_| with_plate).map(|t| t.quad());
        let key = KeyFrame {
            frame: frame.clone(),
            quad,
            read: None,
        };
        self.body = Some((score, key));
    }
}

/// How far a plate of this width is along the lane: larger is further.
pub(crate) fn progress(width: f32, view: View) -> f32 {
    match view {
        View::Front => width.ln(),
        View::Rear => -width.ln(),
    }
}
