//! What the daemon knows about itself at this moment: written by lanes, read by the status pages.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use camera::State;
use housekeeping::{BackupState, DiskState};
use sync::SinkStatus;
use tokio::sync::watch;

use super::alarms::Late;

/// Counters of one lane.
#[derive(Debug, Default)]
pub(crate) struct LaneBoard {
    pub(crate) name: String,
    pub(crate) frames: AtomicU64,
    pub(crate) detect_us: AtomicU64,
    pub(crate) read_us: AtomicU64,
    pub(crate) entered: AtomicU64,
    pub(crate) decided: AtomicU64,
    pub(crate) accepted: AtomicU64,
    pub(crate) finished: AtomicU64,
    pub(crate) lost: AtomicU64,
    /// Pictures analysed per second at present, in thousandths.
    pub(crate) rate_milli: AtomicU64,
    pub(crate) slow_downs: AtomicU64,
    pub(crate) last_frame_ms: AtomicU64,
    pub(crate) barrier_alarms: AtomicU64,
    /// 0 before the first order, 1 when the last one was obeyed, 2 when not.
    pub(crate) barrier_obeyed: AtomicU8,
    pub(crate) vision_errors: AtomicU64,
    /// A passage waits because the disk or the ledger does not take it.
    pub(crate) keeping_fails: AtomicBool,
}

impl LaneBoard {
    pub(crate) fn new(name: &str) -> Arc<Self> {
        Arc::new(Self {
            name: name.to_owned(),
            ..Self::default()
        })
    }
}

pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// One camera and what it does.
#[derive(Clone)]
pub(crate) struct CameraBoard {
    pub(crate) name: String,
    /// `lane` or `body`.
    pub(crate) role: &'static str,
    pub(crate) state: watch::Receiver<State>,
}

/// One weighing indicator and how it stands.
#[derive(Clone)]
pub(crate) struct ScaleBoard {
    pub(crate) name: String,
    pub(crate) status: watch::Receiver<scale::IndicatorStatus>,
}

/// Everything there is to report.
#[derive(Default)]
pub(crate) struct Board {
    lanes: Mutex<Vec<Arc<LaneBoard>>>,
    cameras: Mutex<Vec<CameraBoard>>,
    sinks: Mutex<Vec<watch::Receiver<SinkStatus>>>,
    scales: Mutex<Vec<ScaleBoard>>,
    late: Mutex<BTreeMap<String, Late>>,
    backup: Mutex<Option<BackupState>>,
    disk: Mutex<Option<DiskState>>,
    pub(crate) clock_trusted: AtomicBool,
}

impl Board {
    pub(crate) fn add_lane(&self, lane: Arc<LaneBoard>) {
        locked(&self.lanes).push(lane);
    }

    pub(crate) fn add_camera(&self, camera: CameraBoard) {
        locked(&self.cameras).push(camera);
    }

    pub(crate) fn add_sink(&self, sink: watch::Receiver<SinkStatus>) {
        locked(&self.sinks).push(sink);
    }

    pub(crate) fn add_scale(&self, scale: ScaleBoard) {
        locked(&self.scales).push(scale);
    }

    pub(crate) fn scales(&self) -> Vec<(String, scale::IndicatorStatus)> {
        let scales = locked(&self.scales);
        let now = |scale: &ScaleBoard| (scale.name.clone(), scale.status.borrow().clone());
        scales.iter().map(now).collect()
    }

    pub(crate) fn set_late(&self, late: BTreeMap<String, Late>) {
        *locked(&self.late) = late;
    }

    /// What is late about each platform.
    pub(crate) fn late(&self) -> BTreeMap<String, Late> {
        locked(&self.late).clone()
    }

    pub(crate) fn set_backup(&self, state: BackupState) {
        *locked(&self.backup) = Some(state);
    }

    /// How backups stand; `None` when none are asked for, or it was not looked yet.
    pub(crate) fn backup(&self) -> Option<BackupState> {
        locked(&self.backup).clone()
    }

    pub(crate) fn set_disk(&self, state: DiskState) {
        *locked(&self.disk) = Some(state);
    }

    /// How disk and retention stand; `None` before the first look.
    pub(crate) fn disk(&self) -> Option<DiskState> {
        locked(&self.disk).clone()
    }

    pub(crate) fn lanes(&self) -> Vec<Arc<LaneBoard>> {
        locked(&self.lanes).clone()
    }

    pub(crate) fn cameras(&self) -> Vec<CameraBoard> {
        locked(&self.cameras).clone()
    }

    pub(crate) fn sinks(&self) -> Vec<SinkStatus> {
        locked(&self.sinks)
            .iter()
            .map(|s| s.borrow().clone())
            .collect()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Lists that only grow cannot be left half changed by a panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
