//! The one error of this crate.

use std::io;
use std::path::{Path, PathBuf};

use words::{Key, Said};

use crate::gap::GapReason;

/// A step of keeping or reading video that failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be written or read.
    #[error("{step} {}: {source}", path.display())]
    Io {
        /// What was done.
        step: &'static str,
        /// Where.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The index could not be written or read.
    #[error("{step} the index {}: {source}", path.display())]
    Index {
        /// What was done.
        step: &'static str,
        /// Where.
        path: PathBuf,
        /// Why it failed.
        source: rusqlite::Error,
    },
    /// The index was written by a newer version, or is no index.
    #[error("{} is no index of video that this version knows", path.display())]
    Foreign {
        /// Where.
        path: PathBuf,
    },
    /// A camera's coding can't be kept in a file.
    #[error("this coding can't be kept: {0}")]
    Coding(#[from] mp4_atom::Error),
    /// None of the folders for video takes any, or the present one takes no more.
    #[error("no folder for video takes any: {}", .0.code())]
    NoRoom(GapReason),
}

/// Result of this crate.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn io(step: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { step, path, source }
    }

    pub(crate) fn index(step: &'static str, path: &Path) -> impl Fn(rusqlite::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Index {
            step,
            path: path.clone(),
            source,
        }
    }

    /// For a person.
    #[must_use]
    pub fn said(&self) -> Said {
        match self {
            Self::Io { path, source, .. } => Said::about(path.display(), Said::of_io(source)),
            Self::Index { path, source, .. } => Said::about(path.display(), Said::other(source)),
            Self::Foreign { path } => Said::with(Key::VideoForeignIndex, "path", path.display()),
            Self::Coding(error) => Said::with(Key::VideoCoding, "error", error),
            Self::NoRoom(_) => Said::plain(Key::VideoNoRoom),
        }
    }
}
