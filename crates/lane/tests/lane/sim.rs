//! A gate made of numbers: vehicles drive, queue and stop before a camera; the lane sees what a
//! detector and a reader would say about each frame.

use std::collections::BTreeMap;
use std::time::Duration;

use frame::{MonoTime, Picture};
use jiff::Timestamp;
use lane::{
    Lane, LaneEvent, LaneSettings, Moment, NotCounted, Observation, OpenPassage, Sighting,
    VehicleId, View,
};

use crate::CAMERA;
use crate::camera::Camera;
use crate::cars::{Car, Manner};
use crate::dice::Dice;
use crate::signs::Sign;

/// The gate.
pub(crate) struct Gate {
    pub(crate) lane: Lane,
    pub(crate) events: Vec<LaneEvent>,
    /// What was followed and is no vehicle's.
    pub(crate) not_counted: Vec<NotCounted>,
    pub(crate) dice: Dice,
    pub(crate) cars: Vec<Car>,
    /// Whether the lane is told how full it is.
    pub(crate) presence: bool,
    /// Added to what the motion detector says: (occupied, moving).
    pub(crate) disturbance: (f32, f32),
    /// Shown on every frame besides the vehicles' plates.
    pub(crate) extras: Vec<Sighting>,
    /// Share of plates the detector misses.
    pub(crate) missed: f32,
    pub(crate) view: View,
    pub(crate) camera: Camera,
    /// Seconds between analysed frames.
    pub(crate) step_s: f32,
    /// Signs beside the lane, which vehicles may cover.
    pub(crate) signs: Vec<Sign>,
    /// In how many pictures each plate was read whole and surely.
    pub(crate) whole_reads: BTreeMap<String, u32>,
    pub(crate) picture: Picture,
    /// The camera rests while nothing is in the lane.
    pub(crate) rest: Option<Rest>,
    pub(crate) now_ms: u64,
    pub(crate) frames: u64,
}

/// What a camera does that rests while nothing is in the lane: it shows one picture in so many, and all of them
/// from the last that showed nothing when something comes.
pub(crate) struct Rest {
    every: usize,
    asleep: bool,
    quiet: usize,
    waiting: Vec<Observation>,
    pub(crate) left_out: u64,
}

impl Rest {
    pub(crate) fn looking_every(every: usize) -> Self {
        Self {
            every,
            asleep: false,
            quiet: 0,
            waiting: Vec::new(),
            left_out: 0,
        }
    }

    fn take(&mut self, lane: &mut Lane, seen: Observation) -> Vec<LaneEvent> {
        if !self.asleep {
            let events = lane.observe(&seen);
            self.quiet = if lane.is_quiet(&seen) {
                self.quiet + 1
            } else {
                0
            };
            self.asleep = self.quiet >= 40;
            return events;
        }
        self.waiting.push(seen);
        let look = self
            .waiting
            .last()
            .filter(|_| self.waiting.len() >= self.every);
        match look {
            None => Vec::new(),
            Some(look) if lane.is_quiet(look) => {
                let events = lane.observe_look(look);
                self.left_out += self.waiting.len() as u64 - 1;
                self.waiting.clear();
                events
            }
            Some(_) => self.wake(lane),
        }
    }

    fn wake(&mut self, lane: &mut Lane) -> Vec<LaneEvent> {
        (self.asleep, self.quiet) = (false, 0);
        let all = self.waiting.drain(..);
        all.flat_map(|seen| lane.observe(&seen)).collect()
    }
}

impl Gate {
    pub(crate) fn new(settings: LaneSettings, seed: u64) -> Self {
        Self {
            view: settings.view,
            lane: Lane::new(settings),
            events: Vec::new(),
            not_counted: Vec::new(),
            dice: Dice::new(seed),
            cars: Vec::new(),
            presence: true,
            disturbance: (0.0, 0.0),
            extras: Vec::new(),
            missed: 0.1,
            camera: CAMERA,
            step_s: 0.1,
            signs: Vec::new(),
            whole_reads: BTreeMap::new(),
            picture: Picture::filled(1920, 1080, [90, 90, 90]),
            rest: None,
            now_ms: 1_000,
            frames: 0,
        }
    }

    /// A front-view gate with default settings.
    pub(crate) fn front(seed: u64) -> Self {
        Self::new(LaneSettings::default(), seed)
    }

    /// A rear-view gate of an exit.
    pub(crate) fn rear(seed: u64) -> Self {
        let settings = LaneSettings {
            direction: passage::Direction::Out,
            view: View::Rear,
            ..LaneSettings::default()
        };
        Self::new(settings, seed)
    }

    pub(crate) fn moment(&self) -> Moment {
        moment(self.now_ms)
    }

