//! How recording goes, for whoever shows it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::gap::GapReason;

/// How the recording of one camera goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoProgress {
    /// Which camera.
    pub camera: String,
    /// Why nothing is kept at present, and since when; `None` while it is.
    pub missing: Option<(GapReason, Timestamp)>,
    /// When the last picture was taken that is on the disk.
    pub kept_until: Option<Timestamp>,
    /// Bytes that were written since the start.
    pub bytes: u64,
    /// Pictures that were written since the start.
    pub pictures: u64,
    /// Files that were closed since the start.
    pub files: u64,
    /// Times since the start at which recording stopped that should not have.
    pub stops: u64,
}

/// How the cutting of clips goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClipsState {
    /// Clips that are to be cut.
    pub waiting: u64,
    /// What all clips take.
    pub bytes: u64,
    /// Why none is cut at present that could be.
    pub stopped: Option<GapReason>,
}

/// The same, where it is written and read.
#[derive(Debug, Clone)]
pub struct VideoMeter(Arc<Mutex<VideoProgress>>);

impl VideoMeter {
    /// That of a camera that nothing was recorded of yet.
    #[must_use]
    pub fn new(camera: &str) -> Self {
        Self::at(VideoProgress {
            camera: camera.to_owned(),
            missing: None,
            kept_until: None,
            bytes: 0,
            pictures: 0,
            files: 0,
            stops: 0,
        })
    }

    /// One that begins with this.
    #[must_use]
    pub fn at(progress: VideoProgress) -> Self {
        Self(Arc::new(Mutex::new(progress)))
    }

    /// How it goes now.
    #[must_use]
    pub fn now(&self) -> VideoProgress {
        self.locked().clone()
    }

    pub(crate) fn count(&self, change: impl FnOnce(&mut VideoProgress)) {
        change(&mut self.locked());
    }

    fn locked(&self) -> MutexGuard<'_, VideoProgress> {
        // Nothing here can be left half done by a panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
