//! Photos that nobody waits for: where the first look finds nothing sure, they are looked at again
//! in parts, turned, and at each doubtful plate with its rows apart.
//!
//! A lane has its budget and many pictures of one vehicle; a photo is all there is.

use frame::{Picture, Point, Quad, Rect};

use crate::pixels::{self, whole};
use crate::recognizer::{PlateReading, Recognizer, is_sure, surety};
use crate::stacked::{SPLITS, halves, is_high, merge};
use crate::{Candidate, Error, Size, thread_cpu};

/// What a later look finds must read at least so surely: many looks at one photo find many things that
/// are no plates (the board 车A·18630 and a lamp in `full-empty.jpg` read at 0.3).
const PLATE_LATER: f32 = 0.5;
/// A part of a photo is this share of its width and height, so that neighbours overlap.
const PART: f32 = 0.6;
/// The detector's own reach is about 20 degrees; with these it is 50.
const TURNS_DEG: [f32; 2] = [-30.0, 30.0];
/// Longest side of a part as it is handed to the detector, which makes it 640 for its first look and
/// takes the second from this.
const LONGEST_PX: f32 = 1280.0;
/// The next plate above or below one may lie so many heights away.
const NEIGHBOUR: f32 = 1.15;

impl Recognizer {
    /// As [`Recognizer::recognize`], for a photo that is all there is of a vehicle: takes up to some
    /// hundred milliseconds where nothing is surely read at first.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Inference`] when the picture or a model's answer cannot be processed.
    pub fn recognize_still(&mut self, picture: &Picture) -> Result<Vec<PlateReading>, Error> {
        let started = thread_cpu();
        let mut readings = self.recognize(picture)?;
        let mut timing = self.timing();
        if !readings.iter().any(is_sure) {
            let all = whole(picture);
            let parts = parts_of(picture);
            let turned = |part: &Rect| TURNS_DEG.map(|degrees| View::turned(part, degrees));
            let looks = [
                parts.iter().map(|part| View::turned(part, 0.0)).collect(),
                turned(&all).to_vec(),
                parts.iter().flat_map(turned).collect::<Vec<_>>(),
            ];
            for views in looks {
                for view in &views {
                    let found = self.look_through(view, picture)?;
                    merge(&mut readings, found);
                }
                if readings.iter().any(is_sure) {
                    break;
                }
            }
        }
        let apart = self.rows_apart(picture, &readings)?;
        merge(&mut readings, apart);
        timing.detect += thread_cpu().saturating_sub(started + timing.detect + timing.read);
        self.set_timing(timing);
        Ok(readings)
    }

    fn look_through(&mut self, view: &View, picture: &Picture) -> Result<Vec<PlateReading>, Error> {
        let seen = view.of(picture)?;
        let mut candidates = self.detect(&seen)?;
        for candidate in &mut candidates {
            candidate.quad = view.back(&candidate.quad, &seen);
        }
        let mut readings = self.read_at(picture, &candidates)?;
        readings.retain(|r| surety(&r.read) >= PLATE_LATER);
        Ok(readings)
    }

    /// Two plates that were taken for the rows of one: a board below a truck's plate, a plate of
    /// Hong Kong above one of Guangdong. What is surely read of them takes the place of both.
    fn rows_apart(
        &mut self,
        picture: &Picture,
        readings: &[PlateReading],
    ) -> Result<Vec<PlateReading>, Error> {
        let mut rows = Vec::new();
        for reading in readings {
            let quad = &reading.quad;
            if !is_sure(reading) && is_high(quad) {
                // As they are, too: near the other one the detector may see both again.
                for half in SPLITS.iter().flat_map(|&at| halves(quad, at)) {
                    rows.push(Candidate::at(half));
                    rows.extend(self.detect_near(picture, half)?);
                }
            }
            for neighbour in [-NEIGHBOUR, NEIGHBOUR].map(|by| shifted(quad, by)) {
                rows.extend(self.detect_near(picture, neighbour)?);
            }
        }
        let mut apart = self.read_at(picture, &rows)?;
        apart.retain(is_sure);
        Ok(apart)
    }
}

