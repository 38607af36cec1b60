//! The lane itself: the order in which one frame is worked through.

use std::collections::VecDeque;
use std::time::Duration;

use passage::Outcome;
use plate::{Color, Evidence, Layout, PlateRead};

use crate::fixed::Fixed;
use crate::occupancy::Occupancy;
use crate::occupancy::meter::{OccupancyMeter, PlatesInSight};
use crate::track::Track;
use crate::vehicle::{DecidedPlate, Vehicle};
use crate::{
    DecidedBecause, LaneEvent, LaneSettings, LostWhy, Moment, Observation, OpenPassage, VehicleId,
};

/// A vehicle that has left, remembered so that it is not counted again when a glimpse of it
/// returns.
#[derive(Debug)]
pub(crate) struct Departed {
    pub(crate) read: PlateRead,
    pub(crate) last: Moment,
    pub(crate) last_watch: Duration,
    pub(crate) progress: f32,
    pub(crate) outcome: Outcome,
    /// The lane was never seen clear, nor another vehicle at the front, since it was last seen.
    pub(crate) hidden: bool,
}

/// One lane. Feed it every analysed frame; act on what it returns.
///
/// "Watched time" is the time during which frames came: a gap longer than
/// [`LaneSettings::blind_after`] does not count, so that nothing "was not seen" while nobody looked.
#[derive(Debug)]
pub struct Lane {
    pub(crate) settings: LaneSettings,
    next: u64,
    /// The newest frame.
    pub(crate) last: Option<Moment>,
    pub(crate) watch: Duration,
    pub(crate) picture_width: f32,
    /// In order of entering.
    pub(crate) vehicles: Vec<Vehicle>,
    pub(crate) candidates: Vec<Track>,
    pub(crate) fixed: Fixed,
    pub(crate) departed: VecDeque<Departed>,
    pub(crate) meter: OccupancyMeter,
    pub(crate) out: Vec<LaneEvent>,
}

impl Lane {
    /// An empty lane.
    #[must_use]
    pub fn new(settings: LaneSettings) -> Self {
        Self {
            settings,
            next: 1,
            last: None,
            watch: Duration::ZERO,
            picture_width: 1920.0,
            vehicles: Vec::new(),
            candidates: Vec::new(),
            fixed: Fixed::default(),
            departed: VecDeque::new(),
            meter: OccupancyMeter::default(),
            out: Vec::new(),
        }
    }

    /// Takes one analysed frame. Frames that are not newer than the newest one are ignored.
    pub fn observe(&mut self, seen: &Observation) -> Vec<LaneEvent> {
        self.take(seen, self.settings.blind_after)
    }

    /// As [`observe`](Self::observe), and the lane was watched since the frame before, however long ago: a
    /// camera that rests would have been woken by whatever came.
    pub fn observe_look(&mut self, seen: &Observation) -> Vec<LaneEvent> {
        self.take(seen, self.settings.blind_for)
    }

    fn take(&mut self, seen: &Observation, blind_after: Duration) -> Vec<LaneEvent> {
        let frame = &seen.frame;
        let now = Moment::of(frame);
        let step = match self.last {
            Some(last) if now.at <= last.at => return Vec::new(),
            Some(last) => {
                let gap = now.at.since(last.at);
                if gap >= self.settings.blind_for {
                    self.blind(now);
                }
                (gap <= blind_after).then_some(gap)
            }
            None => None,
        };
        self.watch += step.unwrap_or_default();
        self.last = Some(now);
        self.picture_width = frame.picture.width() as f32;

        let unsure = self.candidates.iter().any(|c| {
            c.path.moved() && self.watch.saturating_sub(c.last_watch) < Duration::from_secs(1)
        });
        let ended = self.meter.update(
            seen.presence,
            step,
            PlatesInSight {
                watch: self.watch,
                unsure,
                vehicle: self.vehicles.iter().any(|v| v.is_visible(self.watch)),
            },
            frame,
            &self.settings,
        );
        self.follow(seen);
        self.confirm(now);
        self.fixed.tell_visits(self.watch, &mut self.out);
        self.look_after(seen, now);
        self.decide(now);
        self.plateless_vehicles(ended, now);
        self.leave(now);
        std::mem::take(&mut self.out)
    }

