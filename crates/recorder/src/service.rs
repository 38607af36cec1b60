//! All of recording as one: mended at the start, recorded, and what is over let go, until it is stopped.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{sleep, timeout};

use crate::error::Result;
use crate::forecast::VideoForecast;
use crate::index::VideoIndex;
use crate::progress::VideoMeter;
use crate::recorder::{RecordedCamera, Recorder};
use crate::seal::{VideoLedger, seal};
use crate::{RepairScope, Repaired, VideoDisks, VideoPlan, repair};

/// How often what is over goes, and the disks are looked at.
const ROUND: Duration = Duration::from_secs(600);
/// The first look at the disks has something that was recorded.
const FIRST_ROUND: Duration = Duration::from_secs(90);
/// Before an index that could not be opened is tried again.
const AGAIN: Duration = Duration::from_secs(30);

/// What recording works with.
pub struct RecordingParts {
    /// The ledger's folder; the index is in it.
    pub data_folder: PathBuf,
    /// Where and how long.
    pub plan: VideoPlan,
    /// Whom.
    pub cameras: Vec<RecordedCamera>,
    /// Whose days are those of folders.
    pub zone: TimeZone,
    /// Keeps hours and removals in the ledger's chain.
    pub ledger: Arc<dyn VideoLedger>,
    /// Whether this computer's clock may be believed.
    pub clock_trusted: Box<dyn Fn() -> bool + Send + Sync>,
}

/// How recording stands.
#[derive(Debug, Clone, Default)]
pub struct RecordingState {
    /// How each camera goes; none before the start is over.
    pub cameras: Vec<VideoMeter>,
    /// Whether the disks hold what is to be kept; `None` before the first look.
    pub forecast: Option<VideoForecast>,
    /// Why nothing is recorded at all (English, for the log).
    pub failed: Option<String>,
    /// Files that went before their time since the start, for a camera's quota.
    pub early: u64,
}

/// Recording that runs.
pub struct Recording {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    state: watch::Receiver<RecordingState>,
}

impl Recording {
    /// Begins. What fails is told in the state and tried again: passages are recorded without video too.
    #[must_use]
    pub fn start(parts: RecordingParts) -> Self {
        let stop = watch::Sender::new(false);
        let (tell, state) = watch::channel(RecordingState::default());
        let stopping = stop.subscribe();
        let task = tokio::spawn(async move { run(parts, tell, stopping).await });
        Self { stop, task, state }
    }

    /// How it stands, now and at each change.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<RecordingState> {
        self.state.clone()
    }

    /// Ends with every file closed and in the index.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if self.task.await.is_err() {
            tracing::error!("recording has failed");
        }
    }
}

async fn run(
    parts: RecordingParts,
    tell: watch::Sender<RecordingState>,
    mut stop: watch::Receiver<bool>,
) {
    let Some((recorder, opened)) = begin(&parts, &tell, &mut stop).await else {
        return;
    };
    let names: Vec<String> = parts
        .cameras
        .iter()
        .map(|camera| camera.name.clone())
        .collect();
    let mut pause = FIRST_ROUND;
    loop {
        if timeout(pause, stop.wait_for(|stop| *stop)).await.is_ok() {
            break;
        }
        pause = ROUND;
        if let Some(dead) = recorder.dead() {
            tell.send_modify(|state| state.failed = Some(format!("{dead} has ended")));
        }
        let (opened, plan, names) = (opened.clone(), parts.plan.clone(), names.clone());
        let trusted = (parts.clock_trusted)();
        let ledger = Arc::clone(&parts.ledger);
        let round = move || opened.round(&plan, &names, &*ledger, trusted);
        let done = spawn_blocking(round).await.map_err(|e| e.to_string());
        match done.and_then(|done| done.map_err(|e| e.to_string())) {
            Ok((early, forecast)) => tell.send_modify(|state| {
                state.early += early;
                state.forecast = Some(forecast);
            }),
            Err(error) => {
                tracing::error!(error, "video whose time is over could not be let go");
            }
        }
    }
    recorder.stop().await;
}

async fn begin(
    parts: &RecordingParts,
    tell: &watch::Sender<RecordingState>,
    stop: &mut watch::Receiver<bool>,
) -> Option<(Recorder, Opened)> {
    loop {
        let (data, plan) = (parts.data_folder.clone(), parts.plan.clone());
        let opened = spawn_blocking(move || Opened::open(&data, &plan)).await;
        let begun = opened.map_err(|e| e.to_string()).and_then(|opened| {
            opened
                .and_then(|opened| opened.record(parts))
                .map_err(|e| e.to_string())
        });
        match begun {
            Ok((recorder, opened, cameras)) => {
                tell.send_modify(|state| {
                    state.cameras = cameras;
                    state.failed = None;
                });
                return Some((recorder, opened));
            }
            Err(error) => {
                tracing::error!(error, "no video is recorded");
                tell.send_modify(|state| state.failed = Some(error));
            }
        }
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return None,
            () = sleep(AGAIN) => {}
        }
    }
}

#[derive(Clone)]
struct Opened {
    index: Arc<VideoIndex>,
    disks: VideoDisks,
}

impl Opened {
    fn open(data: &std::path::Path, plan: &VideoPlan) -> Result<Self> {
        let index = VideoIndex::open(data)?;
        let disks = VideoDisks::open(&index, &plan.folders, plan.reserve_bytes)?;
        let repaired = repair(&index, &disks, RepairScope::Recent, Timestamp::now())?;
        told(&repaired);
        Ok(Self {
            index: Arc::new(index),
            disks,
        })
    }

    fn record(self, parts: &RecordingParts) -> Result<(Recorder, Self, Vec<VideoMeter>)> {
        let index = Arc::clone(&self.index);
        let mut recorder = Recorder::new(index, self.disks.clone(), parts.zone.clone());
        let meters = parts.cameras.iter().map(|camera| recorder.add(camera));
        let meters = meters.collect::<Result<_>>()?;
        Ok((recorder, self, meters))
    }

    fn round(
        &self,
        plan: &VideoPlan,
        cameras: &[String],
        ledger: &dyn VideoLedger,
        clock_trusted: bool,
    ) -> Result<(u64, VideoForecast)> {
        let now = Timestamp::now();
        seal(&self.index, ledger, now)?;
        let removed = plan.round(&self.index, &self.disks, ledger, now, clock_trusted)?;
        if removed.files > 0 {
            let (files, bytes, early) = (removed.files, removed.bytes, removed.early);
            tracing::info!(files, bytes, early, "video removed");
        }
        let forecast = VideoForecast::of(plan, cameras, &self.index, &self.disks, now)?;
        Ok((removed.early, forecast))
    }
}

fn told(repaired: &Repaired) {
    for file in &repaired.closed {
        tracing::warn!(file = %file.display(), "a file of video stood open and was closed at its last whole fragment");
    }
    for file in &repaired.found {
        tracing::warn!(file = %file.display(), "a file of video was not in the index; now it is");
    }
    for file in &repaired.gone {
        tracing::error!(file = %file.display(), "a file of video is gone");
    }
    for file in &repaired.strange {
        tracing::warn!(file = %file.display(), "not a file of video of ours, or a broken one; it is left as it is");
    }
}
