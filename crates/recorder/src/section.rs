//! `[recorder]`, read and shown.

use std::collections::BTreeMap;
use std::time::Duration;

use settings::{Printer, Section};
use words::Key;

use crate::VideoPlan;

/// Shorter is not allowed: HJ 1321-2023 wants video by date for twelve months.
const LEAST_KEPT: Duration = Duration::from_secs(365 * 86_400);
const GB: u64 = 1_000_000_000;
/// A busy gate's photos of a month; on a disk of video it is nothing.
const RESERVE_GB: u32 = 20;
/// Of 35 MB each, eight a day for two years.
const CLIPS_GB: u32 = 200;

impl VideoPlan {
    /// Reads `[recorder]`; what lanes say of it comes with them.
    #[must_use]
    pub fn read(section: &Section) -> Self {
        let shape = "[\"/mnt/video1\", \"/mnt/video2\"]";
        let folders: Vec<String> = section.typed("folders", shape).unwrap_or_default();
        if folders.is_empty() {
            section.problem("folders", Key::MistakeNoVideoFolder);
        }
        let keep = section.length("keep", LEAST_KEPT);
        if keep < LEAST_KEPT {
            section.problem("keep", Key::MistakeShortVideo);
        }
        let reserve_gb = section.integer("reserve_gb", RESERVE_GB, 0..=100_000);
        Self {
            folders: folders
                .iter()
                .map(|folder| section.below_folder(folder))
                .collect(),
            keep,
            reserve_bytes: u64::from(reserve_gb) * GB,
            clips_bytes: u64::from(section.integer("clips_gb", CLIPS_GB, 1..=1_000_000)) * GB,
            quotas: BTreeMap::new(),
        }
    }

    /// Shows what is read.
    pub fn show(&self, printer: &mut Printer) {
        let folders: Vec<_> = self
            .folders
            .iter()
            .map(|folder| folder.display().to_string())
            .collect();
        printer.value("folders", folders);
        printer.length("keep", self.keep);
        let reserve_gb = i64::try_from(self.reserve_bytes / GB).unwrap_or(i64::MAX);
        printer.value("reserve_gb", reserve_gb);
        let clips_gb = i64::try_from(self.clips_bytes / GB).unwrap_or(i64::MAX);
        printer.value("clips_gb", clips_gb);
    }
}
