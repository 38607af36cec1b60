//! The newest picture of a lane's second camera.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use camera::Frames;
use frame::{Frame, MonoTime};

/// A picture older than this shows another vehicle.
const FRESH: Duration = Duration::from_secs(3);

/// Holds the newest frame; cloning shares it.
#[derive(Clone, Default)]
pub(crate) struct BodyView(Arc<Mutex<Option<Frame>>>);

impl BodyView {
    /// Takes frames until the camera stops.
    pub(crate) async fn follow(self, mut frames: Frames) {
        while let Some(frame) = frames.next().await {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(frame);
        }
    }

    /// The newest frame if it was taken around `at`.
    pub(crate) fn around(&self, at: MonoTime) -> Option<Frame> {
        let frame = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()?;
        let apart = frame.at.since(at).max(at.since(frame.at));
        (apart < FRESH).then_some(frame)
    }
}