/// Four overlapping parts of a photo that the detector would have to shrink; else none.
fn parts_of(picture: &Picture) -> Vec<Rect> {
    let (w, h) = (picture.width() as f32, picture.height() as f32);
    if w.max(h) <= 640.0 {
        return Vec::new();
    }
    let (wide, high) = (w * PART, h * PART);
    let at = |left: f32, top: f32| Rect::new(left, top, left + wide, top + high);
    vec![
        at(0.0, 0.0),
        at(w - wide, 0.0),
        at(0.0, h - high),
        at(w - wide, h - high),
    ]
}

/// The box moved down by so many of its heights.
fn shifted(quad: &Quad, by: f32) -> Quad {
    let [tl, tr, br, bl] = quad.0;
    let (left, right) = (tl.towards(bl, by), tr.towards(br, by));
    Quad([
        left,
        right,
        tr.towards(br, by + 1.0),
        tl.towards(bl, by + 1.0),
    ])
}

/// A rectangle of a photo, perhaps turned.
#[derive(Debug, Clone, Copy)]
struct View(Quad);

impl View {
    /// `part` turned about its middle.
    fn turned(part: &Rect, degrees: f32) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let quad = Quad::from_rect(*part);
        let middle = quad.center();
        Self(Quad(quad.0.map(|p| {
            let (x, y) = (p.x - middle.x, p.y - middle.y);
            Point::new(middle.x + x * cos - y * sin, middle.y + x * sin + y * cos)
        })))
    }

    fn of(&self, picture: &Picture) -> Result<Picture, Error> {
        let (w, h) = (self.0.width(), self.0.height());
        let scale = (LONGEST_PX / w.max(h)).min(1.0);
        let side = |length: f32| ((length * scale).round() as u32).max(8);
        let size = Size {
            width: side(w),
            height: side(h),
        };
        let rgb = pixels::rectify(picture, &self.0, size)?;
        Picture::new(size.width, size.height, rgb).map_err(|e| Error::Inference {
            role: "view",
            reason: e.to_string(),
        })
    }

    /// Corners on what was `seen` through it as corners on the photo.
    fn back(&self, quad: &Quad, seen: &Picture) -> Quad {
        let [tl, tr, _, bl] = self.0.0;
        Quad(quad.0.map(|p| {
            let (u, v) = (p.x / seen.width() as f32, p.y / seen.height() as f32);
            Point::new(
                tl.x + u * (tr.x - tl.x) + v * (bl.x - tl.x),
                tl.y + u * (tr.y - tl.y) + v * (bl.y - tl.y),
            )
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_seen_through_a_turned_view_are_where_they_were() {
        let picture = Picture::filled(1600, 900, [0; 3]);
        let view = View::turned(&Rect::new(400.0, 200.0, 1000.0, 600.0), 30.0);
        let seen = view.of(&picture).expect("a view");
        assert_eq!((seen.width(), seen.height()), (600, 400));
        let corners = Quad::from_rect(whole(&seen));
        for (back, corner) in view.back(&corners, &seen).0.iter().zip(view.0.0) {
            assert!(back.distance(corner) < 0.1, "{back:?} for {corner:?}");
        }
        let middle = Quad([Point::new(300.0, 200.0); 4]);
        let back = view.back(&middle, &seen).center();
        assert!(back.distance(Point::new(700.0, 400.0)) < 0.1, "{back:?}");
    }

    #[test]
    fn a_box_is_moved_along_its_own_edges() {
        let quad = Quad::from_rect(Rect::new(0.0, 0.0, 100.0, 60.0));
        assert_eq!(
            shifted(&quad, 1.0).bounds(),
            Rect::new(0.0, 60.0, 100.0, 120.0)
        );
        assert_eq!(
            shifted(&quad, -1.0).bounds(),
            Rect::new(0.0, -60.0, 100.0, 0.0)
        );
    }

    #[test]
    fn a_photo_that_the_detector_sees_whole_has_no_parts() {
        assert!(parts_of(&Picture::filled(640, 480, [0; 3])).is_empty());
        let picture = Picture::filled(4000, 3000, [0; 3]);
        let parts = parts_of(&picture);
        assert_eq!(parts.len(), 4);
        let all = whole(&picture);
        assert!(
            parts
                .iter()
                .all(|part| part.intersect(&all).area() == part.area())
        );
    }
}
