//! `[backup]` and `[retention]`.

use std::path::Path;
use std::time::Duration;

use housekeeping::{BackupPlan, RetentionPlan};
use jiff::civil::Time;

use super::section::Section;

/// No `[backup]` means that the daemon makes none.
pub(super) fn backup(section: &Section, folder: &Path) -> Option<BackupPlan> {
    if section.is_empty() {
        return None;
    }
    let to = section.required("folder", "/mnt/backup/menjin");
    let time = section.text_or("time", "03:30");
    let time = Time::strptime("%H:%M", &time).unwrap_or_else(|_| {
        section.problem(
            "time",
            format!("\"{time}\" is no time of the day such as \"03:30\""),
        );
        Time::midnight()
    });
    let plan = BackupPlan {
        folder: folder.join(to),
        time,
        keep: section.integer("keep", 14, 1, 1000),
        alarm_after: section.duration("alarm_after", Duration::from_secs(36 * 3600)),
    };
    section.finish();
    Some(plan)
}

/// Shorter is not allowed: HJ 1321-2023 wants 24 months of history of the ledger, and the photos of
/// entry and exit are items of its table C.3.
const LEAST_MONTHS: u32 = 24;
const GB: u64 = 1_000_000_000;

pub(super) fn retention(section: &Section) -> RetentionPlan {
    let defaults = RetentionPlan::default();
    let photos_months = section.integer("photos_months", defaults.photos_months, 0, 1200);
    if photos_months < LEAST_MONTHS {
        section.problem(
            "photos_months",
            format!(
                "{photos_months} is too short: HJ 1321-2023 wants the ledger kept for 24 months at \
                 least, and photos are items of it (table C.3)"
            ),
        );
    }
    let gigabytes = |key: &str, default: u64| {
        let default = u32::try_from(default / GB).unwrap_or(0);
        u64::from(section.integer(key, default, 0, 1_000_000)) * GB
    };
    let days = defaults.notice.as_secs() / 86_400;
    let days = section.integer("notice_days", u32::try_from(days).unwrap_or(30), 1, 365);
    let plan = RetentionPlan {
        photos_months,
        notice: Duration::from_secs(u64::from(days) * 86_400),
        keep_free_bytes: gigabytes("keep_free_gb", defaults.keep_free_bytes),
        warn_free_bytes: gigabytes("warn_free_gb", defaults.warn_free_bytes),
        full_in_days: section.integer("full_in_days", defaults.full_in_days, 1, 3650),
    };
    section.finish();
    plan
}