    /// A vehicle comes into view as soon as there is room.
    pub(crate) fn arrive(&mut self, mut car: Car) {
        car.gap = if self.view == View::Front {
            24.0
        } else {
            5.0 + car.length
        };
        if let Some(last) = self.cars.last() {
            car.gap = car.gap.max(last.gap + self.room(last, &car));
        }
        self.cars.push(car);
    }

    fn room(&self, ahead: &Car, behind: &Car) -> f32 {
        2.0 + if self.view == View::Front {
            ahead.length
        } else {
            behind.length
        }
    }

    /// Runs until the lane is empty and `rest_s` more.
    pub(crate) fn drain(&mut self, rest_s: f32) {
        let limit = self.now_ms + 3_600_000;
        while !self.cars.is_empty() && self.now_ms < limit {
            self.frame();
        }
        assert!(self.cars.is_empty(), "vehicles left: {:?}", self.cars);
        self.run(rest_s);
    }

    pub(crate) fn run(&mut self, seconds: f32) {
        for _ in 0..(seconds / self.step_s).round() as u32 {
            self.frame();
        }
    }

    /// Vehicles move on, but no frame comes.
    pub(crate) fn run_blind(&mut self, seconds: f32, ticks: bool) {
        for i in 0..(seconds / self.step_s).round() as u32 {
            self.drive();
            self.now_ms += (self.step_s * 1000.0).round() as u64;
            if ticks && i % 10 == 0 {
                let now = self.moment();
                let events = self.lane.tick(now);
                self.keep(events);
            }
        }
    }

    pub(crate) fn frame(&mut self) {
        self.drive();
        self.now_ms += (self.step_s * 1000.0).round() as u64;
        let seen = self.look();
        let events = match &mut self.rest {
            Some(rest) => rest.take(&mut self.lane, seen),
            None => self.lane.observe(&seen),
        };
        self.keep(events);
    }

    /// Keeps what is told of vehicles, and beside it what is told of other things.
    fn keep(&mut self, events: Vec<LaneEvent>) {
        for event in events {
            match event {
                LaneEvent::NotCounted(not) => self.not_counted.push(*not),
                of_vehicle => self.events.push(of_vehicle),
            }
        }
    }

    pub(crate) fn close(&mut self) {
        if let Some(rest) = &mut self.rest {
            let events = rest.wake(&mut self.lane);
            self.keep(events);
        }
        let now = self.moment();
        let events = self.lane.close(now);
        self.keep(events);
    }

    pub(crate) fn resume(&mut self, plate: &str) -> VehicleId {
        let entered = self.moment();
        self.lane.resume(&OpenPassage {
            plate: plate.to_owned(),
            entered,
        })
    }

    fn drive(&mut self) {
        let step_s = self.step_s;
        for i in 0..self.cars.len() {
            let barrier = if i == 0 {
                f32::NEG_INFINITY
            } else {
                self.cars[i - 1].gap + self.room(&self.cars[i - 1], &self.cars[i])
            };
            let behind_is_empty = i + 1 >= self.cars.len();
            let car = &mut self.cars[i];
            let line = match car.manner {
                Manner::Through => f32::NEG_INFINITY,
                _ if car.leaving => f32::NEG_INFINITY,
                _ => 0.0,
            };
            let (stop_s, backs) = match car.manner {
                Manner::Stops(s) => (s, false),
                Manner::BacksOut(s) => (s, true),
                Manner::Through => (0.0, false),
            };
            if car.leaving && backs {
                if behind_is_empty {
                    car.speed = (car.speed - step_s).max(-2.0);
                    car.gap -= car.speed * step_s;
                }
                continue;
            }
            let free = car.gap - barrier.max(line);
            let allowed = if free <= 0.02 {
                0.0
            } else {
                (3.0 * free).sqrt()
            };
            car.speed = (car.speed + 1.5 * step_s).min(allowed).min(car.top_speed);
            car.gap -= (car.speed * step_s).min(free.max(0.0));
            if car.gap <= 0.05 && !car.leaving {
                car.stood += step_s;
                car.leaving = car.stood >= stop_s;
            }
        }
        let view = self.view;
        self.cars.retain(|car| match view {
            View::Front => car.gap + car.length > -6.0 && (car.gap < 26.0 || !car.leaving),
            View::Rear => car.gap > -24.0 && (car.gap < 5.0 + car.length || !car.leaving),
        });
    }
}

pub(crate) fn moment(ms: u64) -> Moment {
    let start = Timestamp::from_second(1_773_800_000).expect("in range");
    Moment {
        at: MonoTime::from_ms(ms),
        captured: start + Duration::from_millis(ms),
    }
}
