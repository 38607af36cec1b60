//! What can go wrong between a model file and a reading.

use std::path::PathBuf;

/// What kind of fault it is, for exit codes and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// ONNX Runtime is missing or too old.
    Runtime,
    /// A model file or its manifest is missing, changed or does not fit.
    Model,
    /// A picture or a model's answer could not be processed.
    Inference,
}

/// An error with the path and the next step that a person needs.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
#[non_exhaustive]
pub enum Error {
    #[error(
        "ONNX Runtime was not found; looked at: {}. Run scripts/setup, or name the library in [models] onnxruntime",
        looked.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ")
    )]
    RuntimeMissing { looked: Vec<PathBuf> },
    #[error("ONNX Runtime {} cannot be used: {reason}. Run scripts/setup to install the right version", path.display())]
    RuntimeUnusable { path: PathBuf, reason: String },
    #[error("cannot read {}: {source}. The models folder comes with Menjin: check [models] folder", path.display())]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{} is not a valid manifest: {reason}", path.display())]
    Manifest { path: PathBuf, reason: String },
    #[error(
        "{} is not the file that its manifest describes (sha256 {actual}, expected {expected}). Restore it from the release",
        path.display()
    )]
    Checksum {
        path: PathBuf,
        expected: String,
        actual: String,
    },
    #[error("{} cannot be used as the {role}: {reason}", path.display())]
    Unsuitable {
        path: PathBuf,
        role: &'static str,
        reason: String,
    },
    #[error("the {role} failed: {reason}")]
    Inference { role: &'static str, reason: String },
    #[error("image processing failed: {0}")]
    OpenCv(#[from] opencv::Error),
    #[error("a picture cannot be scaled: {0}")]
    Scaling(String),
    #[error("the reader's answer cannot be used: {0}")]
    Evidence(#[from] plate::EvidenceError),
}

impl Error {
    /// What kind of fault it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::RuntimeMissing { .. } | Self::RuntimeUnusable { .. } => ErrorKind::Runtime,
            Self::Unreadable { .. }
            | Self::Manifest { .. }
            | Self::Checksum { .. }
            | Self::Unsuitable { .. } => ErrorKind::Model,
            Self::Inference { .. } | Self::OpenCv(_) | Self::Scaling(_) | Self::Evidence(_) => {
                ErrorKind::Inference
            }
        }
    }
}

impl From<fast_image_resize::ResizeError> for Error {
    fn from(error: fast_image_resize::ResizeError) -> Self {
        Self::Scaling(error.to_string())
    }
}

impl From<fast_image_resize::ImageBufferError> for Error {
    fn from(error: fast_image_resize::ImageBufferError) -> Self {
        Self::Scaling(error.to_string())
    }
}
