//! Detector and reader together: one for each worker.

use std::time::Duration;

use frame::{Picture, Quad};
use plate::{Evidence, PlateRead};

use crate::{Candidate, Error, PlateDetector, PlateReader, pixels, thread_cpu};

/// Below this width in pixels a person cannot read a plate either.
const MIN_PLATE_WIDTH_PX: f32 = 16.0;
/// A plate on a photo that reads less surely than this is looked at once more.
const DOUBTFUL_BELOW: f32 = 0.9;

/// One plate seen in one picture.
#[derive(Debug, Clone)]
pub struct PlateReading {
    /// Corners in pixels of the picture.
    pub quad: Quad,
    /// Probability of the detector that a plate is here, 0 to 1.
    pub found: f32,
    /// What the reader believes.
    pub evidence: Evidence,
    /// The most probable plate.
    pub read: PlateRead,
    /// How sharp the plate is; a crisp one is above 0.5, see [`crate::sharpness`].
    pub sharpness: f32,
}

/// Processor time that the last picture took: wall time on a shared machine measures the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Timing {
    pub detect: Duration,
    pub read: Duration,
}

/// Finds and reads plates. Not shared: a session runs one picture at a time.
pub struct Recognizer {
    detector: PlateDetector,
    reader: PlateReader,
    timing: Timing,
}

impl Recognizer {
    pub(crate) fn new(detector: PlateDetector, reader: PlateReader) -> Self {
        Self {
            detector,
            reader,
            timing: Timing::default(),
        }
    }

    /// Every plate on `picture` that is wide enough to be read, the most probable first.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Inference`] when the picture or a model's answer cannot be processed.
    pub fn recognize(&mut self, picture: &Picture) -> Result<Vec<PlateReading>, Error> {
        let started = thread_cpu();
        let candidates = self.detect(picture)?;
        let detected = thread_cpu();
        let mut readings = self.read_at(picture, &candidates)?;
        self.read_stacked(picture, &mut readings)?;
        self.timing = Timing {
            detect: detected.saturating_sub(started),
            read: thread_cpu().saturating_sub(detected),
        };
        Ok(readings)
    }

    /// Reads `picture` as one plate that was cut out already. Where that is doubtful it may be cut
    /// askew or with much around it: then the plate is looked for on it, and the surest reading taken.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Inference`] when the picture or a model's answer cannot be processed.
    pub fn read_crop(&mut self, picture: &Picture) -> Result<PlateReading, Error> {
        let started = thread_cpu();
        let whole = Candidate::all_of(picture);
        let rgb = pixels::rectify(picture, &whole.quad, self.reader.input())?;
        let mut best = self.read(&[whole], &[rgb])?.swap_remove(0);
        let mut detect = Duration::ZERO;
        if surety(&best.read) < DOUBTFUL_BELOW {
            let before = thread_cpu();
            let mut candidates = self.detector.detect_cut_out(picture)?;
            candidates.extend(self.detector.detect(picture)?);
            detect = thread_cpu().saturating_sub(before);
            let plates = self.rectify(picture, &candidates)?;
            for other in self.read(&candidates, &plates)? {
                if surety(&other.read) > surety(&best.read) {
                    best = other;
                }
            }
        }
        self.timing = Timing {
            detect,
            read: thread_cpu().saturating_sub(started + detect),
        };
        Ok(best)
    }

    fn rectify(&self, picture: &Picture, at: &[Candidate]) -> Result<Vec<Vec<u8>>, Error> {
        at.iter()
            .map(|c| self.reader.rectify(picture, &c.quad))
            .collect()
    }

    /// Reads rectified `plates`; each stands at the candidate of the same place.
    fn read(&mut self, at: &[Candidate], plates: &[Vec<u8>]) -> Result<Vec<PlateReading>, Error> {
        let evidence = self.reader.read(plates)?;
        at.iter()
            .zip(plates)
            .zip(evidence)
            .map(|((candidate, rgb), evidence)| {
                Ok(PlateReading {
                    quad: candidate.quad,
                    found: candidate.score,
                    read: PlateRead::of(&evidence),
                    evidence,
                    sharpness: pixels::sharpness(rgb, self.reader.input())?,
                })
            })
            .collect()
    }

    pub(crate) fn set_timing(&mut self, timing: Timing) {
        self.timing = timing;
    }

    /// What the detector sees on `picture` and is wide enough to be read.
    pub(crate) fn detect(&mut self, picture: &Picture) -> Result<Vec<Candidate>, Error> {
        let mut candidates = self.detector.detect(picture)?;
        candidates.retain(|c| c.quad.width() >= MIN_PLATE_WIDTH_PX);
        Ok(candidates)
    }

    pub(crate) fn detect_near(
        &mut self,
        picture: &Picture,
        quad: Quad,
    ) -> Result<Vec<Candidate>, Error> {
        self.detector.detect_near(picture, quad)
    }

    /// Reads what stands at each candidate.
    pub(crate) fn read_at(
        &mut self,
        picture: &Picture,
        at: &[Candidate],
    ) -> Result<Vec<PlateReading>, Error> {
        let plates = self.rectify(picture, at)?;
        self.read(at, &plates)
    }

    /// Processor time that the last picture took.
    #[must_use]
    pub fn timing(&self) -> Timing {
        self.timing
    }
}

pub(crate) fn is_sure(reading: &PlateReading) -> bool {
    surety(&reading.read) >= DOUBTFUL_BELOW
}

/// Of two readings of one plate the one with more of this is the better.
pub(crate) fn surety(read: &PlateRead) -> f32 {
    read.confidence * read.legible
}
