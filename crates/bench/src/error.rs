//! Why a bench could not run.

use std::path::PathBuf;

/// An error with the file, the row and what to mend.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
#[non_exhaustive]
pub enum Error {
    #[error("cannot read the truth file {}: {reason}", path.display())]
    Truth { path: PathBuf, reason: String },
    #[error("{} row {row}: {reason}", path.display())]
    Row {
        path: PathBuf,
        row: u64,
        reason: String,
    },
    #[error("the truth file has no column \"{column}\"; it has: {known}")]
    Column { column: String, known: String },
    #[error("no row is left to score after filtering")]
    NothingLeft,
    #[error(transparent)]
    Vision(#[from] vision::Error),
    #[error(transparent)]
    Camera(#[from] camera::Error),
}
