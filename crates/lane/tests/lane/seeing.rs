//! What a detector, a reader and a motion detector would say about each frame.

use frame::{ClockSource, Frame, Point, Quad, Rect};
use lane::{Observation, Presence, Sighting, View};
use plate::{CLASSES, Color, Evidence, Layout, PlateRead, Symbol};

use crate::sim::Gate;

/// What holds a plate is this many times as large.
const AROUND: f32 = 2.0;

impl Gate {
    /// Metres between the camera and a plate `gap` before the line.
    fn distance(&self, gap: f32) -> f32 {
        match self.view {
            View::Front => self.camera.away_m + gap,
            View::Rear => self.camera.away_m - gap,
        }
    }

    fn quad(&mut self, gap: f32, lateral: f32, up: f32, wide: f32) -> Option<Quad> {
        let distance = self.distance(gap);
        if !(4.0..=28.0).contains(&distance) {
            return None;
        }
        let mut quad = self.camera.quad(distance, lateral, up, wide);
        let bounds = quad.bounds();
        let beside = bounds.right < 0.0 || bounds.left > 1920.0;
        if beside || bounds.bottom + bounds.height() / 2.0 > 1090.0 {
            return None;
        }
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
        out.extend(self.signs_in_view());
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
            let mut marks = vec![(car.plate.clone(), car.gap, 0.0, 1.0, car.clean)];
            if car.painted {
                marks.push((car.plate.clone(), car.gap, 1.0, 2.2, car.clean));
            }
            if car.barred {
                marks.push(("辽T11111".to_owned(), car.gap, 0.5, 1.7, 0.4));
            }
            if let Some(trailer) = &car.trailer {
                // Heading from the front only once the tractor has passed.
                marks.push((
                    trailer.clone(),
                    car.gap + car.length - 1.0,
                    0.2,
                    1.0,
                    car.clean,
                ));
                if car.gap > -2.0 {
                    marks.pop();
                }
            }
            for (text, gap, up, wide, clean) in marks {
                let Some(quad) = self.quad(gap, car.lateral, up, wide) else {
                    continue;
                };
                if self.dice.chance(self.missed) || self.is_behind_a_plate(i, &quad) {
                    continue;
                }
                let width = quad.width();
                let evidence = self.evidence(&text, width, clean, car.legible);
                let quality = (width / 180.0).clamp(0.1, 1.0) * self.dice.between(0.7, 1.0);
                let read = PlateRead::of(&evidence);
                self.count_whole_read(&text, &quad, &read);
                out.push(Sighting {
                    quad,
                    read,
                    evidence,
                    quality,
                });
            }
        }
        out
    }

    /// Whether the plate of a vehicle nearer than `car` is where this one is seen: no camera sees
    /// both.
    fn is_behind_a_plate(&self, car: usize, quad: &Quad) -> bool {
        let here = quad.bounds();
        self.cars.iter().enumerate().any(|(i, other)| {
            let nearer = match self.view {
                View::Front => i < car,
                View::Rear => i > car,
            };
            let distance = self.distance(other.gap);
            let there = self.camera.quad(distance, other.lateral, 0.0, AROUND);
            nearer && distance > 1.0 && there.bounds().intersect(&here).area() > 0.0
        })
    }

    fn fullness(&mut self) -> Presence {
        let (near, far) = match self.view {
            View::Front => (
                2.0_f32.max(self.camera.away_m - 4.0) - self.camera.away_m,
                8.0,
            ),
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

/// Evidence of `plate` that is itself a plate with probability `legible`. Digits are misread as
/// digits here, so that is where the doubt of an honest reader lies, however many other classes it
/// knows.
pub(crate) fn with_legible(plate: &str, p: f32, legible: f32) -> Evidence {
    let of = Evidence::of_plate(plate, Color::Yellow, Layout::Single, p);
    let mut chars: Vec<f32> = of.chars().iter().flatten().copied().collect();
    for (slot, c) in plate
        .chars()
        .enumerate()
        .filter(|(_, c)| c.is_ascii_digit())
    {
        for other in ('0'..='9').filter(|other| *other != c) {
            let class = Symbol::from_char(other).expect("a digit").index();
            chars[slot * CLASSES + class] = ((1.0 - p) / 10.0).ln();
        }
    }
    let odds = (legible.clamp(0.001, 0.999) / (1.0 - legible.clamp(0.001, 0.999))).ln();
    Evidence::from_logits(&chars, of.color(), of.layout(), odds).expect("finite")
}

/// A plate-like thing at one place.
pub(crate) fn thing(text: &str, x: f32, y: f32, width: f32, p: f32, legible: f32) -> Sighting {
    let evidence = with_legible(text, p, legible);
    Sighting {
        quad: Quad::from_rect(Rect::new(x, y, x + width, y + width * 0.32)),
        read: PlateRead::of(&evidence),
        evidence,
        quality: 0.8,
    }
}
