//! Video of the lanes' cameras, as a service.

use std::sync::Arc;

use jiff::Timestamp;
use ledger::{Handle, VideoHour};
use recorder::{
    RecordedCamera, Recording, RecordingParts, RecordingState, SealedHour, VideoLedger,
};
use service::{Service, Stopping};
use tokio::sync::watch;

use super::daemon::Parts;

/// Recording, until it is stopped.
pub(crate) struct Video(Recording);

/// Records the cameras, if the site does.
pub(crate) fn start(parts: &Parts, cameras: Vec<RecordedCamera>) -> Option<Video> {
    let plan = parts.config.recorder.clone()?;
    let status = Arc::clone(&parts.status);
    let recording = Recording::start(RecordingParts {
        data_folder: parts.config.data_folder.clone(),
        plan,
        cameras,
        ledger: Arc::new(Chain(parts.ledger.clone())),
        zone: parts.config.site.zone.clone(),
        clock_trusted: Box::new(move || status.clock_trusted()),
    });
    parts.status.set_recording(recording.state());
    Some(Video(recording))
}

impl Video {
    /// How it stands.
    pub(crate) fn state(&self) -> watch::Receiver<RecordingState> {
        self.0.state()
    }
}

impl Service for Video {
    fn stop(self: Box<Self>) -> Stopping {
        Box::pin(self.0.stop())
    }
}

/// The ledger's chain, for video.
struct Chain(Handle);

impl VideoLedger for Chain {
    fn keep_hour(&self, hour: &SealedHour) -> Result<(), String> {
        let hour = VideoHour {
            camera: hour.camera.clone(),
            hour: hour.hour,
            files: hour.files.clone(),
            gaps: hour.gaps.clone(),
        };
        let keep =
            move |writer: &mut ledger::Writer| writer.keep_video_hour(&hour, Timestamp::now());
        self.0
            .write_blocking(keep)
            .map_err(|error| error.to_string())
    }

    fn keep_removal(&self, camera: &str, before: Timestamp, why: &str) -> Result<(), String> {
        let (camera, why) = (camera.to_owned(), why.to_owned());
        let keep = move |writer: &mut ledger::Writer| {
            writer.keep_video_removal(&camera, before, &why, Timestamp::now())
        };
        self.0
            .write_blocking(keep)
            .map_err(|error| error.to_string())
    }
}
