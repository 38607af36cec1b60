//! The photos that are kept of a passage, and those that no longer are.

use jiff::Timestamp;
use serde::Serialize;

use crate::{PhotoKind, coded};

/// A photo kept beside the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PhotoView {
    /// What it shows.
    pub kind: PhotoKind,
    /// Place under the data folder, with forward slashes.
    pub path: String,
    /// Lower-case hexadecimal SHA-256 of the file.
    pub sha256: String,
    /// Size of the file.
    pub size_bytes: u64,
    /// Camera that took it.
    pub camera: String,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// 0 as first rendered; else the number of the correction after which it was rendered again.
    pub revision: u32,
}

coded! {
    /// Why photos were removed.
    pub enum RemovalReason {
        /// They were older than is asked for.
        Age = "age",
        /// Space was short.
        Space = "space",
    }
}

/// Photos of one passage that were removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RemovedView {
    /// How many.
    pub photos: u32,
    /// Why.
    pub why: RemovalReason,
    /// When.
    pub at: Timestamp,
}
