//! Whether the disks hold what is to be kept.

use std::path::Path;

use jiff::{Timestamp, ToSpan as _};
use words::{Key, Said};

use crate::disks::{VideoDisks, VideoRoom, free_bytes};
use crate::error::Result;
use crate::index::{INDEX_FILE, VideoIndex};
use crate::plan::VideoPlan;

/// What a camera takes that was not measured yet: 4 Mbit/s, what a gate camera of 1080p is usually set to.
const USUAL_BYTES_A_DAY: f64 = 4e6 / 8.0 * 86_400.0;
/// Less than this tells nothing of a day.
const LEAST_MEASURED_MS: u64 = 60_000;
const DAY_MS: f64 = 86_400_000.0;

/// The disks of video, measured and foretold.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct VideoForecast {
    /// How many cameras are recorded.
    pub cameras: usize,
    /// What a day of all of them takes.
    pub bytes_a_day: f64,
    /// Whether that was measured of each camera; else 4 Mbit/s are taken where it was not.
    pub is_measured: bool,
    /// How many days are to be kept.
    pub keep_days: f64,
    /// What is kept.
    pub kept_bytes: u64,
    /// When the oldest of it begins.
    pub oldest: Option<Timestamp>,
    /// What the folders have.
    pub rooms: Vec<VideoRoom>,
}

/// What there is to say of it, and what is wrong.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct VideoFindings {
    /// What is as it should be.
    pub fine: Vec<Said>,
    /// What a person has to see to.
    pub wrong: Vec<Said>,
}

/// How the disks stand for whoever asks without recording. Nothing is made: before the first start there is no index,
/// and folders are marked by whoever records.
#[must_use]
pub fn findings(
    plan: &VideoPlan,
    cameras: &[String],
    data: &Path,
    now: Timestamp,
) -> VideoFindings {
    if !data.join(INDEX_FILE).exists() {
        let rooms = plan.folders.iter().map(|folder| VideoRoom {
            folder: folder.clone(),
            free_bytes: free_above(folder).map(|free| free.saturating_sub(plan.reserve_bytes)),
        });
        return VideoForecast::unmeasured(plan, cameras.len(), rooms.collect()).findings();
    }
    let looked = VideoIndex::open_to_read(data).and_then(|index| {
        let disks = VideoDisks::known(&index, &plan.folders, plan.reserve_bytes)?;
        VideoForecast::of(plan, cameras, &index, &disks, now)
    });
    match looked {
        Ok(forecast) => forecast.findings(),
        Err(error) => VideoFindings {
            wrong: vec![error.said()],
            ..VideoFindings::default()
        },
    }
}

/// Room of the disk that a folder is on, or will be.
fn free_above(folder: &Path) -> Option<u64> {
    let there = folder.ancestors().find(|above| above.exists())?;
    free_bytes(there)
}

impl VideoForecast {
    /// Looks at the disks, and at what each of the `cameras` brought during the last day.
    ///
    /// # Errors
    /// When the index can't be read.
    pub fn of(
        plan: &VideoPlan,
        cameras: &[String],
        index: &VideoIndex,
        disks: &VideoDisks,
        now: Timestamp,
    ) -> Result<Self> {
        let mut forecast = Self::unmeasured(plan, cameras.len(), disks.rooms());
        forecast.bytes_a_day = 0.0;
        for camera in cameras {
            let day = index.total(camera, now.saturating_sub(24.hours()).unwrap_or(now))?;
            forecast.bytes_a_day += if day.duration_ms < LEAST_MEASURED_MS {
                USUAL_BYTES_A_DAY
            } else {
                forecast.is_measured = true;
                day.bytes as f64 / day.duration_ms as f64 * DAY_MS
            };
            forecast.is_measured &= day.duration_ms >= LEAST_MEASURED_MS;
        }
        for camera in index.cameras()? {
            let all = index.total(&camera, Timestamp::MIN)?;
            forecast.kept_bytes += all.bytes;
            forecast.oldest = [forecast.oldest, all.oldest].into_iter().flatten().min();
        }
        Ok(forecast)
    }

    /// Before anything was recorded.
    #[must_use]
    pub fn unmeasured(plan: &VideoPlan, cameras: usize, rooms: Vec<VideoRoom>) -> Self {
        Self {
            cameras,
            bytes_a_day: USUAL_BYTES_A_DAY * cameras as f64,
            is_measured: false,
            keep_days: plan.keep.as_secs_f64() / 86_400.0,
            kept_bytes: 0,
            oldest: None,
            rooms,
        }
    }

    /// What is to be kept will take.
    #[must_use]
    pub fn needed_bytes(&self) -> f64 {
        self.bytes_a_day * self.keep_days
    }

    /// What there is for it, kept video included.
    #[must_use]
    pub fn room_bytes(&self) -> f64 {
        let free = self.rooms.iter().filter_map(|room| room.free_bytes);
        free.map(|bytes| bytes as f64).sum::<f64>() + self.kept_bytes as f64
    }

    /// Whether all of it fits.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.needed_bytes() <= self.room_bytes()
    }

    /// Days from now until recording stops, when it does not fit.
    #[must_use]
    pub fn stops_in_days(&self) -> Option<f64> {
        let free = self.room_bytes() - self.kept_bytes as f64;
        (!self.fits()).then(|| free / self.bytes_a_day.max(1.0))
    }

    /// In words.
    #[must_use]
    pub fn findings(&self) -> VideoFindings {
        let terabytes = |bytes: f64| format!("{:.2}", bytes / 1e12);
        let mut findings = VideoFindings::default();
        let days = format!("{:.0}", self.keep_days);
        let told = |key| {
            Said::with(key, "cameras", self.cameras)
                .and(
                    "megabits",
                    format!("{:.1}", self.bytes_a_day * 8.0 / 86_400.0 / 1e6),
                )
                .and("days", &days)
                .and("needed", terabytes(self.needed_bytes()))
                .and("room", terabytes(self.room_bytes()))
        };
        match (self.fits(), self.stops_in_days()) {
            (false, Some(stops)) => findings
                .wrong
                .push(told(Key::VideoTooLittle).and("left", format!("{:.0}", stops.max(0.0)))),
            _ => findings.fine.push(told(Key::VideoFits)),
        }
        if !self.is_measured {
            findings.fine.push(Said::plain(Key::VideoUnmeasured));
        }
        for room in self.rooms.iter().filter(|room| room.free_bytes.is_none()) {
            let said = Said::with(Key::VideoDiskAway, "path", room.folder.display());
            findings.wrong.push(said);
        }
        findings
    }
}
