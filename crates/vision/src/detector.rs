//! Finds plates: a first look at the whole frame, a second one at each plate from nearby.

use std::path::Path;

use fast_image_resize::Resizer;
use frame::{Picture, Point, Quad, Rect};
use ort::session::Session;
use ort::value::TensorRef;
use plate::Layout;

use crate::fitted::{Fitted, fit_whole, fit_window};
use crate::pixels::whole;
use crate::{DetectorSpec, Error, Runtime};

const ROLE: &str = "plate detector";
/// Two candidates that overlap more than this are one plate.
const SAME_PLATE_IOU: f32 = 0.3;
/// Cells below this probability are not looked at; the second look sees down to here.
const FAINTEST: f32 = 0.1;
/// More plates than this are not looked at in one frame; a picture of noise must not cost minutes.
const MAX_CANDIDATES: usize = 24;

/// A plate found on a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Corners in pixels of the picture.
    pub quad: Quad,
    /// Probability that a plate is here, 0 to 1.
    pub score: f32,
    /// One row or two.
    pub layout: Layout,
}

impl Candidate {
    /// The whole picture, taken for a plate.
    pub(crate) fn all_of(picture: &Picture) -> Self {
        Self::at(Quad::from_rect(whole(picture)))
    }

    /// What stands at `quad`, taken for a plate.
    pub(crate) fn at(quad: Quad) -> Self {
        Self {
            quad,
            score: 1.0,
            layout: Layout::Single,
        }
    }
}

/// A detector with its own session.
pub struct PlateDetector {
    session: Session,
    spec: DetectorSpec,
    resizer: Resizer,
}

/// One candidate on a network's input, before it is mapped back.
struct Peak {
    quad: Quad,
    score: f32,
    double: bool,
}

impl PlateDetector {
    /// Loads the detector that `spec` describes from `folder`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Model`] when the file is missing, changed or does not fit.
    pub fn load(runtime: &Runtime, folder: &Path, spec: &DetectorSpec) -> Result<Self, Error> {
        let model = (spec.file.as_str(), spec.sha256.as_str());
        let outputs = ["heat", "corners"];
        let session = runtime.load_model(folder, model, ROLE, &outputs)?;
        Ok(Self {
            session,
            spec: spec.clone(),
            resizer: Resizer::new(),
        })
    }

    /// Plates on `picture`, the most probable first.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Inference`] when the picture or the model's answer cannot be processed.
    pub fn detect(&mut self, picture: &Picture) -> Result<Vec<Candidate>, Error> {
        let fitted = fit_whole(&mut self.resizer, picture, self.spec.input)?;
        let threshold = self.spec.threshold;
        let peaks = self.run(&[&fitted])?.pop().unwrap_or_default();
        let found = peaks
            .iter()
            .filter(|p| p.score >= threshold)
            .map(|peak| Candidate {
                quad: fitted.to_picture(&peak.quad),
                score: peak.score,
                layout: if peak.double {
                    Layout::Double
                } else {
                    Layout::Single
                },
            });
        let coarse = without_overlaps(found.collect());
        let refined = self.second_look(picture, coarse)?;
        Ok(without_overlaps(refined))
    }

    /// The plate that may stand at `quad`, seen from nearby.
    pub(crate) fn detect_near(
        &mut self,
        picture: &Picture,
        quad: Quad,
    ) -> Result<Vec<Candidate>, Error> {
        self.second_look(picture, vec![Candidate::at(quad)])
    }

    /// The plate of a picture that is hardly more than a plate, too large there for a first look.
    pub(crate) fn detect_cut_out(&mut self, picture: &Picture) -> Result<Vec<Candidate>, Error> {
        self.second_look(picture, vec![Candidate::all_of(picture)])
    }

