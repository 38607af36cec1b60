//! How much room a file system has.

use std::path::Path;

use serde::Serialize;

use crate::error::{Error, Result};

/// Room on the file system of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Space {
    /// What an ordinary user may still write.
    pub free_bytes: u64,
    /// Its size.
    pub total_bytes: u64,
}

impl Space {
    /// The file system that `folder` is on.
    ///
    /// # Errors
    /// `Missing` when it is not there.
    pub fn of(folder: &Path) -> Result<Self> {
        let found = rustix::fs::statvfs(folder)
            .map_err(|e| Error::io("could not ask for free space", folder, e.into()))?;
        Ok(Self {
            free_bytes: found.f_bavail.saturating_mul(found.f_frsize),
            total_bytes: found.f_blocks.saturating_mul(found.f_frsize),
        })
    }
}
