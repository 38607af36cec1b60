//! What can go wrong between a model file and a reading.

use std::path::PathBuf;

use words::{Key, Said};

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
#[error("{}", self.said())]
#[allow(missing_docs)]
#[non_exhaustive]
pub enum Error {
    RuntimeMissing {
        looked: Vec<PathBuf>,
    },
    RuntimeUnusable {
        path: PathBuf,
        reason: String,
    },
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    Manifest {
        path: PathBuf,
        reason: String,
    },
    Checksum {
        path: PathBuf,
        expected: String,
        actual: String,
    },
    Unsuitable {
        path: PathBuf,
        role: &'static str,
        reason: String,
    },
    Inference {
        role: &'static str,
        reason: String,
    },
    OpenCv(#[from] opencv::Error),
    Scaling(String),
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

    /// For a person.
    #[must_use]
    pub fn said(&self) -> Said {
        let of = |key, path: &PathBuf| Said::with(key, "path", path.display());
        let failed = |why: &dyn std::fmt::Display| Said::with(Key::ModelFailed, "why", why);
        match self {
            Self::RuntimeMissing { looked } => {
                let looked: Vec<_> = looked.iter().map(|p| p.display().to_string()).collect();
                Said::with(Key::ModelRuntimeMissing, "looked", looked.join(", "))
            }
            Self::RuntimeUnusable { path, reason } => {
                of(Key::ModelRuntimeUnusable, path).and("why", reason)
            }
            Self::Unreadable { path, source } => {
                of(Key::ModelUnreadable, path).and_said("why", Said::of_io(source))
            }
            Self::Manifest { path, reason } => of(Key::ModelManifest, path).and("why", reason),
            Self::Checksum {
                path,
                expected,
                actual,
            } => {
                let said = of(Key::ModelChecksum, path);
                said.and("actual", actual).and("expected", expected)
            }
            Self::Unsuitable { path, role, reason } => {
                let said = of(Key::ModelUnsuitable, path).and("why", reason);
                match *role {
                    "detector" => said.and_said("role", Key::ModelDetector),
                    "reader" => said.and_said("role", Key::ModelReader),
                    other => said.and("role", other),
                }
            }
            Self::Inference { role, reason } => failed(&format!("{role}: {reason}")),
            Self::OpenCv(error) => failed(error),
            Self::Scaling(why) => failed(why),
            Self::Evidence(error) => failed(error),
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
