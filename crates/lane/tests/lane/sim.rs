//! A gate made of numbers: vehicles drive, queue and stop before a camera; the lane sees what a
//! detector and a reader would say about each frame.

use std::time::Duration;

use frame::{ClockSource, Frame, MonoTime, Picture, Point, Quad, Rect};
use jiff::Timestamp;
use lane::{
    Event, Lane, Moment, Observation, OpenPassage, Presence, Settings, Sighting, VehicleId, View,
};
use plate::{Color, Evidence, Layout};

/// Seconds between analysed frames.
pub(crate) const STEP_S: f32 = 0.1;
/// Focal length in pixels, and metres between camera and stop line.
const FOCAL: f32 = 3000.0;
const CAMERA_M: f32 = 8.0;

/// Small reproducible random numbers.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// 0 to 1.
    pub(crate) fn share(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1_u64 << 24) as f32
    }

    pub(crate) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.share()
    }

    pub(crate) fn chance(&mut self, p: f32) -> bool {
        self.share() < p
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((self.share() * n as f32) as usize).min(n - 1)
    }

    /// A plate of an ordinary truck or car.
    pub(crate) fn plate(&mut self) -> String {
        const PROVINCES: [char; 6] = ['冀', '晋', '豫', '鲁', '京', '蒙'];
        let mut plate = String::from(PROVINCES[self.below(6)]);
        plate.push(['A', 'B', 'D', 'E'][self.below(4)]);
        for _ in 0..5 {
            plate.push(char::from(b'0' + self.below(10) as u8));
        }
        plate
    }
}

/// What a vehicle does at the gate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Manner {
    /// Stops at the line for so many seconds.
    Stops(f32),
    /// Drives through.
    Through,
    /// Stops for so many seconds and backs out of sight.
    BacksOut(f32),
}

/// One vehicle.
#[derive(Debug, Clone)]
pub(crate) struct Car {
    pub(crate) plate: String,
    pub(crate) manner: Manner,
    /// Metres.
    pub(crate) length: f32,
    /// How surely its characters are read close by, 0 to 1.
    pub(crate) clean: f32,
    /// What the reader says of "this is a plate".
    pub(crate) legible: f32,
    /// Seconds after arriving at the line during which its plate is covered.
    pub(crate) covered: (f32, f32),
    /// Also shown large on the body.
    pub(crate) painted: bool,
    /// Plate of the trailer, seen behind the tractor.
    pub(crate) trailer: Option<String>,
    pub(crate) lateral: f32,
    /// Metres from the plate to the stop line; negative beyond.
    gap: f32,
    speed: f32,
    stood: f32,
    leaving: bool,
}

impl Car {
    pub(crate) fn new(plate: &str, manner: Manner) -> Self {
        Self {
            plate: plate.to_owned(),
            manner,
            length: 6.0,
            clean: 0.985,
            legible: 0.97,
            covered: (0.0, 0.0),
            painted: false,
            trailer: None,
            lateral: 0.0,
            gap: 0.0,
            speed: 4.5,
            stood: 0.0,
            leaving: false,
        }
    }
}

/// The gate.
pub(crate) struct Gate {
    pub(crate) lane: Lane,
    pub(crate) events: Vec<Event>,
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
    view: View,
    picture: Picture,
    pub(crate) now_ms: u64,
    frames: u64,
}

impl Gate {
    pub(crate) fn new(settings: Settings, seed: u64) -> Self {
        Self {
            view: settings.view,
            lane: Lane::new(settings),
            events: Vec::new(),
            dice: Dice::new(seed),
            cars: Vec::new(),
            presence: true,
            disturbance: (0.0, 0.0),
            extras: Vec::new(),
            missed: 0.1,
            picture: Picture::filled(1920, 1080, [90, 90, 90]),
            now_ms: 1_000,
            frames: 0,
        }
    }

    /// A front-view gate with default settings.
    pub(crate) fn front(seed: u64) -> Self {
        Self::new(Settings::default(), seed)
    }

