//! What can go wrong before a camera runs, and while a file is read.

use std::path::PathBuf;

use words::{Key, Said};

/// What kind of failure an [`Error`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What was asked for makes no sense: a configuration or usage mistake.
    Usage,
    /// The file or folder cannot be opened or read.
    Unreadable,
    /// It was opened, but holds no video or pictures that can be decoded.
    NoPictures,
    /// This computer refused something: a thread, a library.
    System,
}

/// A failed step, with the file or camera it concerns. A camera that runs has no errors: it has a
/// [`State`](crate::State).
#[derive(Debug, thiserror::Error)]
#[error("{}", self.said())]
#[non_exhaustive]
pub enum Error {
    /// The address of a camera cannot be used.
    #[allow(missing_docs)]
    Address { why: Said },
    /// No such file or folder, or no permission.
    #[allow(missing_docs)]
    Missing {
        path: PathBuf,
        source: std::io::Error,
    },
    /// A device or a pipe, where only files and folders are read.
    #[allow(missing_docs)]
    NotAFile { path: PathBuf },
    /// The file is no video this build can read.
    #[allow(missing_docs)]
    Container { path: PathBuf, reason: String },
    /// The container holds no video stream, or one in an unknown coding.
    #[allow(missing_docs)]
    Codec { path: PathBuf, reason: String },
    /// The file was read to its end and not one picture came out.
    #[allow(missing_docs)]
    NothingDecoded { path: PathBuf, errors: u64 },
    /// The folder holds no pictures.
    #[allow(missing_docs)]
    EmptyFolder { path: PathBuf },
    /// One picture of a folder is broken. Reading goes on with the next one.
    #[allow(missing_docs)]
    Picture { path: PathBuf, reason: String },
    /// The operating system gave no thread.
    #[allow(missing_docs)]
    Thread {
        camera: String,
        source: std::io::Error,
    },
    /// An RTSP camera was started outside a tokio runtime.
    #[allow(missing_docs)]
    NoRuntime { camera: String },
}

impl Error {
    /// The kind of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Address { .. } => ErrorKind::Usage,
            Self::Missing { .. } | Self::NotAFile { .. } => ErrorKind::Unreadable,
            Self::Container { .. }
            | Self::Codec { .. }
            | Self::NothingDecoded { .. }
            | Self::EmptyFolder { .. }
            | Self::Picture { .. } => ErrorKind::NoPictures,
            Self::Thread { .. } | Self::NoRuntime { .. } => ErrorKind::System,
        }
    }

    /// For a person.
    #[must_use]
    pub fn said(&self) -> Said {
        let of = |key, path: &PathBuf| Said::with(key, "path", path.display());
        match self {
            Self::Address { why } => why.clone(),
            Self::Missing { path, source } => Said::about(path.display(), Said::of_io(source)),
            Self::NotAFile { path } => Said::about(path.display(), Key::RecordingUnsaved),
            Self::Container { path, reason } => {
                of(Key::RecordingContainer, path).and("why", reason)
            }
            Self::Codec { path, reason } => of(Key::RecordingCodec, path).and("why", reason),
            Self::NothingDecoded { path, errors } => {
                of(Key::RecordingNothing, path).and("count", errors)
            }
            Self::EmptyFolder { path } => of(Key::RecordingEmptyFolder, path),
            Self::Picture { path, reason } => of(Key::RecordingPicture, path).and("why", reason),
            Self::Thread { camera, source } => {
                Said::with(Key::StartThread, "name", camera).and_said("why", Said::of_io(source))
            }
            Self::NoRuntime { camera } => {
                Said::with(Key::StartThread, "name", camera).and("why", "no tokio runtime")
            }
        }
    }
}
