//! Reads rectified plates, several in one run.

use std::path::Path;

use frame::{Picture, Quad};
use ort::session::Session;
use ort::value::TensorRef;
use plate::{CLASSES, Color, Evidence, SLOTS};

use crate::{Error, ReaderSpec, Runtime, pixels};

const ROLE: &str = "plate reader";
/// Plates read in one run; more are read in several, so that memory stays bounded.
const MAX_BATCH: usize = 8;

/// A reader with its own session.
pub struct PlateReader {
    session: Session,
    spec: ReaderSpec,
}

impl PlateReader {
    /// Loads the reader that `spec` describes from `folder`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Model`] when the file is missing, changed or does not fit.
    pub fn load(runtime: &Runtime, folder: &Path, spec: &ReaderSpec) -> Result<Self, Error> {
        let model = (spec.file.as_str(), spec.sha256.as_str());
        let outputs = ["chars", "color", "layout", "plate"];
        let session = runtime.load_model(folder, model, ROLE, &outputs)?;
        Ok(Self {
            session,
            spec: spec.clone(),
        })
    }

    /// The plate in `quad` as this reader wants to see it: straight, with its margin, RGB bytes.
    ///
    /// # Errors
    /// [`Error::OpenCv`] when the picture cannot be warped.
    pub fn rectify(&self, picture: &Picture, quad: &Quad) -> Result<Vec<u8>, Error> {
        let quad = quad.expand(self.spec.margin.x, self.spec.margin.y);
        pixels::rectify(picture, &quad, self.spec.input)
    }

    /// The size of a rectified plate.
    #[must_use]
    pub fn input(&self) -> crate::Size {
        self.spec.input
    }

    /// Reads rectified plates, in order.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Inference`] when the model fails or answers in another shape.
    pub fn read(&mut self, plates: &[Vec<u8>]) -> Result<Vec<Evidence>, Error> {
        let mut evidence = Vec::with_capacity(plates.len());
        for batch in plates.chunks(MAX_BATCH) {
            self.read_batch(batch, &mut evidence)?;
        }
        Ok(evidence)
    }

    fn read_batch(&mut self, plates: &[Vec<u8>], to: &mut Vec<Evidence>) -> Result<(), Error> {
        let failed = |e: ort::Error| Error::Inference {
            role: ROLE,
            reason: e.to_string(),
        };
        let size = self.spec.input;
        let shape = [plates.len(), size.height as usize, size.width as usize, 3];
        let batch = plates.concat();
        let input = TensorRef::from_array_view((shape, batch.as_slice())).map_err(failed)?;
        let outputs = self
            .session
            .run(ort::inputs!["plates" => input])
            .map_err(failed)?;
        let numbers = |name: &str, each: usize| {
            let (_, values) = outputs[name].try_extract_tensor::<f32>().map_err(failed)?;
            if values.len() == plates.len() * each {
                return Ok(values);
            }
            let reason = format!(
                "\"{name}\" has {} numbers for {} plates",
                values.len(),
                plates.len()
            );
            Err(Error::Inference { role: ROLE, reason })
        };
        let chars = numbers("chars", SLOTS * CLASSES)?.chunks_exact(SLOTS * CLASSES);
        let colors = numbers("color", Color::READABLE.len())?.chunks_exact(Color::READABLE.len());
        let layouts = numbers("layout", 2)?.chunks_exact(2);
        let legible = numbers("plate", 1)?;
        for (((chars, color), layout), &legible) in chars.zip(colors).zip(layouts).zip(legible) {
            to.push(Evidence::from_logits(chars, color, layout, legible)?);
        }
        Ok(())
    }
}
