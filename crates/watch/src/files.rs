//! The plates on photos and in videos, each told once.

use std::cmp::Ordering;
use std::path::Path;

use camera::{FileFrames, FileKind, FileOptions, kind_of, read_picture};
use frame::{MonoTime, Picture};
use plate::PlateRead;
use vision::{PlateReading, Recognizer};

use crate::folders::is_named_video;
use crate::tracks::Tracks;

/// Something found is called a plate from this probability on.
const LEGIBLE: f32 = 0.5;
/// Below this probability of the weakest character it may be lettering of some other kind: signs
/// and phone numbers fit no plate's grammar, real plates that are this unsure are not read right.
const CONFIDENT: f32 = 0.4;
/// What the detector is so sure of is told even when it cannot be read.
const FOUND: f32 = 0.7;
/// A plate whose weakest character is less probable is for a person to judge, as at the gate
/// (`accept_confidence`, by default the same).
pub(crate) const SURE: f32 = 0.9;
/// A narrower plate has characters of four pixels: in doubt, it belongs to a vehicle far behind
/// (the second truck of `full-blue-day.jpg`, 29 pixels) and no person could judge it either. On a
/// photo it is told that it is there, without what it may say; a video has a nearer view of it, or
/// it never came.
const JUDGEABLE_WIDTH_PX: f32 = 32.0;

/// A plate on a photo or in a video.
#[derive(Debug)]
pub struct FoundPlate {
    /// Position of its best view in a video.
    pub at: Option<MonoTime>,
    /// Its best view.
    pub best: PlateReading,
    /// What all its views say.
    pub read: PlateRead,
}

impl FoundPlate {
    /// Whether what was read can be taken for what the plate says; else it was found, and a person
    /// has to look.
    #[must_use]
    pub fn is_sure(&self) -> bool {
        is_sure(&self.read)
    }

    /// Whether it is wide enough for a person to judge, where it was not surely read.
    #[must_use]
    pub fn is_judgeable(&self) -> bool {
        is_plate(&self.best, &self.read)
    }
}

fn is_sure(read: &PlateRead) -> bool {
    read.confidence >= SURE && read.legible >= LEGIBLE
}

/// Whether this is a plate, surely read or not.
fn is_found(reading: &PlateReading, read: &PlateRead) -> bool {
    let legible = read.legible >= LEGIBLE && read.confidence >= CONFIDENT;
    is_sure(read) || reading.found >= FOUND || legible
}

/// Whether this is a plate that a person could judge.
pub(crate) fn is_plate(reading: &PlateReading, read: &PlateRead) -> bool {
    let wide = reading.quad.width() >= JUDGEABLE_WIDTH_PX;
    is_sure(read) || (wide && is_found(reading, read))
}

/// Tells every plate in a file. With `is_crop` the photo is one plate that was cut out: it is read
/// as it is, and told whatever it is.
///
/// # Errors
/// When the file can't be read, a frame can't be looked at, or `tell` fails.
pub fn plates_in_file<E: From<camera::Error> + From<vision::Error>>(
    recognizer: &mut Recognizer,
    file: &Path,
    is_crop: bool,
    tell: &mut dyn FnMut(FoundPlate) -> Result<(), E>,
) -> Result<(), E> {
    let kind = kind_of(file)?;
    if kind == FileKind::Video || (kind == FileKind::Unknown && is_named_video(file)) {
        return plates_in_video(recognizer, file, tell);
    }
    let picture = read_picture(file)?;
    let found = if is_crop {
        vec![on_still(recognizer.read_crop(&picture)?)]
    } else {
        plates_in_picture(recognizer, &picture)?
    };
    found.into_iter().try_for_each(tell)
}

/// The plates on a picture, also those that are too small for a person to judge; the surely read and the nearest first.
///
/// # Errors
/// When it can't be looked at.
pub fn plates_in_picture(
    recognizer: &mut Recognizer,
    picture: &Picture,
) -> Result<Vec<FoundPlate>, vision::Error> {
    let mut found = recognizer.recognize_still(picture)?;
    found.retain(|reading| is_found(reading, &reading.read));
    found.sort_by(sure_and_near_first);
    Ok(found.into_iter().map(on_still).collect())
}

/// Whoever asks of a photo what stands on it means the vehicle in front.
fn sure_and_near_first(a: &PlateReading, b: &PlateReading) -> Ordering {
    let sure = is_sure(&b.read).cmp(&is_sure(&a.read));
    sure.then_with(|| b.quad.width().total_cmp(&a.quad.width()))
}

fn on_still(reading: PlateReading) -> FoundPlate {
    FoundPlate {
        at: None,
        read: reading.read.clone(),
        best: reading,
    }
}

fn plates_in_video<E: From<camera::Error> + From<vision::Error>>(
    recognizer: &mut Recognizer,
    file: &Path,
    tell: &mut dyn FnMut(FoundPlate) -> Result<(), E>,
) -> Result<(), E> {
    let mut tracks = Tracks::default();
    for frame in FileFrames::open(file, &FileOptions::default())? {
        let frame = frame?;
        let readings = recognizer.recognize(&frame.picture)?;
        tracks
            .observe(frame.at, readings)
            .into_iter()
            .try_for_each(&mut *tell)?;
    }
    tracks.close().into_iter().try_for_each(tell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use frame::Quad;
    use plate::{Color, Evidence, Layout};

    fn reading(found: f32, width_px: f32, p: f32) -> PlateReading {
        let evidence = Evidence::of_plate("冀A12345", Color::Blue, Layout::Single, p);
        let corners = [[0.0, 0.0], [width_px, 0.0], [width_px, 9.0], [0.0, 9.0]];
        PlateReading {
            quad: Quad(corners.map(|[x, y]| frame::Point { x, y })),
            found,
            read: PlateRead::of(&evidence),
            evidence,
            sharpness: 0.5,
        }
    }

    #[test]
    fn the_surely_read_and_the_nearest_come_first() {
        let mut all = [
            reading(0.9, 31.0, 0.99),
            reading(0.9, 150.0, 0.5),
            reading(0.5, 120.0, 0.99),
        ];
        all.sort_by(sure_and_near_first);
        let widths: Vec<f32> = all.iter().map(|one| one.quad.width()).collect();
        assert_eq!(widths, [120.0, 31.0, 150.0]);
    }

    #[test]
    fn what_is_found_is_told_and_what_is_in_doubt_is_marked_where_it_is() {
        let mut doubtful = reading(0.9, 100.0, 0.99);
        doubtful.read.chars[2].p = 0.3;
        doubtful.read.confidence = 0.3;
        assert!(is_plate(&doubtful, &doubtful.read));
        let far = PlateReading {
            quad: reading(0.9, 29.0, 0.99).quad,
            ..doubtful.clone()
        };
        assert!(!is_plate(&far, &far.read), "a vehicle far behind");
        assert!(is_found(&far, &far.read), "and it is there");
        let told = FoundPlate {
            at: None,
            read: doubtful.read.clone(),
            best: doubtful,
        };
        assert!(!told.is_sure());
        assert_eq!(told.marked(), "冀A1?2345");
        let sure = reading(0.5, 29.0, 0.99);
        assert!(is_plate(&sure, &sure.read) && is_sure(&sure.read));
    }
}
