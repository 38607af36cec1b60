//! Why a recording could not be read again.

use words::Said;

/// Why nothing came of it. A single file that can't be read is no error: it is told among the findings.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The models refuse.
    #[error(transparent)]
    Vision(#[from] vision::Error),
    /// A thread that read broke off.
    #[error("reading the recording broke off")]
    BrokenOff,
}

impl Error {
    /// For a person.
    #[must_use]
    pub fn said(&self) -> Said {
        match self {
            Self::Vision(error) => error.said(),
            Self::BrokenOff => Said::other(self),
        }
    }
}
