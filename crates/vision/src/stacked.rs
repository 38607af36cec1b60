//! Two plates that were taken for the rows of one: a 危险品 board below a truck's plate, a plate of
//! Hong Kong above one of Guangdong.

use frame::{Picture, Quad};

use crate::recognizer::{PlateReading, Recognizer, is_sure, surety};
use crate::{Candidate, Error};

/// A box that is not at least so much wider than high may hold two plates, one above the other:
/// single lines are 2.7 to 3.4 times as wide as high, double ones 2 times.
const STACKED_BELOW: f32 = 2.6;
/// Where such a box may have to be cut, as a share of its height.
pub(crate) const SPLITS: [f32; 3] = [0.42, 0.5, 0.58];
/// Two plates that share more than this of the smaller one are one.
const SAME_PLACE: f32 = 0.5;
/// What is less legible than this is thrown away by a lane, so that another try can only gain.
const UNREADABLE_BELOW: f32 = 0.5;
/// Rows of a narrower box have characters of seven pixels and less.
const MIN_WIDTH_PX: f32 = 60.0;

impl Recognizer {
    /// Reads the halves of the widest box that could not be read and is high enough for two plates.
    /// A lane affords it: one box for each picture, four plates in one run of the reader, and only
    /// where its reading would have been thrown away.
    pub(crate) fn read_stacked(
        &mut self,
        picture: &Picture,
        readings: &mut Vec<PlateReading>,
    ) -> Result<(), Error> {
        let Some(quad) = stacked(readings) else {
            return Ok(());
        };
        let cuts = [SPLITS[1], SPLITS[2]];
        let rows = cuts.iter().flat_map(|&at| halves(&quad, at));
        let rows: Vec<_> = rows.map(Candidate::at).collect();
        let mut apart = self.read_at(picture, &rows)?;
        apart.retain(is_sure);
        merge(readings, apart);
        Ok(())
    }
}

/// The widest box that was not read and may hold two plates.
fn stacked(readings: &[PlateReading]) -> Option<Quad> {
    let unread = |r: &&PlateReading| r.read.legible < UNREADABLE_BELOW;
    let boxes = readings.iter().filter(unread).map(|r| r.quad);
    boxes
        .filter(|quad| is_high(quad) && quad.width() >= MIN_WIDTH_PX)
        .max_by(|a, b| a.width().total_cmp(&b.width()))
}

/// Whether a box is high enough to hold two plates, one above the other.
pub(crate) fn is_high(quad: &Quad) -> bool {
    quad.width() < STACKED_BELOW * quad.height()
}

/// What of a plate's box lies above and below the line at this share of its height.
pub(crate) fn halves(quad: &Quad, at: f32) -> [Quad; 2] {
    let [tl, tr, br, bl] = quad.0;
    let (left, right) = (tl.towards(bl, at), tr.towards(br, at));
    [Quad([tl, tr, right, left]), Quad([left, right, br, bl])]
}

/// Takes in what a later look found: a sure reading in place of doubtful ones, and what is new.
pub(crate) fn merge(readings: &mut Vec<PlateReading>, found: Vec<PlateReading>) {
    for new in found {
        let same = |old: &PlateReading| {
            let (a, b) = (old.quad.bounds(), new.quad.bounds());
            a.intersect(&b).area() > SAME_PLACE * a.area().min(b.area())
        };
        let better = |old: &PlateReading| surety(&old.read) >= surety(&new.read);
        if readings.iter().any(|old| same(old) && better(old)) {
            continue;
        }
        readings.retain(|old| !same(old));
        readings.push(new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use frame::Rect;
    use plate::{Color, Evidence, Layout, PlateRead};

    fn reading(plate: &str, top: f32, p: f32) -> PlateReading {
        let evidence = Evidence::of_plate(plate, Color::Blue, Layout::Single, p);
        PlateReading {
            quad: Quad::from_rect(Rect::new(100.0, top, 200.0, top + 32.0)),
            found: 0.9,
            read: PlateRead::of(&evidence),
            evidence,
            sharpness: 0.5,
        }
    }

    fn plates(readings: &[PlateReading]) -> Vec<&str> {
        readings.iter().map(|r| r.read.plate.as_str()).collect()
    }

    #[test]
    fn a_later_look_replaces_what_is_in_doubt_and_never_what_is_sure() {
        let mut readings = vec![reading("冀A12345", 0.0, 0.5)];
        merge(&mut readings, vec![reading("冀A12346", 2.0, 0.99)]);
        assert_eq!(plates(&readings), ["冀A12346"]);
        merge(&mut readings, vec![reading("冀A99999", 1.0, 0.6)]);
        assert_eq!(plates(&readings), ["冀A12346"]);
        merge(&mut readings, vec![reading("晋B88888", 40.0, 0.99)]);
        assert_eq!(plates(&readings), ["冀A12346", "晋B88888"]);
    }

    #[test]
    fn only_what_a_lane_would_throw_away_is_read_by_halves_and_only_the_widest() {
        let box_of = |width: f32, height: f32, legible: f32| {
            let mut reading = reading("冀A12345", 0.0, 0.5);
            reading.quad = Quad::from_rect(Rect::new(0.0, 0.0, width, height));
            reading.read.legible = legible;
            reading
        };
        assert_eq!(
            stacked(&[box_of(120.0, 60.0, 0.6)]),
            None,
            "a lane votes with it"
        );
        assert_eq!(stacked(&[box_of(120.0, 40.0, 0.1)]), None, "one row");
        assert_eq!(stacked(&[box_of(50.0, 30.0, 0.1)]), None, "far away");
        let two = [box_of(120.0, 60.0, 0.1), box_of(150.0, 80.0, 0.2)];
        assert_eq!(stacked(&two), Some(two[1].quad));
    }

    #[test]
    fn two_plates_that_were_found_as_one_box_are_both_read_in_a_lane_too() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let library = root.join(".runtime/onnxruntime/libonnxruntime.so");
        let models = crate::Models::open(&root.join("models"), Some(&library)).expect("models");
        let mut recognizer = models.recognizer().expect("a recognizer");
        let crop = |name: &str| {
            let photo = image::open(root.join("testdata/images").join(name)).expect("a plate");
            photo.into_rgb8()
        };
        let mut both = image::RgbImage::new(152, 116);
        image::imageops::replace(&mut both, &crop("crop-yellow.png"), 0, 0);
        image::imageops::replace(&mut both, &crop("crop-black-night.png"), 0, 46);
        let picture = Picture::new(152, 116, both.into_raw()).expect("a picture");
        let corners = [[6.0, 6.3], [145.0, 13.6], [145.6, 106.5], [6.4, 97.9]];
        let mut unread = reading("冀A12345", 0.0, 0.3);
        unread.quad = Quad(corners.map(|[x, y]| frame::Point::new(x, y)));
        unread.read.legible = 0.1;
        let mut readings = vec![unread];
        let read = recognizer.read_stacked(&picture, &mut readings);
        read.expect("read");
        assert_eq!(plates(&readings), ["冀PUE570", "粤Z7312港"]);
    }

    #[test]
    fn a_box_is_cut_along_its_own_edges() {
        let quad = Quad::from_rect(Rect::new(0.0, 0.0, 100.0, 60.0));
        let [upper, lower] = halves(&quad, 0.5);
        assert_eq!(upper.bounds(), Rect::new(0.0, 0.0, 100.0, 30.0));
        assert_eq!(lower.bounds(), Rect::new(0.0, 30.0, 100.0, 60.0));
    }
}