    /// Looks at each candidate again in a window of native resolution, which sharpens its corners
    /// and drops what was no plate: kerb stripes, headlamps, stickers.
    fn second_look(
        &mut self,
        picture: &Picture,
        mut candidates: Vec<Candidate>,
    ) -> Result<Vec<Candidate>, Error> {
        let Some(look) = self.spec.second_look else {
            return Ok(candidates);
        };
        let windows = candidates
            .iter()
            .map(|c| {
                let bounds = c.quad.bounds();
                // Double plates are nearly as high as half their width; the window is twice as
                // wide as high and must hold them with some of their surroundings.
                let side = bounds.width().max(2.0 * bounds.height()).max(8.0);
                let width = side * look.plate_widths;
                let height = width * look.input.height as f32 / look.input.width as f32;
                let center = c.quad.center();
                let window = Rect::new(
                    center.x - width / 2.0,
                    center.y - height / 2.0,
                    center.x + width / 2.0,
                    center.y + height / 2.0,
                );
                fit_window(&mut self.resizer, picture, window, look.input)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let answers = self.run(&windows.iter().collect::<Vec<_>>())?;
        for ((candidate, window), peaks) in candidates.iter_mut().zip(&windows).zip(answers) {
            let first = candidate.quad.bounds();
            let best = peaks
                .iter()
                .map(|p| (window.to_picture(&p.quad), p))
                .filter(|(quad, p)| {
                    p.score >= FAINTEST && quad.bounds().iou(&first) > SAME_PLATE_IOU
                })
                .max_by(|a, b| a.1.score.total_cmp(&b.1.score));
            match best {
                Some((quad, peak)) => {
                    candidate.quad = quad;
                    candidate.score = peak.score;
                    candidate.layout = if peak.double {
                        Layout::Double
                    } else {
                        Layout::Single
                    };
                }
                None => candidate.score = 0.0,
            }
        }
        candidates.retain(|c| c.score >= look.veto_below);
        Ok(candidates)
    }

    /// Runs the network on inputs of one size; the peaks of each.
    fn run(&mut self, inputs: &[&Fitted]) -> Result<Vec<Vec<Peak>>, Error> {
        let Some(first) = inputs.first() else {
            return Ok(Vec::new());
        };
        let size = first.size;
        let batch = inputs.iter().map(|f| &*f.rgb).collect::<Vec<_>>().concat();
        let shape = [inputs.len(), size.height as usize, size.width as usize, 3];
        let failed = |e: ort::Error| Error::Inference {
            role: ROLE,
            reason: e.to_string(),
        };
        let input = TensorRef::from_array_view((shape, batch.as_slice())).map_err(failed)?;
        let outputs = self
            .session
            .run(ort::inputs!["image" => input])
            .map_err(failed)?;
        let (heat_shape, heat) = outputs["heat"]
            .try_extract_tensor::<f32>()
            .map_err(failed)?;
        let (_, corners) = outputs["corners"]
            .try_extract_tensor::<f32>()
            .map_err(failed)?;
        let cells = Cells {
            columns: (size.width / self.spec.stride) as usize,
            rows: (size.height / self.spec.stride) as usize,
            stride: self.spec.stride as f32,
        };
        let count = cells.columns * cells.rows;
        if heat.len() != inputs.len() * 2 * count || corners.len() != inputs.len() * 8 * count {
            let reason = format!("its outputs {heat_shape:?} do not fit a {size:?} input");
            return Err(Error::Inference { role: ROLE, reason });
        }
        Ok(heat
            .chunks_exact(2 * count)
            .zip(corners.chunks_exact(8 * count))
            .map(|(heat, corners)| cells.peaks(heat, corners))
            .collect())
    }
}

/// The grid of a network's output.
struct Cells {
    columns: usize,
    rows: usize,
    stride: f32,
}

impl Cells {
    /// Cells that are the highest of their neighbourhood in either class.
    fn peaks(&self, heat: &[f32], corners: &[f32]) -> Vec<Peak> {
        let count = self.columns * self.rows;
        let (single, double) = heat.split_at(count);
        let score = |i: usize| single[i].max(double[i]);
        let mut peaks = Vec::new();
        for row in 0..self.rows {
            for column in 0..self.columns {
                let i = row * self.columns + column;
                // Hopeless or not a number: a broken model gives no plates rather than nonsense.
                let seen = score(i) >= FAINTEST;
                if !seen || !self.is_highest(row, column, &score) {
                    continue;
                }
                let center = Point::new(
                    (column as f32 + 0.5) * self.stride,
                    (row as f32 + 0.5) * self.stride,
                );
                let offset = |k: usize| corners[k * count + i];
                let quad = Quad(
                    [0, 2, 4, 6]
                        .map(|k| Point::new(center.x + offset(k), center.y + offset(k + 1))),
                );
                if quad.is_sane() {
                    peaks.push(Peak {
                        quad,
                        score: score(i),
                        double: double[i] > single[i],
                    });
                }
            }
        }
        peaks.sort_by(|a, b| b.score.total_cmp(&a.score));
        peaks.truncate(2 * MAX_CANDIDATES);
        peaks
    }

    fn is_highest(&self, row: usize, column: usize, score: &impl Fn(usize) -> f32) -> bool {
        let own = score(row * self.columns + column);
        (row.saturating_sub(1)..=(row + 1).min(self.rows - 1)).all(|r| {
            (column.saturating_sub(1)..=(column + 1).min(self.columns - 1))
                .all(|c| score(r * self.columns + c) <= own)
        })
    }
}

/// Keeps the best of candidates that cover the same plate.
fn without_overlaps(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        let bounds = candidate.quad.bounds();
        let covered = |k: &Candidate| {
            let other = k.quad.bounds();
            let shared = bounds.intersect(&other).area();
            bounds.iou(&other) > SAME_PLATE_IOU
                || shared > 0.7 * bounds.area().min(other.area()).max(1.0)
        };
        if kept.len() < MAX_CANDIDATES && !kept.iter().any(covered) {
            kept.push(candidate);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(left: f32, score: f32) -> Candidate {
        let quad = Quad::from_rect(Rect::new(left, 0.0, left + 100.0, 30.0));
        Candidate {
            quad,
            score,
            layout: Layout::Single,
        }
    }

    #[test]
    fn of_overlapping_candidates_the_best_stays() {
        let kept = without_overlaps(vec![at(5.0, 0.6), at(0.0, 0.9), at(300.0, 0.5)]);
        assert_eq!(kept.iter().map(|c| c.score).collect::<Vec<_>>(), [0.9, 0.5]);
    }

    #[test]
    fn a_heat_map_of_nonsense_gives_no_plate() {
        let cells = Cells {
            columns: 4,
            rows: 2,
            stride: 8.0,
        };
        assert!(cells.peaks(&[f32::NAN; 16], &[f32::NAN; 64]).is_empty());
        assert!(
            cells.peaks(&[1.0; 16], &[0.0; 64]).is_empty(),
            "plates without area"
        );
    }

    #[test]
    fn a_peak_carries_its_corners_in_input_pixels() {
        let cells = Cells {
            columns: 4,
            rows: 2,
            stride: 8.0,
        };
        let mut heat = vec![0.0; 16];
        heat[8 + 5] = 0.8;
        let offsets = [-10.0, -4.0, 10.0, -4.0, 10.0, 4.0, -10.0, 4.0];
        let corners: Vec<f32> = offsets.iter().flat_map(|&o| [o; 8]).collect();
        let peaks = cells.peaks(&heat, &corners);
        assert_eq!(peaks.len(), 1);
        assert!(peaks[0].double);
        assert_eq!(peaks[0].quad.center(), Point::new(12.0, 12.0));
        assert_eq!(peaks[0].quad.width(), 20.0);
    }
}
