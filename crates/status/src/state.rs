//! What the daemon knows about itself at this moment.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alarm::AlarmView;
use camera::State;
use housekeeping::{BackupState, DiskState};
use notify::ReceiverStatus;
use recorder::{ClipsState, RecordingState};
use sync::SinkStatus;
use tokio::sync::watch;
use words::{Group, Key, Language};

use crate::{Build, LaneCounters, Late};

/// One camera and what it does.
#[derive(Debug, Clone)]
pub struct CameraView {
    /// The lane's name, with `-body` for a lane's second camera.
    pub name: String,
    /// `lane` or `body`.
    pub role: &'static str,
    /// How it is, now and at each change.
    pub state: watch::Receiver<State>,
}

/// One weighing indicator and how it stands.
#[derive(Debug, Clone)]
pub struct ScaleView {
    /// Its name.
    pub name: String,
    /// How it is, now and at each change.
    pub state: watch::Receiver<scale::IndicatorStatus>,
}

/// Everything there is to report: written by whoever does it, read by pages, terminal and console.
#[derive(Debug, Default)]
pub struct Status {
    lanes: Mutex<Vec<Arc<LaneCounters>>>,
    cameras: Mutex<Vec<CameraView>>,
    sinks: Mutex<Vec<watch::Receiver<SinkStatus>>>,
    scales: Mutex<Vec<ScaleView>>,
    receivers: Mutex<Vec<watch::Receiver<ReceiverStatus>>>,
    late: Mutex<BTreeMap<String, Late>>,
    backup: Mutex<Option<BackupState>>,
    disk: Mutex<Option<DiskState>>,
    recording: Mutex<Option<watch::Receiver<RecordingState>>>,
    clips: Mutex<Option<watch::Receiver<ClipsState>>>,
    alarms: Mutex<Vec<AlarmView>>,
    clock_trusted: AtomicBool,
    laneless: AtomicBool,
    build: Mutex<Build>,
}

impl Status {
    /// Which program runs.
    pub fn set_build(&self, build: Build) {
        *locked(&self.build) = build;
    }

    pub(crate) fn build(&self) -> Build {
        *locked(&self.build)
    }