    /// Time passes without frames (the camera is away). Call it about once a second.
    pub fn tick(&mut self, now: Moment) -> Vec<LaneEvent> {
        let now = self.not_before_last(now);
        let away = self.last.map(|l| now.at.since(l.at)).unwrap_or_default();
        if away >= self.settings.blind_for {
            self.blind(now);
        }
        std::mem::take(&mut self.out)
    }

    /// The stream is over: every open vehicle is decided and finished.
    pub fn close(&mut self, now: Moment) -> Vec<LaneEvent> {
        let now = self.not_before_last(now);
        let occupancy = self.meter.occupancy.take();
        let plateless =
            |s: &Occupancy| s.was_plateless(&self.settings, false) && !self.awaits_one_covered();
        if let Some(occupancy) = occupancy.filter(plateless) {
            self.enter_plateless(occupancy, true);
        }
        self.finish_unwatched(now);
        self.forget_all();
        std::mem::take(&mut self.out)
    }

    /// The process stops: vehicles that are surely read are decided and stay open for
    /// [`Lane::resume`]; those without a decision are lost.
    pub fn suspend(&mut self, now: Moment) -> Vec<LaneEvent> {
        let now = self.not_before_last(now);
        for index in 0..self.vehicles.len() {
            if self.vehicles[index].decided.is_some() {
                continue;
            }
            let settings = &self.settings;
            let plate = self.vehicles[index].plate.as_mut();
            if plate.is_some_and(|t| t.is_accepted(settings)) {
                self.decide_one(index, DecidedBecause::Leaving, now);
            } else {
                let vehicle = self.vehicles[index].id;
                let why = LostWhy::Suspended;
                self.out.push(LaneEvent::Lost {
                    vehicle,
                    at: now,
                    why,
                });
            }
        }
        self.vehicles.clear();
        self.forget_all();
        std::mem::take(&mut self.out)
    }

    /// Takes over an open passage after a restart, before the first frame. A vehicle with that
    /// plate is matched to it even if it never moves; only `Finished` follows, under the id
    /// returned.
    pub fn resume(&mut self, open: &OpenPassage) -> VehicleId {
        let evidence = Evidence::of_plate(&open.plate, Color::Unknown, Layout::Unknown, 0.99);
        let mut known = PlateRead::of(&evidence);
        if known.plate != open.plate {
            // Corrected by hand into something no office issues: nothing can be matched to it.
            known.chars.clear();
        }
        let id = self.new_id();
        let mut vehicle = Vehicle::new(id, open.entered, self.watch);
        vehicle.known = Some(known);
        vehicle.decided = Some(DecidedPlate {
            plate: open.plate.clone(),
            confidence: 1.0,
            accepted: true,
        });
        self.vehicles.push(vehicle);
        id
    }

    /// A caller's clock may run behind the frames.
    fn not_before_last(&self, now: Moment) -> Moment {
        self.last.filter(|last| last.at > now.at).unwrap_or(now)
    }

    pub(crate) fn new_id(&mut self) -> VehicleId {
        let id = VehicleId(self.next);
        self.next += 1;
        id
    }

    /// Plates at least this wide are near, in pixels.
    pub(crate) fn near_px(&self) -> f32 {
        self.settings.near_plate_share * self.picture_width
    }

    /// Nobody has watched for long: what was open is timed out and nothing is believed any more.
    fn blind(&mut self, now: Moment) {
        self.finish_unwatched(now);
        self.forget_candidates();
        self.meter.reset();
    }

    fn forget_all(&mut self) {
        self.forget_candidates();
        self.fixed.end_visits(&mut self.out);
        self.departed.clear();
        self.meter.reset();
    }
}
