//! `[backup]` and `[retention]`, read and shown.

use std::time::Duration;

use jiff::civil::Time;
use offsite::S3Settings;
use settings::{Printer, Section};
use words::{Key, Said};

use crate::{BackupPlan, RetentionPlan};

/// Shorter is not allowed: HJ 1321-2023 wants 24 months of history of the ledger, and the photos of
/// entry and exit are items of its table C.3.
const LEAST_MONTHS: u32 = 24;
const GB: u64 = 1_000_000_000;
const DAY_SECONDS: u64 = 86_400;

impl BackupPlan {
    /// Reads `[backup]`.
    #[must_use]
    pub fn read(section: &Section) -> Self {
        let s3 = section.optional("s3", S3Settings::read);
        let elsewhere = section.has("s3");
        let folder = if elsewhere {
            section.text("folder")
        } else {
            Some(section.required("folder", "/mnt/backup/menjin"))
        };
        let time = section.text_or("time", "03:30");
        let time = Time::strptime("%H:%M", &time).unwrap_or_else(|_| {
            section.problem("time", Said::with(Key::MistakeNotATimeOfDay, "time", &time));
            Time::midnight()
        });
        Self {
            folder: folder.map(|folder| section.below_folder(folder)),
            s3,
            time,
            keep: section.integer("keep", 14, 1..=1000),
            alarm_after: section.length("alarm_after", Duration::from_secs(36 * 3600)),
        }
    }

    /// Shows what is read.
    pub fn show(&self, printer: &mut Printer) {
        printer.maybe_path("folder", self.folder.as_deref());
        printer.value("time", self.time.strftime("%H:%M").to_string());
        printer.value("keep", self.keep);
        printer.length("alarm_after", self.alarm_after);
        if let Some(s3) = &self.s3 {
            printer.table("s3", |p| s3.show(p));
        }
    }
}

impl RetentionPlan {
    /// Reads `[retention]`.
    #[must_use]
    pub fn read(section: &Section) -> Self {
        let defaults = Self::default();
        let photos_months = section.integer("photos_months", defaults.photos_months, 0..=1200);
        if photos_months < LEAST_MONTHS {
            let said = Said::with(Key::MistakeFewMonths, "months", photos_months);
            section.problem("photos_months", said);
        }
        let gigabytes = |key: &str, default: u64| {
            let default = u32::try_from(default / GB).unwrap_or(0);
            u64::from(section.integer(key, default, 0..=1_000_000)) * GB
        };
        Self {
            photos_months,
            notice: Duration::from_secs(
                u64::from(section.integer("notice_days", 30, 1..=365)) * DAY_SECONDS,
            ),
            keep_free_bytes: gigabytes("keep_free_gb", defaults.keep_free_bytes),
            warn_free_bytes: gigabytes("warn_free_gb", defaults.warn_free_bytes),
            full_in_days: section.integer("full_in_days", defaults.full_in_days, 1..=3650),
        }
    }

    /// Shows what is read.
    pub fn show(&self, printer: &mut Printer) {
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        printer.value("photos_months", self.photos_months);
        printer.value("notice_days", whole(self.notice.as_secs() / DAY_SECONDS));
        printer.value("keep_free_gb", whole(self.keep_free_bytes / GB));
        printer.value("warn_free_gb", whole(self.warn_free_bytes / GB));
        printer.value("full_in_days", self.full_in_days);
    }
}
