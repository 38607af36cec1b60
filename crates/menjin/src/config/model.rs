//! The configuration after it has been checked.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use housekeeping::{BackupPlan, RetentionPlan, Standing, backup_standing, disk_standing};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use words::Language;

/// Everything Menjin needs to know about a site.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub(crate) language: Language,
    pub(crate) site: Site,
    /// Ledger and photos.
    pub(crate) data_folder: PathBuf,
    /// Each day's anchor of the ledger's chain is added here; best not on this computer.
    pub(crate) anchors_file: Option<PathBuf>,
    /// Each day's and each month's report is kept here as a workbook.
    pub(crate) reports_folder: Option<PathBuf>,
    /// Backups that the daemon makes by itself.
    pub(crate) backup: Option<BackupPlan>,
    pub(crate) retention: RetentionPlan,
    pub(crate) models_folder: PathBuf,
    /// The ONNX Runtime library; usual places are searched without it.
    pub(crate) onnxruntime: Option<PathBuf>,
    /// Where `/healthz` and `/metrics` are served; loopback only.
    pub(crate) status_address: SocketAddr,
    pub(crate) photos: Photos,
    pub(crate) detection: DetectionRate,
    pub(crate) watching: Watching,
    pub(crate) gate: gate::Settings,
    pub(crate) lanes: Vec<Lane>,
    pub(crate) platforms: Vec<Platform>,
    pub(crate) mqtt: Option<sync::MqttSettings>,
    /// Where the weighing software hands over its records.
    pub(crate) weighbridge: Option<Weighbridge>,
    /// Indicators that are read over a serial line.
    pub(crate) scales: Vec<Scale>,
    /// A smaller difference between the weighings of entry and exit is no load, kilograms.
    pub(crate) least_load_kg: u32,
    /// What the registers' validators go by, but for the day.
    pub(crate) registers: records::Rules,
    /// How long after its decision a passage is uploaded that has not finished.
    pub(crate) upload_unfinished_after: Duration,
}

/// A regulator's platform: how it speaks, and what this site sets.
#[derive(Debug, Clone)]
pub(crate) struct Platform {
    pub(crate) settings: sync::PlatformSettings,
    pub(crate) adapter: sync::Adapter,
    pub(crate) adapter_file: PathBuf,
    pub(crate) alarm: UploadAlarm,
}

/// When uploads to a platform are called late.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UploadAlarm {
    /// A row that waits longer.
    pub(crate) oldest: Duration,
    /// A day with a smaller share of acknowledged rows, 0 to 1.
    pub(crate) lowest_rate: f64,
}

/// Where the weighing software hands over its records.
#[derive(Debug, Clone)]
pub(crate) struct Weighbridge {
    pub(crate) listen: SocketAddr,
    /// What it must show.
    pub(crate) token: sync::Secret,
    /// Its name in the ledger.
    pub(crate) source: String,
    /// Longest time between a weighing and its passage.
    pub(crate) window: Duration,
}

/// An indicator beside the gate that sends what it shows.
#[derive(Debug, Clone)]
pub(crate) struct Scale {
    pub(crate) settings: scale::Settings,
    /// Lanes whose vehicles stand on its platform.
    pub(crate) lanes: Vec<String>,
    pub(crate) rule: ledger::ScaleRule,
}

#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) name: String,
    /// Enterprise code that the regulator gave; also the first part of every serial number.
    pub(crate) code: String,
    pub(crate) zone: TimeZone,
    pub(crate) zone_name: String,
    /// The operating system is not asked whether its clock is right.
    pub(crate) clock_assumed: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Photos {
    pub(crate) font: Option<PathBuf>,
    pub(crate) jpeg_quality: u8,
    /// Annotated photos are encoded smaller until they fit.
    pub(crate) max_kilobytes: u32,
}

/// Pictures analysed per second and lane, and how far that may fall when the computer is busy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DetectionRate {
    pub(crate) fps: f32,
    pub(crate) lowest_fps: f32,
}

/// When a camera is no longer believed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Watching {
    pub(crate) stall_after: Duration,
    pub(crate) frozen_after: Duration,
    pub(crate) black_after: Duration,
}

#[derive(Debug, Clone)]
pub(crate) struct Lane {
    pub(crate) name: String,
    pub(crate) entrance: String,
    pub(crate) barrier: String,
    pub(crate) settings: lane::LaneSettings,
    pub(crate) camera: camera::Source,
    /// Sees the vehicle from the side; without it the body photo is the lane camera's widest.
    pub(crate) body_camera: Option<camera::Source>,
    /// Raises the barrier; without one decisions are only shown.
    pub(crate) relay: Option<gate::RelaySettings>,
}

impl Config {
    /// How the backups stand that are planned; nothing to say when none are.
    pub(crate) fn backup_standing(&self, now: Timestamp) -> Standing {
        let plan = self.backup.as_ref();
        let (data, zone) = (&self.data_folder, &self.site.zone);
        plan.map_or_else(Standing::default, |plan| {
            backup_standing(plan, data, now, self.language, zone)
        })
    }

    /// How the ledger's disk stands.
    pub(crate) fn disk_standing(&self, now: Timestamp) -> Standing {
        let (data, zone) = (&self.data_folder, &self.site.zone);
        disk_standing(&self.retention, data, now, self.language, zone)
    }
}
