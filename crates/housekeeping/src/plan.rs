//! What a site plans for its backups and for the age of its photos.

use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Time;
use offsite::S3Settings;

/// A backup each day.
#[derive(Debug, Clone)]
pub struct BackupPlan {
    /// The folder of backups, best on another disk.
    pub folder: Option<PathBuf>,
    /// The store elsewhere; at least one of the two is planned.
    pub s3: Option<S3Settings>,
    /// Time of the day, on the site's clock.
    pub time: Time,
    /// Databases that are kept; photos are never removed from backups.
    pub keep: u32,
    /// The last whole backup may be so old.
    pub alarm_after: Duration,
}

/// How long photos are kept, and when a person is told about the disk. Rows of the ledger are never
/// removed.
#[derive(Debug, Clone, Copy)]
pub struct RetentionPlan {
    /// Months that photos are kept at least, unless space runs out.
    pub photos_months: u32,
    /// How long before its removal for age a photo's is announced.
    pub notice: Duration,
    /// Below this the oldest acknowledged photos go, however young; 0 is never.
    pub keep_free_bytes: u64,
    /// So much above that, a person is told.
    pub warn_free_bytes: u64,
    /// A disk that will be full in fewer days raises an alarm.
    pub full_in_days: u32,
}

impl RetentionPlan {
    /// The free space below which a person is told.
    #[must_use]
    pub fn shortage_bytes(&self) -> u64 {
        self.keep_free_bytes + self.warn_free_bytes
    }
}

impl Default for RetentionPlan {
    fn default() -> Self {
        Self {
            photos_months: 24,
            notice: Duration::from_secs(30 * 86_400),
            keep_free_bytes: 0,
            warn_free_bytes: 5_000_000_000,
            full_in_days: 60,
        }
    }
}
