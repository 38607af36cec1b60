//! Clips of what happened, as a service.

use std::sync::Arc;

use clips::{Clips, ClipsParts};
use service::{Service, Stopping};
use tokio::sync::watch;

use super::daemon::Parts;

/// Clips, until they are stopped.
pub(crate) struct Cutting(Clips);

/// From now on what happens wants clips, where the site records; before lanes can decide anything.
pub(crate) async fn follow(parts: &Parts) -> ledger::Result<()> {
    let is_recorded = parts.config.recorder.is_some();
    let follow = move |writer: &mut ledger::Writer| writer.follow_clips(is_recorded);
    parts.ledger.write(follow).await
}

/// Cuts clips, if the site records.
pub(crate) fn start(
    parts: &Parts,
    recording: Option<watch::Receiver<recorder::RecordingState>>,
) -> Option<Cutting> {
    let config = &parts.config;
    let (plan, recording) = config.recorder.clone().zip(recording)?;
    let recorded = config.lanes.iter().filter(|lane| lane.is_recorded());
    let (lanes, clock) = (Arc::clone(&parts.status), Arc::clone(&parts.status));
    let clips = Clips::start(ClipsParts {
        data_folder: config.data_folder.clone(),
        plan,
        zone: config.site.zone.clone(),
        recorded: recorded.map(|lane| lane.name.clone()).collect(),
        places: config.places(),
        months: config.retention.photos_months,
        ledger: parts.ledger.clone(),
        recording,
        evidence_waits: Box::new(move || lanes.lanes().iter().any(|lane| lane.keeping_fails())),
        clock_trusted: Box::new(move || clock.clock_trusted()),
    });
    parts.status.set_clips(clips.state());
    Some(Cutting(clips))
}

impl Service for Cutting {
    fn stop(self: Box<Self>) -> Stopping {
        Box::pin(self.0.stop())
    }
}
