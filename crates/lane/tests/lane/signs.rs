//! Signs beside the lane that read like plates, and that vehicles cover from one side.

use frame::{Quad, Rect};
use lane::Sighting;
use plate::PlateRead;

use crate::seeing::with_legible;
use crate::sim::Gate;

/// Half the width of a vehicle, and how far it reaches above and below its plate, in metres.
const BODY_M: (f32, f32, f32) = (1.2, 2.0, 0.5);
/// Less than this of a sign is not found, and more than this of it is all of it.
const FOUND: f32 = 0.3;
const WHOLE: f32 = 0.97;

/// A thing at one place of the picture that reads like a plate.
#[derive(Debug, Clone)]
pub(crate) struct Sign {
    pub(crate) text: String,
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) width: f32,
    /// How surely its characters are read.
    pub(crate) p: f32,
    /// What the reader says of "this is a plate".
    pub(crate) legible: f32,
    /// In what share of the pictures it is found.
    pub(crate) found: f32,
}

impl Sign {
    /// What is seen of it from `left` to `right`.
    fn part(&self, left: f32, right: f32) -> Sighting {
        let share = (right - left) / self.width;
        let count = self.text.chars().count() as f32;
        let from = ((left - self.left) / self.width * count).round() as usize;
        let seen = (share * count).round() as usize;
        let text: String = self.text.chars().skip(from).take(seen).collect();
        let part = if share < WHOLE { 0.6 * share } else { 1.0 };
        let evidence = with_legible(&text, self.p, part * self.legible);
        let bottom = self.top + 0.32 * self.width;
        Sighting {
            quad: Quad::from_rect(Rect::new(left, self.top, right, bottom)),
            read: PlateRead::of(&evidence),
            evidence,
            quality: 0.8,
        }
    }
}

impl Gate {
    /// What is seen of the signs: vehicles cover them from the left, from the right or wholly.
    pub(crate) fn signs_in_view(&mut self) -> Vec<Sighting> {
        let bodies: Vec<Rect> = self.cars.iter().filter_map(|c| self.body(c)).collect();
        let mut out = Vec::new();
        for i in 0..self.signs.len() {
            let sign = self.signs[i].clone();
            if !self.dice.chance(sign.found) {
                continue;
            }
            let (mut left, mut right) = (sign.left, sign.left + sign.width);
            let (top, bottom) = (sign.top, sign.top + 0.32 * sign.width);
            for body in bodies.iter().filter(|b| b.top < bottom && b.bottom > top) {
                if body.left <= left && body.right > left {
                    left = body.right.min(right);
                } else if body.left < right && body.right >= right {
                    right = body.left.max(left);
                } else if body.left > left && body.right < right {
                    right = left;
                }
            }
            if right - left >= FOUND * sign.width {
                out.push(sign.part(left, right));
            }
        }
        out
    }

    /// Where a vehicle hides what is behind it.
    fn body(&self, car: &crate::cars::Car) -> Option<Rect> {
        let distance = self.camera.away_m + car.gap;
        (distance > 1.0).then(|| {
            let (half, up, down) = BODY_M;
            let from = self.camera.point(distance, car.lateral - half, up);
            let to = self.camera.point(distance, car.lateral + half, -down);
            Rect::new(from.x, from.y, to.x, to.y)
        })
    }

    /// Counts a picture on which the plate of a vehicle can be accepted by itself.
    pub(crate) fn count_whole_read(&mut self, plate: &str, quad: &Quad, read: &PlateRead) {
        let bounds = quad.bounds();
        let inside = bounds.left >= 1.0
            && bounds.top >= 1.0
            && bounds.right <= 1919.0
            && bounds.bottom <= 1079.0;
        let sure = read.confidence >= 0.9 && read.legible >= 0.5 && quad.width() >= 50.0;
        if inside && sure && read.plate == plate {
            *self.whole_reads.entry(plate.to_owned()).or_default() += 1;
        }
    }
}