    /// The configuration has no lane: there is nothing to record.
    pub fn set_laneless(&self) {
        self.laneless.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_laneless(&self) -> bool {
        self.laneless.load(Ordering::Relaxed)
    }

    /// A lane has started.
    pub fn add_lane(&self, lane: Arc<LaneCounters>) {
        locked(&self.lanes).push(lane);
    }

    /// A camera has started.
    pub fn add_camera(&self, camera: CameraView) {
        locked(&self.cameras).push(camera);
    }

    /// A sink's worker has started.
    pub fn add_sink(&self, sink: watch::Receiver<SinkStatus>) {
        locked(&self.sinks).push(sink);
    }

    /// A weighing indicator is listened to.
    pub fn add_scale(&self, scale: ScaleView) {
        locked(&self.scales).push(scale);
    }

    /// Somebody is told of alarms and passages.
    pub fn add_receiver(&self, receiver: watch::Receiver<ReceiverStatus>) {
        locked(&self.receivers).push(receiver);
    }

    /// What is late about each platform.
    pub fn set_late(&self, late: BTreeMap<String, Late>) {
        *locked(&self.late) = late;
    }

    /// How backups stand.
    pub fn set_backup(&self, state: BackupState) {
        *locked(&self.backup) = Some(state);
    }

    /// How disk and retention stand.
    pub fn set_disk(&self, state: DiskState) {
        *locked(&self.disk) = Some(state);
    }

    /// Video is recorded.
    pub fn set_recording(&self, recording: watch::Receiver<RecordingState>) {
        *locked(&self.recording) = Some(recording);
    }

    /// Clips are cut.
    pub fn set_clips(&self, clips: watch::Receiver<ClipsState>) {
        *locked(&self.clips) = Some(clips);
    }

    /// The alarms that are open, the newest first.
    pub fn set_alarms(&self, open: Vec<AlarmView>) {
        *locked(&self.alarms) = open;
    }

    /// Whether this computer's clock may be believed.
    pub fn set_clock_trusted(&self, trusted: bool) {
        self.clock_trusted.store(trusted, Ordering::Relaxed);
    }

    /// The lanes, in the order in which they were started.
    #[must_use]
    pub fn lanes(&self) -> Vec<Arc<LaneCounters>> {
        locked(&self.lanes).clone()
    }

    /// The lane of this name, once it was started.
    #[must_use]
    pub fn lane(&self, name: &str) -> Option<Arc<LaneCounters>> {
        let lanes = locked(&self.lanes);
        lanes.iter().find(|lane| lane.name == name).cloned()
    }

    /// The cameras.
    #[must_use]
    pub fn cameras(&self) -> Vec<CameraView> {
        locked(&self.cameras).clone()
    }

    /// The cameras that never delivered a picture, each with why and what to do.
    #[must_use]
    pub fn blind_cameras(&self, language: Language) -> Vec<String> {
        let blind = |camera: &CameraView| {
            let state = camera.state.borrow();
            (state.frames_delivered == 0).then(|| {
                let code = state.status.code();
                let (why, next) = (
                    language.named(Group::CameraWhy, code),
                    language.named(Group::CameraNext, code),
                );
                let values: [(&str, &dyn std::fmt::Display); 3] =
                    [("camera", &camera.name), ("why", &why), ("next", &next)];
                language.fill(Key::RunBlindCamera, &values)
            })
        };
        self.cameras().iter().filter_map(blind).collect()
    }

    /// How each sink stands now.
    #[must_use]
    pub fn sinks(&self) -> Vec<SinkStatus> {
        let sinks = locked(&self.sinks);
        sinks.iter().map(|sink| sink.borrow().clone()).collect()
    }

    /// How each receiver stands now.
    #[must_use]
    pub fn receivers(&self) -> Vec<ReceiverStatus> {
        let receivers = locked(&self.receivers);
        receivers.iter().map(|r| r.borrow().clone()).collect()
    }

    /// How each weighing indicator stands now, by name.
    #[must_use]
    pub fn scales(&self) -> Vec<(String, scale::IndicatorStatus)> {
        let scales = locked(&self.scales);
        let now = |scale: &ScaleView| (scale.name.clone(), scale.state.borrow().clone());
        scales.iter().map(now).collect()
    }

    /// What is late about each platform, by its name in the ledger.
    #[must_use]
    pub fn late(&self) -> BTreeMap<String, Late> {
        locked(&self.late).clone()
    }

    /// How backups stand; `None` when none are planned, or nobody has looked yet.
    #[must_use]
    pub fn backup(&self) -> Option<BackupState> {
        locked(&self.backup).clone()
    }

    /// How recording stands; `None` where the site records nothing.
    #[must_use]
    pub fn recording(&self) -> Option<RecordingState> {
        let recording = locked(&self.recording);
        recording.as_ref().map(|state| state.borrow().clone())
    }

    /// How the cutting of clips stands; `None` where the site records nothing.
    #[must_use]
    pub fn clips(&self) -> Option<ClipsState> {
        locked(&self.clips).as_ref().map(|state| *state.borrow())
    }

    /// How disk and retention stand, with the forecast; `None` before the first look.
    #[must_use]
    pub fn disk(&self) -> Option<DiskState> {
        locked(&self.disk).clone()
    }

    /// The alarms that are open, the newest first.
    #[must_use]
    pub fn alarms(&self) -> Vec<AlarmView> {
        locked(&self.alarms).clone()
    }

    /// Whether this computer's clock follows a time server; `false` before the first look.
    #[must_use]
    pub fn clock_trusted(&self) -> bool {
        self.clock_trusted.load(Ordering::Relaxed)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Lists that only grow cannot be left half changed by a panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
