//! Scores the models on photos with known plates.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use frame::Picture;
use vision::{PlateReading, Recognizer};

use crate::matching::match_photo;
use crate::report::{BenchReport, Latency, Miss, Percentiles, ScoredPlate, share};
use crate::{Error, ImageTruth, RowFilter, html};

/// What to score and how.
#[derive(Debug, Clone)]
pub struct ImagesOptions {
    /// Folder that the truth's files are below.
    pub folder: PathBuf,
    /// Truth file.
    pub truth: PathBuf,
    /// Rows to keep.
    pub only: Vec<RowFilter>,
    /// A further column to group by.
    pub by: Option<String>,
    /// Accept from this probability of the weakest character on.
    pub accept: f32,
}

/// Reads every photo of the truth and scores the result. `progress` hears how far it is.
///
/// # Errors
/// [`Error::Truth`] and its neighbours when the table is wrong, [`Error::Vision`] when a picture
/// cannot be recognized.
pub fn images(
    recognizer: &mut Recognizer,
    options: &ImagesOptions,
    mut progress: impl FnMut(usize, usize),
) -> Result<BenchReport, Error> {
    let started = Instant::now();
    let truths = ImageTruth::read(&options.truth, &options.only, options.by.as_deref())?;
    let mut tally = Tally::default();
    let files = by_file(&truths);
    for (done, (file, truths)) in files.iter().enumerate() {
        progress(done, files.len());
        let picture = camera::read_picture(&options.folder.join(file))?;
        let crop = truths.iter().any(|t| t.crop);
        let readings = if crop {
            vec![recognizer.read_crop(&picture)?]
        } else {
            recognizer.recognize_still(&picture)?
        };
        // What was not done takes no time, and must not draw the median down.
        if !crop {
            tally.detect.push(recognizer.timing().detect);
        }
        if !readings.is_empty() {
            tally.read.push(recognizer.timing().read);
        }
        tally.photo(&picture, truths, &readings, options);
    }
    Ok(tally.into_report(started.elapsed()))
}

#[derive(Default)]
struct Tally {
    report: BenchReport,
    judged: Vec<(f32, bool)>,
    rows: usize,
    detect: Vec<Duration>,
    read: Vec<Duration>,
}

impl Tally {
    fn photo(
        &mut self,
        picture: &Picture,
        truths: &[&ImageTruth],
        readings: &[PlateReading],
        options: &ImagesOptions,
    ) {
        let accepts =
            |r: &PlateReading| r.read.confidence >= options.accept && r.read.legible >= 0.5;
        let (matched, left) = match_photo(truths, readings);
        for (truth, reading) in truths.iter().zip(matched) {
            self.rows += 1;
            if truth.plate.is_empty() {
                continue;
            }
            let outcome = ScoredPlate {
                truth_plate: &truth.plate,
                truth_color: truth.color,
                columns: &truth.columns,
                read: reading.map(|r| &r.read),
                accepted: reading.is_some_and(accepts),
            };
            self.report.add(&outcome, options.by.as_deref());
            let width_px = match truth.corners {
                Some(corners) => corners.width(),
                None if truth.crop => picture.width() as f32,
                None => 0.0,
            };
            self.report
                .add_to("plate width", width_band(width_px), &outcome);
            let right = reading.is_some_and(|r| r.read.plate == truth.plate);
            if let Some(reading) = reading {
                self.judged.push((reading.read.confidence, right));
            }
            let right_color = reading.is_none_or(|r| truth.color.is_none_or(|c| c == r.read.color));
            let what = match (reading.is_some(), right, right_color) {
                (false, _, _) => "not found",
                (_, false, _) => "plate wrong",
                (_, _, false) => "colour wrong",
                _ => continue,
            };
            let quad = reading.map(|r| r.quad).or(truth.corners);
            self.report.misses.push(Miss {
                place: truth.file.clone(),
                what,
                truth: truth.plate.clone(),
                truth_color: truth.color.map_or_else(String::new, |c| c.to_string()),
                read: reading.map(|r| r.read.clone()),
                jpeg: html::thumbnail(picture, quad),
            });
        }
        // A photo may show plates that its truth does not list; only where the truth says that
        // there is no plate at all is an accepted one false.
        if truths.iter().all(|t| t.plate.is_empty()) {
            self.report.false_passages += left.into_iter().filter(|r| accepts(r)).count();
        }
    }

    fn into_report(mut self, wall: Duration) -> BenchReport {
        let report = &mut self.report;
        report.finish(&self.judged, self.rows);
        report.single_frame_exact = share(report.all.exact, report.all.n);
        report.latency_ms = Latency {
            detect: Percentiles::of_ms(&self.detect),
            read: Percentiles::of_ms(&self.read),
            passage: Percentiles::default(),
        };
        report.wall_s = wall.as_secs_f64();
        self.report
    }
}

/// Which band of plate width in pixels this one belongs to; 0 px is unknown.
fn width_band(px: f32) -> &'static str {
    match px {
        px if px <= 0.0 => "unknown",
        px if px < 60.0 => "000 to 059 px",
        px if px < 90.0 => "060 to 089 px",
        px if px < 120.0 => "090 to 119 px",
        px if px < 160.0 => "120 to 159 px",
        px if px < 240.0 => "160 to 239 px",
        _ => "240 px and more",
    }
}

fn by_file(truths: &[ImageTruth]) -> Vec<(&str, Vec<&ImageTruth>)> {
    let mut files: Vec<(&str, Vec<&ImageTruth>)> = Vec::new();
    let mut index = std::collections::HashMap::new();
    for truth in truths {
        let at = *index.entry(truth.file.as_str()).or_insert_with(|| {
            files.push((&truth.file, Vec::new()));
            files.len() - 1
        });
        files[at].1.push(truth);
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plates_are_told_apart_by_width_and_an_unknown_width_is_no_narrow_plate() {
        let bands = [0.0, 59.9, 60.0, 89.9, 119.0, 120.0, 239.9, 240.0].map(width_band);
        assert_eq!(
            bands,
            [
                "unknown",
                "000 to 059 px",
                "060 to 089 px",
                "060 to 089 px",
                "090 to 119 px",
                "120 to 159 px",
                "160 to 239 px",
                "240 px and more"
            ]
        );
    }
}
