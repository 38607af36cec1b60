//! A checked folder of models, from which recognizers are made.

use std::path::{Path, PathBuf};

use crate::{Error, ModelManifest, PlateDetector, PlateReader, Recognizer, Runtime};

/// A checked models folder from which recognizers are made.
#[derive(Clone)]
pub struct Models {
    runtime: Runtime,
    folder: PathBuf,
    manifest: ModelManifest,
}

impl Models {
    /// Checks the manifest and every file in `folder`, and loads ONNX Runtime from the library
    /// named, or from where it is usually installed.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Runtime`] when ONNX Runtime is missing or too old,
    /// [`crate::ErrorKind::Model`] when the folder does not hold what its manifest describes.
    pub fn open(folder: &Path, onnxruntime: Option<&Path>) -> Result<Self, Error> {
        let manifest = ModelManifest::read(folder)?;
        let runtime = Runtime::load(onnxruntime)?;
        let models = Self {
            runtime,
            folder: folder.to_owned(),
            manifest,
        };
        // One is made and dropped, so that a wrong file stops the start and not a lane.
        models.recognizer()?;
        Ok(models)
    }

    /// What the models are.
    #[must_use]
    pub fn manifest(&self) -> &ModelManifest {
        &self.manifest
    }

    /// A new recognizer with sessions of its own.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Model`] when a file has changed since the folder was opened.
    pub fn recognizer(&self) -> Result<Recognizer, Error> {
        let Self {
            runtime,
            folder,
            manifest,
        } = self;
        Ok(Recognizer::new(
            PlateDetector::load(runtime, folder, &manifest.detector)?,
            PlateReader::load(runtime, folder, &manifest.reader)?,
        ))
    }
}
