//! When a vehicle's plate is decided.

use crate::lane::Lane;
use crate::track::Track;
use crate::vehicle::{DecidedPlate, Vehicle};
use crate::{DecidedBecause, LaneEvent, Moment, VehicleDecided, View};

/// A reading whose frames are this little legible is no reading.
pub(crate) const READ_FLOOR: f32 = 0.2;
/// Ahead by less than this, in logarithms of width, is beside.
pub(crate) const BESIDE_LN: f32 = 0.1;

impl Lane {
    /// Decides the front vehicle when it is surely read, or has stood for long.
    pub(crate) fn decide(&mut self, now: Moment) {
        for index in 0..self.vehicles.len() {
            if self.vehicles[index].decided.is_some() || !self.is_front(index) {
                continue;
            }
            let near = self.near_px();
            let settings = &self.settings;
            let visible = self.vehicles[index].is_visible(self.watch);
            let unseen = self.watch.saturating_sub(self.vehicles[index].alive);
            let Some(track) = self.vehicles[index].plate.as_mut() else {
                continue;
            };
            let stands = track.stands(settings);
            let in_place = stands || track.path.last().width >= near;
            let sure = in_place
                && track.is_accepted(settings)
                && track
                    .read()
                    .is_some_and(|r| r.color_p >= settings.color_confidence);
            if visible && sure {
                self.decide_one(index, DecidedBecause::Sure, now);
            } else if stands && track.stood_for() + unseen >= settings.patience {
                self.decide_one(index, DecidedBecause::Waited, now);
            }
        }
    }

    /// Whether no other vehicle is between this one and the barrier.
    pub(crate) fn is_front(&self, index: usize) -> bool {
        (0..self.vehicles.len()).all(|other| other == index || !self.blocks(other, index))
    }

    /// Whether `ahead` keeps the barrier from `behind`: it is further along the lane, and has not
    /// gone through.
    fn blocks(&self, ahead: usize, behind: usize) -> bool {
        let settings = &self.settings;
        let (first, second) = (&self.vehicles[ahead], &self.vehicles[behind]);
        let Some(further) = self.is_further(ahead, behind) else {
            // A vehicle without a plate is in front until the next one is near.
            let near = |t: &Track| t.path.last().width >= self.near_px();
            return ahead < behind
                && first.plate.is_none()
                && first.known.is_none()
                && !second.plate.as_ref().is_some_and(near);
        };
        let moving = first.was_moving(settings);
        if first.is_visible(self.watch) {
            let through = settings.view == View::Rear && first.decided.is_some() && moving;
            further && !through
        } else {
            // What is out of sight and was standing is hidden by whoever stands behind it; one that
            // came later is not hidden by what it has overtaken.
            !moving && further && ahead < behind
        }
    }

    /// Whether `one` is further along the lane than `other` when their plates were last seen; of
    /// two that are beside each other, the one that came first. `None` without both plates.
    pub(crate) fn is_further(&self, one: usize, other: usize) -> Option<bool> {
        let lead = self.lead(one, other)?;
        Some(if lead.abs() <= BESIDE_LN {
            one < other
        } else {
            lead > 0.0
        })
    }

    /// How far `one` was ahead of `other` when their plates were last seen, in logarithms of width.
    pub(crate) fn lead(&self, one: usize, other: usize) -> Option<f32> {
        let along = |v: usize| self.vehicles[v].progress(self.settings.view);
        Some(along(one)? - along(other)?)
    }

    pub(crate) fn decide_one(&mut self, index: usize, because: DecidedBecause, now: Moment) {
        let settings = &self.settings;
        let vehicle = &mut self.vehicles[index];
        let accepted = vehicle
            .plate
            .as_mut()
            .is_some_and(|t| t.is_accepted(settings));
        let (read, head, votes) = match vehicle.plate.as_mut() {
            Some(track) => {
                let readable = track.legible() >= READ_FLOOR;
                let read = track.read().filter(|_| readable).cloned();
                (read, track.head(), track.votes())
            }
            None => (None, None, 0),
        };
        let trailer = trailer_of(vehicle);
        vehicle.decided = Some(DecidedPlate {
            plate: read.as_ref().map(|r| r.plate.clone()).unwrap_or_default(),
            confidence: read.as_ref().map_or(0.0, |r| r.confidence),
            accepted,
        });
        let head = head.or_else(|| vehicle.body.as_ref().map(|b| b.1.clone()));
        let decided = VehicleDecided {
            vehicle: vehicle.id,
            entered: vehicle.entered,
            decided: now,
            read,
            accepted,
            trailer,
            votes,
            head,
            because,
        };
        self.out.push(LaneEvent::Decided(Box::new(decided)));
        // With this one at the front, whatever was there before has left.
        self.departed.iter_mut().for_each(|g| g.hidden = false);
    }
}

/// The trailer's plate, also when it is all that was seen.
pub(crate) fn trailer_of(vehicle: &mut Vehicle) -> Option<plate::PlateRead> {
    if let Some(track) = vehicle.trailer.as_mut() {
        return track.read().cloned();
    }
    let track = vehicle.plate.as_mut()?;
    if track.is_trailer() {
        track.read().cloned()
    } else {
        None
    }
}
