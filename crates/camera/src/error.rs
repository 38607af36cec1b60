//! What can go wrong before a camera runs, and while a file is read.

use std::path::PathBuf;

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
#[non_exhaustive]
pub enum Error {
    /// The address of a camera cannot be used.
    #[error("the camera address is not an RTSP URL: {reason}; write rtsp://host:554/path")]
    #[allow(missing_docs)]
    Address { reason: String },
    /// No such file or folder, or no permission.
    #[error("cannot open {}: {source}", path.display())]
    #[allow(missing_docs)]
    Missing {
        path: PathBuf,
        source: std::io::Error,
    },
    /// The file is no video this build can read.
    #[error("{} is not a readable video: {reason}; expected MP4, Matroska, AVI, MPEG, FLV, DAV, bare H.264 or H.265, or a folder of pictures", path.display())]
    #[allow(missing_docs)]
    Container { path: PathBuf, reason: String },
    /// The container holds no video stream, or one in an unknown coding.
    #[error("{} holds no video that can be decoded: {reason}", path.display())]
    #[allow(missing_docs)]
    Codec { path: PathBuf, reason: String },
    /// The file was read to its end and not one picture came out.
    #[error("not one picture could be decoded from {} ({errors} packets were broken)", path.display())]
    #[allow(missing_docs)]
    NothingDecoded { path: PathBuf, errors: u64 },
    /// The folder holds no pictures.
    #[error("{} holds no .jpg, .jpeg, .png, .bmp or .webp", path.display())]
    #[allow(missing_docs)]
    EmptyFolder { path: PathBuf },
    /// One picture of a folder is broken. Reading goes on with the next one.
    #[error("cannot decode the picture {}: {reason}", path.display())]
    #[allow(missing_docs)]
    Picture { path: PathBuf, reason: String },
    /// The operating system gave no thread.
    #[error("camera {camera}: cannot start its thread: {source}")]
    #[allow(missing_docs)]
    Thread {
        camera: String,
        source: std::io::Error,
    },
    /// An RTSP camera was started outside a tokio runtime.
    #[error("camera {camera}: an RTSP camera must be started inside a tokio runtime")]
    #[allow(missing_docs)]
    NoRuntime { camera: String },
}

impl Error {
    /// The kind of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Address { .. } => ErrorKind::Usage,
            Self::Missing { .. } => ErrorKind::Unreadable,
            Self::Container { .. }
            | Self::Codec { .. }
            | Self::NothingDecoded { .. }
            | Self::EmptyFolder { .. }
            | Self::Picture { .. } => ErrorKind::NoPictures,
            Self::Thread { .. } | Self::NoRuntime { .. } => ErrorKind::System,
        }
    }
}