    /// A rear-view gate of an exit.
    pub(crate) fn rear(seed: u64) -> Self {
        let settings = Settings {
            direction: lane::Direction::Out,
            view: View::Rear,
            ..Settings::default()
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
        for _ in 0..(seconds / STEP_S).round() as u32 {
            self.frame();
        }
    }

    /// Vehicles move on, but no frame comes.
    pub(crate) fn run_blind(&mut self, seconds: f32, ticks: bool) {
        for i in 0..(seconds / STEP_S).round() as u32 {
            self.drive();
            self.now_ms += 100;
            if ticks && i % 10 == 0 {
                let now = self.moment();
                let events = self.lane.tick(now);
                self.events.extend(events);
            }
        }
    }

    pub(crate) fn frame(&mut self) {
        self.drive();
        self.now_ms += 100;
        let seen = self.look();
        let events = self.lane.observe(&seen);
        self.events.extend(events);
    }

    pub(crate) fn close(&mut self) {
        let now = self.moment();
        let events = self.lane.close(now);
        self.events.extend(events);
    }

    pub(crate) fn resume(&mut self, plate: &str) -> VehicleId {
        let entered = self.moment();
        self.lane.resume(&OpenPassage {
            plate: plate.to_owned(),
            entered,
        })
    }

    fn drive(&mut self) {
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
                    car.speed = (car.speed - 0.1).max(-2.0);
                    car.gap -= car.speed * STEP_S;
                }
                continue;
            }
            let free = car.gap - barrier.max(line);
            let allowed = if free <= 0.02 {
                0.0
            } else {
                (3.0 * free).sqrt()
            };
            car.speed = (car.speed + 0.15).min(allowed).min(4.5);
            car.gap -= (car.speed * STEP_S).min(free.max(0.0));
            if car.gap <= 0.05 && !car.leaving {
                car.stood += STEP_S;
                car.leaving = car.stood >= stop_s;
            }
        }
        let view = self.view;
        self.cars.retain(|car| match view {
            View::Front => car.gap + car.length > -6.0 && (car.gap < 26.0 || !car.leaving),
            View::Rear => car.gap > -24.0 && (car.gap < 5.0 + car.length || !car.leaving),
        });
    }

    /// Metres between the camera and a plate `gap` before the line.
    fn distance(&self, gap: f32) -> f32 {
        match self.view {
            View::Front => CAMERA_M + gap,
            View::Rear => CAMERA_M - gap,
        }
    }

    fn quad(&mut self, gap: f32, lateral: f32, up: f32, wide: f32) -> Option<Quad> {
        let distance = self.distance(gap);
        if !(4.0..=28.0).contains(&distance) {
            return None;
        }
        let scale = FOCAL / distance;
        let (w, h) = (0.44 * scale * wide, 0.14 * scale * wide);
        let x = 960.0 + lateral * scale;
        let y = 150.0 + (1.75 - up) * scale;
        if y + h > 1090.0 {
            return None;
        }
        let mut quad = Quad::from_rect(Rect::new(
            x - w / 2.0,
            y - h / 2.0,
            x + w / 2.0,
            y + h / 2.0,
        ));
        for p in &mut quad.0 {
            *p = Point::new(
                p.x + self.dice.between(-1.5, 1.5),
                p.y + self.dice.between(-1.5, 1.5),
            );
        }
        Some(quad)
    }

    /// What the reader says about `plate` at this size; wrong as often as it admits.
    fn evidence(&mut self, plate: &str, width: f32, clean: f32, legible: f32) -> Evidence {
        let p = (0.55 + (width - 45.0) / 110.0).clamp(0.45, 1.0) * clean;
        let mut read = String::new();
        for c in plate.chars() {
            let wrong = !self.dice.chance(p) && c.is_ascii_digit();
            let other = char::from(b'0' + self.dice.below(10) as u8);
            read.push(if wrong { other } else { c });
        }
        with_legible(&read, p.min(0.985), legible)
    }

    fn sightings(&mut self) -> Vec<Sighting> {
        let mut out = self.extras.clone();
        for i in 0..self.cars.len() {
            let car = self.cars[i].clone();
            // A plate behind or before another vehicle is hidden half of the time.
            let hidden = match self.view {
                View::Front => i > 0 && self.dice.chance(0.5),
                View::Rear => i + 1 < self.cars.len() && self.dice.chance(0.5),
            };
            let covered = !car.leaving && car.stood > car.covered.0 && car.stood <= car.covered.1;
            if hidden || covered || car.plate.is_empty() {
                continue;
            }
            let mut marks = vec![(car.plate.clone(), car.gap, 0.0, 1.0)];
            if car.painted {
                marks.push((car.plate.clone(), car.gap, 1.0, 2.2));
            }
            if let Some(trailer) = &car.trailer {
                // Seen from the front only once the tractor has passed.
                marks.push((trailer.clone(), car.gap + car.length - 1.0, 0.2, 1.0));
                if car.gap > -2.0 {
                    marks.pop();
                }
            }
            for (text, gap, up, wide) in marks {
                let Some(quad) = self.quad(gap, car.lateral, up, wide) else {
                    continue;
                };
                if self.dice.chance(self.missed) {
                    continue;
                }
                let width = quad.width();
                let evidence = self.evidence(&text, width, car.clean, car.legible);
                let quality = (width / 180.0).clamp(0.1, 1.0) * self.dice.between(0.7, 1.0);
                out.push(Sighting {
                    quad,
                    evidence,
                    quality,
                });
            }
        }
        out
    }

    fn fullness(&mut self) -> Presence {
        let (near, far) = match self.view {
            View::Front => (-4.0, 15.0),
            View::Rear => (-15.0, 4.0),
        };
        let whole = self.distance(near).ln() - self.distance(far).ln();
        let (mut occupied, mut moving) = (0.0, 0.0);
        for car in &self.cars {
            let (front, rear) = match self.view {
                View::Front => (car.gap, car.gap + car.length),
                View::Rear => (car.gap - car.length, car.gap),
            };
            let (a, b) = (front.clamp(near, far), rear.clamp(near, far));
            let share = 0.8 * (self.distance(a).ln() - self.distance(b).ln()) / whole;
            occupied += share;
            if car.speed.abs() > 0.2 {
                moving += 0.35 * share;
            }
        }
        occupied += self.disturbance.0 + self.dice.between(0.0, 0.01);
        moving += self.disturbance.1 + self.dice.between(0.0, 0.005);
        Presence {
            occupied: occupied.clamp(0.0, 1.0),
            moving: moving.clamp(0.0, 1.0),
        }
    }

    pub(crate) fn look(&mut self) -> Observation {
        self.frames += 1;
        let sightings = self.sightings();
        let fullness = self.fullness();
        Observation {
            frame: Frame {
                picture: self.picture.clone(),
                captured: self.moment().captured,
                clock: ClockSource::Arrival,
                at: self.moment().at,
                sequence: self.frames,
            },
            sightings,
            presence: self.presence.then_some(fullness),
        }
    }
}

pub(crate) fn moment(ms: u64) -> Moment {
    let start = Timestamp::from_second(1_773_800_000).expect("in range");
    Moment {
        at: MonoTime::from_ms(ms),
        captured: start + Duration::from_millis(ms),
    }
}

/// Evidence of `plate` that is itself a plate with probability `legible`.
pub(crate) fn with_legible(plate: &str, p: f32, legible: f32) -> Evidence {
    let of = Evidence::of_plate(plate, Color::Yellow, Layout::Single, p);
    let chars: Vec<f32> = of.chars().iter().flatten().copied().collect();
    let odds = (legible.clamp(0.001, 0.999) / (1.0 - legible.clamp(0.001, 0.999))).ln();
    Evidence::from_logits(&chars, of.color(), of.layout(), odds).expect("finite")
}

/// A plate-like thing at one place.
pub(crate) fn thing(text: &str, x: f32, y: f32, width: f32, p: f32, legible: f32) -> Sighting {
    Sighting {
        quad: Quad::from_rect(Rect::new(x, y, x + width, y + width * 0.32)),
        evidence: with_legible(text, p, legible),
        quality: 0.8,
    }
}
