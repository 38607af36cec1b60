//! The plates on photos and in videos, each told once.

use std::path::Path;

use camera::{FileFrames, FileOptions, read_picture};
use frame::MonoTime;
use plate::PlateRead;
use vision::{PlateReading, Recognizer};

use crate::tracks::Tracks;

/// Something found is called a plate from this probability on.
const LEGIBLE: f32 = 0.5;
/// Below this probability of the weakest character it is lettering of some other kind: signs and
/// phone numbers fit no plate's grammar, real plates that are this unsure are not read right.
const CONFIDENT: f32 = 0.4;

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

/// Whether this is a plate that can be told to a person.
pub(crate) fn is_plate(read: &PlateRead) -> bool {
    read.legible >= LEGIBLE && read.confidence >= CONFIDENT
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
    if is_video(file) {
        return plates_in_video(recognizer, file, tell);
    }
    let picture = read_picture(file)?;
    let readings = if is_crop {
        vec![recognizer.read_crop(&picture)?]
    } else {
        let mut found = recognizer.recognize(&picture)?;
        found.retain(|reading| is_plate(&reading.read));
        found
    };
    readings.into_iter().try_for_each(|reading| {
        tell(FoundPlate {
            at: None,
            read: reading.read.clone(),
            best: reading,
        })
    })
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

fn is_video(file: &Path) -> bool {
    let extension = file
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default();
    let videos = [
        "mp4", "mkv", "h264", "h265", "264", "265", "avi", "mov", "ts",
    ];
    videos.contains(&extension.to_ascii_lowercase().as_str())
}
