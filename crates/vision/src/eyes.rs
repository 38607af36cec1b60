//! Detector and reader together: one pair of eyes for each worker.

use std::path::{Path, PathBuf};
use std::time::Duration;

use frame::{Picture, Quad};
use plate::{Evidence, PlateRead};

use crate::{Candidate, Detector, Error, Manifest, Reader, Runtime, pixels, thread_cpu};

/// Below this width in pixels a person cannot read a plate either.
const MIN_PLATE_WIDTH_PX: f32 = 16.0;
/// A plate that was cut out and reads less surely than this is looked at once more.
const DOUBTFUL_BELOW: f32 = 0.9;

/// One plate seen in one picture.
#[derive(Debug, Clone)]
pub struct Reading {
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

/// Processor time that the last look took: wall time on a shared machine measures the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Timing {
    pub detect: Duration,
    pub read: Duration,
}

/// A checked models folder from which eyes are made.
#[derive(Clone)]
pub struct Models {
    runtime: Runtime,
    folder: PathBuf,
    manifest: Manifest,
}

impl Models {
    /// Checks the manifest and every file in `folder`, and loads ONNX Runtime.
    pub fn open(folder: &Path, onnxruntime: Option<&Path>) -> Result<Self, Error> {
        let manifest = Manifest::read(folder)?;
        let runtime = Runtime::load(onnxruntime)?;
        let models = Self {
            runtime,
            folder: folder.to_owned(),
            manifest,
        };
        // One pair is made and dropped, so that a wrong file stops the start and not a lane.
        models.eyes()?;
        Ok(models)
    }

    /// What the models are.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// A new pair of eyes with sessions of its own.
    pub fn eyes(&self) -> Result<Eyes, Error> {
        let Self {
            runtime,
            folder,
            manifest,
        } = self;
        Ok(Eyes {
            detector: Detector::load(runtime, folder, &manifest.detector)?,
            reader: Reader::load(runtime, folder, &manifest.reader)?,
            timing: Timing::default(),
        })
    }
}

/// Finds and reads plates. Not shared: a session runs one picture at a time.
pub struct Eyes {
    detector: Detector,
    reader: Reader,
    timing: Timing,
}

impl Eyes {
    /// Every plate on `picture` that is wide enough to be read, the most probable first.
    pub fn look(&mut self, picture: &Picture) -> Result<Vec<Reading>, Error> {
        let started = thread_cpu();
        let mut candidates = self.detector.detect(picture)?;
        candidates.retain(|c| c.quad.width() >= MIN_PLATE_WIDTH_PX);
        let detected = thread_cpu();
        let plates = self.rectify(picture, &candidates)?;
        let readings = self.read(&candidates, &plates)?;
        self.timing = Timing {
            detect: detected.saturating_sub(started),
            read: thread_cpu().saturating_sub(detected),
        };
        Ok(readings)
    }

    /// Reads `picture` as one plate that was cut out already. Where that is doubtful it may be cut
    /// askew or with much around it: then the plate is looked for on it, and the surest reading taken.
    pub fn read_crop(&mut self, picture: &Picture) -> Result<Reading, Error> {
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
    fn read(&mut self, at: &[Candidate], plates: &[Vec<u8>]) -> Result<Vec<Reading>, Error> {
        let evidence = self.reader.read(plates)?;
        at.iter()
            .zip(plates)
            .zip(evidence)
            .map(|((candidate, rgb), evidence)| {
                Ok(Reading {
                    quad: candidate.quad,
                    found: candidate.score,
                    read: PlateRead::of(&evidence),
                    evidence,
                    sharpness: pixels::sharpness(rgb, self.reader.input())?,
                })
            })
            .collect()
    }

    /// Processor time that the last look took.
    #[must_use]
    pub fn timing(&self) -> Timing {
        self.timing
    }
}

/// Of two readings of one plate the one with more of this is the better.
fn surety(read: &PlateRead) -> f32 {
    read.confidence * read.legible
}
